import type { DhcpServerOptions } from '../network/dhcp-options.ts';
import { checkNames } from '../network/link-options.ts';
import type { DefinedScenario, Scenario, ScenarioDevice } from './scenario.ts';

// Records of every name, so that the compiler sees that none is forgotten.
const SCENARIO: Readonly<Record<Exclude<keyof DefinedScenario, 'kind' | 'make'>, true>> = {
  description: true,
  seed: true,
  order: true,
  startTime: true,
  networks: true,
  trunks: true,
  routers: true,
  dhcp: true,
  advertisers: true,
  devices: true,
  timeline: true,
  expect: true,
  until: true,
  stopWhen: true,
  explore: true,
  outputs: true,
  summary: true,
};

const DEVICE: Readonly<Record<keyof ScenarioDevice, true>> = {
  firmware: true,
  network: true,
  address: true,
  params: true,
  config: true,
  cpu: true,
  clock: true,
  bootAt: true,
  link: true,
  mtu: true,
  interfaces: true,
  memory: true,
  crypto: true,
};

const DHCP: Readonly<Record<keyof DhcpServerOptions, true>> = {
  address: true,
  first: true,
  last: true,
  mask: true,
  router: true,
  dns: true,
  lease: true,
  renewal: true,
  rebind: true,
  name: true,
};

/**
 * Refuses fields that a scenario does not have, which nothing else would ever look at: with `expects` in place of `expect`
 * a run expects nothing, and succeeds. The compiler says so too, where one is asked.
 *
 * @throws SimulationError that says which, and what there is
 */
export function checkFields(scenario: Scenario): void {
  // What `defineScenario` adds is not for whoever writes one.
  const { kind: _kind, make: _make, ...fields }: Scenario & Partial<DefinedScenario> = scenario;
  checkNames('the scenario', fields, Object.keys(SCENARIO));
  for (const [name, device] of Object.entries(scenario.devices)) {
    checkNames(`device '${name}'`, device, Object.keys(DEVICE));
  }
  for (const [name, server] of Object.entries(scenario.dhcp ?? {})) {
    checkNames(`the DHCP server of '${name}'`, server, Object.keys(DHCP));
  }
}
