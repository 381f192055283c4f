import { createTimer } from '../kernel/application-timer.ts';
import { TX_NO_INHERIT, TX_OR_CLEAR, TX_WAIT_FOREVER } from '../kernel/constants.ts';
import { createEventFlags, eventFlagsGet, eventFlagsSet } from '../kernel/event-flags.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { createMutex, mutexGet, mutexPut } from '../kernel/mutex.ts';
import type { Thread } from '../kernel/op.ts';
import {
  NX_IP_ALL_EVENTS,
  NX_IP_ARP_REC_EVENT,
  NX_IP_DRIVER_DEFERRED_EVENT,
  NX_IP_DRIVER_PACKET_EVENT,
  NX_IP_LINK_STATUS_EVENT,
  NX_IP_FAST_EVENT,
  NX_IP_PERIODIC_EVENT,
  NX_IP_RECEIVE_EVENT,
  NX_LINK_ENABLE,
  NX_LINK_INITIALIZE,
  NX_LINK_INTERFACE_ATTACH,
} from './constants.ts';
import { netxState } from './device-state.ts';
import { callDriver } from './driver-call.ts';
import { handleDriverPackets, processDeferred, processLinkChanges } from './driver-events.ts';
import { ipReceive } from './ip-receive.ts';
import type { NX_IP } from './ip.ts';
import { packetRelease } from './packet-pool.ts';

/** Creates the objects of an IP instance that the kernel keeps, and starts its thread. */
export function startIpThread(kernel: Kernel, ip: NX_IP, stack: Uint8Array, stackSize: number, priority: number): void {
  const { nx_ip_protection: mutex, nx_ip_events: events, nx_ip_periodic_timer: timer } = ip;
  createMutex(kernel, mutex, `${ip.nx_ip_name} protection`, TX_NO_INHERIT);
  createEventFlags(kernel, events, `${ip.nx_ip_name} events`);
  const period = netxState(kernel).periodicRate;
  createTimer(kernel, timer, {
    name: `${ip.nx_ip_name} periodic timer`,
    expiration: () => {
      eventFlagsSet(kernel, events, NX_IP_PERIODIC_EVENT);
    },
    input: 0,
    initialTicks: period,
    rescheduleTicks: period,
  });
  timer.activate(kernel);
  kernel.addThread(ip.nx_ip_thread, {
    name: ip.nx_ip_name,
    entry: () => ipThread(kernel, ip),
    stack,
    stackSize,
    priority,
    timeSlice: 1,
    system: true,
  });
  kernel.startThread(ip.nx_ip_thread);
}

/**
 * The IP thread: brings the interfaces up, and then deals with whatever drivers and the periodic timer report, holding
 * the instance's mutex while it does. All callbacks of the network run from here.
 */
function* ipThread(kernel: Kernel, ip: NX_IP): Thread {
  yield* mutexGet(kernel, ip.nx_ip_protection, TX_WAIT_FOREVER);
  for (const networkInterface of ip.nx_ip_interface) {
    for (const command of [NX_LINK_INTERFACE_ATTACH, NX_LINK_INITIALIZE, NX_LINK_ENABLE]) {
      yield* callDriver(ip, networkInterface, command);
    }
  }
  ip.nx_ip_initialize_done = 1;
  mutexPut(kernel, ip.nx_ip_protection, kernel.current);
  const happened = { value: 0 };
  for (;;) {
    yield* eventFlagsGet(kernel, ip.nx_ip_events, NX_IP_ALL_EVENTS, TX_OR_CLEAR, happened, TX_WAIT_FOREVER);
    yield* mutexGet(kernel, ip.nx_ip_protection, TX_WAIT_FOREVER);
    yield* deal(kernel, ip, happened.value);
    mutexPut(kernel, ip.nx_ip_protection, kernel.current);
    yield* kernel.finish(0);
  }
}

/**
 * Deals with what has happened, in the order in which NetX Duo does: received packets, the second's tick, ARP, and what is
 * less urgent.
 */
function* deal(kernel: Kernel, ip: NX_IP, events: number): Thread {
  if ((events & NX_IP_DRIVER_PACKET_EVENT) !== 0) yield* handleDriverPackets(kernel, ip);
  if ((events & NX_IP_RECEIVE_EVENT) !== 0) {
    for (let packet = ip.deferred.shift(); packet !== null; packet = ip.deferred.shift()) {
      const pending = ipReceive(kernel, ip, packet);
      if (pending !== null) yield* pending;
    }
  }
  if ((events & NX_IP_FAST_EVENT) !== 0) {
    const pending = ip.ipv6?.fastPeriodic() ?? null;
    if (pending !== null) yield* pending;
  }
  if ((events & NX_IP_PERIODIC_EVENT) !== 0) yield* periodic(ip);
  if ((events & NX_IP_ARP_REC_EVENT) !== 0) {
    for (let packet = ip.deferredArp.shift(); packet !== null; packet = ip.deferredArp.shift()) {
      if (ip.arp === null) packetRelease(kernel, packet);
      else yield* ip.arp.receive(packet);
    }
  }
  if ((events & NX_IP_DRIVER_DEFERRED_EVENT) !== 0) yield* processDeferred(ip);
  if ((events & NX_IP_LINK_STATUS_EVENT) !== 0) yield* processLinkChanges(ip);
}

/** What is due once a second. */
function* periodic(ip: NX_IP): Thread {
  if (ip.arp !== null) yield* ip.arp.periodic();
  const pending = ip.ipv6?.periodic() ?? null;
  if (pending !== null) yield* pending;
}
