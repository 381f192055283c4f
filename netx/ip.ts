import { TX_TIMER } from '../kernel/application-timer.ts';
import type { UINT, ULONG } from '../kernel/constants.ts';
import { TX_EVENT_FLAGS_GROUP } from '../kernel/event-flags.ts';
import { TX_MUTEX } from '../kernel/mutex.ts';
import type { Callback } from '../kernel/op.ts';
import { TX_THREAD } from '../kernel/thread.ts';
import { WaitList, type WaitSubject } from '../kernel/wait-list.ts';
import type { ArpCache } from './arp-cache.ts';
import { NX_NO_PACKET, NX_NO_RESPONSE } from './constants.ts';
import type { Ipv6 } from './ipv6/ipv6.ts';
import type { NXD_IPV6_ADDRESS } from './ipv6/nxd-ipv6-address.ts';
import type { NX_INTERFACE } from './interface.ts';
import { ipConfig, type IpConfig } from './ip-config.ts';
import type { IpModule } from './ip-module.ts';
import type { Ipv4Reassembly } from './ipv4-reassembly.ts';
import type { MulticastGroup } from './multicast-group.ts';
import type { NX_PACKET } from './packet.ts';
import { PacketQueue } from './packet-queue.ts';
import type { NX_PACKET_POOL } from './packet-pool.ts';
import { RestingTimer } from './resting-timer.ts';
import type { RoutingEntry } from './routing-table.ts';
import type { NX_UDP_SOCKET } from './udp-socket.ts';

export const IP_ID = 0x49502020;

/** Told when an interface's address or mask has changed (`nx_ip_address_change_notify`). */
export type AddressChangeNotify = Callback<[ip_ptr: NX_IP, additional_info: unknown], void>;

/** Told when an interface's link went up or down (`nx_ip_link_status_change_notify_set`). */
export type LinkStatusChangeNotify = Callback<[ip_ptr: NX_IP, interface_index: UINT, link_up: UINT], void>;

/** Asked about a raw packet: `NX_SUCCESS` takes it, and the filter owns it (`nx_ip_raw_packet_filter_set`). */
export type RawPacketFilter = Callback<[ip_ptr: NX_IP, protocol: ULONG, packet_ptr: NX_PACKET], UINT>;

/** Given what a driver put off (`NX_IP_DRIVER_PACKET_EVENT`); it owns the packet. */
export type DriverPacketHandler = Callback<[ip_ptr: NX_IP, packet_ptr: NX_PACKET], void>;

/** The configuration of a device that sets no macros, until the instance is created. */
const DEFAULT_CONFIG = ipConfig({ macros: {} });

/** What a thread in `nx_icmp_ping` waits for. */
class PingWait implements WaitSubject {
  timeouts = 0;

  describe(): string {
    return 'an ICMP echo reply';
  }

  timedOut(): void {
    this.timeouts++;
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
  readonly seconds = new RestingTimer(this.nx_ip_periodic_timer);
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

  /** The table of IPv6 addresses; that of the loopback address comes last. Empty until an IPv6 service was called. */
  get nx_ipv6_address(): readonly NXD_IPV6_ADDRESS[] {
    return this.ipv6?.addresses ?? [];
  }

  get nx_ip_default_packet_pool(): NX_PACKET_POOL | null {
    return this.defaultPool;
  }

  /** The pool of small packets: the default pool until another is set. */
  get nx_ip_auxiliary_packet_pool(): NX_PACKET_POOL | null {
    return this.auxiliaryPool ?? this.defaultPool;
  }

  // The instance itself: interfaces, routes, fragments, raw packets. The interface to the host itself comes last.
  config: IpConfig = DEFAULT_CONFIG;
  nx_ip_gateway_interface: NX_INTERFACE | null = null;
  /** Static routes, those of longer prefixes first. */
  readonly nx_ip_routing_table: RoutingEntry[] = [];
  readonly nx_ip_fast_periodic_timer = new TX_TIMER();
  readonly fastRuns = new RestingTimer(this.nx_ip_fast_periodic_timer);
  nx_ip_total_packet_send_requests: ULONG = 0;
  nx_ip_total_bytes_sent: ULONG = 0;
  nx_ip_total_bytes_received: ULONG = 0;
  nx_ip_total_packets_delivered: ULONG = 0;
  nx_ip_packets_forwarded: ULONG = 0;
  nx_ip_packets_reassembled: ULONG = 0;
  nx_ip_reassembly_failures: ULONG = 0;
  nx_ip_invalid_receive_address: ULONG = 0;
  nx_ip_unknown_protocols_received: ULONG = 0;
  nx_ip_transmit_resource_errors: ULONG = 0;
  nx_ip_transmit_no_route_errors: ULONG = 0;
  nx_ip_total_fragment_requests: ULONG = 0;
  nx_ip_successful_fragment_requests: ULONG = 0;
  nx_ip_fragment_failures: ULONG = 0;
  nx_ip_total_fragments_sent: ULONG = 0;
  nx_ip_total_fragments_received: ULONG = 0;
  addressChangeNotify: AddressChangeNotify | null = null;
  addressChangeInfo: unknown = null;
  linkStatusNotify: LinkStatusChangeNotify | null = null;
  /** Whether packets for others are sent on. */
  forwarding = false;
  /** Puts received fragments together; null while fragments are neither sent nor received. */
  reassembly: Ipv4Reassembly | null = null;
  rawEnabled = false;
  rawFilter: RawPacketFilter | null = null;
  nx_ip_raw_received_packet_max: ULONG = 0;
  readonly rawPackets = new PacketQueue();
  readonly rawReceivers = new WaitList({ describe: () => 'a raw IP packet' }, NX_NO_PACKET);
  /** Packets that a driver has put off, and who deals with them. */
  readonly driverPackets = new PacketQueue();
  driverPacketHandler: DriverPacketHandler | null = null;
  /** The parts of the stack that are enabled, beside ARP and UDP; each is called at its places in `ip-events.ts`. */
  icmp: IpModule | null = null;
  igmp: IpModule | null = null;
  rarp: IpModule | null = null;

  get icmpEnabled(): boolean {
    return this.icmp !== null;
  }

  get igmpEnabled(): boolean {
    return this.igmp !== null;
  }

  get nx_ip_raw_received_packet_count(): number {
    return this.rawPackets.length;
  }

  get nx_ip_routing_table_entry_count(): number {
    return this.nx_ip_routing_table.length;
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
  readonly deferredRarp = new PacketQueue();

  /* ICMP. */

  nx_ip_pings_sent: ULONG = 0;
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
  readonly pingWait = new PingWait();
  readonly pingers = new WaitList(this.pingWait, NX_NO_RESPONSE);

  get nx_ip_ping_timeouts(): ULONG {
    return this.pingWait.timeouts;
  }

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
  readonly deferredIgmp = new PacketQueue();
  readonly multicastGroups: MulticastGroup[] = [];

  // UDP's.
  nx_ip_udp_bytes_sent: ULONG = 0;
  nx_ip_udp_bytes_received: ULONG = 0;
  /** Datagrams are counted: the device has no `NX_DISABLE_UDP_INFO`. */
  countsUdp = true;
}

/** Gets a packet of somebody who uses this host's address, and has to release it. */
export type ArpGratuitousHandler = Callback<[ip_ptr: NX_IP, packet_ptr: NX_PACKET], void>;
