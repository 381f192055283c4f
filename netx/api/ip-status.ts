import { enter } from '../../kernel/caller-context.ts';
import { TX_SLEEP, TX_WAIT_FOREVER, type UINT, type ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { mutexGet } from '../../kernel/mutex.ts';
import { compound, type Op, type Suspension } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_INTERFACE,
  NX_IP_ADDRESS_RESOLVED,
  NX_IP_ARP_ENABLED,
  NX_IP_IGMP_ENABLED,
  NX_IP_INITIALIZE_DONE,
  NX_IP_INTERFACE_LINK_ENABLED,
  NX_IP_LINK_ENABLED,
  NX_IP_RARP_COMPLETE,
  NX_IP_TCP_ENABLED,
  NX_IP_UDP_ENABLED,
  NX_LINK_GET_STATUS,
  NX_NOT_SUCCESSFUL,
  NX_OPTION_ERROR,
  NX_PTR_ERROR,
  NX_SUCCESS,
  NX_UNHANDLED_COMMAND,
} from '../constants.ts';
import { callDriver } from '../driver-call.ts';
import type { NX_INTERFACE } from '../interface.ts';
import { physicalInterface } from '../ip-interfaces.ts';
import type { NX_IP } from '../ip.ts';
import { unlockIp } from '../ip-seconds.ts';
import { isIp } from './checks.ts';
import { suspendCurrent } from '../../kernel/waiting.ts';

const LINK_STATES = NX_IP_LINK_ENABLED | NX_IP_INTERFACE_LINK_ENABLED;
const STATES =
  LINK_STATES |
  NX_IP_INITIALIZE_DONE |
  NX_IP_ADDRESS_RESOLVED |
  NX_IP_ARP_ENABLED |
  NX_IP_UDP_ENABLED |
  NX_IP_TCP_ENABLED |
  NX_IP_IGMP_ENABLED |
  NX_IP_RARP_COMPLETE;

/**
 * Waits until an instance has reached the states asked for, looking once a tick (C: `nx_ip_status_check`); its first
 * interface's link and address count.
 *
 * @param needed_status - `NX_IP_INITIALIZE_DONE`, `NX_IP_LINK_ENABLED` and the like, or-ed
 * @param actual_status - receives those of them that are reached
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_OPTION_ERROR` for states that there are not; `NX_CALLER_ERROR` unless called from
 *   a thread; `NX_NOT_SUCCESSFUL` where they were not reached in time
 */
export function nx_ip_status_check(
  ip_ptr: NX_IP | null,
  needed_status: ULONG,
  actual_status: Out<ULONG> | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nx_ip_status_check');
  if (!isIp(ip_ptr) || actual_status === null) return kernel.finish(NX_PTR_ERROR);
  if ((needed_status & ~STATES) !== 0) return kernel.finish(NX_OPTION_ERROR);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const first = physicalInterface(ip_ptr, 0);
  return compound(kernel.op, awaitStatus(kernel, ip_ptr, first, needed_status, actual_status, wait_option));
}

/**
 * Waits until one of an instance's interfaces has reached the states asked for, looking once a tick (C:
 * `nx_ip_interface_status_check`). Whether the link is up the driver is asked.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_INTERFACE`; `NX_OPTION_ERROR` for states that there are not;
 *   `NX_CALLER_ERROR` unless called from a thread; `NX_NOT_SUCCESSFUL` where they were not reached in time
 */
export function nx_ip_interface_status_check(
  ip_ptr: NX_IP | null,
  interface_index: UINT,
  needed_status: ULONG,
  actual_status: Out<ULONG> | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nx_ip_interface_status_check');
  if (!isIp(ip_ptr) || actual_status === null) return kernel.finish(NX_PTR_ERROR);
  const one = physicalInterface(ip_ptr, interface_index);
  if (one === null) return kernel.finish(NX_INVALID_INTERFACE);
  if ((needed_status & ~STATES) !== 0) return kernel.finish(NX_OPTION_ERROR);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  return compound(kernel.op, awaitStatus(kernel, ip_ptr, one, needed_status, actual_status, wait_option));
}

/** All states that an instance has reached, but for those of the link. RARP is complete once there is an address, as in C. */
function reached(ip: NX_IP, one: NX_INTERFACE | null): ULONG {
  const hasAddress = one !== null && one.nx_interface_ip_address !== 0;
  return (
    (ip.nx_ip_initialize_done !== 0 ? NX_IP_INITIALIZE_DONE : 0) |
    (hasAddress ? NX_IP_ADDRESS_RESOLVED | NX_IP_RARP_COMPLETE : 0) |
    (ip.arp === null ? 0 : NX_IP_ARP_ENABLED) |
    (ip.udpEnabled ? NX_IP_UDP_ENABLED : 0) |
    (ip.igmpEnabled ? NX_IP_IGMP_ENABLED : 0)
  );
}

function* awaitStatus(
  kernel: Kernel,
  ip: NX_IP,
  one: NX_INTERFACE | null,
  needed: ULONG,
  actual: Out<ULONG>,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const deadline = waitOption === TX_WAIT_FOREVER ? Infinity : kernel.ticks.tick + waitOption;
  for (;;) {
    const asksForLink = (needed & LINK_STATES) !== 0;
    const link = asksForLink && one !== null && (yield* linkIsUp(kernel, ip, one)) ? LINK_STATES : 0;
    const states = (reached(ip, one) | link) & needed;
    actual.value = states;
    if (states === needed) return yield* kernel.finish(NX_SUCCESS);
    if (kernel.ticks.tick >= deadline) return yield* kernel.finish(NX_NOT_SUCCESSFUL);
    yield* suspendCurrent(kernel, TX_SLEEP, null, 1);
  }
}

/** Asks an interface's driver for its link; of one that does not know, the interface's own flag counts. */
function* linkIsUp(kernel: Kernel, ip: NX_IP, one: NX_INTERFACE): Generator<Suspension, boolean, unknown> {
  yield* mutexGet(kernel, ip.nx_ip_protection, TX_WAIT_FOREVER);
  const answer = { value: 0 };
  const status = yield* callDriver(ip, one, NX_LINK_GET_STATUS, answer);
  unlockIp(kernel, ip);
  if (status === NX_UNHANDLED_COMMAND) return one.nx_interface_link_up !== 0;
  return status === NX_SUCCESS && answer.value === 1;
}
