import type { Suspension } from '../../kernel/op.ts';
import type { NX_INTERFACE } from '../interface.ts';
import type { NX_PACKET } from '../packet.ts';
import { dropPacket } from '../packet-drop.ts';
import { PacketQueue } from '../packet-queue.ts';
import type { Pending } from '../pending.ts';
import type { HardwareAddress } from '../wire/ethernet.ts';
import type { Ipv6Address } from '../wire/ipv6.ts';
import { sameAddress } from './address.ts';
import type { Ipv6 } from './ipv6.ts';
import { sendSolicitation } from './nd-send.ts';
import { toLink } from './to-link.ts';

/** States of a neighbor (RFC 4861 section 7.3.2). */
export type NeighborState = 'incomplete' | 'reachable' | 'stale' | 'delay' | 'probe';

/** What is known of a neighbor. */
export interface Neighbor {
  readonly address: Ipv6Address;
  readonly networkInterface: NX_INTERFACE;
  state: NeighborState;
  hardware: HardwareAddress | null;
  /** Firmware has set it: it neither changes nor goes. */
  isStatic: boolean;
  isRouter: boolean;
  /** Virtual time at which its state is over, in nanoseconds. */
  until: number;
  /** Solicitations that may still be sent. */
  solicitsLeft: number;
  /** The address from which it is asked for. */
  source: Ipv6Address;
  /** Packets that wait for its hardware address. */
  readonly waiting: PacketQueue;
}

const SECOND = 1e9;
/** In which states an entry may make room for another, the first first: those that cost least to lose. */
const EXPENDABLE: readonly NeighborState[] = ['stale', 'incomplete'];

/**
 * The neighbor cache (RFC 4861 section 7.3): at most `NX_IPV6_NEIGHBOR_CACHE_SIZE` neighbors, and `NX_ND_MAX_QUEUE_DEPTH`
 * packets for each that is being asked for. The entry touched longest ago comes first.
 */
export class NeighborCache {
  readonly #ip6: Ipv6;
  readonly #entries: Neighbor[] = [];

  constructor(ip6: Ipv6) {
    this.#ip6 = ip6;
  }

  get entries(): readonly Neighbor[] {
    return this.#entries;
  }

  find(address: Ipv6Address): Neighbor | null {
    for (const entry of this.#entries) {
      if (sameAddress(entry.address, address)) return entry;
    }
    return null;
  }

  findHardware({ msw, lsw }: HardwareAddress): Neighbor | null {
    return this.#entries.find(({ hardware }) => hardware?.msw === msw && hardware.lsw === lsw) ?? null;
  }

