import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_CALLER_ERROR, NX_INVALID_INTERFACE, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import { callDriver } from '../driver-call.ts';
import { physicalInterface } from '../ip-interfaces.ts';
import type { LinkStatusChangeNotify, NX_IP } from '../ip.ts';
import { isIp, mayCreate } from './checks.ts';
import { locked } from './ip-locked.ts';

/**
 * Sends a command to the driver of an instance's first interface (C: `nx_ip_driver_direct_command`).
 *
 * @param command - `NX_LINK_GET_STATUS` and the like, or one of the driver's own from `NX_LINK_USER_COMMAND` on
 * @param return_value_ptr - receives the answer
 * @returns the driver's status (`NX_SUCCESS`, `NX_UNHANDLED_COMMAND`); `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs;
 *   `NX_INVALID_INTERFACE` where the interface was detached
 */
export function nx_ip_driver_direct_command(
  ip_ptr: NX_IP | null,
  command: UINT,
  return_value_ptr: Out<ULONG> | null,
): Op<UINT> {
  return commandTo(enter('nx_ip_driver_direct_command'), ip_ptr, command, 0, return_value_ptr);
}

/**
 * Sends a command to the driver of one of an instance's interfaces (C: `nx_ip_driver_interface_direct_command`).
 *
 * @returns the driver's status; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_driver_interface_direct_command(
  ip_ptr: NX_IP | null,
  command: UINT,
  interface_index: UINT,
  return_value_ptr: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_ip_driver_interface_direct_command');
  return commandTo(kernel, ip_ptr, command, interface_index, return_value_ptr);
}

function commandTo(kernel: Kernel, ip: NX_IP | null, command: UINT, index: UINT, answer: Out<ULONG> | null): Op<UINT> {
  if (!isIp(ip) || answer === null) return kernel.finish(NX_PTR_ERROR);
  const one = physicalInterface(ip, index);
  if (one === null) return kernel.finish(NX_INVALID_INTERFACE);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip, () => callDriver(ip, one, command, answer));
}

/**
 * Has a routine called in the IP thread whenever a driver reports that its link went up or down (C:
 * `nx_ip_link_status_change_notify_set`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`, also for no routine; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_link_status_change_notify_set(
  ip_ptr: NX_IP | null,
  link_status_change_notify: LinkStatusChangeNotify | null,
): Op<UINT> {
  const kernel = enter('nx_ip_link_status_change_notify_set');
  if (!isIp(ip_ptr) || link_status_change_notify === null) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  ip_ptr.linkStatusNotify = link_status_change_notify;
  return kernel.finish(NX_SUCCESS);
}
