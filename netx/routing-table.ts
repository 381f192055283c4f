import type { ULONG } from '../kernel/constants.ts';
import { NX_IP_ADDRESS_ERROR, NX_NOT_SUCCESSFUL, NX_OVERFLOW, NX_SUCCESS } from './constants.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import { interfaceTo } from './ipv4-route.ts';

/** One static route. */
export interface RoutingEntry {
  readonly nx_ip_routing_dest_ip: ULONG;
  readonly nx_ip_routing_net_mask: ULONG;
  readonly nx_ip_routing_next_hop_address: ULONG;
  readonly nx_ip_routing_entry_ip_interface: NX_INTERFACE;
}

const indexOf = ({ nx_ip_routing_table: table }: NX_IP, network: ULONG, mask: ULONG): number =>
  table.findIndex((entry) => entry.nx_ip_routing_dest_ip === network && entry.nx_ip_routing_net_mask === mask);

/**
 * Adds a route, before those of shorter prefixes, or gives the one to the same network another next hop.
 *
 * @returns `NX_SUCCESS`; `NX_IP_ADDRESS_ERROR` where the next hop is on no network of this host; `NX_OVERFLOW` where the table
 *   is full
 */
export function addStaticRoute(ip: NX_IP, address: ULONG, mask: ULONG, nextHop: ULONG): number {
  const networkInterface = interfaceTo(ip, nextHop);
  if (networkInterface === null) return NX_IP_ADDRESS_ERROR;
  const table = ip.nx_ip_routing_table;
  const network = (address & mask) >>> 0;
  const entry: RoutingEntry = {
    nx_ip_routing_dest_ip: network,
    nx_ip_routing_net_mask: mask,
    nx_ip_routing_next_hop_address: nextHop,
    nx_ip_routing_entry_ip_interface: networkInterface,
  };
  const known = indexOf(ip, network, mask);
  if (known >= 0) {
    table[known] = entry;
    return NX_SUCCESS;
  }
  if (table.length >= ip.config.routingTableSize) return NX_OVERFLOW;
  const shorter = table.findIndex((other) => other.nx_ip_routing_net_mask <= mask);
  table.splice(shorter < 0 ? table.length : shorter, 0, entry);
  return NX_SUCCESS;
}

/** Takes a route away; `NX_NOT_SUCCESSFUL` where others are there but not this one. */
export function deleteStaticRoute(ip: NX_IP, address: ULONG, mask: ULONG): number {
  const known = indexOf(ip, (address & mask) >>> 0, mask);
  if (known < 0) return ip.nx_ip_routing_table.length === 0 ? NX_SUCCESS : NX_NOT_SUCCESSFUL;
  ip.nx_ip_routing_table.splice(known, 1);
  return NX_SUCCESS;
}

/** Forgets the gateway and the static routes that go out by an interface. */
export function forgetRoutesBy(ip: NX_IP, networkInterface: NX_INTERFACE): void {
  const table = ip.nx_ip_routing_table;
  const others = table.filter((entry) => entry.nx_ip_routing_entry_ip_interface !== networkInterface);
  table.splice(0, Infinity, ...others);
  if (ip.nx_ip_gateway_interface !== networkInterface) return;
  ip.nx_ip_gateway_interface = null;
  ip.nx_ip_gateway_address = 0;
}