  /** Sends a packet to a neighbor, or lets it wait while the neighbor is asked for. */
  send(networkInterface: NX_INTERFACE, source: Ipv6Address, nextHop: Ipv6Address, packet: NX_PACKET): Pending {
    const known = this.find(nextHop);
    if (known !== null && known.hardware !== null) {
      if (known.state === 'stale') this.#enter(known, 'delay', this.#ip6.settings.delayFirstProbe * SECOND);
      return toLink(this.#ip6, networkInterface, packet, known.hardware);
    }
    const entry = known ?? (this.#ip6.icmpEnabled ? this.#add(nextHop, networkInterface) : null);
    if (entry === null) {
      this.#drop(packet);
      return null;
    }
    entry.waiting.push(packet);
    if (entry.waiting.length > this.#ip6.settings.queueDepth) this.#drop(entry.waiting.shift());
    if (known !== null) return null;
    entry.source = source.slice();
    entry.solicitsLeft = this.#ip6.settings.multicastSolicits;
    return this.#solicit(entry);
  }

  /** Sets an entry that stays (`nxd_nd_cache_entry_set`); false where there is no room. */
  set(address: Ipv6Address, networkInterface: NX_INTERFACE, hardware: HardwareAddress): Pending | false {
    const entry = this.find(address) ?? this.#add(address, networkInterface);
    if (entry === null) return false;
    entry.isStatic = true;
    entry.hardware = hardware;
    this.#enter(entry, 'reachable', Infinity);
    return this.#sendWaiting(entry, hardware);
  }

  /**
   * Notes the hardware address that came in a solicitation or from a router: what it says is not proved, so a changed entry
   * is stale (RFC 4861 sections 6.3.4 and 7.2.3). Gives the entry, or null where there is no room.
   */
  hear(
    address: Ipv6Address,
    networkInterface: NX_INTERFACE,
    hardware: HardwareAddress,
  ): { readonly entry: Neighbor | null; readonly pending: Pending } {
    const known = this.find(address);
    const entry = known ?? this.#add(address, networkInterface);
    if (entry === null) return { entry, pending: null };
    const changed = entry.hardware?.msw !== hardware.msw || entry.hardware.lsw !== hardware.lsw;
    if (entry.isStatic || !changed) return { entry, pending: null };
    entry.hardware = hardware;
    this.#enter(entry, 'stale', Infinity);
    return { entry, pending: this.#sendWaiting(entry, hardware) };
  }

  /** A neighbor has answered, or has told of itself: RFC 4861 section 7.2.5. */
  advertised(
    entry: Neighbor,
    hardware: HardwareAddress | null,
    flags: { readonly solicited: boolean; readonly override: boolean; readonly router: boolean },
  ): Pending {
    if (entry.isStatic) return null;
    if (entry.state === 'incomplete') {
      if (hardware === null) return null;
      entry.hardware = hardware;
      entry.isRouter = flags.router;
      if (flags.solicited) this.#confirm(entry);
      else this.#enter(entry, 'stale', Infinity);
      return this.#sendWaiting(entry, hardware);
    }
    const changed = hardware !== null && (entry.hardware?.msw !== hardware.msw || entry.hardware.lsw !== hardware.lsw);
    if (changed && !flags.override) {
      if (entry.state === 'reachable') this.#enter(entry, 'stale', Infinity);
      return null;
    }
    if (changed) entry.hardware = hardware;
    if (flags.solicited) this.#confirm(entry);
    else if (changed) this.#enter(entry, 'stale', Infinity);
    entry.isRouter = flags.router;
    return null;
  }

  /** Whether somebody is asked for who has not answered. */
  get asks(): boolean {
    return this.#entries.some(({ state }) => state === 'incomplete' || state === 'probe');
  }

  /** Whether the state of a neighbor ends with time. */
  get countsSeconds(): boolean {
    return this.#entries.some(({ state, until }) => until < Infinity && (state === 'reachable' || state === 'delay'));
  }

  /** Several times a second: asks again for those that have not answered, and gives up those that never do. */
  *fastPeriodic(): Generator<Suspension, void, unknown> {
    const { now } = this.#ip6.kernel;
    for (const entry of [...this.#entries]) {
      if ((entry.state !== 'incomplete' && entry.state !== 'probe') || now < entry.until) continue;
      if (entry.solicitsLeft > 0) {
        const pending = this.#solicit(entry);
        if (pending !== null) yield* pending;
        continue;
      }
      this.#ip6.routers.note(entry.address, true);
      this.remove(entry);
    }
  }

  /** Once a second: what counted as reachable grows stale, and what may have gone is asked for. */
  *slowPeriodic(): Generator<Suspension, void, unknown> {
    const { now } = this.#ip6.kernel;
    for (const entry of [...this.#entries]) {
      if (now < entry.until) continue;
      if (entry.state === 'reachable') {
        this.#enter(entry, 'stale', Infinity);
      } else if (entry.state === 'delay') {
        entry.solicitsLeft = this.#ip6.settings.unicastSolicits;
        entry.state = 'probe';
        const pending = this.#solicit(entry);
        if (pending !== null) yield* pending;
      }
    }
  }

  /** Takes an entry out; what waits for it is dropped. */
  remove(entry: Neighbor): void {
    const at = this.#entries.indexOf(entry);
    if (at >= 0) this.#entries.splice(at, 1);
    this.#ip6.destinations.forgetNextHop(entry.address);
    for (let packet = entry.waiting.shift(); packet !== null; packet = entry.waiting.shift()) this.#drop(packet);
  }

  clear(): void {
    for (const entry of [...this.#entries]) this.remove(entry);
  }

  #confirm(entry: Neighbor): void {
    this.#enter(entry, 'reachable', this.#ip6.reachableTime * SECOND);
    this.#ip6.routers.note(entry.address, false);
  }

  #enter(entry: Neighbor, state: NeighborState, time: number): void {
    entry.state = state;
    entry.until = this.#ip6.kernel.now + time;
    const at = this.#entries.indexOf(entry);
    this.#entries.splice(at, 1);
    this.#entries.push(entry);
  }

  #add(address: Ipv6Address, networkInterface: NX_INTERFACE): Neighbor | null {
    if (this.#entries.length >= this.#ip6.settings.neighbors) {
      const victim = this.#expendable();
      if (victim === null) return null;
      this.remove(victim);
    }
    const entry: Neighbor = {
      address: address.slice(),
      networkInterface,
      state: 'incomplete',
      hardware: null,
      isStatic: false,
      isRouter: false,
      until: Infinity,
      solicitsLeft: 0,
      source: address,
      waiting: new PacketQueue(),
    };
    this.#entries.push(entry);
    return entry;
  }

  #expendable(): Neighbor | null {
    for (const state of EXPENDABLE) {
      const victim = this.#entries.find((entry) => entry.state === state && !entry.isStatic);
      if (victim !== undefined) return victim;
    }
    return null;
  }

  #solicit(entry: Neighbor): Pending {
    entry.solicitsLeft--;
    entry.until = this.#ip6.kernel.now + this.#ip6.retransTime;
    return sendSolicitation(this.#ip6, entry);
  }

  #sendWaiting(entry: Neighbor, hardware: HardwareAddress): Pending {
    const waiting: NX_PACKET[] = [];
    for (let packet = entry.waiting.shift(); packet !== null; packet = entry.waiting.shift()) waiting.push(packet);
    if (waiting.length === 0) return null;
    return this.#sendAll(entry, waiting, hardware);
  }

  *#sendAll(
    entry: Neighbor,
    packets: readonly NX_PACKET[],
    hardware: HardwareAddress,
  ): Generator<Suspension, void, unknown> {
    if (entry.state === 'stale') this.#enter(entry, 'delay', this.#ip6.settings.delayFirstProbe * SECOND);
    for (const packet of packets) {
      const pending = toLink(this.#ip6, entry.networkInterface, packet, hardware);
      if (pending !== null) yield* pending;
    }
  }

  #drop(packet: NX_PACKET | null): void {
    if (packet === null) return;
    this.#ip6.ip.nx_ip_send_packets_dropped++;
    dropPacket(this.#ip6.kernel, packet, 'neighbor-failed');
  }
}
