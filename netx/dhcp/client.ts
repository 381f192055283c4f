import { TX_TIMER } from '../../kernel/application-timer.ts';
import { flagMacro, numericMacro } from '../../kernel/config.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import { TX_EVENT_FLAGS_GROUP } from '../../kernel/event-flags.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { TX_MUTEX } from '../../kernel/mutex.ts';
import type { Callback } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { TX_THREAD } from '../../kernel/thread.ts';
import { netxState } from '../device-state.ts';
import type { NX_IP } from '../ip.ts';
import { NX_PACKET_POOL } from '../packet-pool.ts';
import { NX_UDP_SOCKET } from '../udp-socket.ts';
import { NX_DHCP_INFINITE_LEASE, NX_DHCP_STATE_NOT_STARTED } from './constants.ts';

/** Told of every state that the client enters, in the thread that enters it: the client's own, or the caller's. */
export type DhcpStateChangeNotify = Callback<[dhcp_ptr: NX_DHCP, new_state: UINT], void>;
export type DhcpInterfaceStateChangeNotify = Callback<[dhcp_ptr: NX_DHCP, iface_index: UINT, new_state: UINT], void>;
/**
 * Adds options to a request: writes them, code, length and value, into the buffer and says how many bytes they are. Gives
 * `NX_TRUE`, or `NX_FALSE` to keep the request from being sent.
 */
export type DhcpUserOptionAdd = Callback<
  [
    dhcp_ptr: NX_DHCP,
    iface_index: UINT,
    message_type: UINT,
    user_option_ptr: Uint8Array,
    user_option_length: Out<UINT>,
  ],
  UINT
>;

/** What the client knows of one interface. Times are ticks. */
export class NX_DHCP_INTERFACE_RECORD {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 432;

  nx_dhcp_record_valid: UINT = 0;
  nx_dhcp_state: UINT = NX_DHCP_STATE_NOT_STARTED;
  nx_dhcp_xid: ULONG = 0;
  /** Seconds since the present exchange began. */
  nx_dhcp_seconds: ULONG = 0;
  nx_dhcp_ip_address: ULONG = 0;
  nx_dhcp_gateway_address: ULONG = 0;
  nx_dhcp_server_ip: ULONG = 0;
  nx_dhcp_network_mask: ULONG = 0;
  nx_dhcp_interface_index: UINT = 0;
  /** Until something is due; 0 for nothing. */
  nx_dhcp_timeout: ULONG = 0;
  nx_dhcp_rtr_interval: ULONG = 0;
  nx_dhcp_lease_time: ULONG = NX_DHCP_INFINITE_LEASE;
  nx_dhcp_renewal_time: ULONG = 0;
  nx_dhcp_rebind_time: ULONG = 0;
  nx_dhcp_renewal_remain_time: ULONG = 0;
  nx_dhcp_rebind_remain_time: ULONG = 0;
  nx_dhcp_clear_broadcast: UINT = 0;
  nx_dhcp_skip_discovery: UINT = 0;

  nx_dhcp_internal_errors: ULONG = 0;
  nx_dhcp_discoveries_sent: ULONG = 0;
  nx_dhcp_offers_received: ULONG = 0;
  nx_dhcp_requests_sent: ULONG = 0;
  nx_dhcp_acks_received: ULONG = 0;
  nx_dhcp_nacks_received: ULONG = 0;
  nx_dhcp_releases_sent: ULONG = 0;
  nx_dhcp_declines_sent: ULONG = 0;
  nx_dhcp_informs_sent: ULONG = 0;

  /** The options of the server's last answer, by code. */
  options: ReadonlyMap<number, Uint8Array> = new Map();
}

/** The macros of the client that a device may set. */
export interface DhcpSettings {
  /** Ticks a second. */
  readonly rate: number;
  readonly interval: number;
  readonly minimumRetransmission: number;
  readonly maximumRetransmission: number;
  readonly minimumRenewal: number;
  readonly restartWait: number;
  readonly sendsMaximumSize: boolean;
  readonly takesPool: boolean;
  readonly checksHostName: boolean;
  readonly maximumUserParameters: number;
}

/** A device's macros of the client over their defaults. */
export function dhcpSettings(kernel: Kernel): DhcpSettings {
  const { macros } = kernel;
  const rate = netxState(kernel).periodicRate;
  return {
    rate,
    interval: numericMacro(macros, 'NX_DHCP_TIME_INTERVAL', rate),
    minimumRetransmission: numericMacro(macros, 'NX_DHCP_MIN_RETRANS_TIMEOUT', 4 * rate),
    maximumRetransmission: numericMacro(macros, 'NX_DHCP_MAX_RETRANS_TIMEOUT', 64 * rate),
    minimumRenewal: numericMacro(macros, 'NX_DHCP_MIN_RENEW_TIMEOUT', 60 * rate),
    restartWait: numericMacro(macros, 'NX_DHCP_RESTART_WAIT', 10 * rate),
    sendsMaximumSize: flagMacro(macros, 'NX_DHCP_CLIENT_SEND_MAX_DHCP_MESSAGE_OPTION'),
    takesPool: flagMacro(macros, 'NX_DHCP_CLIENT_USER_CREATE_PACKET_POOL'),
    checksHostName: flagMacro(macros, 'NX_DHCP_CLIENT_ENABLE_HOST_NAME_CHECK'),
    maximumUserParameters: numericMacro(macros, 'NX_DHCP_CLIENT_MAX_USER_REQUEST_PARAMETER', 4),
  };
}

/** A DHCP client control block. */
export class NX_DHCP {
  /** Size on a 32-bit target with one interface, in bytes. */
  static readonly sizeof = 8020;

  nx_dhcp_id: ULONG = 0;
  nx_dhcp_name = '';
  nx_dhcp_ip_ptr: NX_IP | null = null;
  readonly nx_dhcp_pool = new NX_PACKET_POOL();
  nx_dhcp_packet_pool_ptr: NX_PACKET_POOL | null = null;
  readonly nx_dhcp_socket = new NX_UDP_SOCKET();
  readonly nx_dhcp_thread = new TX_THREAD();
  readonly nx_dhcp_mutex = new TX_MUTEX();
  readonly nx_dhcp_events = new TX_EVENT_FLAGS_GROUP();
  readonly nx_dhcp_timer = new TX_TIMER();
  nx_dhcp_interface_record: readonly NX_DHCP_INTERFACE_RECORD[] = [];
  nx_dhcp_state_change_callback: DhcpStateChangeNotify | null = null;
  nx_dhcp_interface_state_change_callback: DhcpInterfaceStateChangeNotify | null = null;
  nx_dhcp_user_option_add: DhcpUserOptionAdd | null = null;
  /** For the application's own use. */
  nx_dhcp_reserved_ptr: unknown = null;
  /** Options that are asked for besides mask, routers and DNS servers. */
  userParameters: number[] = [];
  settings: DhcpSettings | null = null;
}
