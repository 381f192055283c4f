import { TX_TIMER } from '../kernel/application-timer.ts';
import type { UINT, ULONG } from '../kernel/constants.ts';
import type { Callback } from '../kernel/op.ts';
import { TX_EVENT_FLAGS_GROUP } from '../kernel/event-flags.ts';
import { TX_MUTEX } from '../kernel/mutex.ts';
import { TX_THREAD } from '../kernel/thread.ts';
import type { ArpCache } from './arp-cache.ts';
import type { Ipv6 } from './ipv6/ipv6.ts';
import type { NX_INTERFACE } from './interface.ts';
import { PacketQueue } from './packet-queue.ts';
import type { NX_PACKET } from './packet.ts';
import type { NX_PACKET_POOL } from './packet-pool.ts';
import type { NX_UDP_SOCKET } from './udp-socket.ts';

export const IP_ID = 0x49502020;

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
  readonly deferred = new PacketQueue();
  readonly deferredArp = new PacketQueue();
  readonly udpPorts = new Map<number, NX_UDP_SOCKET>();
  readonly udpSockets = new Set<NX_UDP_SOCKET>();
  nextIdentification = 1;

  /* IPv6 */
  /** What the instance has of IPv6, once a service has asked for it. */
  ipv6: Ipv6 | null = null;
  /** Whether packets longer than their way takes are sent and received in fragments (`nx_ip_fragment_enable`). */
  ipv6Fragments = false;

  get nx_ip_default_packet_pool(): NX_PACKET_POOL | null {
    return this.defaultPool;
  }

  // What drivers leave for the IP thread.
  /** Packets that the driver's own handler has still to look at (`NX_DRIVER_DEFERRED_PROCESSING`). */
  readonly driverDeferred = new PacketQueue();
  nx_ip_driver_deferred_packet_handler: Callback<[ip_ptr: NX_IP, packet_ptr: NX_PACKET], void> | null = null;
  /** Told by the IP thread when the link of an interface went up (1) or down (0). */
  nx_ip_link_status_change_callback: Callback<[ip_ptr: NX_IP, interface_index: UINT, link_up: UINT], void> | null =
    null;
}
