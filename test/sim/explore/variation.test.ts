import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { defineScenario, type ExploreLimits, type HappenedFault, type Scenario } from 'txsim';
import dtlsEcho from '../../../apps/dtls-echo/scenario.ts';
import udpEcho from '../../../apps/udp-echo/scenario.ts';
import { applyVariation } from '../../../sim/explore/apply.ts';
import { drawVariation } from '../../../sim/explore/draw.ts';
import { minimalSubset } from '../../../sim/explore/minimal-subset.ts';
import { countSeeds, parseSeeds, seedsOf, seedsText } from '../../../sim/explore/seeds.ts';
import { durationText, formatVariation, parseVariation } from '../../../sim/explore/variation-text.ts';
import type { Variation } from '../../../sim/explore/variation.ts';
import { runVaried } from '../../../sim/explore/varied-run.ts';
import { parseDuration } from '../../../sim/duration.ts';
import { jsonLine } from '../../../sim/export/json-lines.ts';

/** Whether a text holds no half of a character, which no command line can carry. */
const isWellFormed = (text: string): boolean => !/[\ud800-\udfff]/.test(text);

const limits: ExploreLimits = {
  networks: { lan: { loss: [0, 0.3], latency: ['1ms', '80ms'], jitter: [0, '2ms'], duplicate: [0, 0.1] } },
  timing: 0.05,
  bootWithin: '100ms',
  params: { clients: ['1', '2', '3'] },
};

describe('what a seed varies', () => {
  const scenario = { ...dtlsEcho, explore: limits };

  it('follows from scenario and seed, and stays within the limits', () => {
    const found = new Set<string>();
    for (let seed = 1; seed <= 200; seed++) {
      const variation = drawVariation(scenario, seed);
      assert.deepEqual(drawVariation(scenario, String(seed)), variation);
      const { loss = -1, latency = -1, jitter = -1, duplicate = -1 } = variation.networks?.['lan']?.options ?? {};
      assert.ok(loss >= 0 && loss <= 0.3 && duplicate >= 0 && duplicate <= 0.1);
      assert.ok(latency >= 1e6 && latency <= 80e6 && jitter >= 0 && jitter <= 2e6);
      for (const slower of Object.values(variation.timing ?? {})) assert.ok(Math.abs(slower) <= 0.05);
      for (const later of Object.values(variation.boot ?? {})) assert.ok(later >= 0 && later <= 100e6);
      found.add(variation.params?.['clients'] ?? '');
    }
    assert.deepEqual([...found].sort(), ['1', '2', '3']);
  });

  it('is the order alone where the scenario has no limits, and nothing where that is off', () => {
    assert.deepEqual(Object.keys(drawVariation(udpEcho, 1)), ['order']);
    assert.deepEqual(drawVariation({ ...udpEcho, explore: { order: false } }, 1), {});
  });

  for (const [what, explore, message] of [
    ['an unknown field', { loss: [0, 1] }, /there is no limit 'loss'; *use one of|there is no limit 'loss'/],
    ['an unknown network', { networks: { wan: { loss: [0, 1] } } }, /there is no network 'wan'/],
    ['an unknown option', { networks: { lan: { mtu: [1, 2] } } }, /networks\.lan has no option 'mtu' to vary/],
    ['a range that is none', { networks: { lan: { loss: 0.3 } } }, /networks\.lan\.loss is no range/],
    ['a range backwards', { networks: { lan: { loss: [0.3, 0] } } }, /networks\.lan\.loss goes from 0\.3 to 0/],
    ['no probability', { networks: { lan: { loss: [0, 3] } } }, /networks\.lan\.loss goes from 0 to 3/],
    ['too much timing', { timing: 1 }, /timing is 1/],
    ['no time', { bootWithin: 'soon' }, /'soon' is no duration/],
    ['no values', { params: { clients: [] } }, /params\.clients has no values/],
  ] as const) {
    it(`refuses ${what} with one line`, () => {
      // As a scenario that no compiler has seen has it.
      const written: unknown = { ...udpEcho, explore };
      const isScenario = (value: unknown): value is Scenario => typeof value === 'object' && value !== null;
      assert.ok(isScenario(written));
      assert.throws(() => drawVariation(written, 1), message);
    });
  }

  it('changes the scenario and nothing else of it', () => {
    const { scenario: varied } = applyVariation(scenario, {
      boot: { client: 5e6 },
      timing: { server: 0.1 },
      networks: { lan: { options: { loss: 0.5 } } },
      params: { auth: 'psk' },
      order: 3,
    });
    assert.equal(varied.devices['client']?.bootAt, 5e6);
    assert.equal(varied.devices['client'].cpu, undefined);
    const cpu = varied.devices['server']?.cpu;
    assert.ok(typeof cpu === 'object' && cpu.service === 1100 && cpu.interrupt === 1100);
    assert.deepEqual(varied.networks?.['lan'], { latency: '1ms', jitter: '200us', loss: 0.5 });
    assert.equal(varied.devices['server']?.params?.['auth'], 'psk');
    assert.equal(varied.order, 3);
    assert.throws(() => applyVariation(scenario, { boot: { nobody: 1 } }), /there is no device 'nobody'/);
    assert.throws(() => applyVariation(scenario, { networks: { wan: {} } }), /there is no network 'wan'/);
  });
});

