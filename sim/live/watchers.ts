import type { ServerResponse } from 'node:http';
import type { Backlog } from './backlog.ts';

/** Bytes that may wait for a slow browser before it gets no more for now. */
const WAITING = 1024 * 1024;

/** One browser, and how far it has read. */
class Watcher {
  readonly #response: ServerResponse;
  #next = 0;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Begins with what is there of a run. */
  begin(backlog: Backlog): void {
    this.#next = backlog.first;
    const preface = backlog.preface();
    if (preface !== null) this.send('chunk', preface);
  }

  /** Sends events as far as the browser takes them; says whether that is as far as there are any. */
  read(backlog: Backlog): boolean {
    if (this.#next < backlog.first) {
      // It is so slow that what it needs next is gone: it begins anew.
      this.send('reset', '{}');
      this.begin(backlog);
    }
    while (this.#next < backlog.end) {
      if (this.#response.writableLength > WAITING) return false;
      const text = backlog.at(this.#next++);
      if (text !== undefined) this.send('chunk', text);
    }
    return true;
  }

  send(event: string, json: string): void {
    this.#response.write(`event: ${event}\ndata: ${json}\n\n`);
  }
}

/** The browsers that watch a run. Each gets everything from the beginning, at the pace at which it reads. */
export class Watchers {
  readonly #all = new Map<ServerResponse, Watcher>();
  #backlog: Backlog;
  /** What a browser is told first, and what holds now: by the event's name. */
  readonly #facts = new Map<string, string>();

  constructor(backlog: Backlog) {
    this.#backlog = backlog;
  }

  get size(): number {
    return this.#all.size;
  }

  add(response: ServerResponse): void {
    const watcher = new Watcher(response);
    this.#all.set(response, watcher);
    response.once('close', () => this.#all.delete(response));
    response.on('drain', () => watcher.read(this.#backlog));
    const head = this.#facts.get('head');
    if (head !== undefined) watcher.send('head', head);
    watcher.begin(this.#backlog);
    watcher.read(this.#backlog);
    for (const [name, json] of this.#facts) if (name !== 'head') watcher.send(name, json);
  }

  /** Tells everybody what there is of the run by now. */
  events(): void {
    for (const watcher of this.#all.values()) watcher.read(this.#backlog);
  }

  /** Tells everybody something that holds until it is told anew. */
  fact(name: 'head' | 'state' | 'summary' | 'problem', value: unknown): void {
    const json = JSON.stringify(value);
    if (this.#facts.get(name) === json) return;
    this.#facts.set(name, json);
    for (const watcher of this.#all.values()) watcher.send(name, json);
  }

  /** Another run begins. */
  reset(backlog: Backlog): void {
    this.#backlog = backlog;
    this.#facts.clear();
    for (const watcher of this.#all.values()) {
      watcher.send('reset', '{}');
      watcher.begin(backlog);
    }
  }
}
