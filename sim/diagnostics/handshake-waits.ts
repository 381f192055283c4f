import type { SecureEvent } from '../../secure/trace.ts';
import { formatTime } from '../duration.ts';
import type { TraceRecord } from '../trace/event.ts';
import type { Note } from './notes.ts';

type GivenUp = Extract<SecureEvent, { type: 'dtls-given-up' }>;

/** A handshake of a device with a peer: when it began, what was sent last. */
interface Attempt {
  readonly began: number;
  last: string;
}

/** Handshakes of one device with one peer that their own wait options ended. */
interface Abandoned {
  readonly device: string;
  readonly first: GivenUp;
  /** When and in which thread that was. */
  readonly since: number;
  readonly thread: string;
  /** What the first of them had sent last. */
  readonly last: string;
  count: number;
}

/** Part of its time that a handshake has to have computed for its wait to be blamed: otherwise the peer was silent. */
const COMPUTING = 0.1;

/** Watches handshakes for those that end because their own wait option is over. */
export class HandshakeWaits {
  readonly #attempts = new Map<string, Attempt>();
  readonly #abandoned = new Map<string, Abandoned>();
  /** How long handshakes that succeeded took, by device and role: the longest. */
  readonly #succeeded = new Map<string, number>();

  hear({ time, device, thread, event }: TraceRecord): void {
    switch (event.type) {
      case 'dtls-flight': {
        if (event.flight === 0) return;
        const key = `${device ?? ''}\n${event.peer}`;
        const attempt = this.#attempts.get(key);
        const sent = `flight ${event.flight} (${event.messages.join(', ')})`;
        if (attempt === undefined) this.#attempts.set(key, { began: time, last: sent });
        else attempt.last = sent;
        return;
      }
      case 'dtls-connected': {
        const key = `${device ?? ''}\n${event.peer}`;
        const role = `${device ?? ''}\n${event.role}`;
        const took = time - (this.#attempts.get(key)?.began ?? time);
        this.#attempts.delete(key);
        this.#succeeded.set(role, Math.max(took, this.#succeeded.get(role) ?? 0));
        return;
      }
      case 'dtls-failed':
        this.#attempts.delete(`${device ?? ''}\n${event.peer}`);
        return;
      case 'dtls-given-up': {
        const key = `${device ?? ''}\n${event.peer}`;
        const last = this.#attempts.get(key)?.last ?? '';
        this.#attempts.delete(key);
        if (event.computed < event.elapsed * COMPUTING) return;
        const known = this.#abandoned.get(key);
        if (known !== undefined) known.count++;
        else this.#abandoned.set(key, { device: device ?? '', first: event, since: time, thread, last, count: 1 });
        return;
      }
      default:
    }
  }

  list(): readonly Note[] {
    return [...this.#abandoned.values()].map(({ device, first, since, thread, last, count }) => ({
      device,
      kind: 'handshake-given-up',
      text: this.#describe(device, first, last),
      count,
      since,
      thread,
    }));
  }

  #describe(device: string, { role, peer, waitOption, elapsed, computed }: GivenUp, last: string): string {
    const took = this.#succeeded.get(`${device}\n${role}`) ?? 0;
    const other = role === 'client' ? 'the server' : 'the client';
    const reached = last === '' ? 'it had sent nothing yet' : `it had sent ${last} and waited for ${other}`;
    const needs =
      took > 0
        ? `One that succeeded took ${formatTime(took)}`
        : `It needs more than ${formatTime(elapsed)}, and what it computed is computed anew by the next attempt`;
    const least = Math.max(took, elapsed, waitOption);
    return [
      `the ${role}'s handshake with ${peer} was given up after ${formatTime(elapsed)}, as its own wait option was ${formatTime(waitOption)}:`,
      `    ${formatTime(computed)} of that its thread was computing; ${reached}.`,
      `    ${needs}: wait for ${formatTime(Math.ceil((2 * least) / 1e9) * 1e9)} or more, which leaves time for a retransmission.`,
    ].join('\n');
  }
}
