import type { CpuProfileName } from '../kernel/cpu-profiles.ts';
import { SimulationError } from '../kernel/simulation-error.ts';
import type { Firmware } from './firmware.ts';
import type { DhcpServerOptions } from './network/dhcp-options.ts';
import type { Lan, LanOptions } from './network/lan.ts';
import type { DeviceOptions, Duration } from './world.ts';
import { World } from './world.ts';

/** A device of a scenario: as for {@link World.device}, with its network by name. */
export interface ScenarioDevice extends Omit<DeviceOptions, 'lan'> {
  /** The name of a network of the scenario. Default: its only one. */
  readonly network?: string;
}

/** A world described as data. */
export interface Scenario {
  /** One line on what the scenario shows. */
  readonly description?: string;
  readonly seed?: number | string;
  /** Networks by name. Default: one, named `lan`, without faults. */
  readonly networks?: Readonly<Record<string, LanOptions>>;
  /** DHCP servers by the name of their network. */
  readonly dhcp?: Readonly<Record<string, DhcpServerOptions>>;
  /** Devices by name, in the order in which they boot. */
  readonly devices: Readonly<Record<string, ScenarioDevice>>;
  /** When the run ends at the latest. */
  readonly until?: Duration;
  /** Ends the run early; asked after every event. */
  readonly stopWhen?: (world: World) => boolean;
  /** Files the run leaves behind unless the command line says otherwise. */
  readonly outputs?: { readonly pcap?: string; readonly keylog?: string };
}

const SCENARIO = Symbol.for('txsim.scenario');

/** A scenario that was declared with {@link defineScenario}. */
export interface DefinedScenario extends Scenario {
  readonly kind: typeof SCENARIO;
}

/** Declares a scenario. */
export function defineScenario(scenario: Scenario): DefinedScenario {
  return { kind: SCENARIO, ...scenario };
}

/** Whether a module's export is a scenario, also one that was made by another copy of this library. */
export function isScenario(value: unknown): value is DefinedScenario {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === SCENARIO;
}

/** A firmware as a scenario: one device, named `device`, on a network of its own. */
export function scenarioOf(firmware: Firmware): DefinedScenario {
  return defineScenario({ devices: { device: { firmware } } });
}

/** What the caller of {@link buildWorld} may change in a scenario. */
export interface ScenarioOverrides {
  readonly seed?: number | string;
  /** Parameters for every device, over its own. */
  readonly params?: Readonly<Record<string, string>>;
  readonly readFile?: (name: string) => Uint8Array | null;
  readonly captureSites?: boolean;
  /** A CPU profile for every device, over its own. */
  readonly cpu?: CpuProfileName;
}

/**
 * Builds the world that a scenario describes.
 *
 * @throws SimulationError where a device names a network that is not there
 */
export function buildWorld(scenario: Scenario, overrides: ScenarioOverrides = {}): World {
  const { readFile, captureSites } = overrides;
  const world = new World({
    seed: overrides.seed ?? scenario.seed ?? 1,
    ...(readFile === undefined ? {} : { readFile }),
    ...(captureSites === undefined ? {} : { captureSites }),
  });
  const networks = Object.entries(scenario.networks ?? { lan: {} });
  const lans = new Map(networks.map(([name, options]) => [name, world.lan({ ...options, name })]));
  const lanOf = (whose: string, wanted: string): Lan => {
    const lan = lans.get(wanted);
    if (lan !== undefined) return lan;
    throw new SimulationError({
      kind: 'world',
      what: `${whose}: there is no network '${wanted}'`,
      fix: `name one of: ${[...lans.keys()].join(', ')}`,
    });
  };
  for (const [name, options] of Object.entries(scenario.dhcp ?? {})) {
    world.dhcpServer(lanOf('a DHCP server', name), options);
  }
  for (const [name, device] of Object.entries(scenario.devices)) {
    const { network, ...options } = device;
    const lan = lanOf(`device '${name}'`, network ?? networks[0]?.[0] ?? '');
    const cpu = overrides.cpu === undefined ? {} : { cpu: overrides.cpu };
    world.device(name, { ...options, ...cpu, lan, params: { ...options.params, ...overrides.params } });
  }
  return world;
}
