import { SimulationError } from '../../kernel/simulation-error.ts';
import type { CpuProfileName } from '../../kernel/cpu-profiles.ts';
import type { ExploreLimits } from '../explore/limits.ts';
import type { Firmware } from '../firmware.ts';
import type { DhcpServerOptions } from '../network/dhcp-options.ts';
import type { LanOptions, PortLinkOptions } from '../network/lan.ts';
import type { RouterAdvertiserOptions } from '../network/router-advertiser.ts';
import type { RouterInterfaceOptions, RouterOptions } from '../network/router/router-options.ts';
import type { Order } from '../order.ts';
import type { DeviceOptions, Duration, InterfaceOptions, World } from '../world.ts';
import type { Expectation } from './expectations/expectation.ts';
import type { TimelineStep } from './timeline.ts';

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

/** A world described as data. */
export interface Scenario {
  /** One line on what the scenario shows. */
  readonly description?: string;
  readonly seed?: number | string;
  /** The order of what happens at one virtual time. Default: `'fifo'`; see {@link WorldOptions.order}. */
  readonly order?: Order;
  /** What the devices' clocks show at the start: see {@link WorldOptions.startTime}. */
  readonly startTime?: number | string;
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
  readonly timeline?: readonly TimelineStep[];
  /** What is expected of the run, while it lasts and at its end; the first that does not hold ends it. */
  readonly expect?: readonly Expectation[];
  /** When the run ends at the latest. */
  readonly until?: Duration;
  /** Ends the run early; asked after every event. */
  readonly stopWhen?: (world: World) => boolean;
  /** How far `txsim explore` may go from seed to seed. Without it only seeds and the order of equal times vary. */
  readonly explore?: ExploreLimits;
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

/** A scenario that may still be made anew for more parameters. */
export type RunScenario = Scenario & Pick<DefinedScenario, 'make'>;

/**
 * A scenario for a run's parameters: anew where it is a function of them, otherwise as it is. More parameters may be added
 * to what this gives, by the same function.
 *
 * @throws SimulationError where the scenario refuses one of them
 */
export function scenarioFor(scenario: RunScenario, params: ScenarioParams): RunScenario {
  const { make } = scenario;
  if (make === undefined) return scenario;
  return { ...made(make, params), make: (more) => made(make, { ...params, ...more }) };
}

/** What a scenario's function makes; what it throws is a mistake in the scenario. */
function made(make: (params: ScenarioParams) => Scenario, params: ScenarioParams): Scenario {
  try {
    return make(params);
  } catch (error) {
    if (error instanceof SimulationError) throw error;
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const what = `the function of defineScenario() threw ${text}`;
    throw new SimulationError({ kind: 'world', what, cause: error });
  }
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
