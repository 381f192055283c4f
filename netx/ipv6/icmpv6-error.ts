import type { Suspension } from '../../kernel/op.ts';
import { netxState } from '../device-state.ts';
import { packetBytes, type NX_PACKET } from '../packet.ts';
import { dropPacket } from '../packet-drop.ts';
import { packetRelease } from '../packet-pool.ts';
import type { Pending } from '../pending.ts';
import { writeUint32 } from '../wire/bytes.ts';
import {
  ICMPV6_DESTINATION_UNREACHABLE,
  ICMPV6_HEADER,
  ICMPV6_PARAMETER_PROBLEM,
  ICMPV6_PORT_UNREACHABLE,
  ICMPV6_REASSEMBLY_TIME_EXCEEDED,
  ICMPV6_REDIRECT,
  ICMPV6_TIME_EXCEEDED,
  isIcmpv6Error,
} from '../wire/icmpv6.ts';
import {
  IPV6_DESTINATION,
  IPV6_HEADER,
  IPV6_MINIMUM_MTU,
  IPV6_SOURCE,
  PROTOCOL_ICMPV6,
  readIpv6Address,
} from '../wire/ipv6.ts';
import { isMulticast, isUnicast } from './address.ts';
import type { Ipv6 } from './ipv6.ts';
import { sendIcmpv6 } from './nd-send.ts';
import { ownAddress } from './own-addresses.ts';
import { sourceFor } from './source-address.ts';

interface ErrorMessage {
  readonly type: number;
  readonly code: number;
  readonly word: number;
  /** Also about packets that were for a group. */
  readonly toGroups: boolean;
}

/** Longest part of a packet that an error quotes, so that it fits any link. */
const MOST_QUOTED = IPV6_MINIMUM_MTU - IPV6_HEADER - ICMPV6_HEADER;

/**
 * Tells the sender of a packet what is wrong with it, quoting it from its IPv6 header on, where an error may be sent at all
 * (RFC 4443 section 2.4 e): not about errors and redirects, not about packets for a group or from nobody. Releases the
 * packet.
 */
function answerWithError(ip6: Ipv6, packet: NX_PACKET, error: ErrorMessage): Pending {
  const { nx_packet_memory: memory, nx_packet_ip_header: at } = packet;
  // The headers lie in memory before the payload.
  const headers = memory.subarray(at, packet.nx_packet_prepend_ptr);
  const payload = packetBytes(packet);
  const quoted = Math.min(headers.length + payload.length, MOST_QUOTED);
  const message = new Uint8Array(ICMPV6_HEADER + quoted);
  message[0] = error.type;
  message[1] = error.code;
  writeUint32(message, 4, error.word);
  message.set(headers.subarray(0, quoted), ICMPV6_HEADER);
  const left = quoted - Math.min(headers.length, quoted);
  message.set(payload.subarray(0, left), ICMPV6_HEADER + quoted - left);
  const sender = readIpv6Address(memory, at + IPV6_SOURCE);
  const receiver = readIpv6Address(memory, at + IPV6_DESTINATION);
  const isError = isErrorQuoted(message);
  packetRelease(ip6.kernel, packet);
  const mayAnswer = ip6.icmpEnabled && ip6.settings.sendsErrors && isUnicast(sender) && !isError;
  if (!mayAnswer || (isMulticast(receiver) && !error.toGroups)) return null;
  const from = ownAddress(ip6, receiver) ?? sourceFor(ip6, sender);
  const networkInterface = from?.nxd_ipv6_address_attached ?? null;
  if (from === null || networkInterface === null || !ip6.errorBudget.take()) return null;
  return sendIcmpv6(ip6, message, {
    networkInterface,
    source: from.nxd_ipv6_address,
    destination: sender,
    hopLimit: ip6.hopLimit,
  });
}

/** Whether the packet that a message quotes is itself an ICMPv6 error or a redirect. */
function isErrorQuoted(message: Uint8Array): boolean {
  const at = ICMPV6_HEADER;
  if (message[at + 6] !== PROTOCOL_ICMPV6) return false;
  const type = message[at + IPV6_HEADER] ?? 0;
  return isIcmpv6Error(type) || type === ICMPV6_REDIRECT;
}

/** Tells the sender of a datagram that nobody has the port it went to (RFC 4443 section 3.1). */
export function portUnreachable6(ip6: Ipv6, packet: NX_PACKET, port: number): Pending {
  netxState(ip6.kernel).trace?.record({ type: 'datagram-dropped', reason: 'no-port', detail: `port ${port}` });
  return answerWithError(ip6, packet, {
    type: ICMPV6_DESTINATION_UNREACHABLE,
    code: ICMPV6_PORT_UNREACHABLE,
    word: 0,
    toGroups: false,
  });
}

/**
 * Tells the sender of a packet which of its bytes this host cannot make sense of (RFC 4443 section 3.4).
 *
 * @param at - where in the packet's memory that byte lies
 */
export function parameterProblem(ip6: Ipv6, packet: NX_PACKET, code: number, at: number, toGroups = false): Pending {
  const { trace } = netxState(ip6.kernel);
  trace?.record({ type: 'datagram-dropped', reason: 'ip-header', detail: `parameter problem, code ${code}` });
  const word = at - packet.nx_packet_ip_header;
  return answerWithError(ip6, packet, { type: ICMPV6_PARAMETER_PROBLEM, code, word, toGroups });
}

/** Tells the sender of a first fragment that the others did not come in time (RFC 4443 section 3.3). */
export function* reassemblyTimeExceeded(ip6: Ipv6, packet: NX_PACKET): Generator<Suspension, void, unknown> {
  const pending = answerWithError(ip6, packet, {
    type: ICMPV6_TIME_EXCEEDED,
    code: ICMPV6_REASSEMBLY_TIME_EXCEEDED,
    word: 0,
    toGroups: false,
  });
  if (pending !== null) yield* pending;
}

/** Drops a message for a reason of ICMPv6. */
export function dropIcmpv6(ip6: Ipv6, packet: NX_PACKET, detail: string): null {
  ip6.ip.nx_ip_receive_packets_dropped++;
  dropPacket(ip6.kernel, packet, 'icmpv6', detail);
  return null;
}
