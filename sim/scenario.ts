import type { CpuProfileName } from '../kernel/cpu-profiles.ts';
import { SimulationError } from '../kernel/simulation-error.ts';
import type { Firmware } from './firmware.ts';
import type { DhcpServerOptions } from './network/dhcp-options.ts';
import type { Lan, LanOptions, PortLinkOptions } from './network/lan.ts';
import type { RouterAdvertiserOptions } from './network/router-advertiser.ts';
import type { RouterInterfaceOptions, RouterOptions } from './network/router/router-options.ts';
import type { DeviceOptions, Duration, InterfaceOptions } from './world.ts';
import { World } from './world.ts';

/** Something that is plugged into a network of the scenario by its name. */
type ByName<Options> = Omit<Options, 'lan'> & {
  /** The name of a network of the scenario. */
  readonly network: string;
};

/** A device of a scenario: as for {@link World.device}, with its networks by name. */
export interface ScenarioDevice extends Omit<DeviceOptions, 'lan' | 'interfaces'> {
  /** The name of a network of the scenario. Default: its first one. */
  readonly network?: string;
  /** Several network interfaces, in place of `network`, `address`, `link` and `mtu`. */
  readonly interfaces?: readonly ByName<InterfaceOptions<never>>[];
}

/** A network of a scenario: as for {@link World.lan} unless it says otherwise. */
export type ScenarioNetwork =
  | (LanOptions & { readonly kind?: 'lan' | 'link' })
  /** As for {@link World.switch}: the options are those of its ports' links. */
  | (PortLinkOptions & { readonly kind: 'switch'; readonly subnet?: string });

/** A router of a scenario: as for {@link World.router}, with its networks by name. */
export interface ScenarioRouter extends Omit<RouterOptions<never>, 'interfaces'> {
  readonly interfaces: readonly ByName<RouterInterfaceOptions<never>>[];
}

/** A trunk of a scenario, between two networks by their names, with the options of its link. */
export interface ScenarioTrunk extends PortLinkOptions {
  readonly between: readonly [string, string];
}

/** Something that a scenario plans. */
export interface ScenarioStep {
  readonly at: Duration;
  /** Called at that time, to change the network: `(world) => world.network('lan').set({ loss: 0.5 })`. */
  readonly do: (world: World) => void;
}

/** A world described as data. */
export interface Scenario {
  /** One line on what the scenario shows. */
  readonly description?: string;
  readonly seed?: number | string;
  /** Networks by name. Default: one, named `lan`, without faults. */
  readonly networks?: Readonly<Record<string, ScenarioNetwork>>;
  /** What joins networks to one. */
  readonly trunks?: readonly ScenarioTrunk[];
  /** Routers by name. */
  readonly routers?: Readonly<Record<string, ScenarioRouter>>;
  /** DHCP servers by the name of their network. */
  readonly dhcp?: Readonly<Record<string, DhcpServerOptions>>;
  /** IPv6 routers that only advertise themselves, by the name of their network. */
  readonly advertisers?: Readonly<Record<string, RouterAdvertiserOptions>>;
  /** Devices by name, in the order in which they boot. */
  readonly devices: Readonly<Record<string, ScenarioDevice>>;
  /** What changes while the world runs. */
  readonly timeline?: readonly ScenarioStep[];
  /** When the run ends at the latest. */
  readonly until?: Duration;
  /** Ends the run early; asked after every event. */
  readonly stopWhen?: (world: World) => boolean;
  /** Files the run leaves behind unless the command line says otherwise. */
  readonly outputs?: { readonly pcap?: string; readonly keylog?: string };
  /**
   * Called once the world is built, so that it can listen to the trace; what it gives is called when the run is over, and
   * its lines follow the run's summary.
   */
  readonly summary?: (world: World) => () => readonly string[];
}

/** Parameters of a run by name, from `--param name=value`. */
export type ScenarioParams = Readonly<Record<string, string>>;

const SCENARIO = Symbol.for('txsim.scenario');

