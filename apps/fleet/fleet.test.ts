import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { buildWorld, scenarioFor, SimulationError, type World } from 'txsim';
import scenario from './scenario.ts';

const SMALL = { sensors: '200', gateways: '3', reports: '4', interval: '20s' };

interface Run {
  readonly world: World;
  readonly lines: readonly string[];
  /** Of every frame, in order. */
  readonly digest: string;
}

function run(params: Readonly<Record<string, string>> = {}, seed = 1): Run {
  const made = scenarioFor(scenario, { ...SMALL, ...params });
  const world = buildWorld(made, { seed });
  const summary = made.summary?.(world);
  const hash = createHash('sha256');
  world.trace.listen(({ time, event }) => {
    if (event.type === 'frame-sent') hash.update(`${time} ${event.network} `).update(event.bytes);
  });
  world.run(made.until === undefined ? {} : { until: made.until });
  return { world, lines: summary?.() ?? [], digest: hash.digest('hex') };
}

/** The numbers of a row of the summary's table: p50, p90, p99, max, count. */
function row(lines: readonly string[], what: string): readonly number[] {
  const line = lines.find((one) => one.startsWith(what)) ?? assert.fail(`${what} is not in ${lines.join('\n')}`);
  return line.slice(what.length).trim().split(/\s+/).map(Number);
}

describe('apps/fleet', () => {
  it('every sensor connects and delivers all its reports, over a network that loses frames', () => {
    const { world, lines } = run();
    assert(lines.includes('200 sensors: 200 connected, 200 delivered their reports, 0 got no session'), String(lines));
    assert(lines.some((line) => line.startsWith('800 reports: 800 answered')));
    assert.deepEqual([world.leaks(), world.stalls(), world.notes()], [[], [], []]);
  });

  it('tells percentiles that rise, of all handshakes and reports', () => {
    const { lines } = run();
    for (const [what, count, least, most] of [
      ['handshake, ms', 200, 130, 60_000],
      ['report and answer, ms', 800, 34, 32_000],
      ['handshake datagrams sent again, a sensor', 200, 0, 20],
      ['frames sent, a sensor', 200, 8, 60],
    ] as const) {
      const [p50 = NaN, p90 = NaN, p99 = NaN, max = NaN, counted] = row(lines, what);
      assert.equal(counted, count, what);
      assert(least <= p50 && p50 <= p90 && p90 <= p99 && p99 <= max && max <= most, `${what}: ${String([p50, max])}`);
    }
  });

  it('gives the same bytes from the same seed, and others from another', () => {
    const [once, again, other] = [run(), run(), run({}, 2)];
    assert.equal(once.digest, again.digest);
    assert.deepEqual(once.lines, again.lines);
    assert.notEqual(once.digest, other.digest);
  });

  it('idles for a day', () => {
    const { world, lines } = run({ reports: '0', idle: '24h', interval: '10m', sensors: '50' });
    assert(world.clock.now >= 24 * 3600e9, String(world.clock.now));
    assert(lines.includes('50 sensors: 0 connected, 0 delivered their reports, 0 got no session'), String(lines));
    for (const [name, { kernel }] of world.devices) {
      if (!name.startsWith('sensor-')) continue;
      const [thread] = [...kernel.threads].filter((one) => one.tx_thread_name === 'sensor');
      assert((thread?.tx_thread_run_count ?? 0) >= 144, name);
    }
  });

  for (const [name, value] of [
    ['sensors', '0'],
    ['sensors', '1e9'],
    ['gateways', '-1'],
    ['reports', 'ten'],
    ['interval', 'often'],
  ] as const) {
    it(`refuses ${name}=${value} in one line`, () => {
      assert.throws(
        () => scenarioFor(scenario, { [name]: value }),
        (error) => error instanceof SimulationError && error.kind === 'world' && error.what.includes(value),
      );
    });
  }
});
