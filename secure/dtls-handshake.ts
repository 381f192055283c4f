import { TX_WAIT_FOREVER, type ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_NO_PACKET, NX_SUCCESS } from '../netx/constants.ts';
import { packetView, type NX_PACKET } from '../netx/packet.ts';
import { packetRelease } from '../netx/packet-pool.ts';
import { hasQuirk, secureState } from './device-state.ts';
import { proves } from './dtls-cookies.ts';
import { decide } from './dtls-decide.ts';
import { sendDatagram } from './dtls-transmit.ts';
import type { DtlsOutput } from './dtls/output.ts';
import { endOf, machineOf, type NX_SECURE_DTLS_SESSION } from './dtls-session.ts';
import {
  NX_SECURE_TLS_AEAD_DECRYPT_FAIL,
  NX_SECURE_TLS_ALERT_RECEIVED,
  NX_SECURE_TLS_ALLOCATE_PACKET_FAILED,
  NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED,
  NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE,
  NX_SECURE_TLS_SESSION_UNINITIALIZED,
  NX_SECURE_TLS_TCP_SEND_FAILED,
} from './constants.ts';
import { failureStatus, PLAIN_STATUSES } from './status.ts';
import { transientCopy } from './transient.ts';

/** Where a session gets its datagrams from: its own queue (server), or its UDP socket (client). */
export type DatagramSource = (
  kernel: Kernel,
  session: NX_SECURE_DTLS_SESSION,
  ticks: ULONG,
) => Generator<Suspension, { readonly status: number; readonly packet: NX_PACKET | null }, unknown>;

/** Time left of a service's wait option, in ticks. */
export class WaitBudget {
  readonly #kernel: Kernel;
  readonly #deadline: number;

  constructor(kernel: Kernel, waitOption: ULONG) {
    this.#kernel = kernel;
    this.#deadline = waitOption === TX_WAIT_FOREVER ? Infinity : kernel.ticks.tick + waitOption;
  }

