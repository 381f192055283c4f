import { isFirmware } from '../firmware.ts';
import { checkFields } from './field-names.ts';
import { mistake } from './names.ts';
import type { Scenario } from './scenario.ts';

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

const FIRMWARE = 'write { firmware }, with what defineFirmware(…) gave: a firmware module exports it';

function checkKinds(scenario: unknown): void {
  if (!isObject(scenario)) throw mistake(`the scenario is ${shown(scenario)}`, 'give an object with devices');
  const devices: unknown = 'devices' in scenario ? scenario.devices : undefined;
  if (!isObject(devices)) {
    throw mistake(`devices is ${shown(devices)}`, 'name them: devices: { client: { firmware } }');
  }
  for (const [name, device] of Object.entries<unknown>({ ...devices })) {
    if (isFirmware(device)) throw mistake(`device '${name}' is a firmware itself`, FIRMWARE);
    if (!isObject(device)) throw mistake(`device '${name}' is ${shown(device)}`, FIRMWARE);
  }
  for (const [field, list] of Object.entries<unknown>({ ...scenario })) {
    const isList = field === 'timeline' || field === 'expect';
    if (!isList || list === undefined || Array.isArray(list)) continue;
    throw mistake(`${field} is ${shown(list)}`, 'write a list: [ … ]');
  }
}

/**
 * Checks a scenario that no compiler may have seen.
 *
 * @throws SimulationError that names the field and what was expected
 */
export function checkShape(scenario: Scenario): void {
  checkKinds(scenario);
  checkFields(scenario);
  for (const [name, { firmware }] of Object.entries<{ readonly firmware?: unknown }>(scenario.devices)) {
    if (isFirmware(firmware)) continue;
    throw mistake(
      `device '${name}' ${firmware === undefined ? 'has no firmware' : 'has a firmware that is none'}`,
      FIRMWARE,
    );
  }
}
