import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildWorld, exportJsonLines, exportPerfetto, type World } from 'txsim';
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
    const starts = new Set(of('s').map(({ id }) => id));
    const ends = of('f').map(({ id }) => id);
    assert(ends.length > 10);
    assert(ends.every((id) => starts.has(id)));
  });

  it('counts the free packets of each pool', () => {
    assert(of('C').some(({ name }) => String(name).startsWith("pool '")));
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
