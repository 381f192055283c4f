import type { Lan } from '../../sim/network/lan.ts';
import { emitArp, parseArp, type ArpPacket } from '../../netx/wire/arp.ts';
import {
  BROADCAST,
  emitEthernet,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_RARP,
  parseEthernet,
  type HardwareAddress,
} from '../../netx/wire/ethernet.ts';
import { emitIcmpv4Header, type Icmpv4Header } from '../../netx/wire/icmpv4.ts';
import { emitIpv4Header, parseIpv4Header, type Ipv4Header } from '../../netx/wire/ipv4.ts';

/** An IPv4 packet that a station has seen. */
export interface SeenPacket {
  readonly to: HardwareAddress;
  readonly ip: Ipv4Header;
  /** The bytes of the IP header. */
  readonly header: Uint8Array;
  readonly payload: Uint8Array;
}

/** A host on a test's network that is no device: it notes what it sees and sends what it is told. */
export class IpStation {
  readonly address: number;
  readonly hardware: HardwareAddress;
  readonly arps: ArpPacket[] = [];
  readonly rarps: ArpPacket[] = [];
  readonly packets: SeenPacket[] = [];
  /** When each ARP message came, in virtual nanoseconds. */
  readonly arpTimes: number[] = [];
  /** Answers ARP requests for its address. */
  answersArp = true;
  onPacket: ((packet: SeenPacket) => void) | null = null;
  onRarp: ((message: ArpPacket) => void) | null = null;
  readonly #port: { transmit(bytes: Uint8Array): void };
  readonly #now: () => number;

  constructor(lan: Lan, address: number, hardware: HardwareAddress, now: () => number, name = 'station') {
    this.address = address;
    this.hardware = hardware;
    this.#now = now;
    this.#port = lan.attach({
      name,
      deliver: ({ bytes }) => {
        this.#see(bytes);
      },
    });
  }

  #see(bytes: Uint8Array): void {
    const ethernet = parseEthernet(bytes);
    if (ethernet === null) return;
    const { destination: to, etherType } = ethernet;
    if (etherType === ETHERTYPE_ARP || etherType === ETHERTYPE_RARP) {
      const message = parseArp(bytes, 14, bytes.length);
      if (message === null) return;
      if (etherType === ETHERTYPE_RARP) {
        this.rarps.push(message);
        this.onRarp?.(message);
        return;
      }
      this.arps.push(message);
      this.arpTimes.push(this.#now());
      const { operation, targetAddress, senderAddress, senderHardware } = message;
      if (this.answersArp && operation === 1 && targetAddress === this.address && senderAddress !== this.address) {
        this.arp({ operation: 2, targetAddress: senderAddress, targetHardware: senderHardware }, senderHardware);
      }
      return;
    }
    const ip = etherType === ETHERTYPE_IPV4 ? parseIpv4Header(bytes, 14, bytes.length) : null;
    if (ip === null) return;
    const start = 14 + ip.headerLength;
    const packet = {
      to,
      ip,
      header: bytes.slice(14, start),
      payload: bytes.slice(start, 14 + ip.totalLength),
    };
    this.packets.push(packet);
    this.onPacket?.(packet);
  }

  /** Sends a frame as it is. */
  raw(frame: Uint8Array): void {
    this.#port.transmit(frame);
  }

  /** Sends an ARP message of its own, or of somebody else. */
  arp(message: Partial<ArpPacket>, to: HardwareAddress = BROADCAST, etherType = ETHERTYPE_ARP): void {
    const frame = new Uint8Array(60);
    emitEthernet({ destination: to, source: this.hardware, etherType }, frame, 0);
    const whole = {
      operation: 1,
      senderHardware: this.hardware,
      senderAddress: this.address,
      targetHardware: { msw: 0, lsw: 0 },
      targetAddress: 0,
      ...message,
    };
    emitArp(whole, frame, 14);
    this.raw(frame);
  }

  /** Sends an IPv4 packet. */
  ip(protocol: number, payload: Uint8Array, to: HardwareAddress, header: Partial<Ipv4Header>): void {
    const frame = new Uint8Array(34 + payload.length);
    emitEthernet({ destination: to, source: this.hardware, etherType: ETHERTYPE_IPV4 }, frame, 0);
    const whole = {
      tos: 0,
      totalLength: 20 + payload.length,
      identification: 1,
      dontFragment: false,
      moreFragments: false,
      fragmentOffset: 0,
      ttl: 64,
      protocol,
      source: this.address,
      destination: 0,
      ...header,
    };
    emitIpv4Header(whole, frame, 14);
    frame.set(payload, 34);
    this.raw(frame);
  }

  /** Sends an ICMP message. */
  icmp(header: Icmpv4Header, data: Uint8Array, to: HardwareAddress, destination: number, source = this.address): void {
    const message = new Uint8Array(8 + data.length);
    message.set(data, 8);
    emitIcmpv4Header(header, message, 0, message.length);
    this.ip(1, message, to, { destination, source });
  }
}
