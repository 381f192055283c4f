import { requireRoom } from '../../kernel/api/checks.ts';
import { overlapsAnotherStack } from '../../kernel/api/thread.ts';
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
import { ipConfig } from '../ip-config.ts';
import { ipDelete } from '../ip-delete.ts';
import { makeInterfaces, occupy } from '../ip-interfaces.ts';
import { IP_ID, NX_IP } from '../ip.ts';
import { startIpThread } from '../ip-thread.ts';
import { PACKET_POOL_ID, type NX_PACKET_POOL } from '../packet-pool.ts';
import { isHostAddress, isIp, mayCreate } from './checks.ts';
import { locked } from './ip-locked.ts';

/**
 * Creates an IP instance with its thread, which brings the network interface up (C: `nx_ip_create`).
 *
 * @param ip_address - `IP_ADDRESS(192, 168, 1, 150)`, or 0 for none yet
 * @param default_pool - for received packets and those that the stack makes itself
 * @param ip_network_driver - the link driver: `board.network_driver`, or one of your own
 * @param memory_ptr - stack of the IP thread
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL, an instance that exists, a pool that does not, or a stack that overlaps
 *   another's; `NX_SIZE_ERROR` for a small stack; `NX_OPTION_ERROR` for a bad priority; `NX_IP_ADDRESS_ERROR` for an address of
 *   no class A, B or C; `NX_CALLER_ERROR` from timers and ISRs
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
  if (overlapsAnotherStack(kernel, memory_ptr, memory_size)) return kernel.finish(NX_PTR_ERROR);
  if (!isHostAddress(ip_address)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  requireRoom(memory_ptr, memory_size, 'nx_ip_create', 'memory_ptr');
  // A control block that was in use before starts from nothing again.
  Object.assign(ip_ptr, new NX_IP());
  ip_ptr.nx_ip_id = IP_ID;
  ip_ptr.nx_ip_name = name_ptr;
  ip_ptr.defaultPool = default_pool;
  ip_ptr.config = ipConfig(kernel);
  ip_ptr.nx_ip_interface.push(...makeInterfaces(ip_ptr.config));
  const [first] = ip_ptr.nx_ip_interface;
  if (first !== undefined) occupy(first, 'PRIMARY', ip_address, network_mask, ip_network_driver);
  netxState(kernel).ips.add(ip_ptr);
  startIpThread(kernel, ip_ptr, memory_ptr, memory_size, priority);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Deletes an IP instance, which may be created again then (C: `nx_ip_delete`). Its drivers are disabled and uninitialized,
 * queued packets released, threads that wait for raw packets get `NX_NO_PACKET`.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread; `NX_SOCKETS_BOUND` while sockets
 *   exist, bound or not, as in C
 */
export function nx_ip_delete(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_ip_delete');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip_ptr, () => ipDelete(kernel, ip_ptr));
}
