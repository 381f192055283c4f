import type { ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_NO_PACKET, NX_SUCCESS } from '../netx/constants.ts';
import { packetBytes } from '../netx/packet.ts';
import { packetRelease } from '../netx/packet-pool.ts';
import { hasQuirk, secureState } from './device-state.ts';
import { drain, WaitBudget } from './dtls-handshake.ts';
import { resetSession } from './dtls-lifecycle.ts';
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
  const open = machine?.state === 'connected' && session.over === 0;
  let status: number = NX_SUCCESS;
  if (machine !== null && open) {
    machine.close();
    status = yield* drain(kernel, session);
    secureState(kernel).trace?.record({ type: 'dtls-closed', role, peer, by: 'us' });
    if (status === NX_SUCCESS) {
      const answered = yield* awaitCloseNotify(kernel, session, waitOption);
      if (!answered && hasQuirk(kernel, 'session-end-no-packet')) status = NX_NO_PACKET;
    }
  }
  resetSession(kernel, session);
  return status;
}

function* awaitCloseNotify(
  kernel: Kernel,
  session: NX_SECURE_DTLS_SESSION,
  waitOption: ULONG,
): Generator<Suspension, boolean, unknown> {
  const budget = new WaitBudget(kernel, waitOption);
  while (endOf(session) === 0 && machineOf(session) !== null) {
    const { packet } = yield* sourceOf(session)(kernel, session, budget.left);
    if (packet === null) return endOf(session) !== 0;
    const bytes = packetBytes(packet);
    packetRelease(kernel, packet);
    machineOf(session)?.handleDatagram(bytes, kernel.now);
    yield* drain(kernel, session);
  }
  return true;
}
