import { requireRoom } from '../../kernel/api/checks.ts';
import { enter } from '../../kernel/caller-context.ts';
import type { CHAR, UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import {
  NX_CALLER_ERROR,
  NX_IP_ADDRESS_ERROR,
  NX_OPTION_ERROR,
  NX_PTR_ERROR,
  NX_SIZE_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import { netxState } from '../device-state.ts';
import type { NetworkDriver } from '../driver.ts';
import { NX_INTERFACE } from '../interface.ts';
import { IP_ID, type NX_IP } from '../ip.ts';
import { startIpThread } from '../ip-thread.ts';
import { PACKET_POOL_ID, type NX_PACKET_POOL } from '../packet-pool.ts';
import { isHostAddress, mayCreate } from './checks.ts';

/**
 * Creates an IP instance with its thread, which brings the network interface up (C: `nx_ip_create`).
 *
 * @param ip_address - `IP_ADDRESS(192, 168, 1, 150)`, or 0 for none yet
 * @param default_pool - for received packets and those that the stack makes itself
 * @param ip_network_driver - the link driver: `board.network_driver`, or one of your own
 * @param memory_ptr - stack of the IP thread
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL, an instance that exists, or a pool that does not; `NX_SIZE_ERROR` for a
 *   small stack; `NX_OPTION_ERROR` for a bad priority; `NX_IP_ADDRESS_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_create(
  ip_ptr: NX_IP | null,
  name_ptr: CHAR,
  ip_address: ULONG,
  network_mask: ULONG,
  default_pool: NX_PACKET_POOL | null,
  ip_network_driver: NetworkDriver | null,
  memory_ptr: Uint8Array | null,
  memory_size: ULONG,
  priority: UINT,
): Op<UINT> {
  const kernel = enter('nx_ip_create');
  const { TX_MINIMUM_STACK, TX_MAX_PRIORITIES } = kernel.config;
  if (ip_ptr === null || ip_ptr.nx_ip_id === IP_ID || ip_network_driver === null || memory_ptr === null) {
    return kernel.finish(NX_PTR_ERROR);
  }
  if (default_pool?.nx_packet_pool_id !== PACKET_POOL_ID) return kernel.finish(NX_PTR_ERROR);
  if (memory_size < TX_MINIMUM_STACK) return kernel.finish(NX_SIZE_ERROR);
  if (priority >= TX_MAX_PRIORITIES) return kernel.finish(NX_OPTION_ERROR);
  if (!isHostAddress(ip_address)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  requireRoom(memory_ptr, memory_size, 'nx_ip_create', 'memory_ptr');
  const first = new NX_INTERFACE();
  first.nx_interface_valid = 1;
  first.nx_interface_name = 'primary';
  first.nx_interface_ip_address = ip_address;
  first.nx_interface_ip_network_mask = network_mask;
  first.nx_interface_link_driver_entry = ip_network_driver;
  ip_ptr.nx_ip_id = IP_ID;
  ip_ptr.nx_ip_name = name_ptr;
  ip_ptr.defaultPool = default_pool;
  ip_ptr.nx_ip_interface.splice(0, Infinity, first);
  netxState(kernel).ips.add(ip_ptr);
  startIpThread(kernel, ip_ptr, memory_ptr, memory_size, priority);
  return kernel.finish(NX_SUCCESS);
}
