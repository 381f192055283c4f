import type { Kernel } from '../../kernel/kernel.ts';
import type { Callback } from '../../kernel/op.ts';
import { resumeAll } from '../../kernel/semaphore.ts';
import { WaitList } from '../../kernel/wait-list.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import { NX_NO_RESPONSE } from '../constants.ts';
import type { NX_INTERFACE } from '../interface.ts';
import type { IpModule } from '../ip-module.ts';
import type { NX_IP } from '../ip.ts';
import type { NX_PACKET } from '../packet.ts';
import type { Pending } from '../pending.ts';
import { DefaultRouters } from './default-routers.ts';
import { DestinationTable } from './destination-table.ts';
import { ErrorBudget } from './error-budget.ts';
import { Groups } from './groups.ts';
import { ipv6Receive } from './ipv6-receive.ts';
import { NeighborCache } from './neighbor-cache.ts';
import { NXD_IPV6_ADDRESS } from './nxd-ipv6-address.ts';
import { ipv6FastPeriodic, ipv6Periodic } from './periodic.ts';
import { PrefixList } from './prefix-list.ts';
import { Reassembly } from './reassembly.ts';
import { ipv6Settings, type Ipv6Settings } from './settings.ts';

/**
 * The callback of `nxd_ipv6_address_change_notify`.
 *
 * @param status - what happened: an `NX_IPV6_ADDRESS_`
 */
export type Ipv6AddressChangeNotify = Callback<
  [ip_ptr: NX_IP, status: UINT, interface_index: UINT, address_index: UINT, ip_address: Uint32Array],
  void
>;

/** What an interface has of IPv6 besides its addresses. */
export interface Ipv6Link {
  readonly networkInterface: NX_INTERFACE;
  /** Router solicitations that are still to be sent, and seconds until the next. */
  solicitationsLeft: number;
  untilSolicitation: number;
  /** Whether addresses are formed from the prefixes of routers. */
  autoconfigures: boolean;
  /** The MTU that routers have named, in bytes; Infinity for none. */
  mtu: number;
}

/** The IPv6 of an IP instance. */
export class Ipv6 implements IpModule {
  readonly kernel: Kernel;
  readonly ip: NX_IP;
  readonly settings: Ipv6Settings;
  /** Whether packets are received (`nxd_ipv6_enable`), and whether ICMPv6 and with it neighbor discovery is on. */
  enabled = false;
  icmpEnabled = false;
  /** The table of addresses; that of the loopback address comes last. */
  readonly addresses: readonly NXD_IPV6_ADDRESS[];
  readonly neighbors: NeighborCache;
  readonly routers: DefaultRouters;
  readonly prefixes: PrefixList;
  readonly destinations: DestinationTable;
  readonly groups: Groups;
  readonly reassembly: Reassembly;
  readonly errorBudget: ErrorBudget;
  readonly links = new Map<NX_INTERFACE, Ipv6Link>();
  /** Hop limit of packets whose sender does not say one. */
  hopLimit = 0xff;
  /** Seconds for which a neighbor counts as reachable. */
  reachableTime: number;
  /** Nanoseconds between solicitations. */
  retransTime: number;
  changeNotify: Ipv6AddressChangeNotify | null = null;
  /** Threads that wait for the reply to an echo request. */
  readonly pings = new WaitList({ describe: () => `an ICMPv6 echo reply on '${this.ip.nx_ip_name}'` }, NX_NO_RESPONSE);
  nextEcho = 1;
  nextFragmentation: ULONG;

  constructor(kernel: Kernel, ip: NX_IP) {
    this.kernel = kernel;
    this.ip = ip;
    const settings = ipv6Settings(kernel.macros);
    this.settings = settings;
    this.addresses = Array.from({ length: settings.addresses + 1 }, (_, index) => new NXD_IPV6_ADDRESS(index));
    this.neighbors = new NeighborCache(this);
    this.routers = new DefaultRouters(settings.routers);
    this.prefixes = new PrefixList(settings.prefixes);
    this.destinations = new DestinationTable(settings.destinations);
    this.groups = new Groups(settings.groups);
    this.reassembly = new Reassembly(this);
    this.errorBudget = new ErrorBudget(kernel);
    this.reachableTime = settings.reachableTime;
    this.retransTime = settings.retransTimer * 1e6;
    this.nextFragmentation = kernel.random.uint32();
  }

