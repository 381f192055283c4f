import { formatIpv6 } from '../../netx/nxd-address.ts';
import { PROTOCOL_UDP } from '../../netx/wire/ipv4.ts';
import {
  FRAGMENT_HEADER,
  IPV6_HEADER,
  parseIpv6Header,
  PROTOCOL_ICMPV6,
  type Ipv6Header,
} from '../../netx/wire/ipv6.ts';
import { parseFragmentHeader } from '../../netx/wire/ipv6-extensions.ts';
import {
  ICMPV6_DESTINATION_UNREACHABLE,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_PACKET_TOO_BIG,
  ICMPV6_PARAMETER_PROBLEM,
  ICMPV6_TIME_EXCEEDED,
} from '../../netx/wire/icmpv6.ts';
import { parseNd, type NdMessage } from '../../netx/wire/nd.ts';
import { parseUdpHeader, UDP_HEADER } from '../../netx/wire/udp.ts';
import { readUint16, readUint32 } from '../../netx/wire/bytes.ts';

/**
 * An IPv6 packet in a few words: `Neighbor Solicitation: who has fe80::1?, fe80::2 to ff02::1:ff00:1`; null where there is
 * none between `start` and the end of the frame.
 *
 * @param describePayload - says what is in a UDP datagram
 */
export function describeIpv6(
  frame: Uint8Array,
  start: number,
  describePayload: (payload: Uint8Array) => string,
): string | null {
  const ip = parseIpv6Header(frame, start, frame.length);
  if (ip === null) return null;
  const at = start + IPV6_HEADER;
  const payload = frame.subarray(at, at + ip.payloadLength);
  const ends = `${formatIpv6(ip.source)} to ${formatIpv6(ip.destination)}`;
  if (ip.nextHeader === PROTOCOL_UDP) {
    const udp = parseUdpHeader(payload, 0, payload.length);
    if (udp === null) return `UDP, ${ends}`;
    const from = `[${formatIpv6(ip.source)}]:${udp.sourcePort}`;
    const to = `[${formatIpv6(ip.destination)}]:${udp.destinationPort}`;
    return `${describePayload(payload.subarray(UDP_HEADER, udp.length))}, ${from} to ${to}`;
  }
  if (ip.nextHeader === PROTOCOL_ICMPV6) return `${describeIcmpv6(payload)}, ${ends}`;
  if (ip.nextHeader === FRAGMENT_HEADER) return `${describeFragment(payload)}, ${ends}`;
  return `IPv6 next header ${ip.nextHeader}, ${ends}`;
}

function describeFragment(payload: Uint8Array): string {
  const header = parseFragmentHeader(payload, 0, payload.length);
  if (header === null) return 'IPv6 fragment';
  return `IPv6 fragment at ${header.offset}${header.moreFragments ? '' : ', the last'}`;
}

const ERRORS: Readonly<Record<number, string>> = {
  [ICMPV6_DESTINATION_UNREACHABLE]: 'Destination Unreachable',
  [ICMPV6_TIME_EXCEEDED]: 'Time Exceeded',
  [ICMPV6_PARAMETER_PROBLEM]: 'Parameter Problem',
};

/** An ICMPv6 message by its name in RFC 4443 or RFC 4861. */
function describeIcmpv6(message: Uint8Array): string {
  const nd = parseNd(message);
  if (nd !== null) return describeNd(nd);
  const [type = -1, code = 0] = message;
  const error = ERRORS[type];
  if (error !== undefined) return `ICMPv6 ${error}, code ${code}`;
  switch (type) {
    case ICMPV6_PACKET_TOO_BIG:
      return `ICMPv6 Packet Too Big, MTU ${readUint32(message, 4)}`;
    case ICMPV6_ECHO_REQUEST:
      return `ICMPv6 Echo Request ${readUint16(message, 6)}`;
    case ICMPV6_ECHO_REPLY:
      return `ICMPv6 Echo Reply ${readUint16(message, 6)}`;
    default:
      return `ICMPv6 type ${type}`;
  }
}

function describeNd(nd: NdMessage): string {
  switch (nd.kind) {
    case 'neighbor-solicitation':
      return `Neighbor Solicitation: who has ${formatIpv6(nd.target)}?`;
    case 'neighbor-advertisement':
      return `Neighbor Advertisement: ${formatIpv6(nd.target)} is here`;
    case 'router-solicitation':
      return 'Router Solicitation';
    case 'router-advertisement':
      return ['Router Advertisement', ...nd.options.prefixes.map(prefixText)].join(' ');
    case 'redirect':
      return `Redirect: ${formatIpv6(nd.destination)} by way of ${formatIpv6(nd.target)}`;
  }
}

const prefixText = ({ prefix, prefixLength }: { prefix: Ipv6Header['source']; prefixLength: number }): string =>
  `${formatIpv6(prefix)}/${prefixLength}`;
