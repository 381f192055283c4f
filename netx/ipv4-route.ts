import type { ULONG } from '../kernel/constants.ts';
import { NX_IP_LIMITED_BROADCAST } from './constants-ip.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';

/*
 * Asked for every datagram: plain loops, and nothing allocated but the route that is found.
 */

/** Whether an address is this host's own on some interface, its address for itself included. */
export function isOwnAddress(ip: NX_IP, address: ULONG): boolean {
  if (address === 0) return false;
  const interfaces = ip.nx_ip_interface;
  const { length } = interfaces;
  for (let index = 0; index < length; index++) {
    if (interfaces[index]?.nx_interface_ip_address === address) return true;
  }
  return false;
}

/** Whether an address means everybody on an interface's network. */
export function isBroadcast(networkInterface: NX_INTERFACE, address: ULONG): boolean {
  const { nx_interface_ip_address: own, nx_interface_ip_network_mask: mask } = networkInterface;
  return address === NX_IP_LIMITED_BROADCAST || (address === ((own & mask) | ~mask) >>> 0 && mask !== 0xffffffff);
}

/** Whether an address is a group's (class D). */
export const isMulticast = (address: ULONG): boolean => address >>> 28 === 14;

/** Whether an address means this host itself (127.0.0.0/8). */
export const isLoopback = (address: ULONG): boolean => address >>> 24 === 127;

/** Whether an address has a meaning on one link only (169.254.0.0/16, RFC 3927). */
export const isLinkLocal = (address: ULONG): boolean => address >>> 16 === 0xa9fe;

/** Where a datagram goes next: out of which interface, and to which neighbour. */
export interface Route {
  readonly networkInterface: NX_INTERFACE;
  readonly nextHop: ULONG;
}

/** Whether an interface has an address, and another one is on its network. */
function isOnNetworkOf(networkInterface: NX_INTERFACE, address: ULONG): boolean {
  const { nx_interface_ip_address: own, nx_interface_ip_network_mask: mask } = networkInterface;
  return own !== 0 && networkInterface.nx_interface_valid !== 0 && ((own ^ address) & mask) === 0;
}

const isUp = (networkInterface: NX_INTERFACE): boolean =>
  networkInterface.nx_interface_valid !== 0 && networkInterface.nx_interface_link_up !== 0;

/** The physical interface that an address is on the network of, whether its link is up or not; null where there is none. */
export function interfaceTo(ip: NX_IP, address: ULONG): NX_INTERFACE | null {
  for (let index = 0; index < ip.config.physicalInterfaces; index++) {
    const one = ip.nx_ip_interface[index];
    if (one !== undefined && isOnNetworkOf(one, address)) return one;
  }
  return null;
}

/** The first interface whose link is up, with an address of this link alone where that is asked for. */
function firstUp(ip: NX_IP, linkLocal: boolean): NX_INTERFACE | null {
  for (let index = 0; index < ip.config.physicalInterfaces; index++) {
    const one = ip.nx_ip_interface[index];
    if (one !== undefined && isUp(one) && (!linkLocal || isLinkLocal(one.nx_interface_ip_address))) return one;
  }
  return null;
}

/**
 * The way to an address, or null where there is none. Asked in this order: groups and broadcasts, this host's own addresses,
 * static routes of longer prefixes first, the networks of the interfaces, addresses of this link alone, the gateway.
 * Interfaces whose link is down are passed over.
 *
 * @param from - the interface that it has to go out by, or null for whichever fits; 127.0.0.0/8 leaves by none
 */
export function route(ip: NX_IP, destination: ULONG, from: NX_INTERFACE | null = null): Route | null {
  if (destination === NX_IP_LIMITED_BROADCAST || isMulticast(destination)) {
    return via(from ?? firstUp(ip, false), destination);
  }
  const interfaces = ip.nx_ip_interface;
  const { length } = interfaces;
  for (let index = 0; index < length; index++) {
    const one = interfaces[index];
    if (one?.nx_interface_ip_address !== destination || destination === 0) continue;
    if ((from === null || from === one) && isUp(one)) return via(one, destination);
  }
  if (ip.nx_ip_routing_table.length > 0) {
    const found = staticRoute(ip, destination, from);
    if (found !== null) return found;
  }
  for (let index = 0; index < length; index++) {
    const one = interfaces[index];
    if (one === undefined || !isOnNetworkOf(one, destination)) continue;
    if ((from === null || from === one || isLoopback(destination)) && isUp(one)) return via(one, destination);
  }
  if (isLinkLocal(destination)) return via(from ?? firstUp(ip, false), destination);
  return toGateway(ip, destination, from);
}

function via(networkInterface: NX_INTERFACE | null, nextHop: ULONG): Route | null {
  return networkInterface === null || !isUp(networkInterface) ? null : { networkInterface, nextHop };
}

function staticRoute(ip: NX_IP, destination: ULONG, from: NX_INTERFACE | null): Route | null {
  const table = ip.nx_ip_routing_table;
  const { length } = table;
  for (let index = 0; index < length; index++) {
    const entry = table[index];
    if (entry === undefined || ((entry.nx_ip_routing_dest_ip ^ destination) & entry.nx_ip_routing_net_mask) !== 0)
      continue;
    const { nx_ip_routing_entry_ip_interface: networkInterface, nx_ip_routing_next_hop_address: nextHop } = entry;
    const fits = from === null || from === networkInterface;
    if (fits && isUp(networkInterface) && isOnNetworkOf(networkInterface, nextHop))
      return via(networkInterface, nextHop);
  }
  return null;
}

/** The way by the gateway; without one, a host that has an address of its link alone tries the link (RFC 3927 section 2.6). */
function toGateway(ip: NX_IP, destination: ULONG, from: NX_INTERFACE | null): Route | null {
  const { nx_ip_gateway_address: gateway, nx_ip_gateway_interface: networkInterface } = ip;
  if (gateway !== 0 && networkInterface !== null && isUp(networkInterface)) {
    const fits = (from === null || from === networkInterface) && isOnNetworkOf(networkInterface, gateway);
    return fits ? via(networkInterface, gateway) : null;
  }
  if (isLoopback(destination)) return null;
  if (from === null) return via(firstUp(ip, true), destination);
  return isLinkLocal(from.nx_interface_ip_address) ? via(from, destination) : null;
}
