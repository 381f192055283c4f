import type { ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import {
  NX_INVALID_PORT,
  NX_IP_ADDRESS_ERROR,
  NX_NO_PACKET,
  NX_NOT_BOUND,
  NX_PORT_UNAVAILABLE,
  NX_SUCCESS,
} from '../netx/constants.ts';
import { packetBytes } from '../netx/packet.ts';
import { packetRelease } from '../netx/packet-pool.ts';
import {
  NX_SECURE_TLS_ALLOCATE_PACKET_FAILED,
  NX_SECURE_TLS_TCP_SEND_FAILED,
  NX_SECURE_TLS_UNKNOWN_CIPHERSUITE,
} from './constants.ts';
import { hasQuirk, secureState } from './device-state.ts';
import { drain, WaitBudget } from './dtls-handshake.ts';
import { resetSession } from './dtls-lifecycle.ts';
import { hasRoutines } from './dtls-machine.ts';
import { sourceOf } from './dtls-receive.ts';
import { endOf, machineOf, type NX_SECURE_DTLS_SESSION } from './dtls-session.ts';

/**
 * Sends close_notify where there is an association to close, waits for the peer's, and resets the session. Data that
 * arrives meanwhile is dropped: who ends a session reads no more.
 */
export function* endSession(
  kernel: Kernel,
  session: NX_SECURE_DTLS_SESSION,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const { machine, role, peer } = session;
  const budget = new WaitBudget(kernel, waitOption);
  const open = machine?.state === 'connected' && session.over === 0;
  let status: number = NX_SUCCESS;
  if (open && !hasRoutines(session)) {
    status = NX_SECURE_TLS_UNKNOWN_CIPHERSUITE;
  } else if (machine !== null && open) {
    machine.close();
    status = statusOfSend(session, yield* drain(kernel, session, waitOption));
    secureState(kernel).trace?.record({ type: 'dtls-closed', role, peer, by: 'us' });
    if (status === NX_SUCCESS) {
      const answered = yield* awaitCloseNotify(kernel, session, budget);
      if (!answered && hasQuirk(kernel, 'session-end-no-packet')) status = NX_NO_PACKET;
    }
  }
  resetSession(kernel, session);
  return status;
}

/** What is reported of a close_notify that could not be sent: where the way to the peer is gone, which part of it. */
function statusOfSend(session: NX_SECURE_DTLS_SESSION, sent: number): number {
  switch (sent) {
    case NX_SUCCESS:
    case NX_SECURE_TLS_ALLOCATE_PACKET_FAILED:
    case NX_IP_ADDRESS_ERROR:
    case NX_INVALID_PORT:
      return sent;
    case NX_NOT_BOUND:
      return session.ip?.udpPorts.has(session.nx_secure_dtls_local_port) === true ? NX_PORT_UNAVAILABLE : NX_NOT_BOUND;
    default:
      return NX_SECURE_TLS_TCP_SEND_FAILED;
  }
}

function* awaitCloseNotify(
  kernel: Kernel,
  session: NX_SECURE_DTLS_SESSION,
  budget: WaitBudget,
): Generator<Suspension, boolean, unknown> {
  while (endOf(session) === 0 && machineOf(session) !== null) {
    const { packet } = yield* sourceOf(session)(kernel, session, budget.left);
    if (packet === null) return endOf(session) !== 0;
    const bytes = packetBytes(packet);
    packetRelease(kernel, packet);
    machineOf(session)?.handleDatagram(bytes, kernel.now);
    yield* drain(kernel, session, budget.left);
  }
  return true;
}
