import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { arpConfig, type ArpConfig } from './arp-config.ts';
import { ArpEntry } from './arp-entry.ts';
import { arpRequest } from './arp-send.ts';
import { NX_LINK_PACKET_SEND } from './constants.ts';
import { netxState } from './device-state.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import { linkTransmit } from './ipv4-output.ts';
import type { NX_PACKET } from './packet.ts';
import { NX_PACKET_ARP_WAITING_QUEUE } from './packet-marks.ts';
import { packetRelease } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import type { HardwareAddress } from './wire/ethernet.ts';

const keyOf = (networkInterface: NX_INTERFACE, address: number): number =>
  networkInterface.nx_interface_index * 2 ** 32 + address;

/**
 * The neighbours of an IP instance on all its interfaces, as many as the memory given to `nx_arp_enable` has room for. When
 * it is full, the dynamic entry that was used longest ago makes room; static ones stay.
 */
export class ArpCache {
  readonly config: ArpConfig;
  /** Entries that count seconds down: until the next request, or until they expire. */
  countdowns = 0;
  readonly #kernel: Kernel;
  readonly #ip: NX_IP;
  readonly #capacity: number;
  readonly #entries = new Map<number, ArpEntry>();
  #uses = 0;

  constructor(kernel: Kernel, ip: NX_IP, capacity: number) {
    this.#kernel = kernel;
    this.#ip = ip;
    this.#capacity = capacity;
    this.config = arpConfig(kernel);
  }

  /** Entries of either kind, in the order in which they were made. */
  get entries(): IterableIterator<ArpEntry> {
    return this.#entries.values();
  }

  count(isStatic: boolean): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (entry.isStatic === isStatic) count++;
    return count;
  }

  /** The entry of a neighbour on an interface, or on the first that has one. */
  entry(address: number, networkInterface?: NX_INTERFACE): ArpEntry | undefined {
    if (networkInterface !== undefined) return this.#entries.get(keyOf(networkInterface, address));
    for (const entry of this.#entries.values()) if (entry.address === address) return entry;
    return undefined;
  }

  /** The hardware address of a neighbour, if it is known. */
  find(address: number): HardwareAddress | null {
    return this.entry(address)?.hardware ?? null;
  }

  /** Sends a packet to a neighbour, or lets it wait while the neighbour is asked for. */
  send(networkInterface: NX_INTERFACE, nextHop: number, packet: NX_PACKET): Pending {
    const known = this.#entries.get(keyOf(networkInterface, nextHop));
    const entry = known ?? this.create(nextHop, networkInterface);
    if (entry === null) {
      this.#drop(packet, 'the cache is full of static entries');
      return null;
    }
    entry.lastUsed = ++this.#uses;
    if (entry.hardware !== null) {
      return linkTransmit(this.#kernel, this.#ip, networkInterface, NX_LINK_PACKET_SEND, packet, entry.hardware);
    }
    packet.queuedIn = NX_PACKET_ARP_WAITING_QUEUE;
    entry.waiting.push(packet);
    if (entry.waiting.length > this.config.maxQueueDepth) {
      this.#drop(entry.waiting.shift(), 'too many packets wait for one neighbour');
    }
    return known === undefined ? this.ask(entry) : null;
  }

  /** Makes an entry of which nothing is known yet; null where static entries leave no room. */
  create(address: number, networkInterface: NX_INTERFACE): ArpEntry | null {
    if (this.#entries.size >= this.#capacity) {
      let oldest: ArpEntry | null = null;
      for (const entry of this.#entries.values()) {
        if (!entry.isStatic && (oldest === null || entry.lastUsed < oldest.lastUsed)) oldest = entry;
      }
      if (oldest === null) return null;
      this.delete(oldest);
    }
    const entry = new ArpEntry(address, networkInterface, this);
    entry.lastUsed = ++this.#uses;
    this.#entries.set(keyOf(networkInterface, address), entry);
    return entry;
  }

  /** Forgets a neighbour, and what waits for it. */
  delete(entry: ArpEntry): void {
    this.#entries.delete(keyOf(entry.networkInterface, entry.address));
    entry.untilRequest = 0;
    for (let packet = entry.waiting.shift(); packet !== null; packet = entry.waiting.shift()) {
      this.#drop(packet, 'the neighbour was forgotten');
    }
  }

  /** Begins to ask for a neighbour. */
  ask(entry: ArpEntry): Pending {
    entry.hardware = null;
    entry.retries = 0;
    entry.untilRequest = this.config.updateRate;
    return arpRequest(this.#kernel, this.#ip, entry.networkInterface, entry.address);
  }

  /** A neighbour's hardware address becomes known: what has waited for it is sent. */
  *resolve(entry: ArpEntry, hardware: HardwareAddress): Generator<Suspension, void, unknown> {
    entry.hardware = hardware;
    entry.retries = 0;
    entry.untilRequest = entry.isStatic ? 0 : this.config.expirationRate;
    for (let packet = entry.waiting.shift(); packet !== null; packet = entry.waiting.shift()) {
      const pending = linkTransmit(
        this.#kernel,
        this.#ip,
        entry.networkInterface,
        NX_LINK_PACKET_SEND,
        packet,
        hardware,
      );
      if (pending !== null) yield* pending;
    }
  }

  /**
   * Once a second: asks again for neighbours that have not answered or whose entry has expired, and gives up on those that
   * never do. An expired entry serves until then.
   */
  *periodic(): Generator<Suspension, void, unknown> {
    for (const entry of [...this.#entries.values()]) {
      if (entry.untilRequest === 0 || --entry.untilRequest > 0) continue;
      if (entry.retries >= this.config.maximumRetries) {
        this.#ip.nx_ip_arp_aged_entries++;
        this.delete(entry);
        continue;
      }
      entry.retries++;
      entry.untilRequest = this.config.updateRate;
      const pending = arpRequest(this.#kernel, this.#ip, entry.networkInterface, entry.address);
      if (pending !== null) yield* pending;
    }
    for (const networkInterface of this.#ip.nx_ip_interface) {
      if (networkInterface.nx_interface_arp_defend_timeout > 0) networkInterface.nx_interface_arp_defend_timeout--;
    }
  }

  /** Forgets the neighbours on an interface that goes away, and the packets that wait for them. */
  detach(networkInterface: NX_INTERFACE): void {
    for (const entry of [...this.#entries.values()])
      if (entry.networkInterface === networkInterface) this.delete(entry);
  }

  /** Forgets everybody, and releases the packets that wait. */
  stop(): void {
    for (const entry of [...this.#entries.values()]) this.delete(entry);
  }

  #drop(packet: NX_PACKET | null, detail: string): void {
    if (packet === null) return;
    this.#ip.nx_ip_send_packets_dropped++;
    netxState(this.#kernel).trace?.record({ type: 'datagram-dropped', reason: 'arp-failed', detail });
    packetRelease(this.#kernel, packet);
  }
}
