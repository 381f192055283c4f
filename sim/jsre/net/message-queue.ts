/** Messages that have come and wait to be received, each as it was sent. */
export class MessageQueue {
  readonly #messages: Uint8Array[] = [];
  #bytes = 0;

  /** Bytes of all of them. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  /**
   * Adds a message; the first one finds room whatever the limit is.
   *
   * @param limit - bytes that may wait
   * @returns false where there is no room for it
   */
  add(message: Uint8Array, limit: number): boolean {
    if (this.#bytes > 0 && this.#bytes + message.length > limit) return false;
    this.#messages.push(message);
    this.#bytes += message.length;
    return true;
  }

  /** Copies the oldest message, or as much of it as there is room for: the rest is the oldest then. Gives the bytes copied. */
  take(into: Uint8Array): number {
    const [message] = this.#messages;
    if (message === undefined) return 0;
    const length = Math.min(message.length, into.length);
    into.set(message.subarray(0, length));
    if (length < message.length) this.#messages[0] = message.subarray(length);
    else this.#messages.shift();
    this.#bytes -= length;
    return length;
  }

  clear(): void {
    for (const message of this.#messages.splice(0)) message.fill(0);
    this.#bytes = 0;
  }
}
