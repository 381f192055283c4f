import { requireRoom } from '../../kernel/api/checks.ts';
import { enter } from '../../kernel/caller-context.ts';
import { TX_SLEEP, TX_WAIT_FOREVER, type CHAR, type UINT, type ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { compound, type Op, type Suspension } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { ArpCache } from '../arp-cache.ts';
import {
  NX_ALREADY_ENABLED,
  NX_CALLER_ERROR,
  NX_IP_ADDRESS_ERROR,
  NX_IP_ADDRESS_RESOLVED,
  NX_IP_ARP_ENABLED,
  NX_IP_INITIALIZE_DONE,
  NX_IP_LINK_ENABLED,
  NX_IP_UDP_ENABLED,
  NX_NOT_SUCCESSFUL,
  NX_OPTION_ERROR,
  NX_PTR_ERROR,
  NX_SIZE_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import { netxState } from '../device-state.ts';
import type { NetworkDriver } from '../driver.ts';
import { IP_ID, NX_INTERFACE, type NX_IP } from '../ip.ts';
import { startIpThread } from '../ip-thread.ts';
import { PACKET_POOL_ID, type NX_PACKET_POOL } from '../packet-pool.ts';

const isIp = (ip: NX_IP | null): ip is NX_IP => ip?.nx_ip_id === IP_ID;

/** Bytes of ARP memory that one entry takes on a 32-bit target. */
const ARP_ENTRY = 52;

/** Class A, B or C: what a host may have. 0 stands for none yet. */
const isHostAddress = (address: ULONG): boolean => address >>> 29 !== 7;

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
  if (kernel.context !== 'init' && kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
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

/**
 * Turns ARP on (C: `nx_arp_enable`).
 *
 * @param arp_cache_size - bytes of memory: one neighbour takes 52
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_SIZE_ERROR` for less than one entry; `NX_CALLER_ERROR` from timers and ISRs;
 *   `NX_ALREADY_ENABLED`
 */
export function nx_arp_enable(
  ip_ptr: NX_IP | null,
  arp_cache_memory: Uint8Array | null,
  arp_cache_size: ULONG,
): Op<UINT> {
  const kernel = enter('nx_arp_enable');
  if (!isIp(ip_ptr) || arp_cache_memory === null) return kernel.finish(NX_PTR_ERROR);
  if (arp_cache_size < ARP_ENTRY) return kernel.finish(NX_SIZE_ERROR);
  if (kernel.context !== 'init' && kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (ip_ptr.arp !== null) return kernel.finish(NX_ALREADY_ENABLED);
  requireRoom(arp_cache_memory, arp_cache_size, 'nx_arp_enable', 'arp_cache_memory');
  ip_ptr.arp = new ArpCache(kernel, ip_ptr, Math.floor(arp_cache_size / ARP_ENTRY));
  return kernel.finish(NX_SUCCESS);
}

/**
 * Turns ICMP on: echo requests are answered, and senders are told of ports that nobody has (C: `nx_icmp_enable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_ALREADY_ENABLED`; `NX_CALLER_ERROR` from ISRs
 */
export function nx_icmp_enable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_icmp_enable');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (ip_ptr.icmpEnabled) return kernel.finish(NX_ALREADY_ENABLED);
  if (kernel.context === 'isr') return kernel.finish(NX_CALLER_ERROR);
  ip_ptr.icmpEnabled = true;
  return kernel.finish(NX_SUCCESS);
}

/**
 * The address of an instance's first interface (C: `nx_ip_address_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_address_get(
  ip_ptr: NX_IP | null,
  ip_address: Out<ULONG> | null,
  network_mask: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_ip_address_get');
  const [first] = ip_ptr?.nx_ip_interface ?? [];
  if (!isIp(ip_ptr) || ip_address === null || network_mask === null || first === undefined) {
    return kernel.finish(NX_PTR_ERROR);
  }
  if (kernel.context === 'isr' || kernel.context === 'timer') return kernel.finish(NX_CALLER_ERROR);
  ip_address.value = first.nx_interface_ip_address;
  network_mask.value = first.nx_interface_ip_network_mask;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Sets the address of an instance's first interface (C: `nx_ip_address_set`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_address_set(ip_ptr: NX_IP | null, ip_address: ULONG, network_mask: ULONG): Op<UINT> {
  const kernel = enter('nx_ip_address_set');
  const [first] = ip_ptr?.nx_ip_interface ?? [];
  if (!isIp(ip_ptr) || first === undefined) return kernel.finish(NX_PTR_ERROR);
  if (!isHostAddress(ip_address)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (kernel.context === 'isr' || kernel.context === 'timer') return kernel.finish(NX_CALLER_ERROR);
  first.nx_interface_ip_address = ip_address;
  first.nx_interface_ip_network_mask = network_mask;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Sets the address of the router to everything outside the instance's networks (C: `nx_ip_gateway_address_set`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for 0 or an address on none of the networks;
 *   `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_gateway_address_set(ip_ptr: NX_IP | null, ip_address: ULONG): Op<UINT> {
  const kernel = enter('nx_ip_gateway_address_set');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  const reachable = ip_ptr.nx_ip_interface.some(
    (one) => ((one.nx_interface_ip_address ^ ip_address) & one.nx_interface_ip_network_mask) === 0,
  );
  if (ip_address === 0 || !reachable) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (kernel.context === 'isr' || kernel.context === 'timer') return kernel.finish(NX_CALLER_ERROR);
  ip_ptr.nx_ip_gateway_address = ip_address;
  return kernel.finish(NX_SUCCESS);
}

/** The states of an instance as `nx_ip_status_check` reports them. */
function statusOf(ip: NX_IP): ULONG {
  const [first] = ip.nx_ip_interface;
  return (
    (ip.nx_ip_initialize_done !== 0 ? NX_IP_INITIALIZE_DONE : 0) |
    (first?.nx_interface_ip_address === 0 ? 0 : NX_IP_ADDRESS_RESOLVED) |
    (first?.nx_interface_link_up === 1 ? NX_IP_LINK_ENABLED : 0) |
    (ip.arp === null ? 0 : NX_IP_ARP_ENABLED) |
    (ip.udpEnabled ? NX_IP_UDP_ENABLED : 0)
  );
}

/**
 * Waits until an instance has reached the states asked for (C: `nx_ip_status_check`), looking once a tick.
 *
 * @param needed_status - `NX_IP_INITIALIZE_DONE`, `NX_IP_LINK_ENABLED` and the like, or-ed
 * @param actual_status - receives the states as they are
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_OPTION_ERROR`; `NX_CALLER_ERROR` unless called from a thread;
 *   `NX_NOT_SUCCESSFUL` where they were not reached in time
 */
export function nx_ip_status_check(
  ip_ptr: NX_IP | null,
  needed_status: ULONG,
  actual_status: Out<ULONG> | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nx_ip_status_check');
  if (!isIp(ip_ptr) || actual_status === null) return kernel.finish(NX_PTR_ERROR);
  if (needed_status === 0) return kernel.finish(NX_OPTION_ERROR);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  return compound(kernel.op, awaitStatus(kernel, ip_ptr, needed_status, actual_status, wait_option));
}

function* awaitStatus(
  kernel: Kernel,
  ip: NX_IP,
  needed: ULONG,
  actual: Out<ULONG>,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const deadline = waitOption === TX_WAIT_FOREVER ? Infinity : kernel.ticks.tick + waitOption;
  for (;;) {
    actual.value = statusOf(ip);
    if ((actual.value & needed) >>> 0 === needed) return yield* kernel.finish(NX_SUCCESS);
    if (kernel.ticks.tick >= deadline) return NX_NOT_SUCCESSFUL;
    yield* kernel.suspendCurrent(TX_SLEEP, null, 1);
  }
}
