import { formatIpv6 } from '../../netx/nxd-address.ts';
import { linkLocalOf, sameAddress } from '../../netx/ipv6/address.ts';
import {
  emitEthernet,
  ETHERNET_HEADER,
  ETHERTYPE_IPV6,
  readHardwareAddress,
  type HardwareAddress,
} from '../../netx/wire/ethernet.ts';
import { parseIcmpv6, putIcmpv6Checksum } from '../../netx/wire/icmpv6.ts';
import {
  emitIpv6Header,
  IPV6_HEADER,
  parseIpv6Header,
  PROTOCOL_ICMPV6,
  pseudoHeaderSumAt,
  type Ipv6Address,
  type Ipv6Header,
} from '../../netx/wire/ipv6.ts';
import { parseNd, type NdMessage } from '../../netx/wire/nd.ts';
import { NO_ND_OPTIONS } from '../../netx/wire/nd-options.ts';
import type { Lan, NetworkPort } from '../../sim/index.ts';
import { parseIpv6Address } from '../../sim/ipv6-text.ts';
import { ndFrame } from '../../sim/network/icmpv6-frame.ts';
import { readUint16 } from '../../netx/wire/bytes.ts';

/** An IPv6 packet; what the parts leave out is a UDP datagram. An ICMPv6 message gets its checksum. */
export function ipv6Packet(
  source: string,
  destination: string,
  payload: Uint8Array,
  parts: Partial<Ipv6Header> = {},
): Uint8Array {
  const packet = new Uint8Array(IPV6_HEADER + payload.length);
  packet.set(payload, IPV6_HEADER);
  const header = {
    trafficClass: 0,
    flowLabel: 0,
    payloadLength: payload.length,
    nextHeader: 17,
    hopLimit: 64,
    source: parseIpv6Address(source),
    destination: parseIpv6Address(destination),
    ...parts,
  };
  emitIpv6Header(header, packet, 0);
  if (header.nextHeader === PROTOCOL_ICMPV6) {
    const sum = pseudoHeaderSumAt(packet, 0, PROTOCOL_ICMPV6, payload.length);
    putIcmpv6Checksum(packet.subarray(IPV6_HEADER), sum);
  }
  return packet;
}

/** What an IPv6 packet tells, in one line: checksums of ICMPv6 are checked on the way. */
export function tell6(packet: Uint8Array): string {
  const ip = parseIpv6Header(packet, 0, packet.length);
  if (ip === null) return 'malformed';
  const way = `${formatIpv6(ip.source)} > ${formatIpv6(ip.destination)}`;
  if (ip.nextHeader !== PROTOCOL_ICMPV6) return `${way} next ${ip.nextHeader} hops ${ip.hopLimit}`;
  const message = packet.subarray(IPV6_HEADER);
  const icmp = parseIcmpv6(message, pseudoHeaderSumAt(packet, 0, PROTOCOL_ICMPV6, message.length));
  return `${way} icmp ${icmp === null ? 'malformed' : `${icmp.type}/${icmp.code} ${icmp.word}`}`;
}

/** A host on a network that answers for its IPv6 address, and keeps the packets that come to it. */
export class Ipv6Host implements NetworkPort {
  readonly name: string;
  readonly hardware: HardwareAddress;
  readonly linkLocal: Ipv6Address;
  readonly packets: Uint8Array[] = [];
  readonly nd: NdMessage[] = [];
  /** Whether it answers solicitations. */
  answers = true;
  readonly #address: Ipv6Address;
  readonly #transmit: (bytes: Uint8Array) => void;

  constructor(lan: Lan, number: number, address: string) {
    this.name = `host${number}`;
    this.hardware = { msw: 0x02aa, lsw: number };
    this.linkLocal = linkLocalOf(this.hardware);
    this.#address = parseIpv6Address(address);
    const attachment = lan.attach(this);
    this.#transmit = (bytes) => attachment.transmit(bytes);
  }

  /** What came so far beside neighbor discovery, a line each. */
  get heard(): readonly string[] {
    return this.packets.map(tell6);
  }

  /** Sends a packet to a hardware address. */
  send(packet: Uint8Array, to: HardwareAddress): void {
    const frame = new Uint8Array(ETHERNET_HEADER + packet.length);
    emitEthernet({ destination: to, source: this.hardware, etherType: ETHERTYPE_IPV6 }, frame, 0);
    frame.set(packet, ETHERNET_HEADER);
    this.#transmit(frame);
  }

  /** Sends a neighbor discovery message. */
  tell(nd: NdMessage, destination: Ipv6Address, source: Ipv6Address = this.linkLocal, to?: HardwareAddress): void {
    const ends = { hardware: this.hardware, source, destination };
    this.#transmit(ndFrame(nd, to === undefined ? ends : { ...ends, to }));
  }

  deliver({ bytes }: { readonly bytes: Uint8Array }): void {
    if (readUint16(bytes, 12) !== ETHERTYPE_IPV6) return;
    const packet = bytes.slice(ETHERNET_HEADER);
    const ip = parseIpv6Header(packet, 0, packet.length);
    const nd = ip?.nextHeader === PROTOCOL_ICMPV6 ? parseNd(packet.subarray(IPV6_HEADER)) : null;
    if (ip === null || nd === null) {
      this.packets.push(packet);
      return;
    }
    this.nd.push(nd);
    if (nd.kind !== 'neighbor-solicitation' || !this.answers) return;
    const { target } = nd;
    if (!sameAddress(target, this.#address) && !sameAddress(target, this.linkLocal)) return;
    const options = { ...NO_ND_OPTIONS, targetLinkLayer: this.hardware };
    const flags = { router: false, solicited: true, override: true };
    const answer: NdMessage = { kind: 'neighbor-advertisement', ...flags, target, options };
    this.tell(answer, ip.source, target, readHardwareAddress(bytes, 6));
  }
}
