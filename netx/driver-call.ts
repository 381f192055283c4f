import { isOp, type Suspension } from '../kernel/op.ts';
import { NX_UNHANDLED_COMMAND } from './constants.ts';
import { NX_IP_DRIVER } from './driver.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import type { NX_PACKET } from './packet.ts';
import { passTo } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import type { HardwareAddress } from './wire/ethernet.ts';

const NOBODY: HardwareAddress = { msw: 0, lsw: 0 };

/** Gives a packet to a link driver, which owns it from then on. */
export function sendToDriver(
  ip: NX_IP,
  networkInterface: NX_INTERFACE,
  command: number,
  packet: NX_PACKET,
  to: HardwareAddress,
): Pending {
  const driver = networkInterface.nx_interface_link_driver_entry;
  if (driver === null) return null;
  const request = new NX_IP_DRIVER(command, ip, networkInterface);
  passTo(packet, 'driver');
  request.nx_ip_driver_packet = packet;
  request.nx_ip_driver_physical_address_msw = to.msw;
  request.nx_ip_driver_physical_address_lsw = to.lsw;
  const result = driver(request);
  return isOp(result) ? result : null;
}

/** Calls a link driver's entry function in the calling context; gives the status it left. */
export function* callDriver(
  ip: NX_IP,
  networkInterface: NX_INTERFACE,
  command: number,
  answer: { value: number } | null = null,
  address: HardwareAddress = NOBODY,
): Generator<Suspension, number, unknown> {
  const driver = networkInterface.nx_interface_link_driver_entry;
  if (driver === null) return NX_UNHANDLED_COMMAND;
  const request = new NX_IP_DRIVER(command, ip, networkInterface);
  request.nx_ip_driver_physical_address_msw = address.msw;
  request.nx_ip_driver_physical_address_lsw = address.lsw;
  request.nx_ip_driver_return_ptr = answer;
  const result = driver(request);
  if (isOp(result)) yield* result;
  return request.nx_ip_driver_status;
}
