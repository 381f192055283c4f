import {
  TX_DONT_START,
  TX_NO_ACTIVATE,
  TX_NO_INHERIT,
  type CHAR,
  type UINT,
  type ULONG,
} from '../../kernel/constants.ts';
import { tx_event_flags_create, tx_event_flags_delete } from '../../kernel/api/event-flags.ts';
import { tx_mutex_create, tx_mutex_delete } from '../../kernel/api/mutex.ts';
import { tx_thread_create, tx_thread_delete, tx_thread_terminate } from '../../kernel/api/thread.ts';
import { tx_timer_create, tx_timer_deactivate, tx_timer_delete } from '../../kernel/api/timer.ts';
import { enter } from '../../kernel/caller-context.ts';
import { numericMacro } from '../../kernel/config.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { compound, type Op, type Suspension } from '../../kernel/op.ts';
import { NX_CALLER_ERROR, NX_DONT_FRAGMENT, NX_IP_NORMAL, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import {
  dhcpSettings,
  NX_DHCP_INTERFACE_RECORD,
  type DhcpInterfaceStateChangeNotify,
  type DhcpStateChangeNotify,
  type NX_DHCP,
} from '../dhcp/client.ts';
import {
  NX_DHCP_ALREADY_STARTED,
  NX_DHCP_CLIENT_RECEIVE_EVENT,
  NX_DHCP_CLIENT_TIMER_EVENT,
  NX_DHCP_ID,
  NX_DHCP_INVALID_IP_REQUEST,
  NX_DHCP_INVALID_NAME,
  NX_DHCP_NO_INTERFACES_STARTED,
  NX_DHCP_PACKET_PAYLOAD,
  NX_DHCP_PACKET_POOL_SIZE,
  NX_DHCP_QUEUE_DEPTH,
  NX_DHCP_STATE_BOUND,
  NX_DHCP_STATE_NOT_STARTED,
  NX_DHCP_THREAD_STACK_SIZE,
} from '../dhcp/constants.ts';
import {
  declineRecord,
  enableRecord,
  forceRenewRecord,
  releaseRecord,
  rest,
  startRecord,
  stopRecord,
} from '../dhcp/control.ts';
import { isHostName } from '../dhcp/host-name.ts';
import { forgetLease } from '../dhcp/lease.ts';
import { dhcpThread, tellThread } from '../dhcp/thread.ts';
import type { NX_IP } from '../ip.ts';
import { isIp, mayCreate } from './checks.ts';
import { clientService, withEach, withFirst } from './dhcp-checks.ts';
import { nx_packet_pool_create, nx_packet_pool_delete } from './packet-pool.ts';
import {
  nx_udp_socket_create,
  nx_udp_socket_delete,
  nx_udp_socket_receive_notify,
  nx_udp_socket_unbind,
} from './udp.ts';

const PRIORITY = 3;
const TIME_TO_LIVE = 0x80;

/**
 * Creates a DHCP client with its thread, its timer and its packets; its first interface is enabled (C: `nx_dhcp_create`).
 * UDP has to be on.
 *
 * @param name_ptr - the host name, which servers are told
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR` for NULL, an instance that was not created, or a client that was;
 *   `NX_CALLER_ERROR` from timers and ISRs; `NX_DHCP_INVALID_NAME` for a bad host name, with
 *   `NX_DHCP_CLIENT_ENABLE_HOST_NAME_CHECK`
 */
export function nx_dhcp_create(dhcp_ptr: NX_DHCP | null, ip_ptr: NX_IP | null, name_ptr: CHAR): Op<UINT> {
  const kernel = enter('nx_dhcp_create');
  if (dhcp_ptr === null || !isIp(ip_ptr) || dhcp_ptr.nx_dhcp_id === NX_DHCP_ID) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return compound(kernel.op, create(kernel, dhcp_ptr, ip_ptr, name_ptr));
}

function* create(kernel: Kernel, dhcp: NX_DHCP, ip: NX_IP, name: CHAR): Generator<Suspension, UINT, unknown> {
  const settings = dhcpSettings(kernel);
  if (settings.checksHostName && !isHostName(name)) return NX_DHCP_INVALID_NAME;
  const { nx_dhcp_socket: socket, nx_dhcp_thread: thread, nx_dhcp_timer: timer } = dhcp;
  const own = 'NetX DHCP Client';
  dhcp.nx_dhcp_ip_ptr = ip;
  dhcp.nx_dhcp_name = name;
  dhcp.settings = settings;
  dhcp.userParameters = [];
  if (!settings.takesPool) {
    const area = new Uint8Array(NX_DHCP_PACKET_POOL_SIZE);
    yield* nx_packet_pool_create(dhcp.nx_dhcp_pool, own, NX_DHCP_PACKET_PAYLOAD, area, area.length);
    dhcp.nx_dhcp_packet_pool_ptr = dhcp.nx_dhcp_pool;
  }
  yield* nx_udp_socket_create(ip, socket, own, NX_IP_NORMAL, NX_DONT_FRAGMENT, TIME_TO_LIVE, NX_DHCP_QUEUE_DEPTH);
  yield* nx_udp_socket_receive_notify(socket, function* () {
    yield* tellThread(dhcp, NX_DHCP_CLIENT_RECEIVE_EVENT);
  });
  const tick = function* (): Generator<Suspension, void, unknown> {
    yield* tellThread(dhcp, NX_DHCP_CLIENT_TIMER_EVENT);
  };
  const { interval } = settings;
  yield* tx_timer_create(timer, 'DHCP Client Timer', tick, 0, interval, interval, TX_NO_ACTIVATE);
  yield* tx_mutex_create(dhcp.nx_dhcp_mutex, own, TX_NO_INHERIT);
  yield* tx_event_flags_create(dhcp.nx_dhcp_events, 'DHCP Client Events');
  const entry = () => dhcpThread(kernel, dhcp, settings);
  const size = NX_DHCP_THREAD_STACK_SIZE;
  const stack = new Uint8Array(size);
  const priority = numericMacro(kernel.macros, 'NX_DHCP_THREAD_PRIORITY', PRIORITY);
  const status = yield* tx_thread_create(thread, own, entry, 0, stack, size, priority, priority, 1, TX_DONT_START);
  if (status !== NX_SUCCESS) return status;
  thread.system = true;
  const interfaces = numericMacro(kernel.macros, 'NX_MAX_PHYSICAL_INTERFACES', 1);
  const records = numericMacro(kernel.macros, 'NX_DHCP_CLIENT_MAX_RECORDS', interfaces);
  dhcp.nx_dhcp_interface_record = Array.from({ length: records }, () => new NX_DHCP_INTERFACE_RECORD());
  dhcp.nx_dhcp_id = NX_DHCP_ID;
  enableRecord(kernel, dhcp, 0);
  return NX_SUCCESS;
}

/**
 * Deletes a client and all that it made; the interface keeps its address (C: `nx_dhcp_delete`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread
 */
export function nx_dhcp_delete(dhcp_ptr: NX_DHCP | null): Op<UINT> {
  const kernel = enter('nx_dhcp_delete');
  if (dhcp_ptr?.nx_dhcp_id !== NX_DHCP_ID) return kernel.finish(NX_PTR_ERROR);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  return compound(kernel.op, remove(dhcp_ptr));
}

function* remove(dhcp: NX_DHCP): Generator<Suspension, UINT, unknown> {
  dhcp.nx_dhcp_id = 0;
  yield* tx_thread_terminate(dhcp.nx_dhcp_thread);
  yield* tx_thread_delete(dhcp.nx_dhcp_thread);
  yield* tx_timer_deactivate(dhcp.nx_dhcp_timer);
  yield* tx_timer_delete(dhcp.nx_dhcp_timer);
  yield* nx_udp_socket_unbind(dhcp.nx_dhcp_socket);
  yield* nx_udp_socket_delete(dhcp.nx_dhcp_socket);
  if (dhcp.nx_dhcp_packet_pool_ptr === dhcp.nx_dhcp_pool) yield* nx_packet_pool_delete(dhcp.nx_dhcp_pool);
  yield* tx_event_flags_delete(dhcp.nx_dhcp_events);
  yield* tx_mutex_delete(dhcp.nx_dhcp_mutex);
  dhcp.nx_dhcp_packet_pool_ptr = null;
  dhcp.nx_dhcp_state_change_callback = null;
  dhcp.nx_dhcp_interface_state_change_callback = null;
  dhcp.nx_dhcp_user_option_add = null;
  return NX_SUCCESS;
}

/**
 * Starts the client on every interface that is enabled (C: `nx_dhcp_start`). The address comes later: wait for it with
 * `nx_ip_status_check(…, NX_IP_ADDRESS_RESOLVED, …)`.
 *
 * @returns `NX_SUCCESS`, also where it runs already; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread;
 *   `NX_DHCP_NO_INTERFACES_STARTED`
 */
export function nx_dhcp_start(dhcp_ptr: NX_DHCP | null): Op<UINT> {
  return clientService('nx_dhcp_start', dhcp_ptr, 'threads', function* (client) {
    let started = 0;
    yield* withEach(client, NX_DHCP_STATE_NOT_STARTED, function* (record, { kernel, dhcp, settings }) {
      const status = yield* startRecord(kernel, dhcp, record, settings);
      if (status === NX_SUCCESS || status === NX_DHCP_ALREADY_STARTED) started++;
      return status;
    });
    return started === 0 ? NX_DHCP_NO_INTERFACES_STARTED : NX_SUCCESS;
  });
}

/**
 * Stops the client; interfaces keep their addresses, and leases run out unheeded (C: `nx_dhcp_stop`). Before it is started
 * again it should be reinitialized.
 *
 * @returns `NX_SUCCESS`, also where it does not run; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread
 */
export function nx_dhcp_stop(dhcp_ptr: NX_DHCP | null): Op<UINT> {
  return clientService('nx_dhcp_stop', dhcp_ptr, 'threads', function* (client) {
    yield* withEach(client, NX_DHCP_STATE_NOT_STARTED, (record, { kernel, dhcp }) => stopRecord(kernel, dhcp, record));
    if (client.dhcp.nx_dhcp_socket.isBound) yield* rest(client.dhcp);
    return NX_SUCCESS;
  });
}

/**
 * Forgets everything that servers gave, and takes it from the interfaces (C: `nx_dhcp_reinitialize`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`
 */
export function nx_dhcp_reinitialize(dhcp_ptr: NX_DHCP | null): Op<UINT> {
  return clientService('nx_dhcp_reinitialize', dhcp_ptr, 'all', (client) =>
    withEach(client, NX_DHCP_STATE_NOT_STARTED, function* (record) {
      forgetLease(client.dhcp, record);
      return NX_SUCCESS;
    }),
  );
}

/**
 * Gives addresses back to the servers that gave them, and stops (C: `nx_dhcp_release`).
 *
 * @returns `NX_SUCCESS`, also where there is none to give back; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a
 *   thread
 */
export function nx_dhcp_release(dhcp_ptr: NX_DHCP | null): Op<UINT> {
  return clientService('nx_dhcp_release', dhcp_ptr, 'threads', (client) =>
    withEach(client, NX_DHCP_STATE_BOUND, (record, { kernel, dhcp }) => releaseRecord(kernel, dhcp, record)),
  );
}

/**
 * Refuses the address that a server gave, because another host has it, and begins anew (C: `nx_dhcp_decline`).
 *
 * @returns `NX_SUCCESS`, also where there is none to refuse; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread
 */
export function nx_dhcp_decline(dhcp_ptr: NX_DHCP | null): Op<UINT> {
  return clientService('nx_dhcp_decline', dhcp_ptr, 'threads', (client) =>
    withEach(client, NX_DHCP_STATE_BOUND, (record, { kernel, dhcp, settings }) =>
      declineRecord(kernel, dhcp, record, settings),
    ),
  );
}

/**
 * Asks for an extension of the lease now, instead of at T1 (C: `nx_dhcp_force_renew`).
 *
 * @returns `NX_SUCCESS`, also where there is none to extend; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread
 */
export function nx_dhcp_force_renew(dhcp_ptr: NX_DHCP | null): Op<UINT> {
  return clientService('nx_dhcp_force_renew', dhcp_ptr, 'threads', (client) =>
    withEach(client, NX_DHCP_STATE_BOUND, (record, { kernel, dhcp, settings }) =>
      forceRenewRecord(kernel, dhcp, record, settings),
    ),
  );
}

/**
 * Sets the routine that is told of every new state; NULL for none (C: `nx_dhcp_state_change_notify`). It runs in the
 * client's thread, or in that of the service that changed the state.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_dhcp_state_change_notify(
  dhcp_ptr: NX_DHCP | null,
  dhcp_state_change_notify: DhcpStateChangeNotify | null,
): Op<UINT> {
  const kernel = enter('nx_dhcp_state_change_notify');
  if (dhcp_ptr?.nx_dhcp_id !== NX_DHCP_ID) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  dhcp_ptr.nx_dhcp_state_change_callback = dhcp_state_change_notify;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Sets the routine that is told of every new state and its interface; NULL for none (C:
 * `nx_dhcp_interface_state_change_notify`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_dhcp_interface_state_change_notify(
  dhcp_ptr: NX_DHCP | null,
  dhcp_interface_state_change_notify: DhcpInterfaceStateChangeNotify | null,
): Op<UINT> {
  const kernel = enter('nx_dhcp_interface_state_change_notify');
  if (dhcp_ptr?.nx_dhcp_id !== NX_DHCP_ID) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  dhcp_ptr.nx_dhcp_interface_state_change_callback = dhcp_interface_state_change_notify;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Sets the address to ask for (C: `nx_dhcp_request_client_ip`). Call it before the client is started.
 *
 * @param skip_discover_message - `NX_TRUE` to request it at once, without asking who is there
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_DHCP_INVALID_IP_REQUEST` for 0; `NX_DHCP_NO_INTERFACES_ENABLED`
 */
export function nx_dhcp_request_client_ip(
  dhcp_ptr: NX_DHCP | null,
  client_ip_address: ULONG,
  skip_discover_message: UINT,
): Op<UINT> {
  const work = (client: Parameters<typeof withFirst>[0]): Generator<Suspension, UINT, unknown> =>
    withFirst(client, NX_DHCP_STATE_NOT_STARTED, function* (record) {
      record.nx_dhcp_ip_address = client_ip_address;
      record.nx_dhcp_skip_discovery = skip_discover_message;
      return NX_SUCCESS;
    });
  const refused = (): UINT => (client_ip_address === 0 ? NX_DHCP_INVALID_IP_REQUEST : NX_SUCCESS);
  return clientService('nx_dhcp_request_client_ip', dhcp_ptr, 'all', work, refused);
}
