import type { FrameFaultMark, HappenedFault } from '../network/lan.ts';
import type { ScenarioFailure, ScenarioOutcome } from '../scenario/outcome.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { minimalSubset } from './minimal-subset.ts';
import { VARIED_OPTIONS } from './limits.ts';
import { runVaried, type RunSetting } from './varied-run.ts';
import type { NetworkVariation, Variation } from './variation.ts';

/** Faults of single frames that are looked at one by one, at most. */
const MOST_FAULTS = 2000;
/** Frames that a command names, at most: where more are needed, chance does it in fewer words. */
const MOST_NAMED = 60;

/** What is to be made smaller. */
export interface ShrinkOrder {
  readonly seed: number | string;
  readonly variation: Variation;
  /** The failure that has to stay. */
  readonly failure: Pick<ScenarioFailure, 'kind' | 'title'>;
  /** Runs that may be made at most. */
  readonly budget: number;
  readonly setting: RunSetting;
  /** Called before every run. */
  readonly onRun?: () => void;
  readonly expired?: () => boolean;
}

/** What is left of it. */
export interface Shrunk {
  readonly variation: Variation;
  /** When the run can end, in nanoseconds; null for when it ended anyway. */
  readonly until: number | null;
  /** The random faults of the run that is left. */
  readonly faults: readonly HappenedFault[];
  /** Runs that it took. */
  readonly runs: number;
  /** Whether the failure came again at all: otherwise something else than seed and variation decides on it. */
  readonly isRepeatable: boolean;
}

interface Trial {
  readonly variation: Variation;
  readonly until: number | null;
  readonly failure: ScenarioFailure;
  readonly outcome: ScenarioOutcome;
  readonly faults: readonly HappenedFault[];
}

/** A search for the least that makes a run fail in the same way. The same order gives the same result. */
class Search {
  runs = 0;
  readonly #scenario: Scenario;
  readonly #order: ShrinkOrder;
  #best: Trial | null = null;

  constructor(scenario: Scenario, order: ShrinkOrder) {
    this.#scenario = scenario;
    this.#order = order;
  }

  get best(): Trial | null {
    return this.#best;
  }

  /** Goes back to an earlier one. */
  restore(trial: Trial): void {
    this.#best = trial;
  }

  /** Whether the run of a variation still fails; if so it is the best so far. */
  holds(variation: Variation, until: number | null = this.#best?.until ?? null, at: number | null = null): boolean {
    const { seed, budget, setting, failure, onRun, expired } = this.#order;
    if (this.runs >= budget) return false;
    this.runs++;
    onRun?.();
    const faults: HappenedFault[] = [];
    const outcome = runVaried(this.#scenario, {
      ...setting,
      ...(until === null ? {} : { until }),
      ...(expired === undefined ? {} : { expired }),
      seed,
      variation,
      // Nobody reads the reports of these runs.
      tail: 0,
      onFault: (fault) => void faults.push(fault),
    });
    const again = outcome.failures.find(({ kind, title }) => kind === failure.kind && title === failure.title);
    if (again === undefined || (at !== null && again.time !== at)) return false;
    this.#best = { variation, until, failure: again, outcome, faults };
    return true;
  }
}

/** Leaves out one part of a variation after the other, as long as one of them is not needed. */
function dropParts(search: Search): void {
  for (let before: Variation | null = null; before !== search.best?.variation;) {
    before = search.best?.variation ?? null;
    for (const without of partsOf(before ?? {})) {
      const { variation } = search.best ?? {};
      const candidate = variation === undefined ? null : without(variation);
      if (candidate !== null) search.holds(candidate);
    }
  }
}

/** What leaves out each part of a variation; null where it is gone already. */
function partsOf(variation: Variation): readonly ((from: Variation) => Variation | null)[] {
  const whole = (['order', 'timing', 'boot', 'params'] as const).map((name) => (from: Variation): Variation | null => {
    const { [name]: gone, ...rest } = from;
    return gone === undefined ? null : rest;
  });
  const ofNetworks = Object.keys(variation.networks ?? {}).flatMap((network) =>
    VARIED_OPTIONS.map((option) => (from: Variation): Variation | null => {
      const { [option]: gone, ...options } = from.networks?.[network]?.options ?? {};
      return gone === undefined ? null : withNetwork(from, network, { options });
    }),
  );
  return [...whole, ...ofNetworks];
}

