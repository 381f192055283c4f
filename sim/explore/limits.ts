import { SimulationError } from '../../kernel/simulation-error.ts';
import { parseDuration } from '../duration.ts';
import type { Duration } from '../world.ts';

/** From the least to the most of something. */
export type Range<T> = readonly [least: T, most: T];

/** How far a network's faults may go; what is not named stays as the scenario has it. */
export interface NetworkLimits {
  readonly latency?: Range<Duration>;
  readonly jitter?: Range<Duration>;
  readonly loss?: Range<number>;
  readonly duplicate?: Range<number>;
  readonly reorder?: Range<number>;
  readonly corrupt?: Range<number>;
}

/** What `txsim explore` varies from seed to seed, besides everything that is random anyway. */
export interface ExploreLimits {
  /** Networks by name, or `'*'` for all that are not named. */
  readonly networks?: Readonly<Record<string, NetworkLimits>>;
  /** Whether the order of what happens at one moment varies. Default: true. */
  readonly order?: boolean;
  /** How much faster or slower each device's processor may be: 0.05 is 5 %. Default: not at all. */
  readonly timing?: number;
  /** How much later each device may boot. Default: not at all. */
  readonly bootWithin?: Duration;
  /** Parameters and the values to choose from. */
  readonly params?: Readonly<Record<string, readonly string[]>>;
}

/** The options of networks that can be varied. */
export type VariedOption = keyof NetworkLimits;

const DURATIONS: readonly VariedOption[] = ['latency', 'jitter'];

/** The options of networks that can be varied, in the order in which they are drawn. */
export const VARIED_OPTIONS: readonly VariedOption[] = ['latency', 'jitter', 'loss', 'duplicate', 'reorder', 'corrupt'];

/** Whether an option is a time. */
export const isTime = (option: VariedOption): boolean => DURATIONS.includes(option);

/** Whether a network has an option of that name that can be varied. */
export const isVariedOption = (name: string): name is VariedOption => VARIED_OPTIONS.some((option) => option === name);

const wrong = (what: string, fix: string): SimulationError =>
  new SimulationError({ kind: 'world', what: `explore: ${what}`, fix });

const FIELDS = ['networks', 'order', 'timing', 'bootWithin', 'params'];

/**
 * Checks limits that no compiler may have seen.
 *
 * @param networks - the names of the scenario's networks
 * @throws SimulationError that names the field, what was found and what was expected
 */
export function checkLimits(limits: ExploreLimits, networks: readonly string[]): void {
  for (const field of Object.keys(limits)) {
    if (!FIELDS.includes(field)) throw wrong(`there is no limit '${field}'`, `use one of: ${FIELDS.join(', ')}`);
  }
  const { timing = 0, bootWithin = 0 } = limits;
  if (!(timing >= 0 && timing < 1)) throw wrong(`timing is ${timing}`, 'write a share from 0 to below 1, such as 0.05');
  parseDuration(bootWithin);
  for (const [network, options] of Object.entries(limits.networks ?? {})) {
    if (network !== '*' && !networks.includes(network)) {
      throw wrong(`there is no network '${network}'`, `name one of: ${[...networks, '*'].join(', ')}`);
    }
    checkNetwork(network, options);
  }
  for (const [name, values] of Object.entries(limits.params ?? {})) {
    if (values.length === 0) throw wrong(`params.${name} has no values`, "list some: params: { clients: ['1', '2'] }");
  }
}

function checkNetwork(network: string, limits: NetworkLimits): void {
  for (const name of Object.keys(limits)) {
    if (!isVariedOption(name)) {
      throw wrong(`networks.${network} has no option '${name}' to vary`, `use one of: ${VARIED_OPTIONS.join(', ')}`);
    }
    const range = rangeOf(limits, name);
    const where = `networks.${network}.${name}`;
    if (range === null) throw wrong(`${where} is no range`, 'write [least, most]');
    const [least, most] = range;
    if (least > most) throw wrong(`${where} goes from ${least} to ${most}`, 'write the least first');
    if (!isTime(name) && !(least >= 0 && most <= 1)) {
      throw wrong(`${where} goes from ${least} to ${most}`, 'write probabilities from 0 to 1');
    }
  }
}

/** The range of an option in nanoseconds or as probabilities; null where there is none. */
export function rangeOf(limits: NetworkLimits, option: VariedOption): Range<number> | null {
  const range: unknown = limits[option];
  if (!Array.isArray(range) || range.length !== 2) return null;
  const [least, most] = range.map((value: unknown) => {
    if (typeof value === 'number' && !isTime(option)) return value;
    return typeof value === 'number' || typeof value === 'string' ? parseDuration(value) : NaN;
  });
  if (least === undefined || most === undefined || Number.isNaN(least + most)) return null;
  return [least, most];
}
