import type { ULONG } from '../kernel/constants.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_LINK_ENABLE, NX_LINK_INITIALIZE, NX_LINK_INTERFACE_ATTACH } from './constants.ts';
import { NX_IP_LOOPBACK_FIRST } from './constants-ip.ts';
import type { NetworkDriver } from './driver.ts';
import { callDriver } from './driver-call.ts';
import { NX_INTERFACE } from './interface.ts';
import type { IpConfig } from './ip-config.ts';
import type { NX_IP } from './ip.ts';

/** Slots for an instance's interfaces: the physical ones, all of them free, and the one to the host itself. */
export function makeInterfaces({ physicalInterfaces, loopback }: IpConfig): readonly NX_INTERFACE[] {
  const slots = Array.from({ length: physicalInterfaces + (loopback ? 1 : 0) }, (_, index) => {
    const slot = new NX_INTERFACE();
    slot.nx_interface_index = index;
    return slot;
  });
  const own = loopback ? slots[physicalInterfaces] : undefined;
  if (own !== undefined) {
    own.nx_interface_valid = 1;
    own.nx_interface_name = 'Internal IP interface';
    own.nx_interface_ip_address = NX_IP_LOOPBACK_FIRST + 1;
    own.nx_interface_ip_network_mask = 0xff000000;
    own.nx_interface_ip_mtu_size = 65_535;
    own.nx_interface_link_up = 1;
  }
  return slots;
}

/** Gives a free slot to a link driver. */
export function occupy(slot: NX_INTERFACE, name: string, address: ULONG, mask: ULONG, driver: NetworkDriver): void {
  slot.nx_interface_valid = 1;
  slot.nx_interface_name = name;
  slot.nx_interface_ip_address = address;
  slot.nx_interface_ip_network_mask = mask;
  slot.nx_interface_link_driver_entry = driver;
}

/** Has an interface's driver attach, initialize and enable it; its link counts as up unless the driver says otherwise. */
export function* bringUp(ip: NX_IP, networkInterface: NX_INTERFACE): Generator<Suspension, void, unknown> {
  networkInterface.nx_interface_capability_flag = 0;
  networkInterface.nx_interface_link_up = 1;
  yield* callDriver(ip, networkInterface, NX_LINK_INTERFACE_ATTACH);
  yield* callDriver(ip, networkInterface, NX_LINK_INITIALIZE);
  yield* callDriver(ip, networkInterface, NX_LINK_ENABLE);
}

/** A physical interface in use, by its index; null where there is none. */
export function physicalInterface(ip: NX_IP, index: number): NX_INTERFACE | null {
  const one = index < ip.config.physicalInterfaces ? ip.nx_ip_interface[index] : undefined;
  return one === undefined || one.nx_interface_valid === 0 ? null : one;
}

/** The slots of an instance's physical interfaces, free ones too. */
export function physicalInterfaces(ip: NX_IP): readonly NX_INTERFACE[] {
  return ip.nx_ip_interface.slice(0, ip.config.physicalInterfaces);
}
