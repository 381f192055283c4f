import { buildWorld, type DefinedScenario } from 'txsim';
import { ReportCollector } from '../../sim/report-page/collector.ts';
import type { ReportChunk, ReportSummary } from '../../sim/report-page/data.ts';
import { Model } from '../../sim/report-page/page/model.ts';
import type { TraceRecord } from '../../sim/trace/event.ts';

/** A run as a report has it. */
export interface CollectedRun {
  readonly records: readonly TraceRecord[];
  readonly chunks: readonly ReportChunk[];
  readonly summary: ReportSummary;
  readonly model: Model;
}

/** Runs a scenario and collects its report, through JSON as a page gets it. */
export function collectRun(
  scenario: DefinedScenario,
  options: { readonly chunkEvents?: number; readonly captureSites?: boolean } = {},
): CollectedRun {
  const { captureSites = false, ...collecting } = options;
  const world = buildWorld(scenario, { captureSites });
  const records: TraceRecord[] = [];
  const chunks: ReportChunk[] = [];
  const collector = new ReportCollector((chunk) => chunks.push(JSON.parse(JSON.stringify(chunk)) as ReportChunk), {
    root: process.cwd(),
    ...collecting,
  });
  world.trace.listen((record) => records.push(record), { detail: true });
  world.trace.listen(collector.listener, { detail: true });
  const { stopWhen } = scenario;
  const { time } = world.run({
    until: scenario.until ?? '30s',
    ...(stopWhen === undefined ? {} : { stopWhen: () => stopWhen(world) }),
  });
  collector.flush();
  const model = new Model();
  for (const chunk of chunks) model.append(chunk);
  const summary = collector.summary({ ending: 'stopped', time, cut: 0, remarks: [], problems: [] });
  return { records, chunks, summary, model };
}
