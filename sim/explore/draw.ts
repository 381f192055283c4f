import type { Random } from '../../kernel/ports.ts';
import { parseDuration } from '../duration.ts';
import { RandomSource } from '../random.ts';
import { scenarioFor, type RunScenario, type Scenario } from '../scenario/scenario.ts';
import { checkLimits, isTime, rangeOf, VARIED_OPTIONS, type NetworkLimits } from './limits.ts';
import type { NetworkVariation, Variation } from './variation.ts';

/** Orders that are told apart: few enough for a short command. */
const ORDERS = 10_000;
/** Times are drawn in whole microseconds. */
const GRAIN = 1000;

/** The names of a scenario's networks. */
export const networksOf = (scenario: Scenario): readonly string[] => Object.keys(scenario.networks ?? { lan: {} });

/**
 * Draws in what the run of a seed differs from the scenario, within the scenario's `explore` limits. It follows from the
 * two alone, so that the same seed gives the same variation wherever and in whatever order seeds are run.
 *
 * @throws SimulationError where the limits make no sense
 */
export function drawVariation(described: RunScenario, seed: number | string): Variation {
  const limits = described.explore ?? {};
  const source = new RandomSource(seed);
  const stream = (...names: string[]): Random => source.stream('explore', ...names);
  const { timing = 0 } = limits;
  const params = Object.fromEntries(
    Object.entries(limits.params ?? {}).map(([name, values]) => [name, pick(values, stream('param', name))]),
  );
  const scenario = scenarioFor(described, params);
  checkLimits(limits, networksOf(scenario));
  const devices = Object.keys(scenario.devices);
  const within = parseDuration(limits.bootWithin ?? 0);
  const perDevice = (what: string, draw: (random: Random) => number): Record<string, number> =>
    Object.fromEntries(devices.map((name) => [name, draw(stream(what, name))]));
  return {
    ...(limits.order === false ? {} : { order: 1 + Math.floor(stream('order').float() * ORDERS) }),
    ...(timing === 0 ? {} : { timing: perDevice('timing', (random) => share(timing * (2 * random.float() - 1))) }),
    ...(within === 0 ? {} : { boot: perDevice('boot', (random) => grained(random.float() * within)) }),
    ...drawNetworks(scenario, limits.networks ?? {}, stream),
    ...(Object.keys(params).length === 0 ? {} : { params }),
  };
}

function drawNetworks(
  scenario: Scenario,
  limits: Readonly<Record<string, NetworkLimits>>,
  stream: (...names: string[]) => Random,
): Pick<Variation, 'networks'> {
  const networks: Record<string, NetworkVariation> = {};
  for (const name of networksOf(scenario)) {
    const own = limits[name] ?? limits['*'];
    if (own === undefined) continue;
    const options: NonNullable<NetworkVariation['options']> = Object.fromEntries(
      VARIED_OPTIONS.flatMap((option) => {
        const range = rangeOf(own, option);
        if (range === null) return [];
        const random = stream('network', name, option);
        // One in four networks lacks a fault: what goes wrong without it is found sooner.
        const [least, most] = range;
        const value = random.float() < 0.25 ? least : least + (most - least) * random.float();
        return [[option, isTime(option) ? grained(value) : share(value)]];
      }),
    );
    if (Object.keys(options).length > 0) networks[name] = { options };
  }
  return Object.keys(networks).length === 0 ? {} : { networks };
}

const grained = (time: number): number => (time < GRAIN ? Math.round(time) : Math.round(time / GRAIN) * GRAIN);
const share = (value: number): number => Math.round(value * 1e4) / 1e4;
const pick = (values: readonly string[], random: Random): string =>
  values[Math.floor(random.float() * values.length)] ?? '';
