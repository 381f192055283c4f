import { formatIpv6 } from '../../../netx/nxd-address.ts';
import {
  ICMPV6_DESTINATION_UNREACHABLE,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_HEADER,
  ICMPV6_PACKET_TOO_BIG,
  ICMPV6_PARAMETER_PROBLEM,
  ICMPV6_TIME_EXCEEDED,
  icmpv6Checksum,
  parseIcmpv6,
} from '../../../netx/wire/icmpv6.ts';
import type { NdOptions, PrefixInformation } from '../../../netx/wire/nd-options.ts';
import { parseNd, type NdMessage } from '../../../netx/wire/nd.ts';
import { readUint16, readUint32 } from '../../../netx/wire/bytes.ts';
import { hardware, type Layer } from './layer.ts';

type Field = Layer['fields'][number];

const NAMES: Readonly<Record<number, string>> = {
  [ICMPV6_DESTINATION_UNREACHABLE]: 'Destination Unreachable',
  [ICMPV6_PACKET_TOO_BIG]: 'Packet Too Big',
  [ICMPV6_TIME_EXCEEDED]: 'Time Exceeded',
  [ICMPV6_PARAMETER_PROBLEM]: 'Parameter Problem',
  [ICMPV6_ECHO_REQUEST]: 'Echo Request',
  [ICMPV6_ECHO_REPLY]: 'Echo Reply',
};

const ND_NAMES: Readonly<Record<NdMessage['kind'], string>> = {
  'router-solicitation': 'Router Solicitation',
  'router-advertisement': 'Router Advertisement',
  'neighbor-solicitation': 'Neighbor Solicitation',
  'neighbor-advertisement': 'Neighbor Advertisement',
  redirect: 'Redirect',
};

/**
 * An ICMPv6 message, also one of neighbor discovery.
 *
 * @param pseudoHeader - the sum over the pseudo header, with which the checksum begins
 */
export function decodeIcmpv6(frame: Uint8Array, at: number, end: number, pseudoHeader: number): readonly Layer[] {
  const message = frame.subarray(at, end);
  if (message.length < ICMPV6_HEADER) return [];
  const [type = 0, code = 0] = message;
  const isSound = parseIcmpv6(message, pseudoHeader) !== null;
  const sum = `0x${icmpv6Checksum(message).toString(16).padStart(4, '0')}${isSound ? '' : ' (wrong)'}`;
  const nd = parseNd(message);
  const name = nd === null ? NAMES[type] : ND_NAMES[nd.kind];
  const head: readonly Field[] = [
    ['type', name === undefined ? String(type) : `${name} (${type})`],
    ['code', String(code)],
    ['checksum', sum],
  ];
  const fields = [...head, ...(nd === null ? wordFields(type, message) : ndFields(nd))];
  return [{ name: 'ICMPv6', from: at, to: end, fields }];
}

/** What the four bytes after the checksum say. */
function wordFields(type: number, message: Uint8Array): readonly Field[] {
  switch (type) {
    case ICMPV6_ECHO_REQUEST:
    case ICMPV6_ECHO_REPLY:
      return [
        ['identifier', String(readUint16(message, 4))],
        ['sequence', String(readUint16(message, 6))],
        ['data', `${message.length - ICMPV6_HEADER} bytes`],
      ];
    case ICMPV6_PACKET_TOO_BIG:
      return [['MTU', `${readUint32(message, 4)} bytes`]];
    case ICMPV6_PARAMETER_PROBLEM:
      return [['pointer', String(readUint32(message, 4))]];
    default:
      return [];
  }
}

const yes = (is: boolean): string => (is ? 'yes' : 'no');
/** A number for which 0 means that nothing is said. */
const said = (value: number, unit: string): string => (value === 0 ? 'not said' : `${value}${unit}`);

function ndFields(nd: NdMessage): readonly Field[] {
  const options = optionFields(nd.options);
  switch (nd.kind) {
    case 'router-solicitation':
      return options;
    case 'router-advertisement':
      return [
        ['hop limit for hosts', said(nd.hopLimit, '')],
        ['addresses by DHCPv6', yes(nd.managed)],
        ['other settings by DHCPv6', yes(nd.otherConfiguration)],
        ['default router', nd.routerLifetime === 0 ? 'no' : `for ${nd.routerLifetime} s`],
        ['reachable time', said(nd.reachableTime, ' ms')],
        ['retransmission timer', said(nd.retransTimer, ' ms')],
        ...options,
      ];
    case 'neighbor-solicitation':
      return [['target', formatIpv6(nd.target)], ...options];
    case 'neighbor-advertisement':
      return [
        ['target', formatIpv6(nd.target)],
        ['from a router', yes(nd.router)],
        ['solicited', yes(nd.solicited)],
        ['override', yes(nd.override)],
        ...options,
      ];
    case 'redirect':
      return [['destination', formatIpv6(nd.destination)], ['by way of', formatIpv6(nd.target)], ...options];
  }
}

function optionFields({ sourceLinkLayer, targetLinkLayer, prefixes, mtu }: NdOptions): readonly Field[] {
  return [
    ...(sourceLinkLayer === null ? [] : [['source hardware', hardware(sourceLinkLayer)] as const]),
    ...(targetLinkLayer === null ? [] : [['target hardware', hardware(targetLinkLayer)] as const]),
    ...prefixes.map((one) => ['prefix', prefixText(one)] as const),
    ...(mtu === null ? [] : [['MTU', `${mtu} bytes`] as const]),
  ];
}

const lifetime = (seconds: number): string => (seconds === 0xffffffff ? 'for ever' : `for ${seconds} s`);

function prefixText({ prefix, prefixLength, onLink, autonomous, validLifetime }: PrefixInformation): string {
  const uses = [onLink ? 'on link' : '', autonomous ? 'for addresses' : ''].filter(Boolean);
  return [`${formatIpv6(prefix)}/${prefixLength}`, ...uses, `valid ${lifetime(validLifetime)}`].join(', ');
}
