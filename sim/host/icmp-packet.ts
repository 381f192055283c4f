import {
  emitIcmpv4Header,
  ICMPV4_DESTINATION_UNREACHABLE,
  ICMPV4_ECHO_REPLY,
  ICMPV4_ECHO_REQUEST,
  ICMPV4_HEADER,
  ICMPV4_PORT_UNREACHABLE,
  parseIcmpv4Header,
} from '../../netx/wire/icmpv4.ts';
import {
  emitIcmpv6,
  ICMPV6_DESTINATION_UNREACHABLE,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_HEADER,
  ICMPV6_PORT_UNREACHABLE,
  parseIcmpv6,
} from '../../netx/wire/icmpv6.ts';
import { PROTOCOL_ICMP } from '../../netx/wire/ipv4.ts';
import { PROTOCOL_ICMPV6 } from '../../netx/wire/ipv6.ts';
import type { IpAddress } from './ip-address.ts';
import { pseudoHeader, type IpPacket } from './ip-packet.ts';

/** What an error quotes: the IP header and eight bytes more (RFC 792), or as much as fits 1,280 bytes (RFC 4443). */
const QUOTE_V4 = 28;
const QUOTE_V6 = 1280 - 40 - ICMPV6_HEADER;

/** Whether a packet is an echo request whose checksum is right. */
export function isEchoRequest(packet: IpPacket): boolean {
  const { protocol, payload } = packet;
  if (protocol === PROTOCOL_ICMP) return parseIcmpv4Header(payload, 0, payload.length)?.type === ICMPV4_ECHO_REQUEST;
  if (protocol !== PROTOCOL_ICMPV6) return false;
  return parseIcmpv6(payload, pseudoHeader(packet))?.type === ICMPV6_ECHO_REQUEST;
}

/** The reply to an echo request. */
export function echoReply({ source, destination, protocol, payload }: IpPacket): IpPacket {
  const reply = { source: destination, destination: source, protocol, payload: payload.slice() };
  if (protocol === PROTOCOL_ICMP) {
    const header = parseIcmpv4Header(payload, 0, payload.length);
    const { identifier = 0, sequence = 0 } = header ?? {};
    emitIcmpv4Header({ type: ICMPV4_ECHO_REPLY, code: 0, identifier, sequence }, reply.payload, 0, payload.length);
    return reply;
  }
  const word = new DataView(payload.buffer, payload.byteOffset).getUint32(4);
  emitIcmpv6({ type: ICMPV6_ECHO_REPLY, code: 0, word }, reply.payload, pseudoHeader(reply));
  return reply;
}

/**
 * The error that tells the sender of a packet that nobody has the port it went to.
 *
 * @param from - who says so
 * @param bytes - the packet, from its IP header on
 */
export function portUnreachable(from: IpAddress, to: IpAddress, bytes: Uint8Array): IpPacket {
  if (typeof from === 'number') {
    const quote = bytes.subarray(0, QUOTE_V4);
    const payload = new Uint8Array(ICMPV4_HEADER + quote.length);
    payload.set(quote, ICMPV4_HEADER);
    const [type, code] = [ICMPV4_DESTINATION_UNREACHABLE, ICMPV4_PORT_UNREACHABLE];
    emitIcmpv4Header({ type, code, identifier: 0, sequence: 0 }, payload, 0, payload.length);
    return { source: from, destination: to, protocol: PROTOCOL_ICMP, payload };
  }
  const quote = bytes.subarray(0, QUOTE_V6);
  const payload = new Uint8Array(ICMPV6_HEADER + quote.length);
  payload.set(quote, ICMPV6_HEADER);
  const packet = { source: from, destination: to, protocol: PROTOCOL_ICMPV6, payload };
  const [type, code] = [ICMPV6_DESTINATION_UNREACHABLE, ICMPV6_PORT_UNREACHABLE];
  emitIcmpv6({ type, code, word: 0 }, payload, pseudoHeader(packet));
  return packet;
}
