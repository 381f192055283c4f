import { SimulationError } from '../../kernel/simulation-error.ts';
import type { Lan } from '../network/lan.ts';
import { World } from '../world.ts';
import { checkShape } from './shape.ts';
import { planTimeline } from './timeline.ts';
import { scenarioFor, type Scenario, type ScenarioOverrides } from './scenario.ts';

/**
 * Builds the world that a scenario describes.
 *
 * @throws SimulationError where something names a network, a device, a field or an option that is not there
 */
export function buildWorld(described: Scenario, overrides: ScenarioOverrides = {}): World {
  const { readFile, captureSites } = overrides;
  const scenario = scenarioFor(described, overrides.params ?? {});
  checkShape(scenario);
  const world = new World({
    seed: overrides.seed ?? scenario.seed ?? 1,
    ...(scenario.order === undefined ? {} : { order: scenario.order }),
    ...(scenario.startTime === undefined ? {} : { startTime: scenario.startTime }),
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
  planTimeline(world, scenario.timeline ?? []);
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
