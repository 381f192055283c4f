/**
 * The NetX Duo API: what C firmware includes as `nx_api.h`, under the same names and with the same parameters. Every
 * service is called with `yield*`.
 *
 * @packageDocumentation
 */
export * from './constants.ts';
export * from './constants-driver.ts';
export * from './constants-ipv6.ts';
export * from './api/arp.ts';
export * from './api/driver.ts';
export * from './api/icmp.ts';
export * from './api/icmpv6.ts';
export * from './api/ipv6-address.ts';
export * from './api/ipv6-multicast.ts';
export * from './api/ipv6-neighbors.ts';
export * from './api/ipv6-router.ts';
export { nxd_ipv6_disable, nxd_ipv6_enable } from './api/ipv6.ts';
export * from './api/ip-address.ts';
export * from './api/ip-create.ts';
export * from './api/ip-route.ts';
export * from './api/ip-status.ts';
export * from './api/packet.ts';
export {
  nx_udp_enable,
  nx_udp_free_port_find,
  nx_udp_socket_bind,
  nx_udp_socket_bytes_available,
  nx_udp_socket_create,
  nx_udp_socket_delete,
  nx_udp_socket_port_get,
  nx_udp_socket_receive_notify,
  nx_udp_socket_unbind,
} from './api/udp.ts';
export * from './api/udp-transfer.ts';
export { NX_IP_DRIVER, type NetworkDriver } from './driver.ts';
export { NX_INTERFACE } from './interface.ts';
export { NX_IP } from './ip.ts';
export type { Ipv6AddressChangeNotify } from './ipv6/ipv6.ts';
export { NXD_IPV6_ADDRESS } from './ipv6/nxd-ipv6-address.ts';
export { NXD_ADDRESS } from './nxd-address.ts';
export { NX_PACKET, packetBytes } from './packet.ts';
export { NX_PACKET_POOL } from './packet-pool.ts';
export {
  _nx_ram_network_driver,
  _nx_ram_network_driver_1024,
  _nx_ram_network_driver_1500,
  _nx_ram_network_driver_2048,
  _nx_ram_network_driver_256,
  _nx_ram_network_driver_3000,
  _nx_ram_network_driver_512,
} from './ram-driver.ts';
export { NX_UDP_SOCKET, type UdpReceiveNotify } from './udp-socket.ts';
