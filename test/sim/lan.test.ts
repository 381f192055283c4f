import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorldClock } from '../../sim/clock.ts';
import { Lan, type Attachment, type DropReason, type LanOptions } from '../../sim/network/lan.ts';
import { DROP, PASS, type FrameView, type Verdict } from '../../sim/network/rules.ts';
import { RandomSource } from '../../sim/random.ts';

interface Arrival {
  readonly at: number;
  readonly port: string;
  readonly bytes: Uint8Array;
}

/** A network with three ports, and what arrives at them. */
function network(options: LanOptions): {
  clock: WorldClock;
  lan: Lan;
  ports: Record<'a' | 'b' | 'c', Attachment>;
  arrivals: Arrival[];
  drops: string[];
  run: () => void;
} {
  const clock = new WorldClock();
  const arrivals: Arrival[] = [];
  const drops: string[] = [];
  const random = new RandomSource(5);
  const events = {
    transmitted: () => undefined,
    settled: () => undefined,
    delivered: () => undefined,
    dropped: (_from: string, _to: string | null, _bytes: Uint8Array, reason: DropReason) => void drops.push(reason),
    faulted: () => undefined,
  };
  const lan = new Lan('lan', { clock, random: (...names) => random.stream('lan', ...names), events }, options);
  const attach = (name: string): Attachment =>
    lan.attach({ name, deliver: ({ bytes }) => void arrivals.push({ at: clock.now, port: name, bytes }) });
  const ports = { a: attach('a'), b: attach('b'), c: attach('c') };
  const run = (): void => {
    while (clock.runNext());
  };
  return { clock, lan, ports, arrivals, drops, run };
}

/** A frame from one hardware address to another, both told by their last byte. */
function frame(from: number, to: number | 'all', length = 60): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(to === 'all' ? new Uint8Array(6).fill(0xff) : [2, 0, 0, 0, 0, to]);
  bytes.set([2, 0, 0, 0, 0, from], 6);
  return bytes;
}

