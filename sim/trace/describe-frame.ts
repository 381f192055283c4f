import { parseArp, ARP_REQUEST } from '../../netx/wire/arp.ts';
import { readUint16 } from '../../netx/wire/bytes.ts';
import {
  ETHERNET_HEADER,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  parseEthernet,
} from '../../netx/wire/ethernet.ts';
import { parseIpv4Header, PROTOCOL_UDP } from '../../netx/wire/ipv4.ts';
import { parseUdpHeader, UDP_HEADER } from '../../netx/wire/udp.ts';
import { alertName } from '../../secure/dtls/wire/alert.ts';
import { handshakeName } from '../../secure/dtls/wire/handshake.ts';
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  HANDSHAKE,
  parseRecord,
  TLS12_CID,
} from '../../secure/dtls/wire/record.ts';
import { formatIpv4 } from '../../netx/nxd-address.ts';
import { describeDhcp, describeIpv4 } from './describe-ipv4.ts';
import { describeIpv6 } from './describe-ipv6.ts';

/** A frame in a few words: `DTLS ClientHello, 192.168.1.10:49152 to 192.168.1.150:4443`. */
export function describeFrame(frame: Uint8Array): string {
  const ethernet = parseEthernet(frame);
  if (ethernet?.etherType === ETHERTYPE_ARP) return describeArp(frame);
  if (ethernet?.etherType === ETHERTYPE_IPV6) {
    return describeIpv6(frame, ETHERNET_HEADER, describePayload) ?? `${frame.length} bytes`;
  }
  const ip = ethernet?.etherType === ETHERTYPE_IPV4 ? parseIpv4Header(frame, ETHERNET_HEADER, frame.length) : null;
  if (ip === null) return `${frame.length} bytes`;
  const at = ETHERNET_HEADER + ip.headerLength;
  const end = ETHERNET_HEADER + ip.totalLength;
  const isWhole = ip.fragmentOffset === 0 && !ip.moreFragments;
  const udp = isWhole && ip.protocol === PROTOCOL_UDP ? parseUdpHeader(frame, at, end) : null;
  const [from, to] = [formatIpv4(ip.source), formatIpv4(ip.destination)];
  if (udp === null) return `${describeIpv4(ip, frame.subarray(at, end))}, ${from} to ${to}`;
  const payload = frame.subarray(at + UDP_HEADER, at + udp.length);
  const what = describeDhcp(udp.sourcePort, udp.destinationPort, payload) ?? describePayload(payload);
  return `${what}, ${from}:${udp.sourcePort} to ${to}:${udp.destinationPort}`;
}

function describeArp(frame: Uint8Array): string {
  const arp = parseArp(frame, ETHERNET_HEADER, frame.length);
  if (arp === null) return 'ARP';
  return arp.operation === ARP_REQUEST
    ? `ARP: who has ${formatIpv4(arp.targetAddress)}?`
    : `ARP: ${formatIpv4(arp.senderAddress)} answers ${formatIpv4(arp.targetAddress)}`;
}

function describePayload(payload: Uint8Array): string {
  const names: string[] = [];
  for (let rest = payload; rest.length > 0;) {
    // How long the ID is, and so where the record ends, only its receiver knows.
    if (rest[0] === TLS12_CID && rest[1] === 0xfe) {
      names.push('record with a connection ID');
      break;
    }
    const parsed = parseRecord(rest);
    if (parsed === null || parsed.record.version >>> 8 !== 0xfe) return `UDP, ${payload.length} bytes`;
    const { record } = parsed;
    const name = describeRecord(record.type, record.epoch, record.fragment);
    if (!names.includes(name)) names.push(name);
    rest = parsed.rest;
  }
  return names.length === 0 ? `UDP, ${payload.length} bytes` : `DTLS ${names.join(', ')}`;
}

function describeRecord(type: number, epoch: number, fragment: Uint8Array): string {
  switch (type) {
    case CHANGE_CIPHER_SPEC:
      return 'ChangeCipherSpec';
    case ALERT:
      return epoch === 0 ? `Alert ${alertName(readUint16(fragment, 0) & 255)}` : 'encrypted alert';
    case HANDSHAKE:
      return epoch === 0 ? handshakeName(fragment[0] ?? -1) : 'encrypted handshake message';
    case APPLICATION_DATA:
      return 'application data';
    default:
      return `record type ${type}`;
  }
}