/** A scenario that was declared with {@link defineScenario}. */
export interface DefinedScenario extends Scenario {
  readonly kind: typeof SCENARIO;
  /** Makes the scenario for other parameters than the defaults, where it was declared as a function of them. */
  readonly make?: (params: ScenarioParams) => Scenario;
}

/**
 * Declares a scenario: as it is, or as a function that makes it from the run's parameters. The function is called with
 * none of them first, and so has to have defaults.
 */
export function defineScenario(scenario: Scenario | ((params: ScenarioParams) => Scenario)): DefinedScenario {
  if (typeof scenario !== 'function') return { kind: SCENARIO, ...scenario };
  return { kind: SCENARIO, ...scenario({}), make: scenario };
}

/**
 * A scenario for a run's parameters: anew where it is a function of them, otherwise as it is.
 *
 * @throws SimulationError where the scenario refuses one of them
 */
export function scenarioFor(scenario: Scenario, params: ScenarioParams): Scenario {
  const { make } = scenario as Scenario & Pick<DefinedScenario, 'make'>;
  return make === undefined ? scenario : make(params);
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
 * @throws SimulationError where something names a network that is not there
 */
export function buildWorld(described: Scenario, overrides: ScenarioOverrides = {}): World {
  const { readFile, captureSites } = overrides;
  const scenario = scenarioFor(described, overrides.params ?? {});
  const world = new World({
    seed: overrides.seed ?? scenario.seed ?? 1,
    ...(readFile === undefined ? {} : { readFile }),
    ...(captureSites === undefined ? {} : { captureSites }),
  });
  buildNetworks(world, scenario);
  const lanOf = (whose: string, name: string): Lan => {
    const lan = world.lans.find((one) => one.name === name);
    if (lan !== undefined) return lan;
    throw new SimulationError({
      kind: 'world',
      what: `${whose}: there is no network '${name}'`,
      fix: `name one of: ${world.lans.map((one) => one.name).join(', ')}`,
    });
  };
  for (const { between, ...link } of scenario.trunks ?? []) {
    const [one, other] = between;
    world.trunk(lanOf('a trunk', one), lanOf('a trunk', other), link);
  }
  for (const [name, options] of Object.entries(scenario.dhcp ?? {})) {
    world.dhcpServer(lanOf('a DHCP server', name), options);
  }
  for (const [name, router] of Object.entries(scenario.routers ?? {})) {
    const interfaces = router.interfaces.map(({ network, ...one }) => ({
      ...one,
      lan: lanOf(`router '${name}'`, network),
    }));
    world.router(name, { ...router, interfaces });
  }
  for (const [name, options] of Object.entries(scenario.advertisers ?? {})) {
    world.routerAdvertiser(lanOf('a router advertiser', name), options);
  }
  for (const [name, device] of Object.entries(scenario.devices)) {
    const { network, interfaces, ...options } = device;
    const cpu = overrides.cpu === undefined ? {} : { cpu: overrides.cpu };
    const params = { ...options.params, ...overrides.params };
    const whose = `device '${name}'`;
    const plugs =
      interfaces === undefined
        ? { lan: lanOf(whose, network ?? world.lans[0]?.name ?? '') }
        : { interfaces: interfaces.map(({ network: on, ...one }) => ({ ...one, lan: lanOf(whose, on) })) };
    world.device(name, { ...options, ...cpu, ...plugs, params });
  }
  for (const { at, do: action } of scenario.timeline ?? []) world.at(at, action);
  return world;
}

function buildNetworks(world: World, scenario: Scenario): void {
  for (const [name, options] of Object.entries(scenario.networks ?? { lan: {} })) {
    if (options.kind === 'switch') {
      const { kind: _, ...link } = options;
      world.switch({ ...link, name });
    } else {
      const { kind, ...rest } = options;
      if (kind === 'link') world.link({ ...rest, name });
      else world.lan({ ...rest, name });
    }
  }
}