describe('the local network', () => {
  it('floods what it does not know, and learns', () => {
    const { ports, arrivals, run } = network({});
    ports.a.transmit(frame(1, 2));
    run();
    assert.deepEqual(
      arrivals.map(({ port }) => port),
      ['b', 'c'],
    );
    arrivals.length = 0;
    ports.b.transmit(frame(2, 1));
    run();
    assert.deepEqual(
      arrivals.map(({ port }) => port),
      ['a'],
    );
    arrivals.length = 0;
    ports.a.transmit(frame(1, 'all'));
    run();
    assert.deepEqual(
      arrivals.map(({ port }) => port),
      ['b', 'c'],
    );
  });

  it('takes the latency it was given, and copies what it is handed', () => {
    const { ports, arrivals, run } = network({ latency: '3ms' });
    const bytes = frame(1, 2);
    ports.a.transmit(bytes);
    bytes.fill(0xee);
    run();
    assert.equal(arrivals[0]?.at, 3e6);
    assert.equal(arrivals[0].bytes[11], 1);
  });

  it('keeps the frames of a sender in order, however they jitter', () => {
    const { ports, arrivals, run, clock } = network({ latency: '1ms', jitter: '5ms' });
    for (let number = 0; number < 50; number++) {
      clock.now += 1000;
      const bytes = frame(1, 'all');
      bytes[20] = number;
      ports.a.transmit(bytes);
    }
    run();
    const atB = arrivals.filter(({ port }) => port === 'b').map(({ bytes }) => bytes[20]);
    assert.deepEqual(
      atB,
      Array.from({ length: 50 }, (_, number) => number),
    );
  });

  it('loses about as many as it was told to', () => {
    const { ports, arrivals, drops, run } = network({ loss: 0.25 });
    for (let count = 0; count < 4000; count++) ports.a.transmit(frame(1, 'all'));
    run();
    assert(drops.every((reason) => reason === 'loss'));
    assert(Math.abs(drops.length - 1000) < 120, `${drops.length} lost`);
    assert.equal(arrivals.length, 2 * (4000 - drops.length));
  });

  it('duplicates, corrupts by one bit, and lets rules decide', () => {
    const original = frame(1, 2);
    const double = network({ duplicate: 1 });
    double.ports.a.transmit(original);
    double.run();
    assert.equal(double.arrivals.length, 4);
    const corrupt = network({ corrupt: 1 });
    corrupt.ports.a.transmit(original);
    corrupt.run();
    for (const { bytes } of corrupt.arrivals) {
      const bits = bytes.reduce(
        (sum, byte, at) => sum + (byte ^ (original[at] ?? 0)).toString(2).replaceAll('0', '').length,
        0,
      );
      assert.equal(bits, 1);
    }
    const ruled = network({ rules: [({ to }) => (to === 'b' ? { action: 'drop' } : { action: 'delay', by: 7e6 })] });
    ruled.ports.a.transmit(original);
    ruled.run();
    assert.deepEqual(ruled.drops, ['rule']);
    assert.deepEqual(
      ruled.arrivals.map(({ port, at }) => [port, at]),
      [['c', 7.1e6]],
    );
  });

  it('sends no faster than its bandwidth, and drops what its queue cannot hold', () => {
    const { ports, arrivals, drops, run } = network({ bandwidth: '1Mbit/s', latency: 0, queue: 3 });
    for (let count = 0; count < 10; count++) ports.a.transmit(frame(1, 'all', 101));
    run();
    const times = arrivals.filter(({ port }) => port === 'b').map(({ at }) => at);
    // 101 bytes and 24 of preamble, check sequence and gap are 1,000 bits.
    assert.deepEqual(times, [1e6, 2e6, 3e6, 4e6]);
    assert.deepEqual(drops, new Array(6).fill('queue'));
  });

  it('carries nothing longer than its MTU', () => {
    const { ports, drops } = network({});
    ports.a.transmit(frame(1, 2, 1514));
    ports.a.transmit(frame(1, 2, 1515));
    assert.deepEqual(drops, ['mtu']);
  });

  it('is cut one way or both, and mended', () => {
    const { lan, ports, arrivals, run } = network({});
    lan.partition('a', 'b', true);
    ports.a.transmit(frame(1, 'all'));
    ports.b.transmit(frame(2, 'all'));
    run();
    assert.deepEqual(
      arrivals.map(({ port }) => port),
      ['c', 'a', 'c'],
    );
    arrivals.length = 0;
    lan.heal();
    ports.a.transmit(frame(1, 'all'));
    run();
    assert.deepEqual(
      arrivals.map(({ port }) => port),
      ['b', 'c'],
    );
  });

  it('counts the frames that wait, however long each of them is', () => {
    const { ports, arrivals, drops, run } = network({ bandwidth: '1Mbit/s', queue: 3 });
    for (let count = 0; count < 3; count++) ports.a.transmit(frame(1, 'all', 1514));
    ports.a.transmit(frame(1, 'all', 60));
    assert.deepEqual(drops, []);
    ports.a.transmit(frame(1, 'all', 60));
    assert.deepEqual(drops, ['queue']);
    run();
    ports.a.transmit(frame(1, 'all', 60));
    run();
    assert.equal(arrivals.filter(({ port }) => port === 'b').length, 5);
    assert.deepEqual(drops, ['queue']);
  });

  it('drops what arrives corrupted where controllers check it', () => {
    const { ports, arrivals, drops, run } = network({ corrupt: 1, frameCheck: true });
    ports.a.transmit(frame(1, 'all'));
    run();
    assert.deepEqual(arrivals, []);
    assert.deepEqual(drops, ['corrupt', 'corrupt']);
  });

  it('loses about as many frames as it is asked to, and the same ones for the same seed', () => {
    const survivors = (): readonly (number | undefined)[] => {
      const { ports, arrivals, run } = network({ loss: 0.3 });
      for (let number = 0; number < 250; number++) {
        const bytes = frame(1, 'all');
        bytes[20] = number;
        ports.a.transmit(bytes);
      }
      run();
      return arrivals.filter(({ port }) => port === 'b').map(({ bytes }) => bytes[20]);
    };
    const first = survivors();
    assert(Math.abs(first.length - 175) < 30, `${first.length} of 250 arrived`);
    assert.deepEqual(survivors(), first);
  });

  it('lets frames overtake each other only where it is asked to', () => {
    const { ports, arrivals, run, clock } = network({ reorder: 0.3, latency: '1ms' });
    for (let number = 0; number < 50; number++) {
      clock.now += 100_000;
      const bytes = frame(1, 'all');
      bytes[20] = number;
      ports.a.transmit(bytes);
    }
    run();
    const order = arrivals.filter(({ port }) => port === 'b').map(({ bytes }) => bytes[20] ?? 0);
    assert.notDeepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(order).size, 50);
  });

  it('does what the first rule that does not let a frame pass decides', () => {
    const asked: string[] = [];
    const rule =
      (name: string, verdict: Verdict) =>
      ({ to }: FrameView): Verdict => {
        asked.push(`${name}>${to}`);
        return to === 'b' ? verdict : PASS;
      };
    const { ports, arrivals, run } = network({
      rules: [rule('first', PASS), rule('second', { action: 'duplicate', copies: 2 }), rule('third', DROP)],
    });
    ports.a.transmit(frame(1, 'all'));
    run();
    assert.deepEqual(asked, ['first>b', 'second>b', 'first>c', 'second>c', 'third>c']);
    assert.deepEqual(
      arrivals.map(({ port }) => port),
      ['b', 'b', 'b', 'c'],
    );
  });
});

describe('what a network cannot do is said in one line', () => {
  for (const [options, expected] of [
    [{ loss: 1.5 }, /network 'lan': loss is 1.5/],
    [{ corrupt: NaN }, /network 'lan': corrupt is NaN/],
    [{ duplicate: -0.1 }, /network 'lan': duplicate is -0.1/],
    [{ latency: '5 parsecs' }, /network 'lan': latency: '5 parsecs' is no duration/],
    [{ jitter: -1 }, /network 'lan': jitter: -1 is no duration/],
    [{ bandwidth: '10Mb' }, /network 'lan': bandwidth: '10Mb' is no bandwidth/],
    [{ queue: 1.5 }, /network 'lan': queue is 1.5/],
    [{ mtu: 0 }, /network 'lan': mtu is 0/],
    [{ los: 0.1 } as LanOptions, /network 'lan': there is no option 'los'/],
  ] as const) {
    it(String(expected), () => assert.throws(() => network(options), expected));
  }

  for (const [verdict, expected] of [
    [{ action: 'delay', by: -1 }, /a rule answered with a delay of -1/],
    [{ action: 'delay', by: Infinity }, /a rule answered with a delay of Infinity/],
    [{ action: 'duplicate', copies: 0.5 }, /a rule answered with 0.5 copies/],
  ] as const) {
    it(String(expected), () => {
      const { ports } = network({ rules: [() => verdict] });
      assert.throws(() => ports.a.transmit(frame(1, 'all')), expected);
    });
  }

  it('a cut between ports that are not there', () => {
    const { lan } = network({});
    assert.throws(() => lan.partition('a', 'x'), /network 'lan': nothing named 'x' is plugged in/);
  });
});
