import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SeedReport } from '../../explore/report.ts';
import { UsageError } from '../exit-codes.ts';
import { packageVersion } from '../package.ts';
import type { ExploreSetting } from './setting.ts';
import { sourceDigest } from './source-digest.ts';

/** The options that decide on what a seed does: only runs with the same belong together. */
const identity = ({ file, until, params, cpu, checkDeterminism }: ExploreSetting): string =>
  JSON.stringify({ file, until, params, cpu, ...(checkDeterminism ? { checkDeterminism } : {}) });

/** The seeds that are done, written to a file as they are: lines of JSON, the first of which tells what was explored. */
export class Journal {
  /** What was done before. */
  readonly done: readonly SeedReport[];
  readonly #descriptor: number;

  private constructor(done: readonly SeedReport[], descriptor: number) {
    this.done = done;
    this.#descriptor = descriptor;
  }

  /**
   * Goes on with a file, or begins it.
   *
   * @throws UsageError where it belongs to another exploration, or to the same of other sources, or cannot be written
   */
  static open(path: string, setting: ExploreSetting): Journal {
    const head = `{"txsim-explore":1,"of":${identity(setting)},`;
    const code = `"code":${JSON.stringify({ txsim: packageVersion(), sources: sourceDigest(setting.file) })}}\n`;
    try {
      mkdirSync(dirname(path), { recursive: true });
      const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      if (whole !== '' && !whole.startsWith(head)) {
        throw new UsageError(
          `--resume ${path}: it belongs to another exploration; begin another file, or explore with the same file, --until, --param, --cpu and --check-determinism`,
        );
      }
      if (whole !== '' && !whole.startsWith(head + code)) {
        throw new UsageError(
          `--resume ${path}: the scenario, a file that it imports, or txsim itself has changed since: begin another file`,
        );
      }
      // What was being written when the machine stopped.
      if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
      const descriptor = openSync(path, 'a');
      if (whole === '') writeSync(descriptor, head + code);
      return new Journal(reportsIn(path, whole), descriptor);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`--resume ${path}: ${error instanceof Error ? error.message : 'it cannot be used'}`);
    }
  }

  /** Writes down that a seed is done. */
  add(report: SeedReport): void {
    writeSync(this.#descriptor, `${JSON.stringify(report)}\n`);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

const isReport = (value: unknown): value is SeedReport =>
  typeof value === 'object' &&
  value !== null &&
  'seed' in value &&
  typeof value.seed === 'number' &&
  'failures' in value;

function reportsIn(path: string, text: string): readonly SeedReport[] {
  const reports = new Map<number, SeedReport>();
  for (const [nth, line] of text.split('\n').slice(1).entries()) {
    if (line === '') continue;
    const report = parsed(line);
    if (report === null) throw new UsageError(`--resume ${path}: line ${nth + 2} is no report of a seed`);
    reports.set(report.seed, report);
  }
  return [...reports.values()];
}

function parsed(line: string): SeedReport | null {
  try {
    const value: unknown = JSON.parse(line);
    return isReport(value) ? value : null;
  } catch {
    return null;
  }
}
