import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_INTERFACE,
  NX_LINK_SET_PHYSICAL_ADDRESS,
  NX_NOT_SUPPORTED,
  NX_PTR_ERROR,
  NX_SUCCESS,
  NX_TRUE,
} from '../constants.ts';
import { callDriver } from '../driver-call.ts';
import type { NX_INTERFACE } from '../interface.ts';
import { ipConfig } from '../ip-config.ts';
import type { NX_IP } from '../ip.ts';
import { isIp, mayCreate } from './checks.ts';
import { locked, type LockedBody } from './ip-locked.ts';

/** The slot of an interface, in use or not; null where there is none of that index. */
function slotOf(ip: NX_IP, index: UINT): NX_INTERFACE | null {
  return index < ip.config.physicalInterfaces ? (ip.nx_ip_interface[index] ?? null) : null;
}

/** The checks that these services have in common, and then the work with the mutex held. */
function onSlot(
  kernel: Kernel,
  ip: NX_IP | null,
  index: UINT,
  work: (ip: NX_IP, slot: NX_INTERFACE) => LockedBody,
): Op<UINT> {
  if (!isIp(ip)) return kernel.finish(NX_PTR_ERROR);
  const slot = slotOf(ip, index);
  if (slot === null) return kernel.finish(NX_INVALID_INTERFACE);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip, work(ip, slot));
}

/**
 * Sets the largest IP packet that an interface carries; a driver's own is set when it is initialized (C:
 * `nx_ip_interface_mtu_set`).
 *
 * @param mtu_size - in bytes, IP header included
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_interface_mtu_set(ip_ptr: NX_IP | null, interface_index: UINT, mtu_size: ULONG): Op<UINT> {
  return onSlot(enter('nx_ip_interface_mtu_set'), ip_ptr, interface_index, (_, slot) => () => {
    slot.nx_interface_ip_mtu_size = mtu_size;
    return NX_SUCCESS;
  });
}

/**
 * The hardware address of an interface (C: `nx_ip_interface_physical_address_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_interface_physical_address_get(
  ip_ptr: NX_IP | null,
  interface_index: UINT,
  physical_msw: Out<ULONG> | null,
  physical_lsw: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_ip_interface_physical_address_get');
  if (physical_msw === null || physical_lsw === null) return kernel.finish(NX_PTR_ERROR);
  return onSlot(kernel, ip_ptr, interface_index, (_, slot) => () => {
    physical_msw.value = slot.nx_interface_physical_address_msw;
    physical_lsw.value = slot.nx_interface_physical_address_lsw;
    return NX_SUCCESS;
  });
}

/**
 * Gives an interface another hardware address (C: `nx_ip_interface_physical_address_set`).
 *
 * @param update_driver - `NX_TRUE`: the driver is told too, and has to agree
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs; the driver's status
 *   where it refuses (`NX_UNHANDLED_COMMAND`)
 */
export function nx_ip_interface_physical_address_set(
  ip_ptr: NX_IP | null,
  interface_index: UINT,
  physical_msw: ULONG,
  physical_lsw: ULONG,
  update_driver: UINT,
): Op<UINT> {
  return onSlot(
    enter('nx_ip_interface_physical_address_set'),
    ip_ptr,
    interface_index,
    (ip, slot) =>
      function* () {
        if (update_driver === NX_TRUE) {
          const address = { msw: physical_msw, lsw: physical_lsw };
          const status = yield* callDriver(ip, slot, NX_LINK_SET_PHYSICAL_ADDRESS, null, address);
          if (status !== NX_SUCCESS) return status;
        }
        slot.nx_interface_physical_address_msw = physical_msw;
        slot.nx_interface_physical_address_lsw = physical_lsw;
        return NX_SUCCESS;
      },
  );
}

/**
 * Sets whether an interface's IP addresses are mapped to hardware addresses by ARP (C:
 * `nx_ip_interface_address_mapping_configure`); without, packets go to the driver with no address.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_interface_address_mapping_configure(
  ip_ptr: NX_IP | null,
  interface_index: UINT,
  mapping_needed: UINT,
): Op<UINT> {
  return onSlot(enter('nx_ip_interface_address_mapping_configure'), ip_ptr, interface_index, (_, slot) => () => {
    slot.nx_interface_address_mapping_needed = mapping_needed & 0xff;
    return NX_SUCCESS;
  });
}

/**
 * What an interface's hardware does for the stack (C: `nx_ip_interface_capability_get`).
 *
 * @param interface_capability_flag - receives `NX_INTERFACE_CAPABILITY_…`, or-ed
 * @returns `NX_SUCCESS`; `NX_NOT_SUPPORTED` unless the device has `NX_ENABLE_INTERFACE_CAPABILITY`; `NX_PTR_ERROR`;
 *   `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_interface_capability_get(
  ip_ptr: NX_IP | null,
  interface_index: UINT,
  interface_capability_flag: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_ip_interface_capability_get');
  if (!ipConfig(kernel).capability) return kernel.finish(NX_NOT_SUPPORTED);
  if (isIp(ip_ptr) && slotOf(ip_ptr, interface_index) === null) return kernel.finish(NX_INVALID_INTERFACE);
  if (interface_capability_flag === null) return kernel.finish(NX_PTR_ERROR);
  return onSlot(kernel, ip_ptr, interface_index, (_, slot) => () => {
    interface_capability_flag.value = slot.nx_interface_capability_flag;
    return NX_SUCCESS;
  });
}

/**
 * Sets what an interface's hardware does for the stack (C: `nx_ip_interface_capability_set`). The simulated stack makes and
 * checks its checksums all the same.
 *
 * @returns as `nx_ip_interface_capability_get`
 */
export function nx_ip_interface_capability_set(
  ip_ptr: NX_IP | null,
  interface_index: UINT,
  interface_capability_flag: ULONG,
): Op<UINT> {
  const kernel = enter('nx_ip_interface_capability_set');
  if (!ipConfig(kernel).capability) return kernel.finish(NX_NOT_SUPPORTED);
  return onSlot(kernel, ip_ptr, interface_index, (_, slot) => () => {
    slot.nx_interface_capability_flag = interface_capability_flag;
    return NX_SUCCESS;
  });
}
