import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import { eventFlagsSet } from '../../kernel/event-flags.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_ALREADY_ENABLED,
  NX_CALLER_ERROR,
  NX_INVALID_INTERFACE,
  NX_IP_ADDRESS_ERROR,
  NX_IP_IGMP_ENABLE_EVENT,
  NX_NOT_ENABLED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import { igmpModule, leaveGroup } from '../igmp.ts';
import type { NX_IP } from '../ip.ts';
import { isGroupAddress, joinGroup } from '../multicast-group.ts';
import { isIp, mayCreate } from './checks.ts';
import { locked } from './ip-locked.ts';

/**
 * Turns IGMP on (C: `nx_igmp_enable`): routers are told of the groups that are joined from now on, and packets to every host
 * (224.0.0.1) get in.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_ALREADY_ENABLED`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_igmp_enable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_igmp_enable');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (ip_ptr.igmpEnabled) return kernel.finish(NX_ALREADY_ENABLED);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  ip_ptr.nx_ip_igmp_router_version = 2;
  ip_ptr.igmp = igmpModule(kernel, ip_ptr);
  eventFlagsSet(kernel, ip_ptr.nx_ip_events, NX_IP_IGMP_ENABLE_EVENT);
  return kernel.finish(NX_SUCCESS);
}

/**
 * What IGMP has counted (C: `nx_igmp_info_get`); every out-parameter may be NULL.
 *
 * @param current_groups_joined - groups that are joined at the moment, on all interfaces
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_igmp_info_get(
  ip_ptr: NX_IP | null,
  igmp_reports_sent: Out<ULONG> | null,
  igmp_queries_received: Out<ULONG> | null,
  igmp_checksum_errors: Out<ULONG> | null,
  current_groups_joined: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_igmp_info_get');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!ip_ptr.igmpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  if (igmp_reports_sent !== null) igmp_reports_sent.value = ip_ptr.nx_ip_igmp_reports_sent;
  if (igmp_queries_received !== null) igmp_queries_received.value = ip_ptr.nx_ip_igmp_queries_received;
  if (igmp_checksum_errors !== null) igmp_checksum_errors.value = ip_ptr.nx_ip_igmp_checksum_errors;
  if (current_groups_joined !== null) current_groups_joined.value = ip_ptr.nx_ip_igmp_groups_joined;
  return kernel.finish(NX_SUCCESS);
}

function setLoopback(service: string, ip: NX_IP | null, loopback: boolean): Op<UINT> {
  const kernel = enter(service);
  if (!isIp(ip)) return kernel.finish(NX_PTR_ERROR);
  if (!ip.igmpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  ip.nx_ip_igmp_global_loopback_enable = loopback ? 1 : 0;
  for (const group of ip.multicastGroups) group.loopback = loopback;
  return kernel.finish(NX_SUCCESS);
}

/**
 * From now on this host gets what it sends to groups that it has joined or joins (C: `nx_igmp_loopback_enable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_igmp_loopback_enable(ip_ptr: NX_IP | null): Op<UINT> {
  return setLoopback('nx_igmp_loopback_enable', ip_ptr, true);
}

/**
 * From now on what this host sends to groups only goes out, as it does at first (C: `nx_igmp_loopback_disable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_igmp_loopback_disable(ip_ptr: NX_IP | null): Op<UINT> {
  return setLoopback('nx_igmp_loopback_disable', ip_ptr, false);
}

/** What a service does with a group. */
type Change = 'join' | 'join-locally' | 'leave' | 'leave-locally';

function change(service: string, ip: NX_IP | null, group: ULONG, index: UINT, what: Change): Op<UINT> {
  const kernel = enter(service);
  const isLocal = what === 'join-locally' || what === 'leave-locally';
  if (!isIp(ip)) return kernel.finish(NX_PTR_ERROR);
  if (!isGroupAddress(group)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (!isLocal && !ip.igmpEnabled) return kernel.finish(NX_NOT_ENABLED);
  const networkInterface = ip.nx_ip_interface[index];
  if (networkInterface?.nx_interface_valid !== 1) return kernel.finish(NX_INVALID_INTERFACE);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const joins = what === 'join' || what === 'join-locally';
  const work = joins
    ? joinGroup(kernel, ip, group, networkInterface, isLocal)
    : leaveGroup(kernel, ip, group, networkInterface);
  return locked(kernel, ip, () => work);
}

/**
 * Joins a group on the first interface (C: `nx_igmp_multicast_join`): what is sent to it is received, and routers are told.
 * A group that is joined more than once has to be left as often.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for an address that is no group's (class D);
 *   `NX_NOT_ENABLED`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` unless called from a thread; `NX_NO_MORE_ENTRIES` where
 *   `NX_MAX_MULTICAST_GROUPS` are joined or the driver takes no more
 */
export function nx_igmp_multicast_join(ip_ptr: NX_IP | null, group_address: ULONG): Op<UINT> {
  return change('nx_igmp_multicast_join', ip_ptr, group_address, 0, 'join');
}

/**
 * Leaves a group on the first interface (C: `nx_igmp_multicast_leave`); the last time, routers are told.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR`; `NX_NOT_ENABLED`; `NX_INVALID_INTERFACE`;
 *   `NX_CALLER_ERROR` unless called from a thread; `NX_ENTRY_NOT_FOUND` for a group that was not joined
 */
export function nx_igmp_multicast_leave(ip_ptr: NX_IP | null, group_address: ULONG): Op<UINT> {
  return change('nx_igmp_multicast_leave', ip_ptr, group_address, 0, 'leave');
}

/**
 * Joins a group on an interface (C: `nx_igmp_multicast_interface_join`).
 *
 * @returns as `nx_igmp_multicast_join`
 */
export function nx_igmp_multicast_interface_join(
  ip_ptr: NX_IP | null,
  group_address: ULONG,
  interface_index: UINT,
): Op<UINT> {
  return change('nx_igmp_multicast_interface_join', ip_ptr, group_address, interface_index, 'join');
}

/**
 * Leaves a group on an interface (C: `nx_igmp_multicast_interface_leave`).
 *
 * @returns as `nx_igmp_multicast_leave`
 */
export function nx_igmp_multicast_interface_leave(
  ip_ptr: NX_IP | null,
  group_address: ULONG,
  interface_index: UINT,
): Op<UINT> {
  return change('nx_igmp_multicast_interface_leave', ip_ptr, group_address, interface_index, 'leave');
}

/**
 * Joins a group on an interface without telling routers (C: `nx_ipv4_multicast_interface_join`); it needs no IGMP.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` unless called
 *   from a thread; `NX_NO_MORE_ENTRIES`
 */
export function nx_ipv4_multicast_interface_join(
  ip_ptr: NX_IP | null,
  group_address: ULONG,
  interface_index: UINT,
): Op<UINT> {
  return change('nx_ipv4_multicast_interface_join', ip_ptr, group_address, interface_index, 'join-locally');
}

/**
 * Leaves a group on an interface that was joined with `nx_ipv4_multicast_interface_join` (C:
 * `nx_ipv4_multicast_interface_leave`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` unless called
 *   from a thread; `NX_ENTRY_NOT_FOUND`
 */
export function nx_ipv4_multicast_interface_leave(
  ip_ptr: NX_IP | null,
  group_address: ULONG,
  interface_index: UINT,
): Op<UINT> {
  return change('nx_ipv4_multicast_interface_leave', ip_ptr, group_address, interface_index, 'leave-locally');
}
