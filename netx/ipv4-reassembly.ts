import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_IP_VERSION_V4 } from './constants.ts';
import { NX_PROTOCOL_TCP } from './constants-ip.ts';
import { dropWithIcmpError } from './icmpv4-error.ts';
import type { IpModule } from './ip-module.ts';
import type { NX_IP } from './ip.ts';
import { FragmentedDatagram } from './ipv4-fragments.ts';
import { ipv4Deliver } from './ipv4-deliver.ts';
import { strip, type NX_PACKET } from './packet.ts';
import { dropPacket } from './packet-drop.ts';
import { packetRelease } from './packet-pool.ts';
import { PacketQueue } from './packet-queue.ts';
import type { Pending } from './pending.ts';
import { ICMPV4_REASSEMBLY_TIME_EXCEEDED, ICMPV4_TIME_EXCEEDED } from './wire/icmpv4.ts';
import { writeFragmentFields } from './wire/ipv4-fragment.ts';
import { parseIpv4Header, type Ipv4Header } from './wire/ipv4.ts';

/** Datagrams that may be incomplete at one time; the oldest goes when another begins. */
const MOST_DATAGRAMS = 16;
/** Longest IP packet, header included. */
const MOST_LENGTH = 0xffff;
/** A second fragment of TCP that begins here carries the flags which a filter looks for in the first (RFC 1858). */
const TINY_OFFSET = 8;

/**
 * Puts received fragments together (RFC 791 section 3.2, RFC 815), by source, destination, protocol and identification.
 *
 * A fragment that lies within one that is there and has the same bytes is a duplicate and dropped. Any other overlap, or
 * ends that contradict each other, end the datagram, with the fragments that are still to come (the rule of RFC 5722).
 * Incomplete datagrams hold three quarters of the default pool's packets at most, and there are sixteen at most; beyond
 * that the oldest is given up.
 */
export class Ipv4Reassembly implements IpModule {
  /** Fragments that were received and not looked at. */
  readonly queue = new PacketQueue();
  readonly #kernel: Kernel;
  readonly #ip: NX_IP;
  /** Oldest first. */
  readonly #datagrams = new Map<string, FragmentedDatagram>();
  #held = 0;

  constructor(kernel: Kernel, ip: NX_IP) {
    this.#kernel = kernel;
    this.#ip = ip;
  }

  /** Whether datagrams wait for the rest of their fragments. */
  get waits(): boolean {
    return this.#datagrams.size > 0;
  }

  /** Deals with the fragments that have come, and delivers the datagrams that they complete. */
  *process(): Generator<Suspension, void, unknown> {
    for (let packet = this.queue.shift(); packet !== null; packet = this.queue.shift()) {
      const pending = this.#add(packet);
      if (pending !== null) yield* pending;
    }
  }

