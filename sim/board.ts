import { consume } from '../kernel/consume.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { SimulationError } from '../kernel/simulation-error.ts';
import { sizeof } from '../kernel/sizeof.ts';
import { ethernetDriver } from '../netx/ethernet-driver.ts';
import { deviceConfig } from './device-config.ts';
import type { DeviceParts, InterfaceParts } from './device-parts.ts';
import { parseDuration } from './duration.ts';
import type { Board, BoardInterface } from './firmware.ts';
import type { MacController } from './mac/controller.ts';
import type { NetworkInterface } from './network-interface.ts';

/** What a board is made of, for one boot of a device. */
export interface BoardParts {
  readonly kernel: Kernel;
  /** Called when the firmware asks for it first: most brings no driver of its own. */
  readonly mac: () => MacController;
  /** At least one, in the order of the device's parts. */
  readonly interfaces: readonly [NetworkInterface, ...NetworkInterface[]];
  readonly print: (text: string) => void;
  readonly unixTime: () => number;
  readonly readFile: (name: string) => Uint8Array | null;
}

/** The board that a firmware finds when it boots. */
export function makeBoard(parts: DeviceParts, made: BoardParts): Board {
  const { kernel } = made;
  const interfaceOf = ({ name, planned }: InterfaceParts, nic: NetworkInterface): BoardInterface => ({
    name,
    network_driver: ethernetDriver(nic),
    ip_address: planned.address,
    network_mask: planned.mask,
    gateway_address: planned.gateway,
  });
  const [first, ...more] = parts.interfaces;
  const [nic, ...others] = made.interfaces;
  const primary = interfaceOf(first, nic);
  const interfaces = [primary, ...more.map((one, nth) => interfaceOf(one, others[nth] ?? nic))];
  return {
    name: parts.name,
    print: made.print,
    params: parts.params,
    config: deviceConfig(parts.macros),
    network_driver: primary.network_driver,
    network_drivers: interfaces.map(({ network_driver }) => network_driver),
    interfaces,
    ip_address: primary.ip_address,
    network_mask: primary.network_mask,
    gateway_address: primary.gateway_address,
    get mac() {
      return made.mac();
    },
    sizeof,
    consume: (duration) => consume(parseDuration(duration)),
    random: () => kernel.random.uint32(),
    unix_time: made.unixTime,
    file: (name) => {
      const bytes = made.readFile(name);
      if (bytes !== null) return bytes;
      throw new SimulationError({
        kind: 'world',
        what: `device '${parts.name}' asked for the file '${name}', and there is none`,
        fix: 'give the path of a file that exists, relative to the current folder',
      });
    },
  };
}
