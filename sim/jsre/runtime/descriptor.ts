import type { JsreTask } from './task.ts';

/**
 * What a file descriptor number stands for: a socket, the messages of a task. `iosched` asks it whether it is ready and is
 * told when that changes.
 */
export interface Descriptor {
  /** For reports: `DTLS server`, `UDP socket`. */
  readonly kind: string;
  /** Whether a read would not wait: there is data, a connection to accept, an end or an error to be told. */
  readonly readable: boolean;
  /** Whether a write would not wait. */
  readonly writable: boolean;
  /** Whether something out of the ordinary is to be told. Default: never. */
  readonly exceptional?: boolean;
  /**
   * Calls `listener` whenever readiness may have changed, from any context, interrupts included; it does not wait.
   *
   * @returns what ends the watch
   */
  watch(listener: () => void): () => void;
  /** Closes what is behind the number; the table has forgotten the number already. Must not wait. */
  close(task: JsreTask | null): void;
}

interface Entry {
  readonly descriptor: Descriptor;
  /** The task that closes it when it ends; null while it is on its way from one task to another. */
  owner: JsreTask | null;
}

/** The file descriptors of a device. Numbers hold in every task, as tasks pass them to each other. */
export class DescriptorTable {
  readonly #entries = new Map<number, Entry>();
  readonly #first: number;

  /** @param first - the lowest number that is given out; those below are the console's */
  constructor(first = 3) {
    this.#first = first;
  }

  /** Gives something the lowest free number. */
  open(descriptor: Descriptor, owner: JsreTask | null): number {
    let fd = this.#first;
    while (this.#entries.has(fd)) fd++;
    this.#entries.set(fd, { descriptor, owner });
    return fd;
  }

  /** What a number stands for, or null. */
  get(fd: number): Descriptor | null {
    return this.#entries.get(fd)?.descriptor ?? null;
  }

  /** The task that a number belongs to; null for none, or while it is on its way between tasks. */
  ownerOf(fd: number): JsreTask | null {
    return this.#entries.get(fd)?.owner ?? null;
  }

  /**
   * Lets a number belong to another task (`createByFd`), or to none for now (`flyAway`).
   *
   * @returns whether there is such a number
   */
  give(fd: number, owner: JsreTask | null): boolean {
    const entry = this.#entries.get(fd);
    if (entry === undefined) return false;
    entry.owner = owner;
    return true;
  }

  /** Puts something else behind a number; gives what was there, unclosed. */
  replace(fd: number, descriptor: Descriptor): Descriptor | null {
    const entry = this.#entries.get(fd);
    if (entry === undefined) return null;
    this.#entries.set(fd, { descriptor, owner: entry.owner });
    return entry.descriptor;
  }

  /** Frees a number and closes what was behind it. */
  close(fd: number, task: JsreTask | null = null): boolean {
    const descriptor = this.release(fd);
    descriptor?.close(task);
    return descriptor !== null;
  }

  /** Frees a number without closing what was behind it. */
  release(fd: number): Descriptor | null {
    const entry = this.#entries.get(fd);
    this.#entries.delete(fd);
    return entry?.descriptor ?? null;
  }

  /** Closes everything that belongs to a task that has ended. */
  closeAllOf(task: JsreTask): void {
    for (const [fd, { owner }] of [...this.#entries]) if (owner === task) this.close(fd, task);
  }
}
