import type { HandshakeFragment, HandshakeMessage } from './wire/handshake.ts';

/** How many messages ahead of the next one are kept. */
const WINDOW = 8;

/** A message that is being put together. */
class Assembly {
  readonly type: number;
  readonly body: Uint8Array;
  /** Which bytes have come; made with the first fragment that is not the whole message. */
  #have: Uint8Array | null = null;
  #missing: number;

  constructor(type: number, length: number) {
    this.type = type;
    this.body = new Uint8Array(length);
    this.#missing = length;
  }

  get complete(): boolean {
    return this.#missing === 0;
  }

  /** Puts a fragment in; what is there already stays as it came first. */
  add(offset: number, bytes: Uint8Array): void {
    if (this.#missing === 0) return;
    if (this.#have === null && bytes.length === this.body.length) {
      this.body.set(bytes);
      this.#missing = 0;
      return;
    }
    this.#have ??= new Uint8Array(this.body.length);
    for (let index = 0; index < bytes.length; index++) {
      const at = offset + index;
      if (this.#have[at] !== 0) continue;
      this.#have[at] = 1;
      this.#missing--;
      this.body[at] = bytes[index] ?? 0;
    }
  }
}

/** What became of a fragment. */
export type FragmentFate = 'kept' | 'old' | 'too-far-ahead' | 'too-large' | 'inconsistent';

/**
 * Puts handshake messages together from fragments that come in any order, overlap or repeat, and hands them out in the
 * order of their numbers (RFC 6347 sections 4.2.2 and 4.2.3). Memory is bounded by the window and the longest message.
 */
export class Reassembly {
  /** The number of the message to be handed out next. */
  next: number;
  readonly #maxLength: number;
  readonly #assemblies = new Map<number, Assembly>();

  constructor(next: number, maxLength: number) {
    this.next = next;
    this.#maxLength = maxLength;
  }

  add({ type, length, messageSeq, offset, body }: HandshakeFragment): FragmentFate {
    if (messageSeq < this.next) return 'old';
    if (messageSeq >= this.next + WINDOW) return 'too-far-ahead';
    if (length > this.#maxLength) return 'too-large';
    let assembly = this.#assemblies.get(messageSeq);
    if (assembly === undefined) {
      assembly = new Assembly(type, length);
      this.#assemblies.set(messageSeq, assembly);
    }
    if (assembly.type !== type || assembly.body.length !== length) return 'inconsistent';
    assembly.add(offset, body);
    return 'kept';
  }

  /** The next message in order, if it is whole. */
  take(): HandshakeMessage | null {
    const assembly = this.#assemblies.get(this.next);
    if (assembly?.complete !== true) return null;
    this.#assemblies.delete(this.next);
    return { type: assembly.type, messageSeq: this.next++, body: assembly.body };
  }
}
