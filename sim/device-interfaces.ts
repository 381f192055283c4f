import { SimulationError } from '../kernel/simulation-error.ts';
import type { InterfaceParts } from './device-parts.ts';
import type { Lan } from './network/lan.ts';
import type { Topology } from './network/topology.ts';
import type { DeviceOptions, InterfaceOptions } from './world-options.ts';

/** At least one interface. */
type Interfaces<T> = readonly [T, ...T[]];

/**
 * The network interfaces that a device asks for: one, from its own options, unless it names several.
 *
 * @throws SimulationError where it does both
 */
export function wantedInterfaces(device: string, options: DeviceOptions): Interfaces<InterfaceOptions<Lan>> {
  const { interfaces, lan, address, link, mtu } = options;
  const one = {
    ...(lan === undefined ? {} : { lan }),
    ...(address === undefined ? {} : { address }),
    ...(link === undefined ? {} : { link }),
    ...(mtu === undefined ? {} : { mtu }),
  };
  const [first, ...more] = interfaces ?? [];
  if (first === undefined) return [one];
  const [both] = Object.keys(one);
  if (both === undefined) return [first, ...more];
  throw new SimulationError({
    kind: 'world',
    what: `device '${device}' has both 'interfaces' and '${both}'`,
    fix: `put '${both}' into one of the interfaces`,
  });
}

/** Gives the interfaces of a device their names, numbers and addresses. */
export function planInterfaces(
  device: string,
  wanted: Interfaces<InterfaceOptions<Lan>>,
  topology: Topology,
): Interfaces<InterfaceParts> {
  const plan = ({ name, lan, mtu, address }: InterfaceOptions<Lan>, nth: number): InterfaceParts => {
    if (mtu !== undefined && !(Number.isInteger(mtu) && mtu >= 46)) {
      const what = `device '${device}': mtu is ${mtu}`;
      throw new SimulationError({ kind: 'world', what, fix: 'write a whole number from 46 on' });
    }
    return {
      name: name ?? `eth${nth}`,
      port: topology.portName(device, wanted, nth),
      index: topology.nextInterface(),
      mtu: mtu ?? null,
      planned:
        lan === undefined ? topology.addressOfNobody(address ?? null) : topology.planOf(lan).take(address ?? null),
    };
  };
  const [first, ...more] = wanted;
  return [plan(first, 0), ...more.map((one, index) => plan(one, index + 1))];
}
