import { formatAddress } from './ip-address.ts';
import type { ReceivedPacket } from './ip-packet.ts';

/** Packets that are put together at the same time; the one begun longest ago is given up first. */
const MAX_PACKETS = 64;
/** How long the fragments of one packet are waited for, in nanoseconds (RFC 8200 section 4.5 has 60 s). */
const PATIENCE = 60e9;
const MAX_LENGTH = 0xffff;

interface Partial {
  readonly begun: number;
  /** Pieces by offset. */
  readonly pieces: Map<number, Uint8Array>;
  /** Bytes of the whole payload, once its last piece has come. */
  length: number | null;
  received: number;
  /** The packet that began it: its first bytes are those that an error quotes. */
  first: ReceivedPacket;
}

/** Puts the fragments of packets together that devices send through the gateway. Pieces that overlap spoil the packet. */
export class FragmentReassembly {
  readonly #partials = new Map<string, Partial>();

  /** The whole packet, or null while pieces are missing. A packet that is no fragment is whole. */
  add(packet: ReceivedPacket, now: number): ReceivedPacket | null {
    const { fragment, payload, source, destination, protocol } = packet;
    if (fragment === null) return packet;
    const { offset, more, identification } = fragment;
    const key = [formatAddress(source), formatAddress(destination), protocol, identification].join(' ');
    const known = this.#partials.get(key);
    const partial = known !== undefined && now - known.begun <= PATIENCE ? known : this.#begin(key, packet, now);
    const end = offset + payload.length;
    const isWrong = end > MAX_LENGTH || payload.length === 0 || (more && payload.length % 8 !== 0);
    if (isWrong || overlaps(partial, offset, end)) {
      this.#partials.delete(key);
      return null;
    }
    partial.pieces.set(offset, payload.slice());
    partial.received += payload.length;
    if (!more) partial.length = end;
    if (offset === 0) partial.first = { ...packet, bytes: packet.bytes.slice() };
    if (partial.length === null || partial.received < partial.length) return null;
    this.#partials.delete(key);
    return { ...partial.first, payload: join(partial, partial.length), fragment: null };
  }

  #begin(key: string, first: ReceivedPacket, now: number): Partial {
    const partial: Partial = { begun: now, pieces: new Map(), length: null, received: 0, first };
    this.#partials.delete(key);
    this.#partials.set(key, partial);
    const [oldest] = this.#partials.keys();
    if (this.#partials.size > MAX_PACKETS && oldest !== undefined) this.#partials.delete(oldest);
    return partial;
  }
}

function overlaps({ pieces, length }: Partial, start: number, end: number): boolean {
  if (length !== null && end > length) return true;
  for (const [offset, piece] of pieces) {
    if (start < offset + piece.length && offset < end) return true;
  }
  return false;
}

function join({ pieces }: Partial, length: number): Uint8Array {
  const whole = new Uint8Array(length);
  for (const [offset, piece] of pieces) whole.set(piece.subarray(0, Math.max(0, length - offset)), offset);
  return whole;
}
