import { formatIpv4 } from '../../../netx/nxd-address.ts';
import {
  ETHERNET_HEADER,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  parseEthernet,
} from '../../../netx/wire/ethernet.ts';
import { ARP_REQUEST, parseArp } from '../../../netx/wire/arp.ts';
import { parseIpv4Header, PROTOCOL_UDP } from '../../../netx/wire/ipv4.ts';
import { decodeIpv6 } from './decode-ipv6.ts';
import { decodeUdp } from './decode-udp.ts';
import { hardware, type Layer } from './layer.ts';

const TYPES: Readonly<Record<number, string>> = {
  [ETHERTYPE_IPV4]: 'IPv4',
  [ETHERTYPE_ARP]: 'ARP',
  [ETHERTYPE_IPV6]: 'IPv6',
};

/** The headers of a frame, and the DTLS records in it. */
export function decodeFrame(frame: Uint8Array): readonly Layer[] {
  const ethernet = parseEthernet(frame);
  if (ethernet === null) return [];
  const type = `0x${ethernet.etherType.toString(16).padStart(4, '0')}`;
  const layers: Layer[] = [
    {
      name: 'Ethernet',
      from: 0,
      to: ETHERNET_HEADER,
      fields: [
        ['destination', hardware(ethernet.destination)],
        ['source', hardware(ethernet.source)],
        ['type', `${TYPES[ethernet.etherType] ?? 'unknown'} (${type})`],
      ],
    },
  ];
  if (ethernet.etherType === ETHERTYPE_ARP) layers.push(...decodeArp(frame));
  if (ethernet.etherType === ETHERTYPE_IPV4) layers.push(...decodeIpv4(frame));
  if (ethernet.etherType === ETHERTYPE_IPV6) layers.push(...decodeIpv6(frame, ETHERNET_HEADER));
  return layers;
}

function decodeArp(frame: Uint8Array): readonly Layer[] {
  const arp = parseArp(frame, ETHERNET_HEADER, frame.length);
  if (arp === null) return [];
  const fields: Layer['fields'] = [
    ['operation', arp.operation === ARP_REQUEST ? 'request' : 'reply'],
    ['sender', formatIpv4(arp.senderAddress)],
    ['target', formatIpv4(arp.targetAddress)],
  ];
  return [{ name: 'ARP', from: ETHERNET_HEADER, to: ETHERNET_HEADER + 28, fields }];
}

function decodeIpv4(frame: Uint8Array): readonly Layer[] {
  const ip = parseIpv4Header(frame, ETHERNET_HEADER, frame.length);
  if (ip === null) return [];
  const at = ETHERNET_HEADER + ip.headerLength;
  const end = ETHERNET_HEADER + ip.totalLength;
  const fragment = ip.fragmentOffset > 0 || ip.moreFragments ? `at ${ip.fragmentOffset}` : 'no';
  const layers: Layer[] = [
    {
      name: 'IPv4',
      from: ETHERNET_HEADER,
      to: at,
      fields: [
        ['source', formatIpv4(ip.source)],
        ['destination', formatIpv4(ip.destination)],
        ['length', `${ip.totalLength} bytes`],
        ['identification', String(ip.identification)],
        ['fragment', fragment],
        ['time to live', String(ip.ttl)],
        ['protocol', ip.protocol === PROTOCOL_UDP ? 'UDP' : String(ip.protocol)],
      ],
    },
  ];
  const isWhole = ip.fragmentOffset === 0 && !ip.moreFragments;
  return isWhole && ip.protocol === PROTOCOL_UDP ? [...layers, ...decodeUdp(frame, at, end)] : layers;
}
