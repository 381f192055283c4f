import { formatIpv6 } from '../../../netx/nxd-address.ts';
import { PROTOCOL_UDP } from '../../../netx/wire/ipv4.ts';
import { FRAGMENT_HEADER_LENGTH, parseFragmentHeader } from '../../../netx/wire/ipv6-extensions.ts';
import {
  DESTINATION_OPTIONS,
  FRAGMENT_HEADER,
  HOP_BY_HOP_OPTIONS,
  IPV6_HEADER,
  NO_NEXT_HEADER,
  parseIpv6Header,
  PROTOCOL_ICMPV6,
  pseudoHeaderSumAt,
  ROUTING_HEADER,
} from '../../../netx/wire/ipv6.ts';
import { decodeIcmpv6 } from './decode-icmpv6.ts';
import { decodeUdp } from './decode-udp.ts';
import type { Layer } from './layer.ts';

const NEXT: Readonly<Record<number, string>> = {
  [HOP_BY_HOP_OPTIONS]: 'hop-by-hop options',
  [PROTOCOL_UDP]: 'UDP',
  [ROUTING_HEADER]: 'routing header',
  [FRAGMENT_HEADER]: 'fragment header',
  [PROTOCOL_ICMPV6]: 'ICMPv6',
  [NO_NEXT_HEADER]: 'nothing',
  [DESTINATION_OPTIONS]: 'destination options',
};

const nameOf = (header: number): string => NEXT[header] ?? String(header);

/** What can stand between the header of a packet and what it carries: a length in units of 8 bytes after the next header. */
const EXTENSIONS: ReadonlySet<number> = new Set([HOP_BY_HOP_OPTIONS, ROUTING_HEADER, DESTINATION_OPTIONS]);

/** An IPv6 packet of a frame with its extension headers, and what is in it. */
export function decodeIpv6(frame: Uint8Array, start: number): readonly Layer[] {
  const ip = parseIpv6Header(frame, start, frame.length);
  if (ip === null) return [];
  let at = start + IPV6_HEADER;
  const end = at + ip.payloadLength;
  const layers: Layer[] = [
    {
      name: 'IPv6',
      from: start,
      to: at,
      fields: [
        ['source', formatIpv6(ip.source)],
        ['destination', formatIpv6(ip.destination)],
        ['traffic class', String(ip.trafficClass)],
        ['flow label', `0x${ip.flowLabel.toString(16).padStart(5, '0')}`],
        ['payload', `${ip.payloadLength} bytes`],
        ['next header', nameOf(ip.nextHeader)],
        ['hop limit', String(ip.hopLimit)],
      ],
    },
  ];
  let header = ip.nextHeader;
  while (EXTENSIONS.has(header)) {
    const length = ((frame[at + 1] ?? 0) + 1) * 8;
    if (at + length > end) return layers;
    const next = frame[at] ?? NO_NEXT_HEADER;
    layers.push({
      name: `IPv6 ${nameOf(header)}`,
      from: at,
      to: at + length,
      fields: [
        ['next header', nameOf(next)],
        ['length', `${length} bytes`],
      ],
    });
    [header, at] = [next, at + length];
  }
  if (header === FRAGMENT_HEADER) return [...layers, ...decodeFragment(frame, at, end)];
  if (header === PROTOCOL_UDP) return [...layers, ...decodeUdp(frame, at, end)];
  if (header !== PROTOCOL_ICMPV6) return layers;
  return [...layers, ...decodeIcmpv6(frame, at, end, pseudoHeaderSumAt(frame, start, PROTOCOL_ICMPV6, end - at))];
}

function decodeFragment(frame: Uint8Array, at: number, end: number): readonly Layer[] {
  const fragment = parseFragmentHeader(frame, at, end);
  if (fragment === null) return [];
  const fields: Layer['fields'] = [
    ['next header', nameOf(fragment.nextHeader)],
    ['offset', `${fragment.offset} bytes`],
    ['more fragments', fragment.moreFragments ? 'yes' : 'no, the last'],
    ['identification', `0x${fragment.identification.toString(16).padStart(8, '0')}`],
  ];
  return [{ name: 'IPv6 fragment header', from: at, to: at + FRAGMENT_HEADER_LENGTH, fields }];
}
