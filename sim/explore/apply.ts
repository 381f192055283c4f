import type { CpuModel, CryptoCosts } from '../../kernel/cpu-model.ts';
import type { CpuProfileName } from '../../kernel/cpu-profiles.ts';
import { SimulationError } from '../../kernel/simulation-error.ts';
import { cpuModel } from '../device-cpu.ts';
import { parseDuration } from '../duration.ts';
import {
  scenarioFor,
  type RunScenario,
  type Scenario,
  type ScenarioDevice,
  type ScenarioNetwork,
} from '../scenario/scenario.ts';
import type { World } from '../world.ts';
import { networksOf } from './draw.ts';
import type { Variation } from './variation.ts';

/** A scenario as a variation has it. */
export interface VariedScenario {
  readonly scenario: Scenario;
  /** To be called with its world before that runs. */
  readonly prepare: (world: World) => void;
}

const unknown = (what: string, known: readonly string[]): SimulationError =>
  new SimulationError({ kind: 'world', what: `variation: ${what}`, fix: `name one of: ${known.join(', ')}` });

/**
 * Changes a scenario as a variation says.
 *
 * @param cpu - a profile for every device in place of its own, which then goes faster or slower
 * @throws SimulationError where the variation names a device or network that is not there
 */
export function applyVariation(described: RunScenario, variation: Variation, cpu?: CpuProfileName): VariedScenario {
  const { make: _, ...scenario } = scenarioFor(described, variation.params ?? {});
  const { order, timing = {}, boot = {}, params = {}, without = [] } = variation;
  const names = Object.keys(scenario.devices);
  for (const name of [...Object.keys(timing), ...Object.keys(boot)]) {
    if (!names.includes(name)) throw unknown(`there is no device '${name}'`, names);
  }
  const devices = Object.fromEntries(
    Object.entries(scenario.devices).map(([name, device]): [string, ScenarioDevice] => {
      const model = cpu ?? device.cpu;
      const later = boot[name] ?? 0;
      const slower = timing[name] ?? 0;
      return [
        name,
        {
          ...device,
          ...(model === undefined ? {} : { cpu: model }),
          ...(slower === 0 ? {} : { cpu: scaled(cpuModel(name, model ?? 'default'), 1 + slower) }),
          ...(later === 0 ? {} : { bootAt: parseDuration(device.bootAt ?? 0) + later }),
          params: { ...device.params, ...params },
        },
      ];
    }),
  );
  const { timeline } = scenario;
  return {
    scenario: {
      ...scenario,
      ...(order === undefined ? {} : { order }),
      devices,
      ...variedNetworks(scenario, variation),
      ...(timeline === undefined || without.length === 0
        ? {}
        : { timeline: timeline.filter((_, nth) => !without.includes(nth + 1)) }),
    },
    prepare: (world) => {
      for (const [name, { faults }] of Object.entries(variation.networks ?? {})) {
        if (faults !== undefined) world.network(name).scriptFaults(faults);
      }
    },
  };
}

function variedNetworks(scenario: Scenario, variation: Variation): Pick<Scenario, 'networks'> {
  const known = networksOf(scenario);
  const networks: Record<string, ScenarioNetwork> = { ...(scenario.networks ?? { lan: {} }) };
  for (const [name, { options }] of Object.entries(variation.networks ?? {})) {
    const network = networks[name];
    if (network === undefined) throw unknown(`there is no network '${name}'`, known);
    networks[name] = { ...network, ...options };
  }
  return { networks };
}

/** A processor that takes so many times as long for everything. */
function scaled(model: CpuModel, factor: number): CpuModel {
  const times = (value: number): number => Math.round(value * factor);
  const all = (values: Readonly<Record<string, number>>): Record<string, number> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, times(value)]));
  const { services, crypto } = model;
  const costs = ({ operations, bytes }: CryptoCosts): CryptoCosts => ({
    operations: all(operations),
    bytes: all(bytes),
  });
  return {
    ...model,
    service: times(model.service),
    interrupt: times(model.interrupt),
    ...(model.switch === undefined ? {} : { switch: times(model.switch) }),
    ...(services === undefined ? {} : { services: all(services) }),
    ...(crypto === undefined ? {} : { crypto: costs(crypto) }),
  };
}
