import { readUint16, writeUint16, writeUint32 } from '../../netx/wire/bytes.ts';
import { addBytes, foldChecksum } from '../../netx/wire/checksum.ts';
import {
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  writeHardwareAddress,
  type HardwareAddress,
} from '../../netx/wire/ethernet.ts';
import { ICMPV6_ROUTER_ADVERTISEMENT } from '../../netx/wire/icmpv6.ts';
import { PROTOCOL_IGMP } from '../../netx/wire/igmp.ts';
import { PROTOCOL_ICMP, PROTOCOL_UDP } from '../../netx/wire/ipv4.ts';
import { PROTOCOL_ICMPV6, pseudoHeaderSumAt } from '../../netx/wire/ipv6.ts';
import { upperLayer } from '../../sim/network/router/ipv6-upper-layer.ts';

/** What is put right in a frame before it is sent, so that changed ones get further than their checksum. */
const HEADER_CHECKSUM = 1;
const CHECKSUM = 2;
const LENGTH = 4;
const TRANSACTION = 8;
export const ALL_RIGHT = 15;

/** Nanoseconds to wait after a frame, by the upper bits of its flags. */
const WAITS: readonly number[] = [10e6, 10e6, 10e6, 10e6, 10e6, 200e6, 1e9, 5e9];

/** Frames of one input at most. */
const MOST_FRAMES = 16;
const AHEAD = 3;

/** A frame of an input. */
export interface FuzzFrame {
  readonly flags: number;
  readonly wait: number;
  readonly bytes: Uint8Array;
}

/** An input of frames: before each its flags and two bytes of length. */
export function inputOf(frames: readonly Uint8Array[], flags: number = ALL_RIGHT): Uint8Array {
  return Uint8Array.from(frames.flatMap((frame) => [flags, frame.length >>> 8, frame.length & 255, ...frame]));
}

/** The frames of an input; the last one is what is left. */
export function framesIn(input: Uint8Array, most: number = MOST_FRAMES): readonly FuzzFrame[] {
  const frames: FuzzFrame[] = [];
  for (let at = 0; at + AHEAD < input.length && frames.length < most;) {
    const flags = input[at] ?? 0;
    const end = at + AHEAD + readUint16(input, at + 1);
    frames.push({ flags, wait: WAITS[flags >>> 5] ?? 0, bytes: input.subarray(at + AHEAD, end) });
    at = end;
  }
  return frames;
}

/** For whom a frame is made right. */
export interface Receiver {
  readonly hardware: HardwareAddress;
  /** The transaction of its DHCP client. */
  readonly xid: number;
}

/** A copy of a frame for a receiver, with what its flags ask for put right; null where it is too short for Ethernet. */
export function repaired({ flags, bytes }: FuzzFrame, { hardware, xid }: Receiver): Uint8Array | null {
  if (bytes.length < 14) return null;
  const frame = bytes.slice(0, 14 + 1500);
  if (((frame[0] ?? 0) & 1) === 0) writeHardwareAddress(frame, 0, hardware);
  // A frame with a sender that is plugged in elsewhere would have the switch send that one's frames here.
  const sender = readUint16(frame, 6);
  if (sender === 0x0200 || sender === 0x0201) writeUint16(frame, 6, 0x02aa);
  const etherType = readUint16(frame, 12);
  const packet = frame.subarray(14);
  if (etherType === ETHERTYPE_IPV4 && packet.length >= 20) repair4(packet, flags, hardware, xid);
  if (etherType === ETHERTYPE_IPV6 && packet.length >= 40) repair6(packet, flags);
  return frame;
}

function repair4(packet: Uint8Array, flags: number, hardware: HardwareAddress, xid: number): void {
  const at = ((packet[0] ?? 0) & 15) * 4;
  if ((flags & LENGTH) !== 0) writeUint16(packet, 2, packet.length);
  if (at >= 20 && at <= packet.length) {
    const message = packet.subarray(at);
    const protocol = packet[9] ?? 0;
    if (protocol === PROTOCOL_UDP && message.length >= 8) {
      if ((flags & TRANSACTION) !== 0 && readUint16(message, 2) === 68 && message.length >= 8 + 44) {
        writeUint32(message, 12, xid);
        writeHardwareAddress(message, 36, hardware);
      }
      if ((flags & LENGTH) !== 0) writeUint16(message, 4, message.length);
      // A datagram over IPv4 need not have one.
      if ((flags & CHECKSUM) !== 0) writeUint16(message, 6, 0);
    } else if ((flags & CHECKSUM) !== 0 && (protocol === PROTOCOL_ICMP || protocol === PROTOCOL_IGMP)) {
      putChecksum(message, 2, 0);
    }
    if ((flags & HEADER_CHECKSUM) !== 0) putChecksum(packet.subarray(0, at), 10, 0);
  }
}

function repair6(packet: Uint8Array, flags: number): void {
  if ((flags & LENGTH) !== 0) writeUint16(packet, 4, packet.length - 40);
  const upper = upperLayer(packet);
  if (upper === null) return;
  const message = packet.subarray(upper.at);
  // A router may have its hosts wait for weeks between solicitations, and the packets with them; not here.
  const isAdvertisement = upper.protocol === PROTOCOL_ICMPV6 && message[0] === ICMPV6_ROUTER_ADVERTISEMENT;
  if (isAdvertisement && message.length >= 16) writeUint16(message, 12, 0);
  const sum = pseudoHeaderSumAt(packet, 0, upper.protocol, message.length);
  if ((flags & CHECKSUM) === 0) return;
  if (upper.protocol === PROTOCOL_ICMPV6) putChecksum(message, 2, sum);
  if (upper.protocol !== PROTOCOL_UDP || message.length < 8) return;
  if ((flags & LENGTH) !== 0) writeUint16(message, 4, message.length);
  putChecksum(message, 6, sum);
}

function putChecksum(bytes: Uint8Array, at: number, start: number): void {
  if (bytes.length < at + 2) return;
  writeUint16(bytes, at, 0);
  writeUint16(bytes, at, foldChecksum(addBytes(start, bytes, 0, bytes.length)));
}
