import { formatIpv4 } from '../../netx/nxd-address.ts';
import { ARP_LENGTH, ARP_REPLY, ARP_REQUEST, emitArp, parseArp } from '../../netx/wire/arp.ts';
import { readUint16 } from '../../netx/wire/bytes.ts';
import { BROADCAST, emitEthernet, ETHERTYPE_ARP, ETHERTYPE_IPV4 } from '../../netx/wire/ethernet.ts';
import { emitIcmpv4Header, parseIcmpv4Header } from '../../netx/wire/icmpv4.ts';
import { emitIpv4Header, parseIpv4Header, type Ipv4Header } from '../../netx/wire/ipv4.ts';
import { parseIpv4 } from '../../sim/ipv4-text.ts';
import type { Lan, NetworkPort, PortLinkOptions } from '../../sim/index.ts';

/** A frame as it came out at a port. */
export interface Arrival {
  readonly at: number;
  readonly port: string;
  readonly bytes: Uint8Array;
}

/** A frame from one hardware address to another, both told by a number; `mark` is its first byte of payload. */
export function numberedFrame(from: number, to: number | 'all', length = 60, mark = 0): Uint8Array {
  const address = (number: number): number[] => [2, 0, 0, 0, number >> 8, number & 255];
  const bytes = new Uint8Array(length);
  bytes.set(to === 'all' ? new Uint8Array(6).fill(0xff) : address(to));
  bytes.set(address(from), 6);
  bytes.set([0x88, 0xb5, mark >> 8, mark & 255], 12);
  return bytes;
}

/** An IPv4 packet; what the parts leave out is a UDP datagram without data. */
export function ipv4Packet(
  source: string,
  destination: string,
  payload: Uint8Array,
  parts: Partial<Ipv4Header> = {},
): Uint8Array {
  const packet = new Uint8Array(20 + payload.length);
  packet.set(payload, 20);
  const header = {
    tos: 0,
    totalLength: packet.length,
    identification: 7,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: 64,
    protocol: 17,
    source: parseIpv4(source),
    destination: parseIpv4(destination),
  };
  emitIpv4Header({ ...header, ...parts }, packet, 0);
  return packet;
}

/** An echo request with some data, to be put into a packet of protocol 1. */
export function echoRequest(length: number): Uint8Array {
  const message = new Uint8Array(8 + length).map((_, at) => at & 255);
  emitIcmpv4Header({ type: 8, code: 0, identifier: 3, sequence: 4 }, message, 0, message.length);
  return message;
}

/** What an IPv4 packet tells, in one line: checksums are checked on the way. */
export function tell(packet: Uint8Array): string {
  const ip = parseIpv4Header(packet, 0, packet.length);
  if (ip === null) return 'malformed';
  const way = `${formatIpv4(ip.source)} > ${formatIpv4(ip.destination)}`;
  if (ip.protocol !== 1) return `${way} protocol ${ip.protocol} ttl ${ip.ttl}`;
  const icmp = parseIcmpv4Header(packet, ip.headerLength, ip.totalLength);
  return `${way} icmp ${icmp === null ? 'malformed' : `${icmp.type}/${icmp.code} ${icmp.sequence}`}`;
}

/** A host on a network that answers ARP for its address and keeps the IPv4 packets that come to it. */
export class TestHost implements NetworkPort {
  readonly name: string;
  readonly packets: Uint8Array[] = [];
  readonly #hardware: { readonly msw: number; readonly lsw: number };
  readonly #address: number;
  readonly #transmit: (bytes: Uint8Array) => void;

  constructor(lan: Lan, number: number, address: string, link?: PortLinkOptions) {
    this.name = `host${number}`;
    this.#hardware = { msw: 0x02aa, lsw: number };
    this.#address = parseIpv4(address);
    const attachment = lan.attach(this, link);
    this.#transmit = (bytes) => attachment.transmit(bytes);
  }

  /** What came so far, a line each. */
  get heard(): readonly string[] {
    return this.packets.map(tell);
  }

  /** Sends a packet to a hardware address, or to everybody. */
  send(packet: Uint8Array, to: { readonly msw: number; readonly lsw: number } = BROADCAST): void {
    const frame = new Uint8Array(Math.max(60, 14 + packet.length));
    emitEthernet({ destination: to, source: this.#hardware, etherType: ETHERTYPE_IPV4 }, frame, 0);
    frame.set(packet, 14);
    this.#transmit(frame);
  }

  /** Asks for the hardware address of somebody. */
  ask(address: string): void {
    this.#arp(ARP_REQUEST, parseIpv4(address), { msw: 0, lsw: 0 }, BROADCAST);
  }

  deliver({ bytes }: { readonly bytes: Uint8Array }): void {
    const etherType = readUint16(bytes, 12);
    const arp = etherType === ETHERTYPE_ARP ? parseArp(bytes, 14, bytes.length) : null;
    if (arp?.operation === ARP_REQUEST && arp.targetAddress === this.#address) {
      this.#arp(ARP_REPLY, arp.senderAddress, arp.senderHardware, arp.senderHardware);
    } else if (etherType === ETHERTYPE_IPV4) {
      this.packets.push(bytes.slice(14, 14 + readUint16(bytes, 16)));
    }
  }

  #arp(
    operation: number,
    targetAddress: number,
    targetHardware: { readonly msw: number; readonly lsw: number },
    to: { readonly msw: number; readonly lsw: number },
  ): void {
    const frame = new Uint8Array(14 + ARP_LENGTH);
    emitEthernet({ destination: to, source: this.#hardware, etherType: ETHERTYPE_ARP }, frame, 0);
    const sender = { senderHardware: this.#hardware, senderAddress: this.#address };
    emitArp({ operation, ...sender, targetHardware, targetAddress }, frame, 14);
    this.#transmit(frame);
  }
}
