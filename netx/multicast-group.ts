import { numericMacro } from '../kernel/config.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_LINK_MULTICAST_JOIN, NX_LINK_MULTICAST_LEAVE, NX_NO_MORE_ENTRIES, NX_SUCCESS } from './constants.ts';
import { NX_MAX_MULTICAST_GROUPS } from './constants-arp-icmp-igmp.ts';
import { callDriver } from './driver-call.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import type { HardwareAddress } from './wire/ethernet.ts';
import { ALL_HOSTS } from './wire/igmp.ts';

/** A group that an interface has joined. */
export interface MulticastGroup {
  readonly address: number;
  readonly networkInterface: NX_INTERFACE;
  /** How often it was joined and not left. */
  joins: number;
  /** What is sent to the group comes back to this host too. */
  loopback: boolean;
  /** Joined without IGMP: no router is told. */
  readonly isLocal: boolean;
  /** Seconds until the next report; 0 for none. */
  untilReport: number;
  /** Reports that follow the next one. */
  repeats: number;
}

/** The Ethernet address of a group: its lower 23 bits behind 01:00:5e (RFC 1112 section 6.4). */
export function groupHardware(group: number): HardwareAddress {
  return { msw: 0x0100, lsw: (0x5e000000 | (group & 0x7fffff)) >>> 0 };
}

export const isGroupAddress = (address: number): boolean => address >>> 28 === 14;

/** An interface's entry of a group, if it has joined it. */
export function groupOf(ip: NX_IP, address: number, networkInterface: NX_INTERFACE): MulticastGroup | undefined {
  return ip.multicastGroups.find((one) => one.address === address && one.networkInterface === networkInterface);
}

/** Whether packets to a group are for this host on an interface: it was joined there, or it is every host's. */
export function isGroupMember(ip: NX_IP, address: number, networkInterface: NX_INTERFACE): boolean {
  return address === ALL_HOSTS || (isGroupAddress(address) && groupOf(ip, address, networkInterface) !== undefined);
}

/** Tells a driver which group addresses to let in. */
export function filterGroup(
  ip: NX_IP,
  networkInterface: NX_INTERFACE,
  command: typeof NX_LINK_MULTICAST_JOIN | typeof NX_LINK_MULTICAST_LEAVE,
  address: number,
): Generator<Suspension, number, unknown> {
  return callDriver(ip, networkInterface, command, null, groupHardware(address));
}

/** Joins a group on an interface, once more where it is joined already; gives the service's status. */
export function* joinGroup(
  kernel: Kernel,
  ip: NX_IP,
  address: number,
  networkInterface: NX_INTERFACE,
  isLocal: boolean,
): Generator<Suspension, number, unknown> {
  const known = groupOf(ip, address, networkInterface);
  if (known !== undefined) {
    known.joins++;
    return NX_SUCCESS;
  }
  const most = numericMacro(kernel.macros, 'NX_MAX_MULTICAST_GROUPS', NX_MAX_MULTICAST_GROUPS);
  if (ip.multicastGroups.length >= most) return NX_NO_MORE_ENTRIES;
  const status = yield* filterGroup(ip, networkInterface, NX_LINK_MULTICAST_JOIN, address);
  if (status !== NX_SUCCESS) return NX_NO_MORE_ENTRIES;
  const isReported = !isLocal && address !== ALL_HOSTS;
  ip.multicastGroups.push({
    address,
    networkInterface,
    joins: 1,
    loopback: ip.nx_ip_igmp_global_loopback_enable !== 0,
    isLocal,
    untilReport: isReported ? 1 : 0,
    repeats: isReported ? 1 : 0,
  });
  ip.nx_ip_igmp_groups_joined++;
  return NX_SUCCESS;
}

/** Leaves a group for good: the driver no longer lets it in. */
export function* forgetGroup(ip: NX_IP, group: MulticastGroup): Generator<Suspension, void, unknown> {
  ip.multicastGroups.splice(ip.multicastGroups.indexOf(group), 1);
  ip.nx_ip_igmp_groups_joined--;
  // The driver lets every host's group in from nx_igmp_enable on; it counts who wants it.
  yield* filterGroup(ip, group.networkInterface, NX_LINK_MULTICAST_LEAVE, group.address);
}
