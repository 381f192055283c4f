import type { UINT, ULONG } from '../kernel/constants.ts';
import type { NetworkDriver } from './driver.ts';

/** One network interface of an IP instance; its driver fills in the hardware's part. */
export class NX_INTERFACE {
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

  /** Set by the driver's interrupt until the IP thread has looked at the link. */
  nx_interface_link_status_change: UINT = 0;
  /** What the hardware does for the stack: `NX_INTERFACE_CAPABILITY_` flags. */
  nx_interface_capability_flag: ULONG = 0;
  /** Whatever the driver wants to find again (C: a pointer). */
  nx_interface_additional_link_info: object | null = null;
}
