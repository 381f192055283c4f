import type { Kernel } from '../../../kernel/kernel.ts';
import type { Suspending } from './native.ts';
import { Signal } from './signal.ts';

/** A message on its way: data of the receiver's realm, and who sent it. */
export interface Message {
  readonly from: number;
  readonly data: unknown;
}

/** The messages that a task has not taken yet. */
export class Mailbox {
  readonly #signal: Signal;
  readonly #arrived: () => void;
  readonly #messages: Message[] = [];

  /** @param arrived - told of every message, besides whoever waits for one */
  constructor(kernel: Kernel, arrived: () => void) {
    this.#signal = new Signal(kernel, 'messages of other tasks');
    this.#arrived = arrived;
  }

  get size(): number {
    return this.#messages.length;
  }

  put(message: Message): void {
    this.#messages.push(message);
    this.#signal.raise();
    this.#arrived();
  }

  /** The oldest message, or null where there is none. */
  take(): Message | null {
    return this.#messages.shift() ?? null;
  }

  clear(): void {
    this.#messages.length = 0;
  }

  /**
   * Waits for a message.
   *
   * @param timeout - milliseconds; undefined to wait for ever
   * @returns null where none came in time
   */
  *receive(timeout: number | undefined): Suspending<Message | null> {
    this.#signal.clear();
    for (let message = this.take(); ; message = this.take()) {
      if (message !== null) return message;
      if (!(yield* this.#signal.wait('Task.recv', timeout))) return this.take();
    }
  }
}
