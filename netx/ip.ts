import { TX_TIMER } from '../kernel/application-timer.ts';
import type { UINT, ULONG } from '../kernel/constants.ts';
import { TX_EVENT_FLAGS_GROUP } from '../kernel/event-flags.ts';
import { TX_MUTEX } from '../kernel/mutex.ts';
import { TX_THREAD } from '../kernel/thread.ts';
import type { ArpCache } from './arp-cache.ts';
import type { NetworkDriver } from './driver.ts';
import type { NX_PACKET } from './packet.ts';
import type { NX_PACKET_POOL } from './packet-pool.ts';
import type { NX_UDP_SOCKET } from './udp-socket.ts';

export const IP_ID = 0x49502020;

/** One network interface of an IP instance; its driver fills in the hardware's part. */
export class NX_INTERFACE {
  nx_interface_valid: UINT = 0;
  nx_interface_name = '';
  nx_interface_index = 0;
  nx_interface_link_up: UINT = 0;
  nx_interface_ip_address: ULONG = 0;
  nx_interface_ip_network_mask: ULONG = 0;
  nx_interface_physical_address_msw: ULONG = 0;
  nx_interface_physical_address_lsw: ULONG = 0;
  nx_interface_ip_mtu_size: ULONG = 0;
  /** Whether IP addresses have to be mapped to hardware addresses (ARP). */
  nx_interface_address_mapping_needed: UINT = 0;
  nx_interface_link_driver_entry: NetworkDriver | null = null;
}

/** An IP instance control block. */
export class NX_IP {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 1404;

  nx_ip_id: ULONG = 0;
  nx_ip_name = '';
  readonly nx_ip_interface: NX_INTERFACE[] = [];
  nx_ip_gateway_address: ULONG = 0;
  nx_ip_initialize_done: UINT = 0;
  readonly nx_ip_protection = new TX_MUTEX();
  readonly nx_ip_events = new TX_EVENT_FLAGS_GROUP();
  readonly nx_ip_thread = new TX_THREAD();
  readonly nx_ip_periodic_timer = new TX_TIMER();
  /** The pool of the stack's own packets and of received ones. */
  defaultPool: NX_PACKET_POOL | null = null;
  /** The pool of small packets (`nx_ip_auxiliary_packet_pool_set`); null where none was set. */
  auxiliaryPool: NX_PACKET_POOL | null = null;

  nx_ip_total_packets_sent: ULONG = 0;
  nx_ip_total_packets_received: ULONG = 0;
  nx_ip_invalid_packets: ULONG = 0;
  nx_ip_receive_packets_dropped: ULONG = 0;
  nx_ip_receive_checksum_errors: ULONG = 0;
  nx_ip_send_packets_dropped: ULONG = 0;
  nx_ip_udp_packets_sent: ULONG = 0;
  nx_ip_udp_packets_received: ULONG = 0;
  nx_ip_udp_invalid_packets: ULONG = 0;
  nx_ip_udp_no_port_for_delivery: ULONG = 0;
  nx_ip_udp_receive_packets_dropped: ULONG = 0;
  nx_ip_udp_checksum_errors: ULONG = 0;

  udpEnabled = false;
  icmpEnabled = false;
  arp: ArpCache | null = null;
  /** Packets that drivers have handed over and the IP thread has not looked at. */
  readonly deferred: NX_PACKET[] = [];
  readonly deferredArp: NX_PACKET[] = [];
  readonly udpPorts = new Map<number, NX_UDP_SOCKET>();
  readonly udpSockets = new Set<NX_UDP_SOCKET>();
  nextIdentification = 1;

  get nx_ip_default_packet_pool(): NX_PACKET_POOL | null {
    return this.defaultPool;
  }

  /** The pool of small packets: the default pool until another is set. */
  get nx_ip_auxiliary_packet_pool(): NX_PACKET_POOL | null {
    return this.auxiliaryPool ?? this.defaultPool;
  }
}

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

/** The way to an address, or null where there is none: neither on an interface's network, nor a gateway on one. */
export function route(ip: NX_IP, destination: ULONG): Route | null {
  const onNetworkOf = (address: ULONG): NX_INTERFACE | undefined =>
    ip.nx_ip_interface.find(({ nx_interface_ip_address: own, nx_interface_ip_network_mask: mask }) => {
      return own !== 0 && ((own ^ address) & mask) === 0;
    });
  const direct = onNetworkOf(destination);
  if (direct !== undefined) return { networkInterface: direct, nextHop: destination };
  const [first] = ip.nx_ip_interface;
  if ((destination === 0xffffffff || isMulticast(destination)) && first !== undefined) {
    return { networkInterface: first, nextHop: destination };
  }
  const gateway = ip.nx_ip_gateway_address === 0 ? undefined : onNetworkOf(ip.nx_ip_gateway_address);
  return gateway === undefined ? null : { networkInterface: gateway, nextHop: ip.nx_ip_gateway_address };
}
