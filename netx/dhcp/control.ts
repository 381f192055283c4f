import { TX_WAIT_FOREVER, TX_SUCCESS, TX_SUSPEND_LIFTED, type UINT } from '../../kernel/constants.ts';
import { tx_mutex_get, tx_mutex_put } from '../../kernel/api/mutex.ts';
import { tx_thread_resume, tx_thread_suspend } from '../../kernel/api/thread.ts';
import { tx_timer_activate, tx_timer_deactivate } from '../../kernel/api/timer.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Suspension } from '../../kernel/op.ts';
import { nx_udp_socket_bind, nx_udp_socket_unbind } from '../api/udp.ts';
import { NX_SUCCESS, NX_WAIT_FOREVER } from '../constants.ts';
import type { DhcpSettings, NX_DHCP, NX_DHCP_INTERFACE_RECORD } from './client.ts';
import {
  NX_DHCP_ALREADY_STARTED,
  NX_DHCP_CLIENT_UDP_PORT,
  NX_DHCP_INTERFACE_ALREADY_ENABLED,
  NX_DHCP_NO_RECORDS_AVAILABLE,
  NX_DHCP_NOT_BOUND,
  NX_DHCP_NOT_STARTED,
  NX_DHCP_STATE_BOUND,
  NX_DHCP_STATE_INIT,
  NX_DHCP_STATE_NOT_STARTED,
  NX_DHCP_TYPE_DHCPDECLINE,
  NX_DHCP_TYPE_DHCPRELEASE,
} from './constants.ts';
import { forgetLease, newTransaction } from './lease.ts';
import { sendRequest } from './requests.ts';
import { notifyState, renew } from './state-machine.ts';

/** What a service does with one interface's record; it holds the client's mutex. */
export type RecordWork<T = UINT> = (record: NX_DHCP_INTERFACE_RECORD) => Generator<Suspension, T, unknown>;

/** Does something while holding the client's mutex; before threads run there is nobody to keep out. */
export function* locked<T>(
  kernel: Kernel,
  dhcp: NX_DHCP,
  work: () => Generator<Suspension, T, unknown>,
): Generator<Suspension, T, unknown> {
  if (kernel.context !== 'thread') return yield* work();
  yield* tx_mutex_get(dhcp.nx_dhcp_mutex, TX_WAIT_FOREVER);
  const result = yield* work();
  yield* tx_mutex_put(dhcp.nx_dhcp_mutex);
  return result;
}

/** Lets the client run on an interface. */
export function enableRecord(kernel: Kernel, dhcp: NX_DHCP, index: UINT): UINT {
  const records = dhcp.nx_dhcp_interface_record;
  const isEnabled = records.some((one) => one.nx_dhcp_record_valid !== 0 && one.nx_dhcp_interface_index === index);
  if (isEnabled) return NX_DHCP_INTERFACE_ALREADY_ENABLED;
  const free = records.find((one) => one.nx_dhcp_record_valid === 0);
  if (free === undefined) return NX_DHCP_NO_RECORDS_AVAILABLE;
  forgetLease(dhcp, free);
  free.nx_dhcp_record_valid = 1;
  free.nx_dhcp_interface_index = index;
  free.nx_dhcp_xid = newTransaction(kernel, dhcp, free);
  return NX_SUCCESS;
}

const isRunning = (dhcp: NX_DHCP): boolean =>
  dhcp.nx_dhcp_interface_record.some(
    (one) => one.nx_dhcp_record_valid !== 0 && one.nx_dhcp_state !== NX_DHCP_STATE_NOT_STARTED,
  );

/** Starts the client on an interface: its first message goes out within two seconds. */
export function* startRecord(
  kernel: Kernel,
  dhcp: NX_DHCP,
  record: NX_DHCP_INTERFACE_RECORD,
  { rate }: DhcpSettings,
): Generator<Suspension, UINT, unknown> {
  if (record.nx_dhcp_state !== NX_DHCP_STATE_NOT_STARTED) return NX_DHCP_ALREADY_STARTED;
  if (!isRunning(dhcp)) {
    const status = yield* wake(dhcp);
    if (status !== NX_SUCCESS) return status;
  }
  record.nx_dhcp_state = NX_DHCP_STATE_INIT;
  record.nx_dhcp_timeout = rate;
  record.nx_dhcp_rtr_interval = 0;
  yield* notifyState(kernel, dhcp, record);
  return NX_SUCCESS;
}

