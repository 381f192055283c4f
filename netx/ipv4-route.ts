import type { ULONG } from '../kernel/constants.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';

/** Whether an address is this host's own on some interface. */
export function isOwnAddress(ip: NX_IP, address: ULONG): boolean {
  return ip.nx_ip_interface.some((one) => one.nx_interface_ip_address === address && address !== 0);
}

/** Whether an address means everybody on an interface's network. */
export function isBroadcast(networkInterface: NX_INTERFACE, address: ULONG): boolean {
  const { nx_interface_ip_address: own, nx_interface_ip_network_mask: mask } = networkInterface;
  return address === 0xffffffff || (address === ((own & mask) | ~mask) >>> 0 && mask !== 0xffffffff);
}

const isMulticast = (address: ULONG): boolean => address >>> 28 === 14;

/** Where a datagram goes next: out of which interface, and to which neighbour. */
export interface Route {
  readonly networkInterface: NX_INTERFACE;
  readonly nextHop: ULONG;
}

/**
 * The way to an address, or null where there is none: neither on an interface's network, nor a gateway on one.
 *
 * @param only - the one interface that may be used, or null for any
 */
export function route(ip: NX_IP, destination: ULONG, only: NX_INTERFACE | null = null): Route | null {
  const onNetworkOf = (address: ULONG): NX_INTERFACE | undefined =>
    ip.nx_ip_interface.find((one) => {
      const { nx_interface_ip_address: own, nx_interface_ip_network_mask: mask } = one;
      return own !== 0 && ((own ^ address) & mask) === 0 && (only === null || one === only);
    });
  const direct = onNetworkOf(destination);
  if (direct !== undefined) return { networkInterface: direct, nextHop: destination };
  const first = only ?? ip.nx_ip_interface[0];
  if ((destination === 0xffffffff || isMulticast(destination)) && first !== undefined) {
    return { networkInterface: first, nextHop: destination };
  }
  const gateway = ip.nx_ip_gateway_address === 0 ? undefined : onNetworkOf(ip.nx_ip_gateway_address);
  return gateway === undefined ? null : { networkInterface: gateway, nextHop: ip.nx_ip_gateway_address };
}