  /** Once a second: gives up datagrams whose time is over; whoever sent the first fragment is told (RFC 792). */
  *periodic(): Generator<Suspension, void, unknown> {
    for (const [key, datagram] of [...this.#datagrams]) {
      if (--datagram.secondsLeft > 0) continue;
      const first = datagram.takeFirst();
      if (first !== null) this.#held -= packetsOf(first);
      this.#forget(key, datagram, 'time ran out');
      if (first === null) continue;
      this.#ip.nx_ip_receive_packets_dropped++;
      const [type, code] = [ICMPV4_TIME_EXCEEDED, ICMPV4_REASSEMBLY_TIME_EXCEEDED];
      const pending = dropWithIcmpError(this.#kernel, this.#ip, first, 'reassembly', type, code);
      if (pending !== null) yield* pending;
    }
  }

  /** Releases everything. */
  stop(): void {
    for (let packet = this.queue.shift(); packet !== null; packet = this.queue.shift()) {
      packetRelease(this.#kernel, packet);
    }
    for (const [, datagram] of this.#datagrams) {
      for (const packet of datagram.takeAll()) packetRelease(this.#kernel, packet);
    }
    this.#datagrams.clear();
    this.#held = 0;
  }

  #add(packet: NX_PACKET): Pending {
    const at = packet.nx_packet_prepend_ptr;
    const header = parseIpv4Header(packet.nx_packet_memory, at, at + packet.nx_packet_length);
    if (header === null) return this.#refuse(packet, 'no header');
    packet.nx_packet_ip_version = NX_IP_VERSION_V4;
    packet.nx_packet_ip_header = at;
    packet.nx_packet_ip_header_length = header.headerLength;
    strip(packet, header.headerLength);
    const { fragmentOffset: start, moreFragments } = header;
    const end = start + packet.nx_packet_length;
    if (end + header.headerLength > MOST_LENGTH) return this.#refuse(packet, 'beyond 65535 bytes');
    if (moreFragments && packet.nx_packet_length % 8 !== 0) return this.#refuse(packet, 'no multiple of 8 bytes');
    if (header.protocol === NX_PROTOCOL_TCP && start === TINY_OFFSET) return this.#refuse(packet, 'tiny fragment');
    const key = `${header.source}:${header.destination}:${header.protocol}:${header.identification}`;
    const datagram = this.#datagrams.get(key) ?? this.#begin(key);
    const verdict = datagram.place(packet, start, end, moreFragments);
    if (verdict === 'placed') {
      this.#held += packetsOf(packet);
      if (datagram.isComplete) return this.#complete(key, datagram, header.protocol);
      this.#keepWithinLimits(key, datagram);
      return null;
    }
    if (verdict === 'overlap') this.#poison(datagram, 'overlap');
    return this.#refuse(packet, verdict);
  }

  #begin(key: string): FragmentedDatagram {
    while (this.#datagrams.size >= MOST_DATAGRAMS) this.#forgetOldest();
    const datagram = new FragmentedDatagram(this.#ip.config.reassemblyTime);
    this.#datagrams.set(key, datagram);
    return datagram;
  }

  #complete(key: string, datagram: FragmentedDatagram, protocol: number): Pending {
    this.#datagrams.delete(key);
    const packet = datagram.join();
    if (packet === null) return null;
    this.#held -= packetsOf(packet);
    const { nx_packet_ip_header: at, nx_packet_ip_header_length: headerLength } = packet;
    const totalLength = headerLength + packet.nx_packet_length;
    if (totalLength > MOST_LENGTH) {
      this.#ip.nx_ip_reassembly_failures++;
      return this.#refuse(packet, 'beyond 65535 bytes');
    }
    this.#ip.nx_ip_packets_reassembled++;
    // The header is that of the whole again: raw packets and ICMP errors show it.
    packet.nx_packet_prepend_ptr = at;
    packet.nx_packet_length = totalLength;
    const fields = { totalLength, fragmentOffset: 0, moreFragments: false };
    writeFragmentFields(packet.nx_packet_memory, at, headerLength, fields);
    const header: Pick<Ipv4Header, 'headerLength' | 'protocol'> = { headerLength, protocol };
    return ipv4Deliver(this.#kernel, this.#ip, packet, header);
  }

  /** Gives up the oldest datagrams, and at last the present one, until what is left leaves a quarter of the pool free. */
  #keepWithinLimits(key: string, datagram: FragmentedDatagram): void {
    const total = this.#ip.defaultPool?.nx_packet_pool_total ?? 0;
    const most = total - Math.max(2, Math.ceil(total / 4));
    for (const [oldest, other] of [...this.#datagrams]) {
      if (this.#held <= most) return;
      if (oldest !== key) this.#forget(oldest, other, 'too many packets held');
    }
    if (this.#held > most) this.#poison(datagram, 'too many packets held');
  }

  #forgetOldest(): void {
    for (const [key, datagram] of this.#datagrams) {
      this.#forget(key, datagram, 'too many datagrams');
      return;
    }
  }

  #forget(key: string, datagram: FragmentedDatagram, why: string): void {
    this.#datagrams.delete(key);
    this.#poison(datagram, why);
  }

  /** Ends a datagram; as long as it is remembered, what comes of it is dropped. */
  #poison(datagram: FragmentedDatagram, why: string): void {
    if (!datagram.isRefused) this.#ip.nx_ip_reassembly_failures++;
    datagram.isRefused = true;
    for (const packet of datagram.takeAll()) {
      this.#held -= packetsOf(packet);
      this.#refuse(packet, why);
    }
  }

  #refuse(packet: NX_PACKET, why: string): null {
    this.#ip.nx_ip_receive_packets_dropped++;
    dropPacket(this.#kernel, packet, 'reassembly', why);
    return null;
  }
}

/** How many packets of the pool a chain takes. */
function packetsOf(packet: NX_PACKET): number {
  let count = 0;
  for (let part: NX_PACKET | null = packet; part !== null; part = part.nx_packet_next) count++;
  return count;
}
