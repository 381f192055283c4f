import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_LINK_ARP_RESPONSE_SEND, NX_LINK_ARP_SEND, NX_LINK_PACKET_SEND, NX_PHYSICAL_HEADER } from './constants.ts';
import { netxState } from './device-state.ts';
import { sendToDriver } from './driver-call.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import type { IpModule } from './ip-module.ts';
import { linkTransmit } from './ipv4-output.ts';
import { isOwnAddress } from './ipv4-route.ts';
import type { NX_PACKET } from './packet.ts';
import { NX_PACKET_ARP_WAITING_QUEUE } from './packet-marks.ts';
import { packetRelease, takePacket } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import { stackPool } from './stack-pool.ts';
import { ARP_LENGTH, ARP_REPLY, ARP_REQUEST, emitArp, parseArp, type ArpPacket } from './wire/arp.ts';
import { BROADCAST, type HardwareAddress } from './wire/ethernet.ts';

/** What is known of a neighbour: its hardware address, or the packets that wait for it. */
interface ArpEntry {
  hardware: HardwareAddress | null;
  readonly networkInterface: NX_INTERFACE;
  /** Seconds until the next request. */
  untilRequest: number;
  retries: number;
  readonly waiting: NX_PACKET[];
}

const NOBODY: HardwareAddress = { msw: 0, lsw: 0 };

/** The neighbours of an IP instance, as many as the memory given to `nx_arp_enable` has room for. */
export class ArpCache implements IpModule {
  readonly #kernel: Kernel;
  readonly #ip: NX_IP;
  readonly #capacity: number;
  /** By address; the entry touched longest ago comes first. */
  readonly #entries = new Map<number, ArpEntry>();

  constructor(kernel: Kernel, ip: NX_IP, capacity: number) {
    this.#kernel = kernel;
    this.#ip = ip;
    this.#capacity = capacity;
  }

  /** The hardware address of a neighbour, if it is known. */
  find(address: number): HardwareAddress | null {
    return this.#entries.get(address)?.hardware ?? null;
  }

