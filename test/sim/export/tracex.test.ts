import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildWorld, capturePcapng, defineFirmware, exportTracex, World, type Firmware } from 'txsim';
import {
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_NO_WAIT,
  TX_QUEUE,
  TX_SEMAPHORE,
  TX_THREAD,
  tx_queue_create,
  tx_queue_receive,
  tx_semaphore_create,
  tx_semaphore_put,
  tx_thread_create,
  tx_thread_sleep,
  tx_trace_enable,
  type Thread,
} from 'txsim/tx_api';
import dtlsEcho from '../../../apps/dtls-echo/scenario.ts';

const ISR = 0xffffffff;
const INITIALIZATION = 0xf0f0f0f0;

interface TraceObject {
  readonly type: number;
  readonly name: string;
}

interface TraceEvent {
  readonly thread: number;
  readonly priority: number;
  readonly id: number;
  readonly stamp: number;
  readonly fields: readonly number[];
}

interface Trace {
  readonly objects: ReadonlyMap<number, TraceObject>;
  readonly events: readonly TraceEvent[];
}

/** Reads a file by the layout of `tx_trace.h`, field after field. */
function readTracex(file: Uint8Array): Trace {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = 0;
  const ulong = (): number => {
    at += 4;
    return view.getUint32(at - 4, true);
  };
  const ushort = (): number => {
    at += 2;
    return view.getUint16(at - 2, true);
  };
  const uchar = (): number => {
    at += 1;
    return view.getUint8(at - 1);
  };
  assert.equal(ulong(), 0x54585442, 'TXTB');
  assert.equal(ulong(), 0xffffffff, 'all bits of the timer count');
  const base = ulong();
  const registry = ulong() - base;
  assert.equal(ushort(), 0);
  const nameSize = ushort();
  const pointer = (): number => ulong() - base;
  const [registryEnd, start, end, current] = [pointer(), pointer(), pointer(), pointer()];
  assert.deepEqual([ulong(), ulong(), ulong()], [0xaaaaaaaa, 0xbbbbbbbb, 0xcccccccc]);
  assert.equal(registry, at, 'the registry follows the header');
  assert.equal(end, file.length, 'the file ends where the buffer does');
  assert.equal((end - start) % 32, 0);
  const objects = new Map<number, TraceObject>();
  while (at < registryEnd) {
    const [available, type] = [uchar(), uchar()];
    at += 2;
    const object = ulong();
    at += 8;
    const bytes = file.subarray(at, at + nameSize);
    at += nameSize;
    if (available === 0)
      objects.set(object, { type, name: new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0))) });
  }
  assert.equal(at, start);
  const events: TraceEvent[] = [];
  for (let index = 0; index < (end - start) / 32; index++) {
    at = start + ((current - start + index * 32) % (end - start));
    const [thread, priority, id, stamp] = [ulong(), ulong(), ulong(), ulong()];
    events.push({ thread, priority, id, stamp, fields: [ulong(), ulong(), ulong(), ulong()] });
  }
  return { objects, events };
}

/** Every device's trace of a run. */
function tracesOf(world: World, run: () => void): ReadonlyMap<string, Trace> {
  const traces = new Map<string, Trace>();
  const end = exportTracex(world, (device, file) => traces.set(device, readTracex(file)));
  run();
  end();
  return traces;
}

const runEcho = (world: World): void => {
  world.run({ until: '30s', stopWhen: () => dtlsEcho.stopWhen?.(world) === true });
};

describe('a trace for TraceX', () => {
  const world = buildWorld(dtlsEcho, { seed: 7 });
  const sent: { readonly from: string; readonly size: number }[] = [];
  world.trace.listen(({ event }) => {
    if (event.type === 'frame-sent') sent.push({ from: event.from, size: event.bytes.length });
  });
  const traces = tracesOf(world, () => runEcho(world));
  const server = traces.get('server');
  assert(server !== undefined);
  const { objects, events } = server;
  const named = (name: string): number => [...objects].find(([, object]) => object.name === name)?.[0] ?? -1;
  const of = (...ids: readonly number[]): readonly TraceEvent[] => events.filter(({ id }) => ids.includes(id));

  it('is one file of each device', () => assert.deepEqual([...traces.keys()], ['server', 'client']));

  it('names threads, timers, pools, IP instances and sockets by their types', () => {
    const typeOf = (name: string): number | undefined => objects.get(named(name))?.type;
    assert.equal(typeOf('System Timer Thread'), 1);
    assert.equal(typeOf('IP thread'), 1);
    assert.equal(typeOf('server'), 1);
    for (const type of [11, 12, 14])
      assert(
        [...objects.values()].some((object) => object.type === type),
        `type ${type}`,
      );
  });

  it('has its events in order of time, each by a thread that has a name, an interrupt or the initialization', () => {
    const stamps = events.map(({ stamp }) => stamp);
    assert.deepEqual(
      stamps,
      stamps.toSorted((a, b) => a - b),
    );
    for (const { thread } of events) {
      assert(thread === ISR || thread === INITIALIZATION || objects.get(thread)?.type === 1, thread.toString(16));
    }
  });

  it('begins with the services of the initialization, in their order', () => {
    const ids = events.filter(({ thread, id }) => thread === INITIALIZATION && id >= 350).map(({ id }) => id);
    // System, pool, IP instance, gateway, ARP, UDP.
    assert.deepEqual(ids, [399, 391, 372, 379, 352, 424]);
  });

  it('shows services by the thread that called them, with the IP instance', () => {
    const [bind] = of(427);
    assert.equal(objects.get(bind?.thread ?? 0)?.name, 'server');
    assert.equal(objects.get(bind?.fields[0] ?? 0)?.type, 11);
    // Threshold and priority of a thread, and the mark of a thread's event.
    assert.equal((bind?.priority ?? 0) >>> 0, 0x80040004);
  });

  it('shows every frame that was sent: the driver’s command and the size', () => {
    assert.deepEqual(
      of(324, 328, 329, 330).map(({ fields }) => fields[2]),
      sent.filter(({ from }) => from === 'server').map(({ size }) => size),
    );
    assert.equal(of(330).length, 1, 'one answer of ARP');
    for (const { fields } of of(324)) assert.equal(objects.get(fields[0] ?? 0)?.type, 11);
  });

  it('shows packets that come inside of the interrupt that brings them', () => {
    let depth = 0;
    let received = 0;
    for (const { id, thread, fields } of events) {
      if (id === 3) depth++;
      if (id === 4) depth--;
      assert(depth === 0 || depth === 1);
      if (id !== 308) continue;
      received++;
      assert.equal(depth, 1);
      assert.equal(thread, ISR);
      assert.equal(fields[1], 0xc0a8010a, '192.168.1.10');
    }
    assert.equal(depth, 0);
    assert(received >= 4);
  });

  it('wakes the IP thread from the interrupt', () => {
    const woken = events.filter(
      ({ id, thread, fields }) => id === 1 && thread === ISR && fields[0] === named('IP thread'),
    );
    assert(woken.length > 0);
  });

  it('counts the free packets of the pool', () => {
    const pool = [...objects].find(([, { type }]) => type === 12)?.[0];
    const allocated = of(386);
    assert(allocated.length > 0);
    for (const { fields } of allocated) assert.equal(fields[0], pool);
    assert.equal(allocated.length, of(394).length, 'no packet is kept');
  });

  it('is the same for the same seed', () => {
    const again = buildWorld(dtlsEcho, { seed: 7 });
    assert.deepEqual(
      tracesOf(again, () => runEcho(again)),
      traces,
    );
  });
});

