import { mistake } from './names.ts';
import type { DefinedScenario, ScenarioDevice } from './scenario.ts';

type Fields<T> = Readonly<Record<keyof T, true>>;

const SCENARIO: Fields<DefinedScenario> = {
  kind: true,
  make: true,
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

const DEVICE: Fields<ScenarioDevice> = {
  firmware: true,
  network: true,
  link: true,
  mtu: true,
  interfaces: true,
  params: true,
  config: true,
  cpu: true,
  address: true,
  memory: true,
  crypto: true,
  clock: true,
  bootAt: true,
};

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

function checkFields(whose: string, value: object, fields: Readonly<Record<string, true>>): void {
  for (const field of Object.keys(value)) {
    if (Object.hasOwn(fields, field)) continue;
    const known = Object.keys(fields).filter((name) => name !== 'kind' && name !== 'make');
    throw mistake(`${whose} has no field '${field}'`, `use one of: ${known.join(', ')}`);
  }
}

function checkDevices(devices: unknown): void {
  if (!isObject(devices)) {
    throw mistake(`devices is ${shown(devices)}`, 'name them: devices: { client: { firmware } }');
  }
  for (const [name, device] of Object.entries<unknown>({ ...devices })) {
    const whose = `device '${name}'`;
    if (!isObject(device)) throw mistake(`${whose} is ${shown(device)}`, 'give it a firmware: { firmware }');
    const firmware = 'firmware' in device ? device.firmware : undefined;
    if (!isObject(firmware) || !('boot' in firmware)) {
      throw mistake(`${whose} has no firmware`, 'write { firmware }, with what defineFirmware() gave');
    }
    checkFields(whose, device, DEVICE);
  }
}

/**
 * Checks a scenario that no compiler may have seen: a field with a slip in its name would be ignored, and a run without
 * its expectations passes.
 *
 * @throws SimulationError that names the field and what was expected
 */
export function checkShape(scenario: unknown): void {
  if (!isObject(scenario)) throw mistake(`the scenario is ${shown(scenario)}`, 'give an object with devices');
  checkFields('a scenario', scenario, SCENARIO);
  checkDevices('devices' in scenario ? scenario.devices : undefined);
  for (const field of ['timeline', 'expect'] as const) {
    const list = Object.entries<unknown>({ ...scenario }).find(([name]) => name === field)?.[1];
    if (list !== undefined && !Array.isArray(list)) throw mistake(`${field} is ${shown(list)}`, 'write a list: [ … ]');
  }
}