  /** Sends a packet to a neighbour, or lets it wait while the neighbour is asked for. */
  send(networkInterface: NX_INTERFACE, nextHop: number, packet: NX_PACKET): Pending {
    const entry = this.#entries.get(nextHop) ?? this.#create(nextHop, networkInterface);
    if (entry.hardware !== null) {
      return linkTransmit(this.#kernel, this.#ip, networkInterface, NX_LINK_PACKET_SEND, packet, entry.hardware);
    }
    packet.queuedIn = NX_PACKET_ARP_WAITING_QUEUE;
    entry.waiting.push(packet);
    if (entry.waiting.length > netxState(this.#kernel).arpMaxQueueDepth) this.#drop(entry.waiting.shift());
    return entry.waiting.length === 1 && entry.retries === 0 ? this.#request(entry, nextHop) : null;
  }

  /** Deals with a received ARP packet. */
  *receive(packet: NX_PACKET): Generator<Suspension, void, unknown> {
    const arp = parseArp(packet.nx_packet_memory, packet.nx_packet_prepend_ptr, packet.nx_packet_append_ptr);
    const networkInterface = packet.nx_packet_ip_interface;
    packetRelease(this.#kernel, packet);
    if (arp === null || networkInterface === null) return;
    const own = networkInterface.nx_interface_ip_address;
    if (arp.senderAddress === 0 || isOwnAddress(this.#ip, arp.senderAddress)) return;
    const isForUs = arp.targetAddress === own && own !== 0;
    // A request for us names somebody who is about to talk to us; others only refresh what is known.
    if (isForUs || this.#entries.has(arp.senderAddress)) yield* this.#learn(arp, networkInterface);
    if (isForUs && arp.operation === ARP_REQUEST) {
      const pending = this.#transmit(networkInterface, NX_LINK_ARP_RESPONSE_SEND, arp.senderHardware, {
        operation: ARP_REPLY,
        senderHardware: hardwareOf(networkInterface),
        senderAddress: own,
        targetHardware: arp.senderHardware,
        targetAddress: arp.senderAddress,
      });
      if (pending !== null) yield* pending;
    }
  }

  /** Once a second: asks again for neighbours that have not answered, and gives up on those that never do. */
  *periodic(): Generator<Suspension, void, unknown> {
    const { arpMaximumRetries, trace } = netxState(this.#kernel);
    for (const [address, entry] of [...this.#entries]) {
      if (entry.hardware !== null || --entry.untilRequest > 0) continue;
      if (entry.retries > arpMaximumRetries) {
        trace?.record({ type: 'datagram-dropped', reason: 'arp-failed', detail: `${entry.waiting.length} waiting` });
        for (const packet of entry.waiting.splice(0)) this.#drop(packet);
        this.#entries.delete(address);
      } else {
        const pending = this.#request(entry, address);
        if (pending !== null) yield* pending;
      }
    }
  }

  /** Forgets the neighbours on an interface that goes away, and the packets that wait for them. */
  detach(networkInterface: NX_INTERFACE): void {
    for (const [address, entry] of [...this.#entries]) {
      if (entry.networkInterface !== networkInterface) continue;
      for (const packet of entry.waiting.splice(0)) this.#drop(packet);
      this.#entries.delete(address);
    }
  }

  /** Releases the packets that wait. */
  stop(): void {
    for (const entry of this.#entries.values()) for (const packet of entry.waiting.splice(0)) this.#drop(packet);
    this.#entries.clear();
  }

  #create(address: number, networkInterface: NX_INTERFACE): ArpEntry {
    if (this.#entries.size >= this.#capacity) {
      const [oldest] = this.#entries;
      if (oldest !== undefined) {
        for (const packet of oldest[1].waiting.splice(0)) this.#drop(packet);
        this.#entries.delete(oldest[0]);
      }
    }
    const entry: ArpEntry = { hardware: null, networkInterface, untilRequest: 0, retries: 0, waiting: [] };
    this.#entries.set(address, entry);
    return entry;
  }

  *#learn(arp: ArpPacket, networkInterface: NX_INTERFACE): Generator<Suspension, void, unknown> {
    const entry = this.#entries.get(arp.senderAddress) ?? this.#create(arp.senderAddress, networkInterface);
    const hardware = arp.senderHardware;
    entry.hardware = hardware;
    for (const packet of entry.waiting.splice(0)) {
      const pending = linkTransmit(this.#kernel, this.#ip, networkInterface, NX_LINK_PACKET_SEND, packet, hardware);
      if (pending !== null) yield* pending;
    }
  }

  #request(entry: ArpEntry, address: number): Pending {
    const { networkInterface } = entry;
    entry.retries++;
    entry.untilRequest = netxState(this.#kernel).arpUpdateRate;
    return this.#transmit(networkInterface, NX_LINK_ARP_SEND, BROADCAST, {
      operation: ARP_REQUEST,
      senderHardware: hardwareOf(networkInterface),
      senderAddress: networkInterface.nx_interface_ip_address,
      targetHardware: NOBODY,
      targetAddress: address,
    });
  }

  #transmit(networkInterface: NX_INTERFACE, command: number, to: HardwareAddress, arp: ArpPacket): Pending {
    const pool = stackPool(this.#ip, NX_PHYSICAL_HEADER + ARP_LENGTH);
    const packet = pool === null ? null : takePacket(this.#kernel, pool, NX_PHYSICAL_HEADER);
    if (packet === null) return null;
    packet.holder = 'stack';
    emitArp(arp, packet.nx_packet_memory, packet.nx_packet_prepend_ptr);
    packet.nx_packet_append_ptr += ARP_LENGTH;
    packet.nx_packet_length = ARP_LENGTH;
    return sendToDriver(this.#ip, networkInterface, command, packet, to);
  }

  #drop(packet: NX_PACKET | undefined): void {
    if (packet === undefined) return;
    this.#ip.nx_ip_send_packets_dropped++;
    packetRelease(this.#kernel, packet);
  }
}

const hardwareOf = (networkInterface: NX_INTERFACE): HardwareAddress => ({
  msw: networkInterface.nx_interface_physical_address_msw,
  lsw: networkInterface.nx_interface_physical_address_lsw,
});
