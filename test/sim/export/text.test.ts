import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildWorld, eventWords, exportText, parseFilter, textLine, FILTER_WORDS, type TraceRecord } from 'txsim';
import dtlsEcho from '../../../apps/dtls-echo/scenario.ts';

/** The text trace of the DTLS example. */
function traceOf(filter?: string): readonly string[] {
  const world = buildWorld(dtlsEcho, { seed: 7 });
  const lines: string[] = [];
  const passes = filter === undefined ? undefined : parseFilter(filter, FILTER_WORDS);
  const end = exportText(world, (line) => lines.push(line), passes);
  world.run({ until: '30s', stopWhen: () => dtlsEcho.stopWhen?.(world) === true });
  end();
  return lines;
}

const at = (event: TraceRecord['event']): TraceRecord => ({ time: 2_000_000, device: 'server', thread: 'main', event });

describe('a trace as text', () => {
  const lines = traceOf();

  it('has one event a line: time in nanoseconds, device, thread, type, words', () => {
    for (const line of lines)
      assert.match(line, /^ +\d+\.\d{9} s {2}(server|client|- ) {1,6}\S.* {2}[a-z-]+ {2,}\S.*\n$/);
    assert(lines.length > 200);
  });

  it('is in order of time', () => {
    const times = lines.map((line) => parseFloat(line));
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });

  it('names statuses as people read them', () => {
    const [line = ''] = lines.filter((one) =>
      one.includes('nx_secure_dtls_session_receive() gave NX_NO_PACKET (0x01)'),
    );
    assert.match(line, / server {2}server +service +nx_secure/);
  });

  it('tells of both ends of a frame', () => {
    assert(lines.some((line) => / - +- +frame-sent +lan: client sends ARP: who has 192\.168\.1\.150\?/.test(line)));
    assert(lines.some((line) => / - +- +frame-delivered +lan: client gets .* of server/.test(line)));
  });

  it('has words for every event of a run', () => {
    const wordless = lines.filter((line) => / ([a-z]+-[a-z-]+) +\1\n$/.test(line));
    assert.deepEqual(wordless, []);
  });

  it('is the same for the same seed', () => assert.deepEqual(traceOf(), lines));

  for (const [filter, test] of [
    ['device:server type:service', / server +\S.* service {2}/],
    ['status:!=0', /gave (?!\w+ \(0x00\))/],
    ['ClientHello -type:frame-*', / dtls-flight .*ClientHello/],
    ['/gave TX_.*after/', /gave TX_\w+ \(0x\w+\) after 0\.\d{6} s/],
  ] as const) {
    it(`has the lines that '${filter}' asks for, and no others`, () => {
      const found = traceOf(filter);
      assert(found.length > 0 && found.length < lines.length);
      assert.deepEqual(
        found,
        lines.filter((line) => found.includes(line)),
      );
      for (const line of found) assert.match(line, test);
    });
  }

  const words: readonly (readonly [event: TraceRecord['event'], words: string])[] = [
    [
      { type: 'service', service: 'tx_queue_receive', status: 0x0a, began: 1_000_000 },
      'tx_queue_receive() gave TX_QUEUE_EMPTY (0x0A) after 0.001000 s',
    ],
    [{ type: 'service', service: 'tx_time_get', status: 1, began: 2_000_000 }, 'tx_time_get() gave 1'],
    [
      { type: 'service', service: 'tx_thread_identify', status: null, began: 2_000_000 },
      'tx_thread_identify() returned',
    ],
    [{ type: 'thread-switch', to: null }, 'no thread is ready'],
    [{ type: 'queue-level', queue: 'jobs', enqueued: 3, capacity: 8 }, "queue 'jobs' holds 3 of 8"],
    [{ type: 'packet-released', pool: 'main', available: 7 }, "packet of pool 'main' released, 7 free"],
    [{ type: 'callback-end', callback: 'connect_notify', began: 0 }, 'connect_notify ends after 0.002000 s'],
    [{ type: 'print', text: 'two\nlines\x1b[31m' }, 'two\\nlines\\u001b[31m'],
    [{ type: 'datagram-dropped', reason: 'no-port', detail: '' }, 'datagram dropped (no-port)'],
  ];
  for (const [event, expected] of words) {
    it(`says '${expected}'`, () => {
      assert.equal(eventWords(at(event)), expected);
      assert.equal(textLine(at(event)).split('\n').length, 2);
    });
  }
});
