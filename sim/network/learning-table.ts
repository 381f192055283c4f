import type { Link } from './link.ts';

/** Addresses that are known at a time; the one learned first is forgotten first. */
const CAPACITY = 65_536;

/** A hardware address of a frame as a key. */
function addressAt(bytes: Uint8Array, at: number): number {
  const upper = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  const lower = ((bytes[at + 3] ?? 0) << 16) | ((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0);
  return upper * 0x1000000 + lower;
}

/** Whether a frame is for a group of receivers, or for all. */
export const isGroupFrame = (bytes: Uint8Array): boolean => ((bytes[0] ?? 0) & 1) === 1;

/** Which port has which hardware address, as a switch learns it from the senders of frames. */
export class LearningTable {
  readonly #links = new Map<number, Link>();

  /** Notes where a frame's sender is. */
  learn(bytes: Uint8Array, link: Link): void {
    if (((bytes[6] ?? 0) & 1) === 1) return;
    const source = addressAt(bytes, 6);
    const known = this.#links.get(source);
    if (known === link) return;
    if (known === undefined && this.#links.size >= CAPACITY) {
      for (const oldest of this.#links.keys()) {
        this.#links.delete(oldest);
        break;
      }
    }
    this.#links.set(source, link);
  }

  /** Where a frame's receiver is; undefined for a group, and where that was not learned. */
  find(bytes: Uint8Array): Link | undefined {
    return isGroupFrame(bytes) ? undefined : this.#links.get(addressAt(bytes, 0));
  }

  /** Forgets what is at a port. */
  forget(link: Link): void {
    for (const [address, owner] of this.#links) if (owner === link) this.#links.delete(address);
  }
}
