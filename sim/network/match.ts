import { readUint16 } from '../../netx/wire/bytes.ts';
import { ETHERNET_HEADER, ETHERTYPE_IPV4 } from '../../netx/wire/ethernet.ts';
import { parseIpv4Header, PROTOCOL_UDP } from '../../netx/wire/ipv4.ts';
import { PASS, type FrameRule } from './rules.ts';

/** A rule for frames of one type only: 0x0800 is IPv4, 0x0806 ARP, 0x86dd IPv6. */
export const onEtherType =
  (etherType: number, rule: FrameRule): FrameRule =>
  (frame) =>
    readUint16(frame.bytes, 12) === etherType ? rule(frame) : PASS;

/** A rule for UDP datagrams over IPv4 only that come from a port or go to it; of fragments, the first has the ports. */
export const onUdpPort =
  (port: number, rule: FrameRule): FrameRule =>
  (frame) => {
    const { bytes } = frame;
    const ip = readUint16(bytes, 12) === ETHERTYPE_IPV4 ? parseIpv4Header(bytes, ETHERNET_HEADER, bytes.length) : null;
    if (ip?.protocol !== PROTOCOL_UDP || ip.fragmentOffset > 0) return PASS;
    const at = ETHERNET_HEADER + ip.headerLength;
    return readUint16(bytes, at) === port || readUint16(bytes, at + 2) === port ? rule(frame) : PASS;
  };
