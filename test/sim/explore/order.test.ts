import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { capturePcapng, defineFirmware, World, type Firmware, type Order } from 'txsim';
import {
  out,
  TX_AND,
  TX_AUTO_START,
  TX_EVENT_FLAGS_GROUP,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  TX_WAIT_FOREVER,
  tx_event_flags_create,
  tx_event_flags_get,
  tx_event_flags_set,
  tx_thread_create,
  tx_thread_sleep,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import udpEcho from '../../../apps/udp-echo/scenario.ts';
import { buildWorld } from '../../../sim/scenario/build.ts';

interface ThreadPlan {
  readonly name: string;
  readonly priority: number;
  readonly body: (print: (text: string) => void) => Thread;
}

/** A firmware of threads that start by themselves. */
function threads(plans: readonly ThreadPlan[], notes?: TX_EVENT_FLAGS_GROUP): Firmware {
  return defineFirmware(({ print }) => ({
    *tx_application_define() {
      if (notes !== undefined) yield* tx_event_flags_create(notes, 'notes');
      for (const { name, priority, body } of plans) {
        const entry = (): Thread => body(print);
        const stack = new Uint8Array(1024);
        yield* tx_thread_create(
          new TX_THREAD(),
          name,
          entry,
          0,
          stack,
          1024,
          priority,
          priority,
          TX_NO_TIME_SLICE,
          TX_AUTO_START,
        );
      }
    },
  }));
}

/** What devices of one firmware printed, in order, as one line. */
function story(firmware: Firmware, order: Order, seed: number, devices = ['device'], until = '1s'): string {
  const world = new World({ seed, order });
  for (const name of devices) world.device(name, { firmware, config: { TX_TIMER_TICKS_PER_SECOND: 100 } });
  const lines: string[] = [];
  world.trace.listen(({ device, event }) => {
    if (event.type === 'print') lines.push(devices.length > 1 ? `${device}:${event.text}` : event.text);
  });
  world.run({ until });
  return lines.join(' ');
}

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);
const stories = (firmware: Firmware, order: Order, devices?: string[]): Set<string> =>
  new Set(SEEDS.map((seed) => story(firmware, order, seed, devices)));

const speak = (...words: string[]): ((print: (text: string) => void) => Thread) =>
  function* (print) {
    for (const word of words) {
      print(word);
      yield* tx_thread_sleep(1);
    }
  };

describe('the order of what happens at one moment', () => {
  const three = threads([
    { name: 'a', priority: 5, body: speak('a') },
    { name: 'b', priority: 5, body: speak('b') },
    { name: 'c', priority: 5, body: speak('c') },
    { name: 'first', priority: 4, body: speak('first') },
  ]);

  it('is that of scheduling, unless it is varied', () => {
    assert.deepEqual([...stories(three, 'fifo')], ['first a b c']);
  });

  it('varies among threads of equal priority that start together, and among no others', () => {
    const found = stories(three, 'varied');
    const all = ['a b c', 'a c b', 'b a c', 'b c a', 'c a b', 'c b a'].map((rest) => `first ${rest}`);
    assert.deepEqual([...found].sort(), all);
  });

  it('varies among threads of equal priority that wake at one tick', () => {
    const napping = ['a', 'b'].map((name) => ({
      name,
      priority: 5,
      *body(print: (text: string) => void): Thread {
        yield* tx_thread_sleep(10);
        print(name);
      },
    }));
    assert.deepEqual([...stories(threads(napping), 'varied')].sort(), ['a b', 'b a']);
  });

  it('keeps the order in which a service of a thread wakes threads, as ThreadX promises it', () => {
    const notes = new TX_EVENT_FLAGS_GROUP();
    const waiting = ['a', 'b', 'c'].map((name, nth) => ({
      name,
      priority: 5,
      *body(print: (text: string) => void): Thread {
        // One after the other, so that they stand in the group's list in this order.
        yield* tx_thread_sleep(1 + nth);
        yield* tx_event_flags_get(notes, 1, TX_AND, out<ULONG>(), TX_WAIT_FOREVER);
        print(name);
      },
    }));
    const waker = {
      name: 'waker',
      priority: 4,
      *body(): Thread {
        yield* tx_thread_sleep(20);
        yield* tx_event_flags_set(notes, 1, 0);
      },
    };
    assert.deepEqual([...stories(threads([...waiting, waker], notes), 'varied')], ['a b c']);
  });

  it('varies among devices that boot, and that tick, at one time', () => {
    const one = threads([{ name: 'main', priority: 5, body: speak('boot', 'tick') }]);
    const found = stories(one, 'varied', ['x', 'y']);
    for (const start of ['x:boot y:boot', 'y:boot x:boot']) {
      for (const end of ['x:tick y:tick', 'y:tick x:tick']) assert.ok(found.has(`${start} ${end}`), `${start} ${end}`);
    }
    assert.deepEqual([...stories(one, 'fifo', ['x', 'y'])], ['x:boot y:boot x:tick y:tick']);
  });

  it('is that of its number, whatever the seed', () => {
    assert.equal(new Set(SEEDS.map((seed) => story(three, 7, seed))).size, 1);
    assert.ok(new Set(SEEDS.map((order) => story(three, order, 1))).size > 3);
  });

  it('keeps the frames of one sender in order, and gives the same bytes again', () => {
    const scenario = { ...udpEcho, networks: { lan: { latency: '1ms', jitter: '5ms' } }, order: 'varied' } as const;
    const capture = (seed: number): string => {
      const world = buildWorld(scenario, { seed });
      const hash = createHash('sha256');
      capturePcapng(world.trace, ['lan'], (chunk) => hash.update(chunk));
      const sent = new Map<string, Uint8Array[]>();
      world.trace.listen(({ event }) => {
        if (event.type === 'frame-sent') sent.set(event.from, [...(sent.get(event.from) ?? []), event.bytes]);
        if (event.type !== 'frame-delivered') return;
        const queue = sent.get(event.from);
        while (queue !== undefined && queue.length > 0 && queue[0] !== event.bytes) queue.shift();
        assert.equal(queue?.[0], event.bytes, 'a frame was overtaken');
      });
      world.run({ until: '10s' });
      return hash.digest('hex');
    };
    for (const seed of [1, 2, 3]) assert.equal(capture(seed), capture(seed));
  });
});
