import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageAssets, type PageAssets } from '../../report-page/assets.ts';
import type { ScenarioOutcome } from '../../scenario/outcome.ts';
import type { World } from '../../world.ts';
import { collectReport } from '../html-report.ts';
import { NO_OUTPUTS, openOutputs } from '../run-outputs.ts';

/** What the page of a run says of where it comes from. */
interface Origin {
  /** The scenario's file. */
  readonly file: string;
  readonly description: string;
  /** What a person types to run it again. */
  readonly command: string;
}

/** What a failing run leaves behind in a folder of its own: its report as text and as a page, capture and trace. */
export class Evidence {
  readonly #folder: string;
  readonly #page: PageAssets;
  readonly #endings: ((outcome: ScenarioOutcome) => void)[] = [];

  constructor(folder: string, page: PageAssets) {
    this.#folder = folder;
    this.#page = page;
  }

  static async open(folder: string): Promise<Evidence> {
    return new Evidence(folder, await pageAssets());
  }

  /**
   * To be called with the world before it runs.
   *
   * @throws UsageError where a file cannot be written
   */
  record(world: World, { file, description, command }: Origin): void {
    mkdirSync(this.#folder, { recursive: true });
    const { pcap, trace, page } = this.#paths();
    const outputs = openOutputs(world, { ...NO_OUTPUTS, pcap, trace }, { devices: {} });
    const options = { report: page, 'report-limit': undefined, file, command };
    const report = collectReport(world, description, options, this.#page);
    this.#endings.push(
      () => outputs.close(),
      (outcome) => report.finish(outcome),
    );
  }

  /** To be called with what became of the run; gives the files. */
  finish(outcome: ScenarioOutcome, text: readonly string[]): readonly string[] {
    for (const end of this.#endings) end(outcome);
    const { report, page, pcap, trace } = this.#paths();
    writeFileSync(report, `${text.join('\n')}\n`);
    return [report, page, pcap, trace];
  }

  #paths(): Readonly<Record<'report' | 'page' | 'pcap' | 'trace', string>> {
    return {
      report: join(this.#folder, 'report.txt'),
      page: join(this.#folder, 'run.html'),
      pcap: join(this.#folder, 'run.pcapng'),
      trace: join(this.#folder, 'trace.jsonl'),
    };
  }
}