describe('a variation as a text', () => {
  const name = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => isWellFormed(text) && text !== '__proto__');
  const share = fc.integer({ min: 0, max: 1000 }).map((value) => value / 1000);
  const optional = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });
  const mark = fc.record({
    frame: fc.integer({ min: 1, max: 1e6 }),
    copy: fc.integer({ min: 1, max: 40 }),
    fault: fc.constantFrom('lost' as const, 'corrupted' as const, 'duplicated' as const, 'reordered' as const),
    to: fc.option(name),
  });
  const variation = fc.record({
    order: optional(fc.nat()),
    timing: optional(fc.dictionary(name, share, { minKeys: 1, maxKeys: 3 })),
    boot: optional(fc.dictionary(name, fc.nat(), { minKeys: 1, maxKeys: 3 })),
    params: optional(
      fc.dictionary(
        name,
        fc.string().filter((text) => isWellFormed(text)),
        { minKeys: 1, maxKeys: 3 },
      ),
    ),
    without: optional(fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 4 })),
    networks: optional(
      fc.dictionary(
        name,
        fc.oneof(
          fc.record({
            options: fc.record({ loss: share, latency: fc.nat() }),
            faults: fc.array(mark, { maxLength: 4 }),
          }),
          fc.record({ options: fc.record({ jitter: fc.nat(), corrupt: share }) }),
        ),
        { minKeys: 1, maxKeys: 2 },
      ),
    ),
  });

  it('is read back as it was', () => {
    fc.assert(
      fc.property(variation, (drawn) => {
        const plain: unknown = JSON.parse(JSON.stringify(drawn));
        const text = formatVariation(
          Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)),
        );
        assert.deepEqual(JSON.parse(JSON.stringify(parseVariation(text))), plain);
        assert.doesNotMatch(text, /\s/);
      }),
    );
  });

  it('writes durations that are read back', () => {
    fc.assert(fc.property(fc.nat({ max: 2 ** 50 }), (time) => parseDuration(durationText(time)) === time));
    assert.equal(durationText(1.5e6), '1.5ms');
  });

  it('reads what is typed by hand', () => {
    assert.deepEqual(parseVariation('order=5,lan.loss=0.12,lan.faults=14+17c+20d@server'), {
      order: 5,
      networks: {
        lan: {
          options: { loss: 0.12 },
          faults: [
            { frame: 14, fault: 'lost', to: null },
            { frame: 17, fault: 'corrupted', to: null },
            { frame: 20, fault: 'duplicated', to: 'server' },
          ],
        },
      },
    });
  });

  for (const [text, message] of [
    ['order', /variation 'order'/],
    ['order=x', /variation 'order=x'/],
    ['lan.mtu=3', /variation 'lan\.mtu=3'/],
    ['lan.loss=7', /variation 'lan\.loss=7'/],
    ['lan.faults=0', /variation 'lan\.faults=0'/],
    ['boot=client', /variation 'boot=client'/],
    ['boot=client:late', /'late' is no duration/],
    ['colour=red', /variation 'colour=red'/],
  ] as const) {
    it(`refuses '${text}'`, () => assert.throws(() => parseVariation(text), message));
  }
});