/** A firmware that uses objects of its own, and where asked records itself as well. */
const firmware = (records: boolean, took: (buffer: Uint8Array) => void): Firmware =>
  defineFirmware(() => {
    const [worker, semaphore, queue] = [new TX_THREAD(), new TX_SEMAPHORE(), new TX_QUEUE()];
    const message = new Uint32Array(1);
    function* work(): Thread {
      for (;;) {
        yield* tx_thread_sleep(1);
        yield* tx_semaphore_put(semaphore);
        yield* tx_queue_receive(queue, message, TX_NO_WAIT);
      }
    }
    return {
      *tx_application_define(memory) {
        const buffer = memory.subarray(8192, 16384);
        took(buffer);
        if (records) yield* tx_trace_enable(buffer, buffer.length, 8);
        yield* tx_semaphore_create(semaphore, 'turn', 0);
        yield* tx_queue_create(queue, 'jobs', 1, memory.subarray(4096, 4160), 64);
        yield* tx_thread_create(
          worker,
          'worker',
          work,
          0,
          memory.subarray(0, 1024),
          1024,
          5,
          5,
          TX_NO_TIME_SLICE,
          TX_AUTO_START,
        );
      },
    };
  });

function deviceWorld(records: boolean): { readonly world: World; readonly buffer: () => Uint8Array } {
  const world = new World();
  let buffer: Uint8Array = new Uint8Array(0);
  world.device('board', {
    firmware: firmware(records, (memory) => {
      buffer = memory;
    }),
    config: { TX_ENABLE_EVENT_TRACE: true },
    lan: world.lan(),
  });
  return { world, buffer: () => buffer };
}

describe('a TraceX trace of a firmware', () => {
  it('has the kernel’s services with the objects they are about', () => {
    const { world } = deviceWorld(false);
    const trace = tracesOf(world, () => world.run({ until: '100ms' })).get('board');
    assert(trace !== undefined);
    const nameOf = (pointer: number | undefined): string | undefined => trace.objects.get(pointer ?? 0)?.name;
    const puts = trace.events.filter(({ id }) => id === 88);
    assert(puts.length >= 9);
    for (const { thread, fields } of puts) assert.deepEqual([nameOf(thread), nameOf(fields[0])], ['worker', 'turn']);
    const [received] = trace.events.filter(({ id }) => id === 68);
    assert.equal(nameOf(received?.fields[0]), 'jobs');
    assert.equal(puts[1]?.stamp, 20_000 + ((puts[0]?.stamp ?? 0) % 10_000));
  });

  it('keeps the last events of a long run', () => {
    const { world } = deviceWorld(false);
    const trace = tracesOf(world, () => world.run({ until: '2999.995s' })).get('board');
    assert.equal(trace?.events.length, 131_072);
    assert.equal(Math.floor((trace.events.at(-1)?.stamp ?? 0) / 1e6), 2999);
  });

  it('changes nothing of the trace that the firmware makes of itself', () => {
    const [alone, watched] = [deviceWorld(true), deviceWorld(true)];
    alone.world.run({ until: '200ms' });
    tracesOf(watched.world, () => watched.world.run({ until: '200ms' }));
    assert(alone.buffer().some((byte) => byte !== 0));
    assert.deepEqual(watched.buffer(), alone.buffer());
  });

  it('changes nothing of the run', () => {
    const capture = (traced: boolean): Uint8Array => {
      const world = buildWorld(dtlsEcho, { seed: 3 });
      const chunks: Uint8Array[] = [];
      capturePcapng(world.trace, ['lan'], (chunk) => chunks.push(chunk));
      if (traced) tracesOf(world, () => runEcho(world));
      else runEcho(world);
      return new Uint8Array(Buffer.concat(chunks));
    };
    assert.deepEqual(capture(true), capture(false));
  });
});
