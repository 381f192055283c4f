import { isOp, type Suspension } from '../kernel/op.ts';
import { NX_UNHANDLED_COMMAND } from './constants.ts';
import { NX_IP_DRIVER } from './driver.ts';
import type { NX_INTERFACE, NX_IP } from './ip.ts';
import type { NX_PACKET } from './packet.ts';
import type { HardwareAddress } from './wire/ethernet.ts';

/** Calls a link driver's entry function in the calling context; gives the status it left. */
export function* callDriver(
  ip: NX_IP,
  networkInterface: NX_INTERFACE,
  command: number,
  packet: NX_PACKET | null = null,
  to: HardwareAddress = { msw: 0, lsw: 0 },
  answer: { value: number } | null = null,
): Generator<Suspension, number, unknown> {
  const driver = networkInterface.nx_interface_link_driver_entry;
  if (driver === null) return NX_UNHANDLED_COMMAND;
  const request = new NX_IP_DRIVER(command, ip, networkInterface);
  if (packet !== null) packet.holder = 'driver';
  request.nx_ip_driver_packet = packet;
  request.nx_ip_driver_physical_address_msw = to.msw;
  request.nx_ip_driver_physical_address_lsw = to.lsw;
  request.nx_ip_driver_return_ptr = answer;
  const result = driver(request);
  if (isOp(result)) yield* result;
  return request.nx_ip_driver_status;
}
