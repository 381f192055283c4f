/** How far back a record may come, in sequence numbers. */
const SIZE = 64;

/**
 * The sliding window of RFC 6347 section 4.1.2.6: tells records that were received from new ones. A record is to be noted
 * only after it has been authenticated.
 */
export class ReplayWindow {
  #highest = -1;
  /** Whether `highest - i` was received, for i from 0. */
  readonly #seen = new Uint8Array(SIZE);

  /** Whether a sequence number is higher than all that were noted. */
  isNewest(sequence: number): boolean {
    return sequence > this.#highest;
  }

  /** Whether a record with this sequence number may be processed. */
  admits(sequence: number): boolean {
    const back = this.#highest - sequence;
    if (back < 0) return true;
    return back < SIZE && this.#seen[sequence % SIZE] === 0;
  }

  /** Notes that a record was received and is genuine. */
  note(sequence: number): void {
    if (sequence > this.#highest) {
      const from = Math.max(this.#highest + 1, sequence - SIZE + 1);
      for (let skipped = from; skipped < sequence; skipped++) this.#seen[skipped % SIZE] = 0;
      this.#highest = sequence;
    }
    this.#seen[sequence % SIZE] = 1;
  }
}
