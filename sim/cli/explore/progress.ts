import { Presets, SingleBar } from 'cli-progress';

/** Milliseconds between two lines where there is no terminal. */
const BETWEEN = 5000;

/** Tells a person how far an exploration is: a bar on a terminal, a line now and then elsewhere; always on stderr. */
export class Progress {
  readonly #total: number;
  readonly #began = performance.now();
  readonly #bar: SingleBar | null;
  readonly #isQuiet: boolean;
  #told = performance.now();
  #done = 0;
  #failed = 0;

  constructor(total: number, isQuiet: boolean) {
    this.#total = total;
    this.#isQuiet = isQuiet;
    const format = ' {bar} {percentage} % · {value}/{total} seeds · {failed} failed · {rate}/s · {left} left';
    this.#bar =
      isQuiet || !process.stderr.isTTY
        ? null
        : new SingleBar(
            { format, stream: process.stderr, hideCursor: true, clearOnComplete: true },
            Presets.shades_classic,
          );
    this.#bar?.start(total, 0, this.#figures());
  }

  /** Seconds since the begin. */
  get elapsed(): number {
    return (performance.now() - this.#began) / 1000;
  }

  /** Seeds a second so far. */
  get rate(): number {
    return this.#done / Math.max(this.elapsed, 0.001);
  }

  /** One more seed is done. */
  seed(failed: boolean): void {
    this.#done++;
    if (failed) this.#failed++;
    this.#bar?.update(this.#done, this.#figures());
    if (this.#bar !== null || this.#isQuiet || performance.now() - this.#told < BETWEEN) return;
    this.#told = performance.now();
    const { failed: failures, rate, left } = this.#figures();
    process.stderr.write(`${this.#done}/${this.#total} seeds, ${failures} failed, ${rate}/s, ${left} left\n`);
  }

  /** Says something, once the seeds are done. */
  say(text: string): void {
    if (!this.#isQuiet) process.stderr.write(`${text}\n`);
  }

  stop(): void {
    this.#bar?.stop();
  }

  #figures(): { readonly failed: number; readonly rate: string; readonly left: string } {
    const { rate } = this;
    const seconds = rate > 0 ? Math.ceil((this.#total - this.#done) / rate) : NaN;
    return { failed: this.#failed, rate: rate.toFixed(rate < 10 ? 1 : 0), left: leftText(seconds) };
  }
}

function leftText(seconds: number): string {
  if (Number.isNaN(seconds)) return '?';
  if (seconds < 100) return `${seconds} s`;
  return seconds < 6000 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