function* wake(dhcp: NX_DHCP): Generator<Suspension, UINT, unknown> {
  let status = yield* nx_udp_socket_bind(dhcp.nx_dhcp_socket, NX_DHCP_CLIENT_UDP_PORT, NX_WAIT_FOREVER);
  if (status !== NX_SUCCESS) return status;
  status = yield* tx_thread_resume(dhcp.nx_dhcp_thread);
  if (status === TX_SUCCESS || status === TX_SUSPEND_LIFTED) status = yield* tx_timer_activate(dhcp.nx_dhcp_timer);
  if (status !== TX_SUCCESS) yield* nx_udp_socket_unbind(dhcp.nx_dhcp_socket);
  return status;
}

/** Lets the thread rest, and gives the port up. */
export function* rest(dhcp: NX_DHCP): Generator<Suspension, void, unknown> {
  yield* tx_timer_deactivate(dhcp.nx_dhcp_timer);
  yield* nx_udp_socket_unbind(dhcp.nx_dhcp_socket);
  yield* tx_thread_suspend(dhcp.nx_dhcp_thread);
}

/** Stops the client on an interface, which keeps its address. */
export function* stopRecord(
  kernel: Kernel,
  dhcp: NX_DHCP,
  record: NX_DHCP_INTERFACE_RECORD,
): Generator<Suspension, UINT, unknown> {
  if (record.nx_dhcp_state === NX_DHCP_STATE_NOT_STARTED) return NX_DHCP_NOT_STARTED;
  record.nx_dhcp_state = NX_DHCP_STATE_NOT_STARTED;
  yield* notifyState(kernel, dhcp, record);
  if (!isRunning(dhcp)) yield* rest(dhcp);
  return NX_SUCCESS;
}

/** Gives the address back to the server, and stops. */
export function* releaseRecord(
  kernel: Kernel,
  dhcp: NX_DHCP,
  record: NX_DHCP_INTERFACE_RECORD,
): Generator<Suspension, UINT, unknown> {
  if (record.nx_dhcp_state < NX_DHCP_STATE_BOUND) return NX_DHCP_NOT_BOUND;
  yield* sendRequest(kernel, dhcp, record, NX_DHCP_TYPE_DHCPRELEASE);
  forgetLease(dhcp, record);
  yield* notifyState(kernel, dhcp, record);
  if (!isRunning(dhcp)) yield* rest(dhcp);
  return NX_SUCCESS;
}

/** Tells the server that the address is taken by somebody else, and begins anew after a while. */
export function* declineRecord(
  kernel: Kernel,
  dhcp: NX_DHCP,
  record: NX_DHCP_INTERFACE_RECORD,
  { restartWait }: DhcpSettings,
): Generator<Suspension, UINT, unknown> {
  if (record.nx_dhcp_state < NX_DHCP_STATE_BOUND) return NX_DHCP_NOT_BOUND;
  yield* sendRequest(kernel, dhcp, record, NX_DHCP_TYPE_DHCPDECLINE);
  forgetLease(dhcp, record);
  record.nx_dhcp_state = NX_DHCP_STATE_INIT;
  record.nx_dhcp_timeout = restartWait;
  yield* notifyState(kernel, dhcp, record);
  return NX_SUCCESS;
}

/** Asks for an extension of the lease now. */
export function* forceRenewRecord(
  kernel: Kernel,
  dhcp: NX_DHCP,
  record: NX_DHCP_INTERFACE_RECORD,
  settings: DhcpSettings,
): Generator<Suspension, UINT, unknown> {
  if (record.nx_dhcp_state < NX_DHCP_STATE_BOUND) return NX_DHCP_NOT_BOUND;
  yield* renew(kernel, dhcp, record, settings);
  yield* notifyState(kernel, dhcp, record);
  return NX_SUCCESS;
}
