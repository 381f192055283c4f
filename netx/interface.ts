import type { UINT, ULONG } from '../kernel/constants.ts';
import type { Callback } from '../kernel/op.ts';
import type { NetworkDriver } from './driver.ts';
import type { NX_IP } from './ip.ts';

/** One network interface of an IP instance; its driver fills in the hardware's part. */
export class NX_INTERFACE {
  /** Whether the slot is in use. */
  nx_interface_valid: UINT = 0;
  nx_interface_name = '';
  nx_interface_index = 0;
  nx_interface_link_up: UINT = 0;
  nx_interface_ip_address: ULONG = 0;
  nx_interface_ip_network_mask: ULONG = 0;
  nx_interface_physical_address_msw: ULONG = 0;
  nx_interface_physical_address_lsw: ULONG = 0;
  nx_interface_ip_mtu_size: ULONG = 0;
  /** Whether IP addresses have to be mapped to hardware addresses (ARP). */
  nx_interface_address_mapping_needed: UINT = 0;
  nx_interface_link_driver_entry: NetworkDriver | null = null;
  /** What the hardware does for the stack: `NX_INTERFACE_CAPABILITY_…`, or-ed. */
  nx_interface_capability_flag: ULONG = 0;
  /** The driver has reported that the link went up or down, and the IP thread has not looked yet. */
  nx_interface_link_status_change: UINT = 0;

  /** The network that the address is in. */
  get nx_interface_ip_network(): ULONG {
    return (this.nx_interface_ip_address & this.nx_interface_ip_network_mask) >>> 0;
  }

  /** Frees the slot; it keeps its place among the instance's interfaces. */
  clear(): void {
    Object.assign(this, new NX_INTERFACE(), { nx_interface_index: this.nx_interface_index });
  }

  /* Address conflicts (RFC 5227). */

  /** The address that is being probed for while the interface has none; 0 for none. */
  nx_interface_ip_probe_address: ULONG = 0;
  /** Seconds in which the address is not defended again. */
  nx_interface_arp_defend_timeout: ULONG = 0;
  /** Called in the IP thread when somebody else has the address, or the one that is probed for. */
  nx_interface_ip_conflict_notify_handler: IpConflictNotify | null = null;

  /** Whatever the driver wants to find again (C: a pointer). */
  nx_interface_additional_link_info: object | null = null;
}

/** Told of a conflict: the interface's index, the address, and the upper and lower part of who else has it. */
export type IpConflictNotify = Callback<
  [ip_ptr: NX_IP, interface_index: UINT, ip_address: ULONG, physical_msw: ULONG, physical_lsw: ULONG],
  void
>;
