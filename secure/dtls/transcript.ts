import { HANDSHAKE_HEADER, putHandshakeHeader, type HandshakeMessage } from './wire/handshake.ts';

/** Room that a transcript begins with, in bytes: a handshake with a certificate or two. */
const ROOM = 4096;

/** Room of transcripts that are done with: making it takes longer than writing a handshake into it. */
const spare: Uint8Array[] = [];
const MAX_SPARE = 16;

const NOTHING = new Uint8Array(0);

/** The handshake messages of an association one after the other, as they are hashed (RFC 6347 section 4.2.6). */
export class Transcript {
  #bytes: Uint8Array = NOTHING;
  #length = 0;

  /** In bytes. */
  get length(): number {
    return this.#length;
  }

  /** Adds a message as if it had been sent in one fragment. */
  add({ type, messageSeq, body }: HandshakeMessage): void {
    const at = this.#extend(HANDSHAKE_HEADER + body.length);
    putHandshakeHeader(this.#bytes, at, { type, length: body.length, messageSeq, offset: 0, body });
    this.#bytes.set(body, at + HANDSHAKE_HEADER);
  }

  /** The first so many bytes, or all; a view that lasts until the next message. */
  bytes(length = this.#length): Uint8Array {
    return this.#bytes.subarray(0, length);
  }

  /** Forgets everything. */
  clear(): void {
    if (this.#bytes.length === ROOM && spare.length < MAX_SPARE) spare.push(this.#bytes);
    this.#bytes = NOTHING;
    this.#length = 0;
  }

  /** Makes room for so many bytes more; gives where they begin. */
  #extend(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.#bytes.length) {
      const fits = this.#length <= ROOM ? spare.pop() : undefined;
      const larger = fits ?? new Uint8Array(Math.max(ROOM, this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }
}