  /** Deals with a received packet in the IP thread. */
  arrival(packet: NX_PACKET): Pending {
    return ipv6Receive(this.kernel, this.ip, packet);
  }

  /** Whether anything has to be done, or counted down, once a second: what {@link ipv6Periodic} does is nothing else. */
  get countsSeconds(): boolean {
    if (!this.enabled) return false;
    if (this.reassembly.waits) return true;
    if (!this.icmpEnabled) return false;
    if (this.neighbors.countsSeconds || this.routers.countsSeconds || this.prefixes.countsSeconds) return true;
    if (this.destinations.countsSeconds) return true;
    for (const link of this.links.values()) if (link.solicitationsLeft > 0) return true;
    for (const own of this.addresses) if (own.countsSeconds) return true;
    return false;
  }

  /** Whether a neighbor is asked for, which goes by the fast timer. */
  get asksNeighbors(): boolean {
    return this.enabled && this.icmpEnabled && this.neighbors.asks;
  }

  /** Once a second. */
  periodic(): Pending {
    return this.enabled ? ipv6Periodic(this) : null;
  }

  /** Several times a second. */
  fastPeriodic(): Pending {
    return this.enabled ? ipv6FastPeriodic(this) : null;
  }

  /** Gives up every packet and ends every wait. */
  stop(): void {
    this.neighbors.clear();
    this.reassembly.clear();
    resumeAll(this.kernel, this.pings, NX_NO_RESPONSE);
  }

  /** Forgets everything that has to do with an interface. */
  detach(networkInterface: NX_INTERFACE): void {
    for (const entry of [...this.neighbors.entries]) {
      if (entry.networkInterface === networkInterface) this.neighbors.remove(entry);
    }
    for (const router of this.routers.of(networkInterface)) this.routers.remove(router);
    for (const own of this.addresses) {
      if (own.nxd_ipv6_address_attached === networkInterface && own !== this.loopback) own.clear();
    }
    this.prefixes.detach(networkInterface);
    this.links.delete(networkInterface);
  }

  /** The place of the loopback address. */
  get loopback(): NXD_IPV6_ADDRESS | null {
    return this.addresses.at(-1) ?? null;
  }

  /** The places that firmware can use. */
  get assignable(): readonly NXD_IPV6_ADDRESS[] {
    return this.addresses.slice(0, this.settings.addresses);
  }

  link(networkInterface: NX_INTERFACE): Ipv6Link {
    let link = this.links.get(networkInterface);
    if (link === undefined) {
      link = {
        networkInterface,
        solicitationsLeft: 0,
        untilSolicitation: 0,
        autoconfigures: true,
        mtu: Infinity,
      };
      this.links.set(networkInterface, link);
    }
    return link;
  }

  /** The longest packet that an interface's link takes, in bytes. */
  linkMtu(networkInterface: NX_INTERFACE): number {
    const told = this.links.get(networkInterface)?.mtu ?? Infinity;
    return Math.min(networkInterface.nx_interface_ip_mtu_size, told);
  }

  /** An interface that firmware can name by its index, or null. */
  interfaceAt(index: number): NX_INTERFACE | null {
    const networkInterface = index < this.settings.interfaces ? this.ip.nx_ip_interface[index] : undefined;
    return networkInterface?.nx_interface_valid === 1 ? networkInterface : null;
  }
}

/** The IPv6 of an instance, made at its first use. */
export function ipv6Of(kernel: Kernel, ip: NX_IP): Ipv6 {
  ip.ipv6 ??= new Ipv6(kernel, ip);
  return ip.ipv6;
}
