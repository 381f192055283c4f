import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildWorld, defineFirmware, exportJsonLines, exportPerfetto, World } from 'txsim';
import { TX_NO_WAIT, TX_QUEUE, tx_queue_create, tx_queue_receive, tx_queue_send } from 'txsim/tx_api';
import dtlsEcho from '../../../apps/dtls-echo/scenario.ts';

/** The text that an exporter makes of the DTLS example. */
function exported(attach: (world: World, sink: (text: string) => void) => () => void): string {
  const world = buildWorld(dtlsEcho, { seed: 7 });
  let text = '';
  const end = attach(world, (piece) => {
    text += piece;
  });
  world.run({ until: '30s', stopWhen: () => dtlsEcho.stopWhen?.(world) === true });
  end();
  return text;
}

const perfetto = (): string => exported((world, sink) => exportPerfetto(world.trace, sink, () => world.clock.now));

type Fields = Readonly<Record<string, unknown>>;

function eventsOf(text: string): readonly Fields[] {
  const parsed: unknown = JSON.parse(text);
  assert(typeof parsed === 'object' && parsed !== null && 'traceEvents' in parsed && Array.isArray(parsed.traceEvents));
  return parsed.traceEvents as readonly Fields[];
}

/** The trace of a device that puts two messages into a queue and takes one out. */
function queueTrace(): readonly Fields[] {
  const firmware = defineFirmware(() => ({
    *tx_application_define(memory) {
      const [queue, message] = [new TX_QUEUE(), new Uint32Array(1)];
      yield* tx_queue_create(queue, 'jobs', 1, memory.subarray(0, 64), 64);
      yield* tx_queue_send(queue, message, TX_NO_WAIT);
      yield* tx_queue_send(queue, message, TX_NO_WAIT);
      yield* tx_queue_receive(queue, message, TX_NO_WAIT);
    },
  }));
  const world = new World();
  world.device('board', { firmware, lan: world.lan() });
  let text = '';
  const end = exportPerfetto(
    world.trace,
    (piece) => {
      text += piece;
    },
    () => world.clock.now,
  );
  world.run({ until: '1ms' });
  end();
  return eventsOf(text);
}

describe('a trace for Perfetto', () => {
  const events = eventsOf(perfetto());
  const of = (phase: string, category?: string): readonly Fields[] =>
    events.filter(({ ph, cat }) => ph === phase && (category === undefined || cat === category));

  it('has the fields that the Trace Event Format asks for', () => {
    for (const event of events) {
      const text = JSON.stringify(event);
      assert.equal(typeof event['name'], 'string', text);
      assert(Number.isInteger(event['pid']), text);
      if (event['ph'] === 'M') continue;
      assert(typeof event['ts'] === 'number' && event['ts'] >= 0, text);
      if (event['ph'] === 'X') assert(typeof event['dur'] === 'number' && event['dur'] >= 0, text);
      if (event['ph'] !== 'C') assert(Number.isInteger(event['tid']), text);
    }
  });

  it('names both devices and their threads', () => {
    const names = of('M').map(({ args }) => (args as Fields)['name']);
    for (const name of ['client', 'server', 'IP thread', 'CPU', 'network']) assert(names.includes(name), name);
  });

  it('shows services with their statuses, and callbacks in the IP thread', () => {
    const received = of('X', 'service').filter(({ name }) => name === 'nx_secure_dtls_session_receive');
    assert(received.some(({ args }) => (args as Fields)['status'] === 'NX_SUCCESS (0x00)'));
    assert(of('X', 'callback').some(({ name }) => name === 'connect_notify'));
  });

  it('nests the slices of a thread: none begins in another and ends outside of it', () => {
    const byTrack = new Map<string, { readonly from: number; readonly to: number }[]>();
    for (const { pid, tid, cat, ts, dur } of of('X')) {
      if (cat === 'frame') continue;
      const key = `${String(pid)}.${String(tid)}`;
      const spans = byTrack.get(key) ?? [];
      byTrack.set(key, [...spans, { from: Number(ts), to: Number(ts) + Number(dur) }]);
    }
    for (const [track, spans] of byTrack) {
      for (const a of spans) {
        for (const b of spans) {
          const crosses = a.from < b.from - 1e-3 && b.from < a.to - 1e-3 && a.to < b.to - 1e-3;
          assert(!crosses, `${track}: ${JSON.stringify([a, b])}`);
        }
      }
    }
  });

  it('draws an arrow for each frame that arrived', () => {
    const [starts, ends] = [of('s'), of('f')];
    assert(ends.length > 10);
    const ids = starts.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, 'an arrow has one beginning');
    assert.deepEqual(
      ends.map(({ id }) => id),
      ids,
      'and one end',
    );
    for (const [nth, { ts, pid }] of ends.entries()) {
      const from = starts[nth];
      assert(Number(from?.['ts']) <= Number(ts) && from?.['pid'] !== pid);
    }
  });

  it('has a slice at both ends of every arrow, to which it is bound', () => {
    const slices = new Set(of('X', 'frame').map(({ pid, tid, ts }) => JSON.stringify([pid, tid, ts])));
    for (const { pid, tid, ts } of [...of('s'), ...of('f')]) assert(slices.has(JSON.stringify([pid, tid, ts])));
  });

  it('counts the free packets of each pool', () => {
    assert(of('C').some(({ name }) => String(name).startsWith("pool '")));
  });

  it('counts the messages of each queue', () => {
    const counted = queueTrace().filter(({ ph, name }) => ph === 'C' && name === "queue 'jobs': messages");
    assert.deepEqual(
      counted.map(({ args }) => (args as Fields)['value']),
      [1, 2, 1],
    );
  });

  it('is the same for the same seed', () => assert.equal(perfetto(), perfetto()));
});

describe('a trace in JSON Lines', () => {
  const lines = exported((world, sink) => exportJsonLines(world.trace, sink))
    .trimEnd()
    .split('\n');

  it('has one event a line, in order of time', () => {
    let last = 0;
    for (const line of lines) {
      const { time, type } = JSON.parse(line) as { time: number; type: string };
      assert(time >= last && type.length > 0, line);
      last = time;
    }
  });

  it('writes bytes as hexadecimal digits', () => {
    const frame = lines.find((line) => line.includes('"frame-sent"')) ?? '';
    assert.match(frame, /"bytes":"[0-9a-f]{84,}"/);
  });
});
