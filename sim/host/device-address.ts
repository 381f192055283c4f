import { isLinkLocal, isLoopback } from '../../netx/ipv6/address.ts';
import { ipInstances } from '../../netx/device-state.ts';
import type { NX_INTERFACE } from '../../netx/interface.ts';
import type { HardwareAddress } from '../../netx/wire/ethernet.ts';
import type { Device } from '../device.ts';
import type { IpAddress } from './ip-address.ts';

/** Where a device is reached. */
export interface DeviceAddress {
  readonly address: IpAddress;
  /** The mask of its network; for IPv6 it is 64 bits always. */
  readonly mask: number;
  readonly hardware: HardwareAddress;
}

const place = (one: NX_INTERFACE, address: IpAddress): DeviceAddress => ({
  address,
  mask: one.nx_interface_ip_network_mask,
  hardware: { msw: one.nx_interface_physical_address_msw, lsw: one.nx_interface_physical_address_lsw },
});

/**
 * The address of a device, once its firmware has one: that of its first interface, or, where IPv6 is preferred and the
 * device has it, an IPv6 address, a global one before a link-local one.
 */
export function addressOf(device: Device, prefersIpv6: boolean): DeviceAddress | null {
  const [ip] = ipInstances(device.kernel);
  const [first] = ip?.nx_ip_interface ?? [];
  if (ip === undefined || first === undefined) return null;
  const all = prefersIpv6 ? (ip.ipv6?.addresses ?? []) : [];
  const usable = all.filter((own) => own.isUsable && !isLoopback(own.nxd_ipv6_address));
  const chosen = usable.find((own) => !isLinkLocal(own.nxd_ipv6_address)) ?? usable[0];
  if (chosen !== undefined) return place(chosen.nxd_ipv6_address_attached ?? first, chosen.nxd_ipv6_address.slice());
  return first.nx_interface_ip_address === 0 ? null : place(first, first.nx_interface_ip_address);
}
