import type { Kernel } from '../kernel/kernel.ts';
import { eventFlagsSet } from '../kernel/event-flags.ts';
import { mutexPut } from '../kernel/mutex.ts';
import { NX_IP_FAST_EVENT, NX_IP_PERIODIC_EVENT } from './constants.ts';
import type { NX_IP } from './ip.ts';

/** Whether anything of an instance counts seconds down. */
function countsSeconds({ rarp, ipv6, arp, reassembly, multicastGroups, nx_ip_interface }: NX_IP): boolean {
  if (rarp !== null || ipv6?.countsSeconds === true) return true;
  if ((arp?.countdowns ?? 0) > 0 || reassembly?.waits === true) return true;
  for (const group of multicastGroups) if (group.untilReport > 0) return true;
  for (const one of nx_ip_interface) if (one.nx_interface_arp_defend_timeout > 0) return true;
  return false;
}

/** Whether anything of an instance is due several times a second. */
const runsFast = ({ ipv6 }: NX_IP): boolean => ipv6?.asksNeighbors === true;

/** A second is over: the IP thread is told, unless it would find nothing to do; then the timer rests. */
export function secondIsOver(kernel: Kernel, ip: NX_IP): void {
  if (countsSeconds(ip)) eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_PERIODIC_EVENT);
  else ip.seconds.rest(kernel);
}

/** The same of a period of the fast timer. */
export function fastPeriodIsOver(kernel: Kernel, ip: NX_IP): void {
  if (runsFast(ip)) eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_FAST_EVENT);
  else ip.fastRuns.rest(kernel);
}

/** Has an instance's timers go on that rest and have something to count now. */
export function countSeconds(kernel: Kernel, ip: NX_IP): void {
  if (ip.seconds.rests && countsSeconds(ip)) ip.seconds.wake(kernel);
  // Asked first, as it is at hand: this runs with every packet.
  if (ip.ipv6 !== null && ip.fastRuns.rests && runsFast(ip)) ip.fastRuns.wake(kernel);
}

/** Gives an instance's mutex up; whatever was begun under it has its seconds counted from now on. */
export function unlockIp(kernel: Kernel, ip: NX_IP): void {
  countSeconds(kernel, ip);
  mutexPut(kernel, ip.nx_ip_protection, kernel.current);
}
