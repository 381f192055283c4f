import { requireRoom } from '../../kernel/api/checks.ts';
import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { ArpCache } from '../arp-cache.ts';
import { announceAll, createStatic, deleteEntries, deleteEntry, setDynamic } from '../arp-services.ts';
import {
  NX_ALREADY_ENABLED,
  NX_CALLER_ERROR,
  NX_ENTRY_NOT_FOUND,
  NX_INVALID_PARAMETERS,
  NX_IP_ADDRESS_ERROR,
  NX_NOT_ENABLED,
  NX_PTR_ERROR,
  NX_SIZE_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import type { ArpGratuitousHandler, NX_IP } from '../ip.ts';
import { physicalInterfaces } from '../ip-interfaces.ts';
import { isIp, mayCreate } from './checks.ts';
import { locked } from './ip-locked.ts';

/** Bytes of ARP memory that one entry takes on a 32-bit target. */
const ARP_ENTRY = 52;

const isThread = ({ context }: Kernel): boolean => context === 'thread';
const isUnicast = (address: ULONG): boolean => address !== 0 && address >>> 28 !== 14 && address !== 0xffffffff;

/**
 * Turns ARP on (C: `nx_arp_enable`).
 *
 * @param arp_cache_size - bytes of memory: one neighbour takes 52
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_ALREADY_ENABLED`; `NX_SIZE_ERROR` for less than one entry; `NX_CALLER_ERROR`
 *   from timers and ISRs
 */
export function nx_arp_enable(
  ip_ptr: NX_IP | null,
  arp_cache_memory: Uint8Array | null,
  arp_cache_size: ULONG,
): Op<UINT> {
  const kernel = enter('nx_arp_enable');
  if (!isIp(ip_ptr) || arp_cache_memory === null) return kernel.finish(NX_PTR_ERROR);
  if (ip_ptr.arp !== null) return kernel.finish(NX_ALREADY_ENABLED);
  if (arp_cache_size < ARP_ENTRY) return kernel.finish(NX_SIZE_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  requireRoom(arp_cache_memory, arp_cache_size, 'nx_arp_enable', 'arp_cache_memory');
  ip_ptr.arp = new ArpCache(kernel, ip_ptr, Math.floor(arp_cache_size / ARP_ENTRY));
  return kernel.finish(NX_SUCCESS);
}

/**
 * Enters a neighbour into the cache, or asks for one (C: `nx_arp_dynamic_entry_set`). A static entry of that address stays
 * as it is.
 *
 * @param physical_msw - upper 16 bits of the hardware address; with both parts 0, an ARP request is sent
 * @param physical_lsw - lower 32 bits of the hardware address
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for 0, a group, everybody, or an address on none of the
 *   networks; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` unless called from a thread; `NX_NO_MORE_ENTRIES` where static entries
 *   leave no room
 */
export function nx_arp_dynamic_entry_set(
  ip_ptr: NX_IP | null,
  ip_address: ULONG,
  physical_msw: ULONG,
  physical_lsw: ULONG,
): Op<UINT> {
  const kernel = enter('nx_arp_dynamic_entry_set');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!isUnicast(ip_address)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (ip_ptr.arp === null) return kernel.finish(NX_NOT_ENABLED);
  if (!isThread(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const hardware = { msw: physical_msw, lsw: physical_lsw };
  const work = setDynamic(ip_ptr, ip_ptr.arp, ip_address, hardware);
  return locked(kernel, ip_ptr, () => work);
}

/**
 * Forgets every neighbour that the application did not enter as static, and the packets that wait for one (C:
 * `nx_arp_dynamic_entries_invalidate`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` unless called from a thread
 */
export function nx_arp_dynamic_entries_invalidate(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_arp_dynamic_entries_invalidate');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  const { arp } = ip_ptr;
  if (arp === null) return kernel.finish(NX_NOT_ENABLED);
  if (!isThread(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip_ptr, () => deleteEntries(arp, false));
}

/**
 * Forgets a neighbour, static or not (C: `nx_arp_entry_delete`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for 0; `NX_CALLER_ERROR` from timers and ISRs;
 *   `NX_ENTRY_NOT_FOUND`
 */
export function nx_arp_entry_delete(ip_ptr: NX_IP | null, ip_address: ULONG): Op<UINT> {
  const kernel = enter('nx_arp_entry_delete');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (ip_address === 0) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const { arp } = ip_ptr;
  if (arp === null) return kernel.finish(NX_ENTRY_NOT_FOUND);
  const work = deleteEntry(arp, (entry) => entry.address === ip_address);
  return locked(kernel, ip_ptr, () => work);
}

/**
 * Enters a neighbour that stays until it is deleted (C: `nx_arp_static_entry_create`); a dynamic entry of that address
 * becomes static.
 *
 * @param physical_msw - upper 16 bits of the hardware address
 * @param physical_lsw - lower 32 bits of the hardware address
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for 0, a group, everybody, or an address on none of the
 *   networks; `NX_INVALID_PARAMETERS` for hardware address 0; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` from timers and ISRs;
 *   `NX_NO_MORE_ENTRIES` where all the memory holds static entries
 */
export function nx_arp_static_entry_create(
  ip_ptr: NX_IP | null,
  ip_address: ULONG,
  physical_msw: ULONG,
  physical_lsw: ULONG,
): Op<UINT> {
  const kernel = enter('nx_arp_static_entry_create');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!isUnicast(ip_address)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (physical_msw === 0 && physical_lsw === 0) return kernel.finish(NX_INVALID_PARAMETERS);
  if (ip_ptr.arp === null) return kernel.finish(NX_NOT_ENABLED);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const hardware = { msw: physical_msw, lsw: physical_lsw };
  const work = createStatic(ip_ptr, ip_ptr.arp, ip_address, hardware);
  return locked(kernel, ip_ptr, () => work);
}

/**
 * Deletes one static entry (C: `nx_arp_static_entry_delete`); address and hardware address both have to be its own.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for 0; `NX_INVALID_PARAMETERS` for hardware address 0;
 *   `NX_NOT_ENABLED`; `NX_CALLER_ERROR` unless called from a thread; `NX_ENTRY_NOT_FOUND`
 */
export function nx_arp_static_entry_delete(
  ip_ptr: NX_IP | null,
  ip_address: ULONG,
  physical_msw: ULONG,
  physical_lsw: ULONG,
): Op<UINT> {
  const kernel = enter('nx_arp_static_entry_delete');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (ip_address === 0) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (physical_msw === 0 && physical_lsw === 0) return kernel.finish(NX_INVALID_PARAMETERS);
  if (ip_ptr.arp === null) return kernel.finish(NX_NOT_ENABLED);
  if (!isThread(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const work = deleteEntry(
    ip_ptr.arp,
    ({ isStatic, address, hardware }) =>
      isStatic && address === ip_address && hardware?.msw === physical_msw && hardware.lsw === physical_lsw,
  );
  return locked(kernel, ip_ptr, () => work);
}

/**
 * Deletes every static entry (C: `nx_arp_static_entries_delete`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_arp_static_entries_delete(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_arp_static_entries_delete');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  const { arp } = ip_ptr;
  if (arp === null) return kernel.finish(NX_NOT_ENABLED);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip_ptr, () => deleteEntries(arp, true));
}

/**
 * Tells everybody on every interface with an address that it is this host's (C: `nx_arp_gratuitous_send`).
 *
 * @param response_handler - called in the IP thread, from now on, with every ARP packet of somebody else who uses one of
 *   this host's addresses; it has to release the packet; NULL for none
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` where no interface has an address; `NX_NOT_ENABLED`;
 *   `NX_CALLER_ERROR` unless called from a thread
 */
export function nx_arp_gratuitous_send(ip_ptr: NX_IP | null, response_handler: ArpGratuitousHandler | null): Op<UINT> {
  const kernel = enter('nx_arp_gratuitous_send');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (physicalInterfaces(ip_ptr).every((one) => one.nx_interface_ip_address === 0)) {
    return kernel.finish(NX_IP_ADDRESS_ERROR);
  }
  if (ip_ptr.arp === null) return kernel.finish(NX_NOT_ENABLED);
  if (!isThread(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip_ptr, () => announceAll(kernel, ip_ptr, response_handler));
}

/**
 * The hardware address of a neighbour, from the cache alone (C: `nx_arp_hardware_address_find`).
 *
 * @param physical_msw - receives the upper 16 bits
 * @param physical_lsw - receives the lower 32 bits
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for 0; `NX_NOT_ENABLED`; `NX_CALLER_ERROR` unless called
 *   from a thread; `NX_ENTRY_NOT_FOUND`, also for a neighbour that has not answered yet
 */
export function nx_arp_hardware_address_find(
  ip_ptr: NX_IP | null,
  ip_address: ULONG,
  physical_msw: Out<ULONG> | null,
  physical_lsw: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_arp_hardware_address_find');
  if (!isIp(ip_ptr) || physical_msw === null || physical_lsw === null) return kernel.finish(NX_PTR_ERROR);
  if (ip_address === 0) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (ip_ptr.arp === null) return kernel.finish(NX_NOT_ENABLED);
  if (!isThread(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const hardware = ip_ptr.arp.find(ip_address);
  if (hardware === null) return kernel.finish(NX_ENTRY_NOT_FOUND);
  physical_msw.value = hardware.msw;
  physical_lsw.value = hardware.lsw;
  return kernel.finish(NX_SUCCESS);
}

/**
 * The address of a neighbour whose hardware address is known (C: `nx_arp_ip_address_find`).
 *
 * @param ip_address - receives the address
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_INVALID_PARAMETERS` for hardware address 0; `NX_NOT_ENABLED`;
 *   `NX_CALLER_ERROR` unless called from a thread; `NX_ENTRY_NOT_FOUND`
 */
export function nx_arp_ip_address_find(
  ip_ptr: NX_IP | null,
  ip_address: Out<ULONG> | null,
  physical_msw: ULONG,
  physical_lsw: ULONG,
): Op<UINT> {
  const kernel = enter('nx_arp_ip_address_find');
  if (!isIp(ip_ptr) || ip_address === null) return kernel.finish(NX_PTR_ERROR);
  if (physical_msw === 0 && physical_lsw === 0) return kernel.finish(NX_INVALID_PARAMETERS);
  if (ip_ptr.arp === null) return kernel.finish(NX_NOT_ENABLED);
  if (!isThread(kernel)) return kernel.finish(NX_CALLER_ERROR);
  for (const { address, hardware } of ip_ptr.arp.entries) {
    if (hardware?.msw !== physical_msw || hardware.lsw !== physical_lsw) continue;
    ip_address.value = address;
    return kernel.finish(NX_SUCCESS);
  }
  return kernel.finish(NX_ENTRY_NOT_FOUND);
}
