import { eventFlagsSet } from '../kernel/event-flags.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { mutexPut } from '../kernel/mutex.ts';
import { NX_IP_PERIODIC_EVENT } from './constants.ts';
import { netxState } from './device-state.ts';
import type { NX_IP } from './ip.ts';

/*
 * The second's tick of an IP instance. On the target it comes for ever; here it rests while nothing counts seconds down, so
 * that an idle device costs nothing, and goes on in step when something does.
 */

/** Whether anything of an instance counts seconds down. */
function countsSeconds({ rarp, ipv6, arp, reassembly, multicastGroups, nx_ip_interface: interfaces }: NX_IP): boolean {
  if (rarp !== null || ipv6?.enabled === true) return true;
  if ((arp?.countdowns ?? 0) > 0 || reassembly?.waits === true) return true;
  for (const group of multicastGroups) if (group.untilReport > 0) return true;
  for (const one of interfaces) if (one.nx_interface_arp_defend_timeout > 0) return true;
  return false;
}

/** A second is over: the IP thread is told, unless it would find nothing to do; then the timer rests. */
export function secondIsOver(kernel: Kernel, ip: NX_IP): void {
  if (countsSeconds(ip)) {
    eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_PERIODIC_EVENT);
    return;
  }
  ip.nx_ip_periodic_timer.deactivate(kernel);
  ip.restsSince = kernel.ticks.tick;
}

/** Starts the timer again, in step with its seconds, where it rests and something counts now. */
export function countSeconds(kernel: Kernel, ip: NX_IP): void {
  if (ip.restsSince < 0 || !countsSeconds(ip)) return;
  const { periodicRate } = netxState(kernel);
  const since = (((kernel.ticks.tick - ip.restsSince) % periodicRate) + periodicRate) % periodicRate;
  ip.restsSince = -1;
  ip.nx_ip_periodic_timer.remainingTicks = periodicRate - since;
  ip.nx_ip_periodic_timer.activate(kernel);
}

/** Gives an instance's mutex up; whatever was begun under it has its seconds counted from now on. */
export function unlockIp(kernel: Kernel, ip: NX_IP): void {
  if (ip.restsSince >= 0) countSeconds(kernel, ip);
  mutexPut(kernel, ip.nx_ip_protection, kernel.current);
}
