/**
 * The NetX Duo API: what C firmware includes as `nx_api.h`, under the same names and with the same parameters. Every
 * service is called with `yield*`.
 *
 * @packageDocumentation
 */
export * from './constants.ts';
export * from './constants-driver.ts';
export * from './constants-ip.ts';
export * from './constants-arp-icmp-igmp.ts';
export * from './constants-ipv6.ts';
export * from './api/arp.ts';
export * from './api/arp-info.ts';
export * from './api/driver.ts';
export * from './api/icmp.ts';
export * from './api/igmp.ts';
export * from './api/icmpv6.ts';
export * from './api/ipv6-address.ts';
export * from './api/ipv6-multicast.ts';
export * from './api/ipv6-neighbors.ts';
export * from './api/ipv6-router.ts';
export { nxd_ipv6_disable, nxd_ipv6_enable } from './api/ipv6.ts';
export * from './api/ip-address.ts';
export * from './api/ip-create.ts';
export * from './api/ip-driver.ts';
export * from './api/ip-forwarding.ts';
export * from './api/ip-info.ts';
export * from './api/ip-interface.ts';
export * from './api/ip-interface-hardware.ts';
export * from './api/ip-payload-size.ts';
export * from './api/ip-raw.ts';
export * from './api/ip-raw-send.ts';
export * from './api/ip-route.ts';
export * from './api/ip-status.ts';
export * from './api/rarp.ts';
export { nx_ip_auxiliary_packet_pool_set } from './api/ip-auxiliary-pool.ts';
export {
  nx_packet_allocate,
  nx_packet_length_get,
  nx_packet_release,
  nx_packet_transmit_release,
  nx_system_initialize,
} from './api/packet.ts';
export * from './api/packet-data.ts';
export { nx_packet_debug_info_get } from './api/packet-debug.ts';
export * from './api/packet-pool.ts';
export {
  nx_udp_enable,
  nx_udp_socket_bind,
  nx_udp_socket_create,
  nx_udp_socket_delete,
  nx_udp_socket_receive_notify,
  nx_udp_socket_unbind,
} from './api/udp.ts';
export * from './api/udp-checksum.ts';
export * from './api/udp-info.ts';
export * from './api/udp-transfer.ts';
export { NX_IP_DRIVER, type NetworkDriver } from './driver.ts';
export { NX_INTERFACE, type IpConflictNotify } from './interface.ts';
export {
  NX_IP,
  type AddressChangeNotify,
  type ArpGratuitousHandler,
  type DriverPacketHandler,
  type LinkStatusChangeNotify,
  type RawPacketFilter,
} from './ip.ts';
export type { Ipv6AddressChangeNotify } from './ipv6/ipv6.ts';
export { NXD_IPV6_ADDRESS } from './ipv6/nxd-ipv6-address.ts';
export { NXD_ADDRESS } from './nxd-address.ts';
export { NX_PACKET, packetBytes } from './packet.ts';
export {
  NX_PACKET_ALLOCATED,
  NX_PACKET_ARP_WAITING_QUEUE,
  NX_PACKET_ENQUEUED,
  NX_PACKET_FREE,
  NX_PACKET_IP_FRAGMENT_QUEUE,
  NX_PACKET_ND_WAITING_QUEUE,
  NX_PACKET_UDP_RECEIVE_QUEUE,
} from './packet-marks.ts';
export { NX_DRIVER_TX_DONE } from './packet-tx-done.ts';
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
