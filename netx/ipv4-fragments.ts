import type { NX_PACKET } from './packet.ts';
import { copyOut } from './packet-data.ts';

/** One fragment's payload: the bytes from `start` to before `end` of the datagram's. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly packet: NX_PACKET;
}

/** What becomes of a fragment: it has its place, is there already, contradicts others, or its datagram was given up. */
export type Placement = 'placed' | 'duplicate' | 'overlap' | 'refused';

/** The fragments of one datagram that have come so far, their IP headers stripped. */
export class FragmentedDatagram {
  /** Seconds until it is given up. */
  secondsLeft: number;
  /** It was given up: nothing more is taken. */
  isRefused = false;
  /** In order of their place, without overlaps. */
  readonly #pieces: Piece[] = [];
  #bytes = 0;
  /** Length of the payload, once the last fragment has come. */
  #total: number | null = null;

  constructor(seconds: number) {
    this.secondsLeft = seconds;
  }

  get isComplete(): boolean {
    return this.#bytes === this.#total;
  }

  /** Puts a fragment in its place; for all answers but `placed` the caller keeps the packet. */
  place(packet: NX_PACKET, start: number, end: number, moreFragments: boolean): Placement {
    if (this.isRefused) return 'refused';
    const pieces = this.#pieces;
    const next = pieces.findIndex((piece) => piece.end > start);
    const overlapped = pieces[next];
    if (overlapped !== undefined && overlapped.start < end) {
      const isWithin = overlapped.start <= start && end <= overlapped.end && (moreFragments || end === this.#total);
      return isWithin && sameBytes(overlapped.packet, start - overlapped.start, packet) ? 'duplicate' : 'overlap';
    }
    const last = pieces.at(-1);
    if (this.#total !== null && (!moreFragments || end > this.#total)) return 'overlap';
    if (!moreFragments && last !== undefined && last.end > end) return 'overlap';
    if (!moreFragments) this.#total = end;
    pieces.splice(next < 0 ? pieces.length : next, 0, { start, end, packet });
    this.#bytes += end - start;
    return 'placed';
  }

  /** The first fragment of the datagram, which is not its own any more; null where it has not come. */
  takeFirst(): NX_PACKET | null {
    if (this.#pieces[0]?.start !== 0) return null;
    return this.#pieces.shift()?.packet ?? null;
  }

  /** All fragments, which are not the datagram's own any more. */
  takeAll(): readonly NX_PACKET[] {
    this.#bytes = 0;
    return this.#pieces.splice(0).map(({ packet }) => packet);
  }

  /** The payload of a complete datagram as one chain, in the packets that the fragments came in; null where none has come. */
  join(): NX_PACKET | null {
    const [head, ...others] = this.takeAll();
    if (head === undefined) return null;
    let last = head.nx_packet_last ?? head;
    for (const part of others) {
      last.nx_packet_next = part;
      last = part.nx_packet_last ?? part;
      head.nx_packet_length += part.nx_packet_length;
      part.nx_packet_last = null;
    }
    head.nx_packet_last = last === head ? null : last;
    return head;
  }
}

/** Whether a packet's payload is what another has at an offset. */
function sameBytes(held: NX_PACKET, offset: number, packet: NX_PACKET): boolean {
  const length = packet.nx_packet_length;
  const [ours, theirs] = [new Uint8Array(length), new Uint8Array(length)];
  copyOut(held, offset, ours, length);
  copyOut(packet, 0, theirs, length);
  return ours.every((byte, index) => byte === theirs[index]);
}
