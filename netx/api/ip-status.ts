import { enter } from '../../kernel/caller-context.ts';
import { TX_SLEEP, TX_WAIT_FOREVER, type UINT, type ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { compound, type Op, type Suspension } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_IP_ADDRESS_RESOLVED,
  NX_IP_ARP_ENABLED,
  NX_IP_IGMP_ENABLED,
  NX_IP_INITIALIZE_DONE,
  NX_IP_LINK_ENABLED,
  NX_IP_UDP_ENABLED,
  NX_NOT_SUCCESSFUL,
  NX_OPTION_ERROR,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { isIp } from './checks.ts';

/** The states of an instance as `nx_ip_status_check` reports them. */
function statusOf(ip: NX_IP): ULONG {
  const [first] = ip.nx_ip_interface;
  return (
    (ip.nx_ip_initialize_done !== 0 ? NX_IP_INITIALIZE_DONE : 0) |
    (first?.nx_interface_ip_address === 0 ? 0 : NX_IP_ADDRESS_RESOLVED) |
    (first?.nx_interface_link_up === 1 ? NX_IP_LINK_ENABLED : 0) |
    (ip.arp === null ? 0 : NX_IP_ARP_ENABLED) |
    (ip.udpEnabled ? NX_IP_UDP_ENABLED : 0) |
    (ip.igmpEnabled ? NX_IP_IGMP_ENABLED : 0)
  );
}

/**
 * Waits until an instance has reached the states asked for (C: `nx_ip_status_check`), looking once a tick.
 *
 * @param needed_status - `NX_IP_INITIALIZE_DONE`, `NX_IP_LINK_ENABLED` and the like, or-ed
 * @param actual_status - receives the states as they are
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_OPTION_ERROR`; `NX_CALLER_ERROR` unless called from a thread;
 *   `NX_NOT_SUCCESSFUL` where they were not reached in time
 */
export function nx_ip_status_check(
  ip_ptr: NX_IP | null,
  needed_status: ULONG,
  actual_status: Out<ULONG> | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nx_ip_status_check');
  if (!isIp(ip_ptr) || actual_status === null) return kernel.finish(NX_PTR_ERROR);
  if (needed_status === 0) return kernel.finish(NX_OPTION_ERROR);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  return compound(kernel.op, awaitStatus(kernel, ip_ptr, needed_status, actual_status, wait_option));
}

function* awaitStatus(
  kernel: Kernel,
  ip: NX_IP,
  needed: ULONG,
  actual: Out<ULONG>,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const deadline = waitOption === TX_WAIT_FOREVER ? Infinity : kernel.ticks.tick + waitOption;
  for (;;) {
    actual.value = statusOf(ip);
    if ((actual.value & needed) >>> 0 === needed) return yield* kernel.finish(NX_SUCCESS);
    if (kernel.ticks.tick >= deadline) return NX_NOT_SUCCESSFUL;
    yield* kernel.suspendCurrent(TX_SLEEP, null, 1);
  }
}
