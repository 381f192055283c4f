import { Piscina } from 'piscina';
import { fileURLToPath } from 'node:url';
import type { ExploreSetting, Task } from './setting.ts';
import type { Answer, Beat } from './worker.ts';

/** Milliseconds beyond its limit after which a run that does not end itself is ended with its worker. */
const GRACE = 2000;
/** Milliseconds that a worker may take to load the scenario. */
const LOADING = 60_000;

/** Milliseconds that runs have to finish when the user ends the exploration. */
const LAST_WORDS = 500;

/** What became of a task. */
export type TaskEnd<Result> =
  | { readonly end: 'done'; readonly result: Result }
  /** The scenario, or what was asked of it, is wrong. */
  | { readonly end: 'usage'; readonly message: string }
  /** Its run did not end in the time given. */
  | { readonly end: 'hung' }
  /** Its worker died. */
  | { readonly end: 'crashed'; readonly message: string }
  /** The pool was closed. */
  | { readonly end: 'aborted' };

interface Watch {
  timer: NodeJS.Timeout;
  readonly controller: AbortController;
  hung: boolean;
}

const isBeat = (message: unknown): message is Beat =>
  typeof message === 'object' && message !== null && 'id' in message && typeof message.id === 'number';

function entry(): string {
  const own = import.meta.url;
  return fileURLToPath(new URL(own.endsWith('.ts') ? './worker.ts' : './worker.js', own));
}

/** Threads that do an exploration's tasks; a run that hangs in the host's code costs its thread and nothing else. */
export class ExplorePool {
  readonly #pool: Piscina<{ id: number; task: Task }, Answer<unknown>>;
  readonly #timeout: number;
  readonly #watches = new Map<number, Watch>();
  #next = 1;
  #isClosed = false;

  constructor(setting: ExploreSetting, threads: number) {
    this.#timeout = setting.timeout;
    this.#pool = new Piscina({
      filename: entry(),
      minThreads: threads,
      maxThreads: threads,
      workerData: setting,
      atomics: 'disabled',
    });
    this.#pool.on('message', (message: unknown) => {
      if (isBeat(message)) this.#beat(message.id);
    });
    // What a thread throws besides its tasks comes with the task as well.
    this.#pool.on('error', () => undefined);
  }

  /** Does a task. The caller knows from the kind of the task what its result is. */
  async run(task: Task): Promise<TaskEnd<unknown>> {
    if (this.#isClosed) return { end: 'aborted' };
    const id = this.#next++;
    const controller = new AbortController();
    const watch: Watch = { controller, hung: false, timer: this.#timer(id, LOADING) };
    this.#watches.set(id, watch);
    try {
      const answer = await this.#pool.run({ id, task }, { signal: controller.signal });
      return 'usage' in answer ? { end: 'usage', message: answer.usage } : { end: 'done', result: answer.result };
    } catch (error) {
      if (watch.hung) return { end: 'hung' };
      if (this.#hasClosed()) return { end: 'aborted' };
      return { end: 'crashed', message: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(watch.timer);
      this.#watches.delete(id);
    }
  }

  /** Ends all threads, those that are about to finish their task after it. */
  async closeSoon(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, LAST_WORDS).unref());
    await this.close();
  }

  /** Ends all threads, and what they do. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool.destroy();
  }

  #hasClosed(): boolean {
    return this.#isClosed;
  }

  #beat(id: number): void {
    const watch = this.#watches.get(id);
    if (watch === undefined) return;
    clearTimeout(watch.timer);
    watch.timer = this.#timer(id, 0);
  }

  #timer(id: number, more: number): NodeJS.Timeout {
    return setTimeout(
      () => {
        const watch = this.#watches.get(id);
        if (watch === undefined) return;
        watch.hung = true;
        watch.controller.abort();
      },
      this.#timeout + GRACE + more,
    );
  }
}
