import { TX_NO_WAIT } from '../../../kernel/constants.ts';
import type { Suspension } from '../../../kernel/op.ts';
import { NX_SUCCESS } from '../../../netx/constants.ts';
import { formatAddressAndPort } from '../../../netx/nxd-address.ts';
import { secureState } from '../../../secure/device-state.ts';
import type { DtlsFailure } from '../../../secure/dtls/failure.ts';
import type { DtlsConnection, DtlsOutput, DtlsQuestion } from '../../../secure/dtls/output.ts';
import type { SecureEvent } from '../../../secure/trace.ts';
import { ERRNO } from '../runtime/errno.ts';
import type { UdpEndpoint } from './udp-endpoint.ts';

/** What happens to an association, for whom it is. */
export interface AssociationEvents {
  /** The client has said which name it wants. */
  asked(question: DtlsQuestion): void;
  connected(): void;
  /** A message has come; false where there is no room for it. */
  received(data: Uint8Array): boolean;
  /** It has ended, or could not be made, for the reason of an error number. */
  ended(errno: number): void;
}

/** The error number that a failure comes to. */
function errnoOf(failure: DtlsFailure, wasConnected: boolean): number {
  switch (failure.kind) {
    case 'timeout':
      return ERRNO.ETIMEDOUT;
    case 'certificate':
    case 'empty-certificate':
      return ERRNO.EACCES;
    case 'alert-received':
      return wasConnected ? ERRNO.ECONNRESET : ERRNO.ECONNABORTED;
    default:
      return ERRNO.EPROTO;
  }
}

/** Sends what a protocol machine has to send, and passes on what happens to it. */
export class MachineDriver {
  readonly machine: DtlsConnection;
  readonly #endpoint: UdpEndpoint;
  readonly #role: 'client' | 'server';
  readonly #events: AssociationEvents;
  #wasConnected = false;

  constructor(machine: DtlsConnection, endpoint: UdpEndpoint, role: 'client' | 'server', events: AssociationEvents) {
    this.machine = machine;
    this.#endpoint = endpoint;
    this.#role = role;
    this.#events = events;
  }

  /** Deals with all outputs that the machine has. */
  *drain(): Generator<Suspension, void, unknown> {
    const { machine } = this;
    const { kernel } = this.#endpoint.network;
    // Nothing leaves before the processor has spent the time that it took to make it.
    const began = kernel.now;
    yield* kernel.finish(NX_SUCCESS);
    if (kernel.now > began) machine.postpone(kernel.now - began);
    for (let output = machine.poll(); output !== null; output = machine.poll()) {
      if (output.type === 'datagram') {
        const { flight, messages, retransmission } = output;
        this.report({ type: 'dtls-flight', ...this.#who, flight, messages, retransmission });
        yield* this.#endpoint.send(output.bytes, null, TX_NO_WAIT);
      } else if (output.type === 'question') {
        this.#events.asked(output.question);
        machine.answer(null, kernel.now);
      } else {
        this.#note(output);
      }
    }
  }

  /** Says close_notify where there is somebody to say it to. */
  close(): void {
    if (this.machine.state === 'connected') this.report({ type: 'dtls-closed', ...this.#who, by: 'us' });
    this.machine.close();
  }

  /** The handshake has taken too long. */
  giveUp(): void {
    this.report({ type: 'dtls-failed', ...this.#who, reason: 'timeout' });
    this.#events.ended(ERRNO.ETIMEDOUT);
  }

  report(event: SecureEvent): void {
    secureState(this.#endpoint.network.kernel).trace?.record(event);
  }

  get #who(): { readonly role: 'client' | 'server'; readonly peer: string } {
    const { peer } = this.#endpoint;
    return { role: this.#role, peer: peer === null ? 'nobody' : formatAddressAndPort(peer.ip, peer.port) };
  }

  #note(output: DtlsOutput): void {
    switch (output.type) {
      case 'connected':
        this.#wasConnected = true;
        this.report({ type: 'dtls-connected', ...this.#who, suite: output.suite.name });
        return this.#events.connected();
      case 'application-data':
        if (output.data.length === 0 || this.#events.received(output.data)) return;
        return this.report({ type: 'dtls-discarded', ...this.#who, reason: 'no room in the receive buffer' });
      case 'close-notify':
        this.report({ type: 'dtls-closed', ...this.#who, by: 'peer' });
        return this.#events.ended(ERRNO.ECONNRESET);
      case 'failed':
        this.report({ type: 'dtls-failed', ...this.#who, reason: output.failure.kind });
        return this.#events.ended(errnoOf(output.failure, this.#wasConnected));
      case 'discarded':
        return this.report({ type: 'dtls-discarded', ...this.#who, reason: `${output.reason}: ${output.detail}` });
      case 'alert':
      case 'datagram':
      case 'question':
    }
  }
}
