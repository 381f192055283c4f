/** An Ethernet frame on its way, without preamble and check sequence. Its bytes are shared: nobody writes to them. */
export interface Frame {
  readonly bytes: Uint8Array;
  /** Name of the port that sent it into this network. */
  readonly from: string;
}

/** Bytes that are set aside at once. */
const SLAB = 1 << 16;
/** Longer frames get memory of their own, so that little of a slab is wasted. */
const LONGEST = 2048;
/** Shorter frames are cheap to copy: the engine keeps them in its own heap. */
const SHORTEST = 64;

/**
 * Memory for the bytes of frames. Small pieces of memory that live outside the engine's heap cost several times what
 * copying a frame does, so they are cut from large ones; a large one is given back when nobody holds a piece of it.
 */
export class FrameStorage {
  #slab = new Uint8Array(0);
  #used = 0;

  /** A copy of a frame's bytes. */
  copy(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    if (length <= SHORTEST || length > LONGEST) return bytes.slice();
    if (this.#used + length > this.#slab.length) {
      this.#slab = new Uint8Array(SLAB);
      this.#used = 0;
    }
    const piece = this.#slab.subarray(this.#used, this.#used + length);
    piece.set(bytes);
    this.#used += (length + 7) & ~7;
    return piece;
  }
}
