import type { ULONG, UINT } from '../kernel/constants.ts';
import type { Callback } from '../kernel/op.ts';
import { NX_SUCCESS } from './constants.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import type { NX_PACKET } from './packet.ts';

/** A request to a link driver: what C hands to the driver entry function. */
export class NX_IP_DRIVER {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 36;

  /** An `NX_LINK_` command. */
  nx_ip_driver_command: UINT;
  /** What the driver answers. */
  nx_ip_driver_status: UINT = NX_SUCCESS;
  /** Hardware address of the receiver of a packet. */
  nx_ip_driver_physical_address_msw: ULONG = 0;
  nx_ip_driver_physical_address_lsw: ULONG = 0;
  /** The packet to send; the driver owns it from then on. */
  nx_ip_driver_packet: NX_PACKET | null = null;
  /** Where a GET command leaves its answer. */
  nx_ip_driver_return_ptr: { value: ULONG } | null = null;
  readonly nx_ip_driver_ptr: NX_IP;
  readonly nx_ip_driver_interface: NX_INTERFACE;

  constructor(command: UINT, ip: NX_IP, networkInterface: NX_INTERFACE) {
    this.nx_ip_driver_command = command;
    this.nx_ip_driver_ptr = ip;
    this.nx_ip_driver_interface = networkInterface;
  }
}

/** A link driver's entry function. */
export type NetworkDriver = Callback<[request: NX_IP_DRIVER], void>;
