/** Bytes of memory that are taken at once. */
const SLAB = 8192;
/** From so many bytes on, an array is not worth sharing its memory. */
const LARGE = SLAB / 2;
/** Up to so many bytes an array lies in the engine's own heap, and costs next to nothing. */
const SMALL = 64;

let slab = new ArrayBuffer(SLAB);
let taken = 0;

/**
 * Zeros for what is on its way and soon forgotten: a message, a record, a datagram. Giving an array memory of its own takes
 * longer than anything that is done with it here, so these share theirs; no byte is given out twice. One that is kept keeps
 * all of that memory, and what firmware gets to see is not to be among them: its address would say what came before.
 */
export function transient(length: number): Uint8Array {
  if (length <= SMALL || length >= LARGE) return new Uint8Array(length);
  if (taken + length > SLAB) {
    slab = new ArrayBuffer(SLAB);
    taken = 0;
  }
  const bytes = new Uint8Array(slab, taken, length);
  // The next begins where a word does: what reads in words is faster there.
  taken += (length + 7) & ~7;
  return bytes;
}

/** A copy that is soon forgotten. */
export function transientCopy(bytes: Uint8Array): Uint8Array {
  const copy = transient(bytes.length);
  copy.set(bytes);
  return copy;
}
