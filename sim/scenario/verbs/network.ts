import type { Lan } from '../../network/lan.ts';
import { checkLanChanges, checkPortOptions, type LanChanges, type PortLinkOptions } from '../../network/lan-options.ts';
import { linkSettings } from '../../network/link-options.ts';
import { mistake, namedLink, namedNetwork } from '../names.ts';
import { verb, type Verb } from '../verb.ts';

type Ports = string | readonly string[];

const asList = (ports: Ports): readonly string[] => (typeof ports === 'string' ? [ports] : ports);

function checkPorts(whose: string, lan: Lan, ports: Ports): void {
  for (const name of asList(ports)) {
    if (lan.ports.includes(name)) continue;
    throw mistake(
      `${whose}: nothing named '${name}' is plugged into network '${lan.name}'`,
      `plugged in: ${lan.ports.join(', ')}`,
    );
  }
}

/**
 * Cuts the way between ports of a network: frames that are sent from now on do not arrive.
 *
 * @param one - names of devices, or of routers
 * @param options - `oneWay`: only from `one` to `other`
 */
export function partition(
  network: string,
  one: Ports,
  other: Ports,
  options: { readonly oneWay?: boolean } = {},
): Verb {
  const { oneWay = false } = options;
  const [from, to] = [asList(one), asList(other)];
  return verb({
    text: `partition of ${network}: ${from.join(', ')} ${oneWay ? '->' : '<->'} ${to.join(', ')}`,
    devices: [...from, ...to],
    check: (world) => {
      const lan = namedNetwork(world, 'partition', network);
      checkPorts('partition', lan, from);
      checkPorts('partition', lan, to);
    },
    perform: (world) => void world.network(network).partition(from, to, oneWay),
  });
}

/** Mends every cut of a network. */
export function heal(network: string): Verb {
  return verb({
    text: `heal ${network}`,
    devices: [],
    check: (world) => void namedNetwork(world, 'heal', network),
    perform: (world) => world.network(network).heal(),
  });
}

function plug(name: 'linkDown' | 'linkUp', device: string, nic: string | undefined): Verb {
  const isUp = name === 'linkUp';
  return verb({
    text: `link ${isUp ? 'up' : 'down'}: ${device}${nic === undefined ? '' : ` ${nic}`}`,
    devices: [device],
    check: (world) => void namedLink(world, name, device, nic),
    perform: (world) => {
      const link = namedLink(world, name, device, nic);
      if (isUp) link.up();
      else link.down();
    },
  });
}

/**
 * Pulls the plug of a device's interface.
 *
 * @param nic - as the firmware knows it (`eth1`); default: the first
 */
export function linkDown(device: string, nic?: string): Verb {
  return plug('linkDown', device, nic);
}

/** Plugs a device's interface in again. */
export function linkUp(device: string, nic?: string): Verb {
  return plug('linkUp', device, nic);
}

/** A device's own link, or that of one of its interfaces. */
export interface LinkOfDevice {
  readonly device: string;
  readonly interface?: string;
}

const shown = (value: unknown): string => {
  if (typeof value === 'string') return value;
  return typeof value === 'function' ? 'a function' : JSON.stringify(value);
};

const describeChanges = (changes: object): string =>
  Object.entries(changes)
    .map(([option, value]) => (option === 'rules' ? 'rules' : `${option} ${shown(value)}`))
    .join(', ');

/**
 * Changes the faults of a network, or of a device's own link: `faults('lan', { loss: 0.5 })`,
 * `faults({ device: 'client' }, { latency: '200ms' })`. What is not named stays as it is.
 */
export function faults(where: string, changes: LanChanges): Verb;
export function faults(where: LinkOfDevice, changes: PortLinkOptions): Verb;
export function faults(where: string | LinkOfDevice, changes: LanChanges & PortLinkOptions): Verb {
  if (typeof where === 'string') {
    return verb({
      text: `faults of ${where}: ${describeChanges(changes)}`,
      devices: [],
      check: (world) => {
        namedNetwork(world, 'faults', where);
        checkLanChanges(`faults: network '${where}'`, changes);
        linkSettings(`faults: network '${where}'`, changes, { latency: 0, mtu: Infinity });
      },
      perform: (world) => world.network(where).set(changes),
    });
  }
  const { device, interface: nic } = where;
  const subject = `faults: link of '${device}'`;
  return verb({
    text: `faults of the link of ${device}: ${describeChanges(changes)}`,
    devices: [device],
    check: (world) => {
      namedLink(world, 'faults', device, nic);
      checkPortOptions(subject, changes);
      for (const options of [changes, changes.up ?? {}, changes.down ?? {}]) {
        linkSettings(subject, options, { latency: 0, mtu: Infinity });
      }
    },
    perform: (world) => namedLink(world, 'faults', device, nic).set(changes),
  });
}
