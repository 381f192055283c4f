import { dispatch } from '../../kernel/callback.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Suspension } from '../../kernel/op.ts';
import { numberOption, type DhcpMessage } from '../wire/dhcp.ts';
import type { DhcpSettings, NX_DHCP, NX_DHCP_INTERFACE_RECORD } from './client.ts';
import {
  NX_DHCP_OPTION_DHCP_TYPE,
  NX_DHCP_STATE_BOUND,
  NX_DHCP_STATE_INIT,
  NX_DHCP_STATE_REBINDING,
  NX_DHCP_STATE_RENEWING,
  NX_DHCP_STATE_REQUESTING,
  NX_DHCP_STATE_SELECTING,
  NX_DHCP_TYPE_DHCPACK,
  NX_DHCP_TYPE_DHCPDISCOVER,
  NX_DHCP_TYPE_DHCPNACK,
  NX_DHCP_TYPE_DHCPOFFER,
  NX_DHCP_TYPE_DHCPREQUEST,
} from './constants.ts';
import { applyLease, forgetLease, takeLease } from './lease.ts';
import { sendRequest } from './requests.ts';

/*
 * The client's states (RFC 2131 figure 5). Each answer and each time-out is dealt with here, in the client's thread; all of
 * them hold the client's mutex.
 */

type Step = Generator<Suspension, void, unknown>;

/** Up to a second more or less, so that clients that boot together do not go on together (RFC 2131 section 4.1). */
function aroundOf(kernel: Kernel, ticks: number, { rate }: DhcpSettings): number {
  return Math.max(1, ticks + (kernel.random.uint32() % (2 * rate + 1)) - rate);
}

/** Waits the present interval, or twice as long as before, at most the longest. */
function scheduleRetransmission(kernel: Kernel, record: NX_DHCP_INTERFACE_RECORD, settings: DhcpSettings): void {
  const { minimumRetransmission, maximumRetransmission } = settings;
  const { nx_dhcp_rtr_interval: last } = record;
  record.nx_dhcp_rtr_interval = last === 0 ? minimumRetransmission : Math.min(2 * last, maximumRetransmission);
  record.nx_dhcp_timeout = aroundOf(kernel, record.nx_dhcp_rtr_interval, settings);
}

/** Half of what is left, but a minute at least, or all of it (RFC 2131 section 4.4.5). */
function renewalTimeout(left: number, { minimumRenewal }: DhcpSettings): number {
  return left <= minimumRenewal ? left : Math.max(Math.floor(left / 2), minimumRenewal);
}

/** Begins anew without an address, in a second. */
function restart(dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD, settings: DhcpSettings): void {
  forgetLease(dhcp, record);
  record.nx_dhcp_state = NX_DHCP_STATE_INIT;
  record.nx_dhcp_timeout = settings.rate;
}

/** Tells the application of the state that the client is in now. */
export function* notifyState(kernel: Kernel, dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD): Step {
  const { nx_dhcp_state_change_callback: changed, nx_dhcp_interface_state_change_callback: changedOn } = dhcp;
  const { nx_dhcp_state: state, nx_dhcp_interface_index: index } = record;
  if (changed !== null) yield* dispatch(kernel, 'dhcp_state_change_notify', () => changed(dhcp, state));
  if (changedOn !== null) {
    yield* dispatch(kernel, 'dhcp_interface_state_change_notify', () => changedOn(dhcp, index, state));
  }
}

/** Deals with a server's answer to this client. */
export function* answered(
  kernel: Kernel,
  dhcp: NX_DHCP,
  record: NX_DHCP_INTERFACE_RECORD,
  message: DhcpMessage,
  settings: DhcpSettings,
): Step {
  const before = record.nx_dhcp_state;
  const type = numberOption(message, NX_DHCP_OPTION_DHCP_TYPE);
  if (before === NX_DHCP_STATE_SELECTING) {
    if (type === NX_DHCP_TYPE_DHCPOFFER) yield* offered(kernel, dhcp, record, message, settings);
  } else if (isWaiting(before)) {
    if (type === NX_DHCP_TYPE_DHCPACK) yield* granted(dhcp, record, message, settings);
    if (type === NX_DHCP_TYPE_DHCPNACK) {
      record.nx_dhcp_nacks_received++;
      restart(dhcp, record, settings);
    }
  }
  if (record.nx_dhcp_state !== before) yield* notifyState(kernel, dhcp, record);
}

/** Whether a state waits for a server to grant something. */
const isWaiting = (state: UINT): boolean =>
  state === NX_DHCP_STATE_REQUESTING || state === NX_DHCP_STATE_RENEWING || state === NX_DHCP_STATE_REBINDING;

function* offered(
  kernel: Kernel,
  dhcp: NX_DHCP,
  record: NX_DHCP_INTERFACE_RECORD,
  message: DhcpMessage,
  settings: DhcpSettings,
): Step {
  record.nx_dhcp_offers_received++;
  if (!takeLease(record, message, settings.rate)) return;
  yield* sendRequest(kernel, dhcp, record, NX_DHCP_TYPE_DHCPREQUEST);
  record.nx_dhcp_rtr_interval = 0;
  scheduleRetransmission(kernel, record, settings);
  record.nx_dhcp_state = NX_DHCP_STATE_REQUESTING;
}

