import {
  TX_COMPLETED,
  TX_MUTEX_SUSP,
  TX_QUEUE_SUSP,
  TX_SUSPENDED,
  TX_TCP_IP,
  TX_TERMINATED,
  TX_WAIT_FOREVER,
} from '../../kernel/constants.ts';
import { SimulationError } from '../../kernel/simulation-error.ts';
import type { TX_THREAD } from '../../kernel/thread.ts';
import { ipInstances } from '../../netx/device-state.ts';
import type { Device } from '../device.ts';

const STATES = [
  'ready',
  'completed',
  'terminated',
  'suspended',
  'sleeping',
  'waiting for a queue',
  'waiting for a semaphore',
  'waiting for event flags',
  'waiting for a block',
  'waiting for memory',
  'waiting for a driver',
  'waiting for a file',
  'waiting for the network',
  'waiting for a mutex',
  'changing its priority',
] as const;

/** One line on a thread: what it does, what it waits for, and who holds that. */
export function describeThread(thread: TX_THREAD): string {
  const state = STATES[thread.tx_thread_state] ?? `in state ${thread.tx_thread_state}`;
  const subject = thread.waitList?.subject;
  const holder = subject?.holder?.() ?? null;
  const parts = [`thread '${thread.tx_thread_name}' is ${state}`];
  if (subject !== undefined) parts.push(`: ${subject.describe()}`);
  if (holder !== null) parts.push(`, held by thread '${holder.tx_thread_name}'`);
  if (thread.tx_thread_state > TX_SUSPENDED && thread.op !== null && thread.op.service !== '') {
    parts.push(`, in ${thread.op.service}()`);
  }
  return parts.join('');
}

function isStuck(thread: TX_THREAD): boolean {
  const { tx_thread_state: state } = thread;
  if (thread.system || state === TX_COMPLETED || state === TX_TERMINATED) return false;
  // What waits for the network waits for the outside, and a suspended thread for somebody to resume it on purpose.
  return state >= TX_QUEUE_SUSP && state !== TX_TCP_IP && thread.waitTicks === TX_WAIT_FOREVER;
}

/** The threads that hold each other up, in a ring: each waits for what the next one holds. */
function cycleFrom(first: TX_THREAD): readonly TX_THREAD[] | null {
  const path: TX_THREAD[] = [];
  for (let thread: TX_THREAD | null = first; thread !== null;) {
    const seen = path.indexOf(thread);
    if (seen >= 0) return path.slice(seen);
    path.push(thread);
    thread = thread.tx_thread_state === TX_MUTEX_SUSP ? (thread.waitList?.subject.holder?.() ?? null) : null;
  }
  return null;
}

/**
 * The report of a world that can never move again: nothing is due, and threads wait for ever for something that nobody
 * is left to give. Null where every thread has ended, is suspended on purpose, or waits for what the network may bring.
 */
export function deadlockReport(devices: Iterable<Device>): SimulationError | null {
  const lines: string[] = [];
  const rings: string[] = [];
  let stuck = 0;
  for (const device of devices) {
    for (const thread of device.kernel.threads) {
      if (thread.system) continue;
      lines.push(`    device '${device.name}': ${describeThread(thread)}`);
      if (!isStuck(thread)) continue;
      const ring = cycleFrom(thread);
      // On a device with a network, what is waited for may come from outside: only a ring cannot be broken.
      if (ring === null && ipInstances(device.kernel).size > 0) continue;
      stuck++;
      if (ring?.[0] === thread) {
        const names = [...ring, thread].map((member) => `'${member.tx_thread_name}'`).join(' waits for ');
        rings.push(`    device '${device.name}': ${names}`);
      }
    }
  }
  if (stuck === 0) return null;
  const what = [
    `deadlock: nothing is left that could happen, and ${stuck} thread${stuck === 1 ? ' waits' : 's wait'} for ever`,
    ...lines,
    ...(rings.length === 0 ? [] : ['  they wait for each other:', ...rings]),
  ].join('\n');
  return new SimulationError({
    kind: 'deadlock',
    what,
    onTarget: 'these threads would never run again',
    fix: 'give the wait a time-out, or make sure that some thread, timer or interrupt provides what is waited for',
  });
}
