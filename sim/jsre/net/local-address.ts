import type { NX_IP } from '../../../netx/ip.ts';
import { interfaceTo, isBroadcast, isLoopback, isOwnAddress, route } from '../../../netx/ipv4-route.ts';
import { sourceFor } from '../../../netx/ipv6/source-address.ts';
import { ownAddress } from '../../../netx/ipv6/own-addresses.ts';
import { NXD_ADDRESS } from '../../../netx/nxd-address.ts';
import { ipv4, isAny, isV6, sockaddrOf, type Sockaddr } from './net-address.ts';
import type { UdpEndpoint } from './udp-endpoint.ts';

/** Whether an address means everybody on a network of the device. */
export function isBroadcastAddress(ip: NX_IP, address: NXD_ADDRESS): boolean {
  if (isV6(address)) return false;
  const { v4 } = address.nxd_ip_address;
  return ip.nx_ip_interface.some((one) => one.nx_interface_valid !== 0 && isBroadcast(one, v4));
}

/** Whether an address is one of the device's own. */
export function isLocalAddress(ip: NX_IP, address: NXD_ADDRESS): boolean {
  const { v4, v6 } = address.nxd_ip_address;
  if (!isV6(address)) return isOwnAddress(ip, v4) || isLoopback(v4);
  return ip.ipv6 !== null && ownAddress(ip.ipv6, v6) !== null;
}

/** The address from which datagrams to a peer leave, or null where there is no way to it. */
export function addressTowards(ip: NX_IP, peer: NXD_ADDRESS): NXD_ADDRESS | null {
  const { v4, v6 } = peer.nxd_ip_address;
  if (!isV6(peer)) {
    const networkInterface = route(ip, v4)?.networkInterface ?? interfaceTo(ip, v4);
    return networkInterface === null ? null : ipv4(networkInterface.nx_interface_ip_address);
  }
  const own = ip.ipv6 === null ? null : sourceFor(ip.ipv6, v6);
  if (own === null) return null;
  const address = new NXD_ADDRESS();
  address.nxd_ip_version = peer.nxd_ip_version;
  address.nxd_ip_address.v6.set(own.nxd_ipv6_address);
  return address;
}

/**
 * What `nxd_udp_socket_source_send` is to be given to send out of an interface: for IPv4 the interface's index, for IPv6 the
 * place of the address that suits the peer; null where there is none.
 */
export function sourceIndex(ip: NX_IP, device: number, peer: NXD_ADDRESS): number | null {
  const networkInterface = ip.nx_ip_interface[device];
  if (networkInterface === undefined) return null;
  if (!isV6(peer)) return device;
  const own = ip.ipv6 === null ? null : sourceFor(ip.ipv6, peer.nxd_ip_address.v6, networkInterface);
  return own?.nxd_ipv6_address_index ?? null;
}

/** The local address of an endpoint; one with a peer that is bound to none has the one from which it sends. */
export function localName({ domain, local, peer, port, network }: UdpEndpoint): Sockaddr {
  const towards = peer !== null && isAny(local) ? addressTowards(network.ip, peer.ip) : null;
  return sockaddrOf(domain, { ip: towards ?? local, port: port?.number ?? 0 });
}