function* granted(dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD, message: DhcpMessage, settings: DhcpSettings): Step {
  record.nx_dhcp_acks_received++;
  if (!takeLease(record, message, settings.rate)) return;
  yield* applyLease(dhcp, record);
  record.nx_dhcp_timeout = Math.max(1, record.nx_dhcp_renewal_time);
  record.nx_dhcp_state = NX_DHCP_STATE_BOUND;
}

/** Counts a record's time down by the client's interval, and deals with what is due. */
export function* timePasses(
  kernel: Kernel,
  dhcp: NX_DHCP,
  record: NX_DHCP_INTERFACE_RECORD,
  settings: DhcpSettings,
): Step {
  record.nx_dhcp_seconds++;
  if (record.nx_dhcp_timeout === 0) return;
  if (record.nx_dhcp_timeout > settings.interval) {
    record.nx_dhcp_timeout -= settings.interval;
    return;
  }
  record.nx_dhcp_timeout = 0;
  const before = record.nx_dhcp_state;
  yield* timedOut(kernel, dhcp, record, settings);
  if (record.nx_dhcp_state !== before) yield* notifyState(kernel, dhcp, record);
}

function* timedOut(kernel: Kernel, dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD, settings: DhcpSettings): Step {
  const { nx_dhcp_state: state } = record;
  if (state === NX_DHCP_STATE_INIT) {
    record.nx_dhcp_seconds = 0;
    const skips = record.nx_dhcp_ip_address !== 0 && record.nx_dhcp_skip_discovery !== 0;
    yield* sendRequest(kernel, dhcp, record, skips ? NX_DHCP_TYPE_DHCPREQUEST : NX_DHCP_TYPE_DHCPDISCOVER);
    record.nx_dhcp_state = skips ? NX_DHCP_STATE_REQUESTING : NX_DHCP_STATE_SELECTING;
    scheduleRetransmission(kernel, record, settings);
  } else if (state === NX_DHCP_STATE_SELECTING || state === NX_DHCP_STATE_REQUESTING) {
    const isSelecting = state === NX_DHCP_STATE_SELECTING;
    yield* sendRequest(kernel, dhcp, record, isSelecting ? NX_DHCP_TYPE_DHCPDISCOVER : NX_DHCP_TYPE_DHCPREQUEST);
    scheduleRetransmission(kernel, record, settings);
  } else if (state === NX_DHCP_STATE_BOUND) {
    yield* renew(kernel, dhcp, record, settings);
  } else if (state === NX_DHCP_STATE_RENEWING) {
    yield* renewAgain(kernel, dhcp, record, settings);
  } else if (state === NX_DHCP_STATE_REBINDING) {
    yield* rebindAgain(kernel, dhcp, record, settings);
  }
}

function* extend(kernel: Kernel, dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD, timeout: number): Step {
  yield* sendRequest(kernel, dhcp, record, NX_DHCP_TYPE_DHCPREQUEST);
  record.nx_dhcp_timeout = timeout;
  record.nx_dhcp_rtr_interval = timeout;
}

/** T1, or the application's wish: asks the server of the lease to extend it. */
export function* renew(kernel: Kernel, dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD, settings: DhcpSettings): Step {
  record.nx_dhcp_seconds = 0;
  record.nx_dhcp_state = NX_DHCP_STATE_RENEWING;
  const left = record.nx_dhcp_rebind_time - record.nx_dhcp_renewal_time;
  record.nx_dhcp_renewal_remain_time = left;
  yield* extend(kernel, dhcp, record, renewalTimeout(left, settings));
}

function* renewAgain(kernel: Kernel, dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD, settings: DhcpSettings): Step {
  const left = Math.max(0, record.nx_dhcp_renewal_remain_time - record.nx_dhcp_rtr_interval);
  record.nx_dhcp_renewal_remain_time = left;
  if (left > 0) {
    yield* extend(kernel, dhcp, record, renewalTimeout(left, settings));
    return;
  }
  // T2: any server may extend the lease now.
  record.nx_dhcp_state = NX_DHCP_STATE_REBINDING;
  const rest = record.nx_dhcp_lease_time - record.nx_dhcp_rebind_time;
  record.nx_dhcp_rebind_remain_time = rest;
  yield* extend(kernel, dhcp, record, Math.max(1, renewalTimeout(rest, settings)));
}

function* rebindAgain(kernel: Kernel, dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD, settings: DhcpSettings): Step {
  const left = Math.max(0, record.nx_dhcp_rebind_remain_time - record.nx_dhcp_rtr_interval);
  record.nx_dhcp_rebind_remain_time = left;
  if (left > 0) yield* extend(kernel, dhcp, record, renewalTimeout(left, settings));
  else restart(dhcp, record, settings);
}
