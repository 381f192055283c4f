import { createTimer, deleteTimer, type TX_TIMER } from '../kernel/application-timer.ts';
import { TX_NO_INHERIT, TX_OR_CLEAR, TX_WAIT_FOREVER } from '../kernel/constants.ts';
import { createEventFlags, eventFlagsDelete, eventFlagsGet } from '../kernel/event-flags.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { createMutex, mutexDelete, mutexGet } from '../kernel/mutex.ts';
import type { Thread } from '../kernel/op.ts';
import { NX_IP_ALL_EVENTS } from './constants.ts';
import { netxState } from './device-state.ts';
import { EVENT_ORDER } from './ip-events.ts';
import { bringUp } from './ip-interfaces.ts';
import type { NX_IP } from './ip.ts';
import { fastPeriodIsOver, secondIsOver, unlockIp } from './ip-seconds.ts';
import { createThread, removeThread, startThread, terminateThread } from '../kernel/thread-life.ts';

/** Creates the objects of an IP instance that the kernel keeps, and starts its thread. */
export function startIpThread(kernel: Kernel, ip: NX_IP, stack: Uint8Array, stackSize: number, priority: number): void {
  const { nx_ip_protection: mutex, nx_ip_events: events, nx_ip_periodic_timer: timer } = ip;
  createMutex(kernel, mutex, `${ip.nx_ip_name} protection`, TX_NO_INHERIT);
  createEventFlags(kernel, events, `${ip.nx_ip_name} events`);
  const { periodicRate } = netxState(kernel);
  startTimer(kernel, timer, `${ip.nx_ip_name} periodic timer`, periodicRate, () => secondIsOver(kernel, ip));
  ip.seconds.begin(periodicRate);
  createThread(kernel, ip.nx_ip_thread, {
    name: ip.nx_ip_name,
    entry: () => ipThread(kernel, ip),
    stack,
    stackSize,
    priority,
    timeSlice: 1,
    system: true,
  });
  startThread(kernel, ip.nx_ip_thread);
}

/**
 * Starts the timer behind `NX_IP_FAST_EVENT`, where it does not run yet (C: `_nx_ip_fast_periodic_timer_create`).
 *
 * @param rate - times a second (`NX_IP_FAST_TIMER_RATE`)
 */
export function startFastTimer(kernel: Kernel, ip: NX_IP, rate: number): void {
  const { nx_ip_fast_periodic_timer: timer } = ip;
  const period = Math.max(1, Math.ceil(netxState(kernel).periodicRate / rate));
  if (timer.tx_timer_id !== 0) return;
  startTimer(kernel, timer, `${ip.nx_ip_name} fast timer`, period, () => fastPeriodIsOver(kernel, ip));
  ip.fastRuns.begin(period);
}

/** Ends the fast timer, where it runs. */
export function stopFastTimer(kernel: Kernel, ip: NX_IP): void {
  if (ip.nx_ip_fast_periodic_timer.tx_timer_id !== 0) deleteTimer(kernel, ip.nx_ip_fast_periodic_timer);
  ip.fastRuns.end();
}

function startTimer(kernel: Kernel, timer: TX_TIMER, name: string, period: number, expiration: () => void): void {
  createTimer(kernel, timer, { name, expiration, input: 0, initialTicks: period, rescheduleTicks: period });
  timer.activate(kernel);
}

/** Ends an IP instance's thread, and deletes it with the other objects that the kernel keeps for the instance. */
export function stopIpThread(kernel: Kernel, ip: NX_IP): void {
  deleteTimer(kernel, ip.nx_ip_periodic_timer);
  stopFastTimer(kernel, ip);
  terminateThread(kernel, ip.nx_ip_thread);
  mutexDelete(kernel, ip.nx_ip_protection);
  eventFlagsDelete(kernel, ip.nx_ip_events);
  removeThread(kernel, ip.nx_ip_thread);
}

/**
 * The IP thread: brings the interfaces up, and then deals with whatever drivers and timers report, in the order of
 * {@link EVENT_ORDER}, holding the instance's mutex while it does. All callbacks of the network run from here.
 */
function* ipThread(kernel: Kernel, ip: NX_IP): Thread {
  yield* mutexGet(kernel, ip.nx_ip_protection, TX_WAIT_FOREVER);
  ip.nx_ip_initialize_done = 1;
  for (const one of ip.nx_ip_interface) {
    if (one.nx_interface_valid !== 0 && one.nx_interface_link_driver_entry !== null) yield* bringUp(ip, one);
  }
  unlockIp(kernel, ip);
  const happened = { value: 0 };
  for (;;) {
    yield* eventFlagsGet(kernel, ip.nx_ip_events, NX_IP_ALL_EVENTS, TX_OR_CLEAR, happened, TX_WAIT_FOREVER);
    yield* mutexGet(kernel, ip.nx_ip_protection, TX_WAIT_FOREVER);
    let events = happened.value;
    for (let index = 0; events !== 0 && index < EVENT_ORDER.length; index++) {
      const step = EVENT_ORDER[index];
      if (step === undefined || (events & step.event) === 0) continue;
      events &= ~step.event;
      const pending = step.run(kernel, ip);
      if (pending !== null) yield* pending;
    }
    unlockIp(kernel, ip);
    yield* kernel.finish(0);
  }
}