/** A variation with another part for a network; what is empty is left out. */
function withNetwork(from: Variation, name: string, changes: NetworkVariation): Variation {
  const { networks = {}, ...rest } = from;
  const { options = {}, faults } = { ...networks[name], ...changes };
  const own: NetworkVariation = {
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(faults === undefined ? {} : { faults }),
  };
  const { [name]: _, ...others } = networks;
  const all = Object.keys(own).length === 0 ? others : { ...others, [name]: own };
  return Object.keys(all).length === 0 ? rest : { ...rest, networks: all };
}

interface Mark extends FrameFaultMark {
  readonly network: string;
}

/** A variation in which exactly these faults happen to frames of these networks. */
function withFaults(from: Variation, networks: readonly string[], marks: readonly Mark[]): Variation {
  return networks.reduce((variation, name) => {
    const faults = marks.filter((mark) => mark.network === name).map(({ network: _, ...mark }) => mark);
    return withNetwork(variation, name, { faults });
  }, from);
}

/** Has single frames lost, corrupted and so on, as they were by chance, and then as few of them as possible. */
function dropFaults(search: Search): void {
  const { best } = search;
  if (best === null || best.faults.length === 0 || best.faults.length > MOST_FAULTS) return;
  const { variation } = best;
  const marks: Mark[] = best.faults.map(({ from: _from, bytes: _bytes, ...mark }) => mark);
  const networks = [...new Set(marks.map(({ network }) => network))];
  if (!search.holds(withFaults(variation, networks, marks))) return;
  const left = minimalSubset(marks, (part) => search.holds(withFaults(variation, networks, part)));
  if (left.length > MOST_NAMED) search.restore(best);
}

/** Leaves single devices as they are. */
function dropDevices(search: Search, what: 'boot' | 'timing'): void {
  const variation = search.best?.variation;
  const values = Object.entries(variation?.[what] ?? {});
  if (variation === undefined || values.length === 0) return;
  minimalSubset(values, (part) => part.length > 0 && search.holds({ ...variation, [what]: Object.fromEntries(part) }));
}

/** Leaves out steps of the timeline. */
function dropSteps(search: Search, scenario: Scenario): void {
  const variation = search.best?.variation;
  const steps = (scenario.timeline ?? []).map((_, nth) => nth + 1);
  if (variation === undefined || steps.length === 0) return;
  minimalSubset(steps, (part) => {
    const without = steps.filter((step) => !part.includes(step));
    return search.holds(without.length === 0 ? variation : { ...variation, without });
  });
}

/** Ends the run right after its failure, where it goes on for longer and that changes nothing. */
function shorten(search: Search): void {
  const { best } = search;
  const result = best?.outcome.result ?? null;
  if (best === null || result === null) return;
  const { failure, variation } = best;
  // A whole millisecond is easier to type. What fails only because the run ends there has to come at its own time.
  const until = (Math.floor(failure.time / 1e6) + 1) * 1e6;
  if (until < result.time) search.holds(variation, until, failure.time);
}

/**
 * Makes what a failing run differs in from its scenario as small as its budget of runs allows: fewer kinds of variation,
 * then fewer frames that something happens to, fewer devices, fewer steps of the timeline, and a shorter run.
 */
export function shrink(scenario: Scenario, order: ShrinkOrder): Shrunk {
  const search = new Search(scenario, order);
  if (search.holds(order.variation)) {
    search.holds({});
    dropParts(search);
    dropFaults(search);
    dropParts(search);
    dropDevices(search, 'boot');
    dropDevices(search, 'timing');
    dropSteps(search, scenario);
    shorten(search);
  }
  const { best, runs } = search;
  if (best === null) {
    return { variation: order.variation, until: null, faults: [], runs, isRepeatable: order.budget === 0 };
  }
  return { variation: best.variation, until: best.until, faults: best.faults, runs, isRepeatable: true };
}
