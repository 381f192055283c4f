import { TX_TIMER } from '../kernel/application-timer.ts';
import type { UINT, ULONG } from '../kernel/constants.ts';
import { TX_EVENT_FLAGS_GROUP } from '../kernel/event-flags.ts';
import { TX_MUTEX } from '../kernel/mutex.ts';
import type { Callback } from '../kernel/op.ts';
import { TX_THREAD } from '../kernel/thread.ts';
import { WaitList, type WaitSubject } from '../kernel/wait-list.ts';
import type { ArpCache } from './arp-cache.ts';
import { NX_NO_RESPONSE } from './constants.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { MulticastGroup } from './multicast-group.ts';
import type { NX_PACKET } from './packet.ts';
import { PacketQueue } from './packet-queue.ts';
import type { NX_PACKET_POOL } from './packet-pool.ts';
import type { NX_UDP_SOCKET } from './udp-socket.ts';

export const IP_ID = 0x49502020;

/** What a thread in `nx_icmp_ping` waits for. */
class PingWait implements WaitSubject {
  readonly #ip: NX_IP;

  constructor(ip: NX_IP) {
    this.#ip = ip;
  }

  describe(): string {
    return 'an ICMP echo reply';
  }

  timedOut(): void {
    this.#ip.nx_ip_ping_timeouts++;
  }
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

  get nx_ip_default_packet_pool(): NX_PACKET_POOL | null {
    return this.defaultPool;
  }

  /* ARP and RARP. */

  nx_ip_arp_requests_sent: ULONG = 0;
  nx_ip_arp_requests_received: ULONG = 0;
  nx_ip_arp_responses_sent: ULONG = 0;
  nx_ip_arp_responses_received: ULONG = 0;
  /** Neighbours that were given up because they did not answer. */
  nx_ip_arp_aged_entries: ULONG = 0;
  nx_ip_arp_invalid_messages: ULONG = 0;
  /** Gets the packets of others that use this host's address; it releases them. */
  nx_ip_arp_gratuitous_response_handler: ArpGratuitousHandler | null = null;
  nx_ip_rarp_requests_sent: ULONG = 0;
  nx_ip_rarp_responses_received: ULONG = 0;
  nx_ip_rarp_invalid_messages: ULONG = 0;
  rarpEnabled = false;
  readonly deferredRarp = new PacketQueue();

  /* ICMP. */

  nx_ip_pings_sent: ULONG = 0;
  nx_ip_ping_timeouts: ULONG = 0;
  nx_ip_ping_responses_received: ULONG = 0;
  nx_ip_pings_received: ULONG = 0;
  nx_ip_pings_responded_to: ULONG = 0;
  nx_ip_icmp_total_messages_received: ULONG = 0;
  nx_ip_icmp_invalid_packets: ULONG = 0;
  nx_ip_icmp_checksum_errors: ULONG = 0;
  nx_ip_icmp_unhandled_messages: ULONG = 0;
  /** Number of the next echo request. */
  nx_ip_icmp_sequence: ULONG = 0;
  /** ICMP errors that were sent to others. */
  icmpErrorsSent = 0;
  readonly deferredIcmp = new PacketQueue();
  /** The threads that wait for an echo reply. */
  readonly pingers: WaitList = new WaitList(new PingWait(this), NX_NO_RESPONSE);

  get nx_ip_icmp_ping_suspended_count(): ULONG {
    return this.pingers.count;
  }

  /* IGMP and multicast groups. */

  nx_ip_igmp_invalid_packets: ULONG = 0;
  nx_ip_igmp_reports_sent: ULONG = 0;
  nx_ip_igmp_queries_received: ULONG = 0;
  nx_ip_igmp_checksum_errors: ULONG = 0;
  /** Groups that were joined and not left. */
  nx_ip_igmp_groups_joined: ULONG = 0;
  /** Version of IGMP that the router speaks: 1 or 2. */
  nx_ip_igmp_router_version: ULONG = 0;
  nx_ip_igmp_global_loopback_enable: UINT = 0;
  igmpEnabled = false;
  readonly deferredIgmp = new PacketQueue();
  readonly multicastGroups: MulticastGroup[] = [];
}

/** Gets a packet of somebody who uses this host's address, and has to release it. */
export type ArpGratuitousHandler = Callback<[ip_ptr: NX_IP, packet_ptr: NX_PACKET], void>;