  /** Ticks to go; TX_WAIT_FOREVER for ever, 0 when the time is over. */
  get left(): ULONG {
    if (this.#deadline === Infinity) return TX_WAIT_FOREVER;
    return Math.max(0, this.#deadline - this.#kernel.ticks.tick);
  }
}

/**
 * Sends what the session's machine has to send and takes note of what happened to it.
 *
 * @param waitOption - how long to wait for packets to send it in
 * @returns `NX_SUCCESS`; `NX_SECURE_TLS_ALLOCATE_PACKET_FAILED`; UDP's status of a send that failed
 */
export function* drain(
  kernel: Kernel,
  session: NX_SECURE_DTLS_SESSION,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const { machine } = session;
  let status: number = NX_SUCCESS;
  // The computing comes before what it makes: nothing leaves before the processor has spent its time.
  const began = kernel.now;
  yield* kernel.finish(NX_SUCCESS);
  if (kernel.now > began) machine?.postpone(kernel.now - began);
  for (let output = machine?.poll() ?? null; output !== null; output = machine?.poll() ?? null) {
    if (output.type === 'datagram') {
      report(kernel, session, output);
      const sent = yield* sendDatagram(kernel, session, output.bytes, waitOption);
      if (sent !== NX_SUCCESS && status === NX_SUCCESS) status = sent;
    } else if (output.type === 'question') {
      const objection = yield* decide(kernel, session, output.question);
      machine?.answer(objection, kernel.now);
    } else {
      note(kernel, session, output);
    }
  }
  return status;
}

function report(kernel: Kernel, session: NX_SECURE_DTLS_SESSION, output: DtlsOutput & { type: 'datagram' }): void {
  const { flight, messages, retransmission } = output;
  const { role } = session;
  const { trace } = secureState(kernel);
  trace?.record({ type: 'dtls-flight', role, peer: session.peer, flight, messages, retransmission });
}

function note(kernel: Kernel, session: NX_SECURE_DTLS_SESSION, output: DtlsOutput): void {
  const { role } = session;
  // The peer's name is put together only where somebody reads it: this is done for every record.
  const trace = secureState(kernel).trace;
  const tls = session.nx_secure_dtls_tls_session;
  switch (output.type) {
    case 'connected':
      session.wasConnected = true;
      trace?.record({ type: 'dtls-connected', role, peer: session.peer, suite: output.suite.name });
      break;
    case 'application-data':
      if (output.data.length === 0) break;
      session.surplus.push(output.data);
      session.dataCount++;
      break;
    case 'close-notify':
      session.over = NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED;
      tls.nx_secure_tls_received_alert_level = 1;
      tls.nx_secure_tls_received_alert_value = 0;
      trace?.record({ type: 'dtls-closed', role, peer: session.peer, by: 'peer' });
      break;
    case 'alert':
      tls.nx_secure_tls_received_alert_level = output.level;
      tls.nx_secure_tls_received_alert_value = output.description;
      break;
    case 'failed':
      session.over =
        output.failure.kind === 'alert-received'
          ? NX_SECURE_TLS_ALERT_RECEIVED
          : failureStatus(output.failure, session.certificateStatus);
      trace?.record({ type: 'dtls-failed', role, peer: session.peer, reason: output.failure.kind });
      break;
    case 'discarded':
      if (output.reason === 'authentication' && hasQuirk(kernel, 'bad-record-alert')) {
        session.badRecord = badRecordStatus(session);
      }
      if (output.fault !== null) session.discarded = PLAIN_STATUSES[output.fault];
      trace?.record({ type: 'dtls-discarded', role, peer: session.peer, reason: `${output.reason}: ${output.detail}` });
      break;
    case 'datagram':
    case 'question':
      break;
  }
}

/** Nanoseconds from now to a deadline as ticks, rounded up, at least 1. */
function ticksUntil(kernel: Kernel, deadline: number): ULONG {
  const rate = kernel.config.TX_TIMER_TICKS_PER_SECOND;
  return Math.max(1, Math.ceil(((deadline - kernel.now) * rate) / 1e9));
}

/** Whether a datagram may go to the session's machine: with the quirk, the cookie exchange comes first. */
function* isProved(
  kernel: Kernel,
  session: NX_SECURE_DTLS_SESSION,
  bytes: Uint8Array,
): Generator<Suspension, boolean, unknown> {
  const { server, nx_secure_dtls_remote_ip_address: address, nx_secure_dtls_remote_port: port } = session;
  if (!session.unproved || server === null) return true;
  if (!(yield* proves(kernel, server, bytes, { address, port }))) return false;
  session.unproved = false;
  return true;
}

/** What the library makes of a record that is not authentic. */
const badRecordStatus = (session: NX_SECURE_DTLS_SESSION): number =>
  session.machine?.suite?.cipher.kind === 'aead'
    ? NX_SECURE_TLS_AEAD_DECRYPT_FAIL
    : NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE;

/**
 * The status of a wait that ended in vain. What the peer's records had wrong with them ends no association (RFC 6347
 * section 4.1.2.7), but it is a better reason than that nothing came.
 */
export const reasonOf = (session: NX_SECURE_DTLS_SESSION, otherwise: number): number => session.discarded || otherwise;

/**
 * Runs the handshake of a session in the calling thread, to its end or until the wait option is used up.
 *
 * @param timeoutStatus - what to return when time runs out
 */
export function* handshake(
  kernel: Kernel,
  session: NX_SECURE_DTLS_SESSION,
  source: DatagramSource,
  waitOption: ULONG,
  timeoutStatus: number,
): Generator<Suspension, number, unknown> {
  const budget = new WaitBudget(kernel, waitOption);
  session.discarded = 0;
  const began = kernel.now;
  const thread = kernel.current;
  const cpuTime = thread?.cpuTime ?? 0;
  for (;;) {
    const sent = yield* drain(kernel, session, budget.left);
    const machine = machineOf(session);
    if (endOf(session) === NX_NO_PACKET) return reasonOf(session, timeoutStatus);
    if (endOf(session) !== 0) return endOf(session);
    if (machine === null) return timeoutStatus;
    if (machine.state === 'connected') return NX_SUCCESS;
    if (sent !== NX_SUCCESS) {
      return sent === NX_SECURE_TLS_ALLOCATE_PACKET_FAILED ? sent : NX_SECURE_TLS_TCP_SEND_FAILED;
    }
    const { deadline } = machine;
    const ticks = deadline === null ? budget.left : Math.min(budget.left, ticksUntil(kernel, deadline));
    const { status, packet } = yield* source(kernel, session, ticks);
    if (packet !== null) {
      const bytes = transientCopy(packetView(packet));
      packetRelease(kernel, packet);
      if (yield* isProved(kernel, session, bytes)) machineOf(session)?.handleDatagram(bytes, kernel.now);
      continue;
    }
    // Reset, or replaced by another association, while this thread waited.
    if (machineOf(session) !== machine) return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    if (status !== NX_NO_PACKET) return status;
    if (budget.left === 0) {
      const { role, peer } = session;
      const tick = 1e9 / kernel.config.TX_TIMER_TICKS_PER_SECOND;
      secureState(kernel).trace?.record({
        type: 'dtls-given-up',
        role,
        peer,
        waitOption: waitOption * tick,
        elapsed: kernel.now - began,
        computed: (thread?.cpuTime ?? 0) - cpuTime,
      });
      return reasonOf(session, timeoutStatus);
    }
    if (deadline !== null && kernel.now >= deadline) machine.handleTimeout(kernel.now);
  }
}
