import { enter } from '../../kernel/caller-context.ts';
import type { CHAR, UINT, ULONG } from '../../kernel/constants.ts';
import type { Op, Suspension } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_DUPLICATED_ENTRY,
  NX_INVALID_INTERFACE,
  NX_IP_ADDRESS_ERROR,
  NX_LINK_INTERFACE_DETACH,
  NX_NO_MORE_ENTRIES,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import type { NetworkDriver } from '../driver.ts';
import { callDriver } from '../driver-call.ts';
import type { NX_INTERFACE } from '../interface.ts';
import { bringUp, occupy, physicalInterface } from '../ip-interfaces.ts';
import type { NX_IP } from '../ip.ts';
import { forgetRoutesBy } from '../routing-table.ts';
import { isHostAddress, isIp, mayCreate } from './checks.ts';
import { locked } from './ip-locked.ts';

/**
 * Gives an instance another interface, in its first free slot; once the IP thread runs, the driver is attached, initialized
 * and enabled by the caller (C: `nx_ip_interface_attach`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for an address of no class A, B or C; `NX_CALLER_ERROR` from
 *   timers and ISRs; `NX_DUPLICATED_ENTRY` for an address that another interface has; `NX_NO_MORE_ENTRIES` where all of
 *   `NX_MAX_PHYSICAL_INTERFACES` are in use
 */
export function nx_ip_interface_attach(
  ip_ptr: NX_IP | null,
  interface_name: CHAR | null,
  ip_address: ULONG,
  network_mask: ULONG,
  ip_link_driver: NetworkDriver | null,
): Op<UINT> {
  const kernel = enter('nx_ip_interface_attach');
  if (!isIp(ip_ptr) || ip_link_driver === null || interface_name === null) return kernel.finish(NX_PTR_ERROR);
  if (!isHostAddress(ip_address)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const slots = ip_ptr.nx_ip_interface.slice(0, ip_ptr.config.physicalInterfaces);
  if (ip_address !== 0 && slots.some((one) => one.nx_interface_ip_address === ip_address)) {
    return kernel.finish(NX_DUPLICATED_ENTRY);
  }
  const slot = slots.find((one) => one.nx_interface_valid === 0);
  if (slot === undefined) return kernel.finish(NX_NO_MORE_ENTRIES);
  return locked(kernel, ip_ptr, function* () {
    occupy(slot, interface_name, ip_address, network_mask, ip_link_driver);
    if (ip_ptr.nx_ip_initialize_done !== 0) yield* bringUp(ip_ptr, slot);
    return NX_SUCCESS;
  });
}

/**
 * Takes an interface away, with its neighbours, routes and groups; the driver is told (C: `nx_ip_interface_detach`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_interface_detach(ip_ptr: NX_IP | null, index: UINT): Op<UINT> {
  const kernel = enter('nx_ip_interface_detach');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (index >= ip_ptr.config.physicalInterfaces) return kernel.finish(NX_INVALID_INTERFACE);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const one = physicalInterface(ip_ptr, index);
  return one === null ? kernel.finish(NX_INVALID_INTERFACE) : locked(kernel, ip_ptr, () => detach(ip_ptr, one));
}

function* detach(ip: NX_IP, one: NX_INTERFACE): Generator<Suspension, number, unknown> {
  for (const part of [ip.arp, ip.igmp, ip.ipv6]) part?.detach?.(one);
  forgetRoutesBy(ip, one);
  yield* callDriver(ip, one, NX_LINK_INTERFACE_DETACH);
  one.clear();
  return NX_SUCCESS;
}

/**
 * What an interface is (C: `nx_ip_interface_info_get`); every out-parameter may be NULL.
 *
 * @param mtu_size - largest IP packet it carries, in bytes
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_interface_info_get(
  ip_ptr: NX_IP | null,
  interface_index: UINT,
  interface_name: Out<CHAR> | null,
  ip_address: Out<ULONG> | null,
  network_mask: Out<ULONG> | null,
  mtu_size: Out<ULONG> | null,
  physical_address_msw: Out<ULONG> | null,
  physical_address_lsw: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_ip_interface_info_get');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (interface_index >= ip_ptr.config.physicalInterfaces) return kernel.finish(NX_INVALID_INTERFACE);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const one = physicalInterface(ip_ptr, interface_index);
  if (one === null) return kernel.finish(NX_INVALID_INTERFACE);
  if (interface_name !== null) interface_name.value = one.nx_interface_name;
  if (ip_address !== null) ip_address.value = one.nx_interface_ip_address;
  if (network_mask !== null) network_mask.value = one.nx_interface_ip_network_mask;
  if (mtu_size !== null) mtu_size.value = one.nx_interface_ip_mtu_size;
  if (physical_address_msw !== null) physical_address_msw.value = one.nx_interface_physical_address_msw;
  if (physical_address_lsw !== null) physical_address_lsw.value = one.nx_interface_physical_address_lsw;
  return kernel.finish(NX_SUCCESS);
}
