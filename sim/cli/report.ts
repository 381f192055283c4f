import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Argv, CommandModule } from 'yargs';
import { NoteLog } from '../diagnostics/notes.ts';
import { StallLog } from '../diagnostics/stalls.ts';
import { pageAssets } from '../report-page/assets.ts';
import { ReportCollector } from '../report-page/collector.ts';
import { REPORT_FORMAT } from '../report-page/data.ts';
import { ProblemLog } from '../report-page/problems.ts';
import { ReportStore } from '../report-page/report-file.ts';
import { TraceLineError, TraceLines } from '../report-page/trace-line.ts';
import { TraceStream } from '../trace/stream.ts';
import { UsageError } from './exit-codes.ts';
import { openOutput } from './output-files.ts';
import { packageVersion } from './package.ts';
import { REPORT_LIMIT_OPTION, reportLimit } from './html-report.ts';

interface ReportArguments {
  readonly trace: string;
  readonly output: string | undefined;
  readonly 'report-limit': number | undefined;
}

/** What a trace was found to hold. */
interface Read {
  readonly time: number;
  readonly remarks: readonly string[];
}

/**
 * Reads a trace line by line, and puts its events into a stream as if they happened.
 *
 * @throws UsageError for a file that is not there, or a line that is none of a trace
 */
async function replay(path: string, trace: TraceStream): Promise<Read> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`${path}: no such file`);
  const lines = new TraceLines();
  let [number, time] = [0, 0];
  // Whoever killed a run may have cut its last line: that is known once there is none after it.
  let broken: string | null = null;
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    if (broken !== null) throw new UsageError(broken);
    number++;
    if (line.trim() === '') continue;
    try {
      const record = lines.parse(line);
      ({ time } = record);
      trace.emit(time, record.device, record.thread, record.event);
    } catch (error) {
      if (!(error instanceof TraceLineError)) throw error;
      broken = `${path}:${number}: ${error.message}; a line of a trace is what txsim run --trace writes`;
      if (!error.mayBeCut) throw new UsageError(broken);
    }
  }
  if (broken !== null && number === 1) throw new UsageError(broken);
  if (number === 0) throw new UsageError(`${path}: the trace is empty`);
  return { time, remarks: broken === null ? [] : [`The trace ends within its line ${number}, which is left out.`] };
}

async function execute({ trace: path, output, 'report-limit': limit }: ReportArguments): Promise<void> {
  const store = new ReportStore(reportLimit(limit));
  const trace = new TraceStream();
  const [stalls, notes, problems] = [new StallLog(trace), new NoteLog(trace), new ProblemLog()];
  const collector = new ReportCollector(store.add, { root: process.cwd() });
  trace.listen(problems.listener, { frames: false });
  trace.listen(collector.listener, { detail: true });
  const { time, remarks } = await replay(path, trace);
  collector.flush();
  const found = { leaks: [], stalls: stalls.list([], time), notes: notes.list([]), time, root: process.cwd() };
  const summary = collector.summary({
    ending: '',
    time,
    cut: store.cut,
    remarks,
    problems: problems.list(found),
  });
  const head = {
    format: REPORT_FORMAT,
    title: path,
    description: '',
    seed: '',
    command: ['txsim', ...process.argv.slice(2)].join(' '),
    version: packageVersion(),
  } as const;
  const assets = await pageAssets();
  const file = openOutput(output ?? `${path.replace(/\.(?:jsonl|json|ndjson)$/, '')}.html`, 'output');
  for (const piece of store.html(assets, head, summary)) file.write(piece);
  file.close();
  for (const remark of remarks) process.stdout.write(`note: ${remark}\n`);
  process.stdout.write(`written: ${file.path} (${collector.events} events)\n`);
}

/** `txsim report`: makes the page of a run from its trace. */
export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report <trace>',
  describe: 'Make the page with the time line of a run from its trace',
  builder: (yargs: Argv): Argv<ReportArguments> =>
    yargs
      .positional('trace', {
        type: 'string',
        demandOption: true,
        describe: 'a trace in JSON Lines, as txsim run --trace writes it',
      })
      .option('output', { type: 'string', alias: 'o', describe: "the page (default: the trace's name, with .html)" })
      .option('report-limit', REPORT_LIMIT_OPTION)
      .example('$0 report out/run.jsonl', 'writes out/run.html')
      .example('$0 report out/run.jsonl -o page.html', 'writes page.html'),
  handler: execute,
};