describe('seeds', () => {
  it('are read as they are written', () => {
    assert.deepEqual(parseSeeds('1..3,7'), [
      { first: 1, last: 3 },
      { first: 7, last: 7 },
    ]);
    for (const text of ['', '3..1', '1...3', 'a', '1..', '-1..3', '1e3']) assert.equal(parseSeeds(text), null, text);
    assert.equal(seedsText([1, 2, 3, 7, 9, 10]), '1..3,7,9..10');
  });

  it('are shared out among shards, each to one', () => {
    const range = fc.tuple(fc.nat(50), fc.nat(30)).map(([first, more]) => ({ first, last: first + more }));
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 9 }), (ranges, of) => {
        const all = [...seedsOf(ranges, { part: 1, of: 1 })];
        const parts = Array.from({ length: of }, (_, nth) => [...seedsOf(ranges, { part: nth + 1, of })]);
        for (const [nth, part] of parts.entries()) assert.equal(part.length, countSeeds(ranges, { part: nth + 1, of }));
        const sorted = (seeds: number[]): number[] => [...seeds].sort((one, other) => one - other);
        assert.deepEqual(sorted(parts.flat()), sorted(all));
      }),
    );
  });
});

describe('a smaller part', () => {
  it('of a list is one from which nothing can be taken', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(40), { maxLength: 25 }),
        fc.uniqueArray(fc.nat(40), { maxLength: 4 }),
        (list, needed) => {
          const wanted = needed.filter((entry) => list.includes(entry));
          const part = minimalSubset(list, (some) => wanted.every((entry) => some.includes(entry)));
          assert.deepEqual([...part].sort(), [...wanted].sort());
        },
      ),
    );
  });
});

describe('faults from a script', () => {
  const lossy = { latency: '1ms', jitter: '300us', loss: 0.1, duplicate: 0.1, reorder: 0.1, corrupt: 0.05 };
  const run = (
    scenario: Scenario,
    seed: number,
    variation: Variation,
  ): { faults: HappenedFault[]; trace: string[] } => {
    const faults: HappenedFault[] = [];
    const trace: string[] = [];
    runVaried(scenario, {
      seed,
      variation,
      until: '20s',
      onFault: (fault) => void faults.push(fault),
      prepare: (world) => void world.trace.listen((record) => void trace.push(jsonLine(record))),
    });
    return { faults, trace };
  };

  for (const [name, networks] of [
    ['of a network', { lan: lossy }],
    ['of its ports', { lan: { latency: '1ms', link: lossy } }],
    ['of a switch', { lan: { kind: 'switch' as const, ...lossy } }],
  ] as const) {
    it(`${name} are those that chance had, when it has all of them`, () => {
      const scenario = defineScenario({ ...dtlsEcho, networks });
      for (const seed of [1, 2, 3]) {
        const { faults, trace } = run(scenario, seed, {});
        assert.ok(faults.length > 0);
        const again = run(scenario, seed, { networks: { lan: { faults } } });
        assert.deepEqual(again.trace, trace);
        assert.deepEqual(again.faults, faults);
      }
    });
  }

  it('happen where chance would have none, and to no other frames', () => {
    const scenario = defineScenario({ ...dtlsEcho, networks: { lan: { latency: '1ms' } } });
    const marks = [
      { frame: 3, fault: 'lost', to: null },
      { frame: 5, fault: 'duplicated', to: 'client' },
    ] as const;
    const { faults } = run(scenario, 1, { networks: { lan: { faults: marks } } });
    assert.deepEqual(
      faults.map(({ frame, fault, to }) => ({ frame, fault, to })),
      marks,
    );
  });
});
