import { SimulationError } from '../../kernel/simulation-error.ts';
import type { Device } from '../device.ts';
import type { Lan } from '../network/lan.ts';
import type { Link } from '../network/link.ts';
import type { World } from '../world.ts';

/** Names that a message lists at most. */
const LISTED = 20;

/** A mistake in a scenario, in one line. */
export function mistake(what: string, fix: string): SimulationError {
  return new SimulationError({ kind: 'world', what, fix });
}

function listed(names: Iterable<string>): string {
  const all = [...names];
  if (all.length === 0) return 'there is none';
  return all.length <= LISTED ? all.join(', ') : `${all.slice(0, LISTED).join(', ')} and ${all.length - LISTED} more`;
}

/**
 * The device of that name.
 *
 * @param whose - what names it, for the message: `reboot`
 * @throws SimulationError where there is none
 */
export function namedDevice(world: World, whose: string, name: string): Device {
  const device = world.devices.get(name);
  if (device !== undefined) return device;
  throw mistake(`${whose}: there is no device '${name}'`, `devices: ${listed(world.devices.keys())}`);
}

/**
 * The network of that name.
 *
 * @param whose - what names it, for the message
 * @throws SimulationError where there is none
 */
export function namedNetwork(world: World, whose: string, name: string): Lan {
  const lan = world.lans.find((one) => one.name === name);
  if (lan !== undefined) return lan;
  throw mistake(`${whose}: there is no network '${name}'`, `networks: ${listed(world.lans.map((one) => one.name))}`);
}

/**
 * The link of a device's interface to its network.
 *
 * @param nic - the interface as the firmware knows it (`eth1`); undefined for the first
 * @throws SimulationError where there is no such device or interface, or it is plugged into no network
 */
export function namedLink(world: World, whose: string, name: string, nic?: string): Link {
  const device = namedDevice(world, whose, name);
  const names = device.interfaceNames;
  const found = nic === undefined ? device.nic : device.interfaces[names.indexOf(nic)];
  if (found === undefined) {
    throw mistake(`${whose}: device '${name}' has no interface '${nic ?? ''}'`, `interfaces: ${listed(names)}`);
  }
  if (found.link !== null) return found.link;
  throw mistake(
    `${whose}: ${nic ?? 'the interface'} of device '${name}' is plugged into no network`,
    'give it a network',
  );
}

/**
 * Does something that belongs to a field of a scenario: what is wrong with it is reported with the field's name.
 *
 * @throws SimulationError with the field before what it says
 */
export function within<T>(field: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof SimulationError) || error.kind !== 'world') throw error;
    throw new SimulationError({ kind: 'world', what: `${field}: ${error.what}`, fix: error.fix, cause: error.cause });
  }
}
