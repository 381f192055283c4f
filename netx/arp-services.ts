import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import type { ArpCache } from './arp-cache.ts';
import type { ArpEntry } from './arp-entry.ts';
import { arpAnnounce } from './arp-send.ts';
import { NX_ENTRY_NOT_FOUND, NX_IP_ADDRESS_ERROR, NX_NO_MORE_ENTRIES, NX_SUCCESS } from './constants.ts';
import type { ArpGratuitousHandler, NX_IP } from './ip.ts';
import { physicalInterfaces } from './ip-interfaces.ts';
import { interfaceTo } from './ipv4-route.ts';
import type { HardwareAddress } from './wire/ethernet.ts';

/* What the ARP services do while they hold the IP mutex. Each gives the service's status. */

/** The entry of an address that is reached directly, made where there is none; or the status that says why not. */
function entryFor(ip: NX_IP, cache: ArpCache, address: number): ArpEntry | number {
  const networkInterface = interfaceTo(ip, address);
  if (networkInterface === null) return NX_IP_ADDRESS_ERROR;
  return cache.entry(address, networkInterface) ?? cache.create(address, networkInterface) ?? NX_NO_MORE_ENTRIES;
}

/** Enters a neighbour, or asks for it where its hardware address is 0. */
export function* setDynamic(
  ip: NX_IP,
  cache: ArpCache,
  address: number,
  hardware: HardwareAddress,
): Generator<Suspension, number, unknown> {
  const entry = entryFor(ip, cache, address);
  if (typeof entry === 'number') return entry;
  if (entry.isStatic) return NX_SUCCESS;
  if (hardware.msw !== 0 || hardware.lsw !== 0) {
    yield* cache.resolve(entry, hardware);
    return NX_SUCCESS;
  }
  const pending = cache.ask(entry);
  if (pending !== null) yield* pending;
  return NX_SUCCESS;
}

/** Enters a neighbour that stays. */
export function* createStatic(
  ip: NX_IP,
  cache: ArpCache,
  address: number,
  hardware: HardwareAddress,
): Generator<Suspension, number, unknown> {
  const entry = entryFor(ip, cache, address);
  if (typeof entry === 'number') return entry;
  entry.isStatic = true;
  yield* cache.resolve(entry, hardware);
  return NX_SUCCESS;
}

/** Deletes the first entry that is meant. */

export function* deleteEntry(
  cache: ArpCache,
  isMeant: (entry: ArpEntry) => boolean,
): Generator<Suspension, number, unknown> {
  for (const entry of cache.entries) {
    if (!isMeant(entry)) continue;
    cache.delete(entry);
    return NX_SUCCESS;
  }
  return NX_ENTRY_NOT_FOUND;
}

/** Deletes the static entries, or all others. */

export function* deleteEntries(cache: ArpCache, isStatic: boolean): Generator<Suspension, number, unknown> {
  for (const entry of [...cache.entries]) if (entry.isStatic === isStatic) cache.delete(entry);
  return NX_SUCCESS;
}

/** Announces every address of the host; others that use one are shown to the handler from now on. */
export function* announceAll(
  kernel: Kernel,
  ip: NX_IP,
  handler: ArpGratuitousHandler | null,
): Generator<Suspension, number, unknown> {
  ip.nx_ip_arp_gratuitous_response_handler = handler;
  for (const networkInterface of physicalInterfaces(ip)) {
    if (networkInterface.nx_interface_ip_address === 0) continue;
    const pending = arpAnnounce(kernel, ip, networkInterface);
    if (pending !== null) yield* pending;
  }
  return NX_SUCCESS;
}
