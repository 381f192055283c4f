import type { NX_SECURE_DTLS_SESSION } from './dtls-session.ts';

const keyOf = (id: Uint8Array): string => String.fromCharCode(...id);

/** A server's sessions by the connection IDs in the records that come to them. */
export class ConnectionIdIndex {
  readonly #sessions = new Map<string, NX_SECURE_DTLS_SESSION>();

  /** The session of an ID, or null. */
  find(id: Uint8Array): NX_SECURE_DTLS_SESSION | null {
    return this.#sessions.get(keyOf(id)) ?? null;
  }

  /** Notes that a session has got an ID. */
  add(session: NX_SECURE_DTLS_SESSION, id: Uint8Array): void {
    this.#sessions.set(keyOf(id), session);
  }

  /** Notes that a session is about to lose its ID, if it has one. */
  remove(session: NX_SECURE_DTLS_SESSION): void {
    const id = session.machine?.connectionId;
    if (id !== undefined) this.#sessions.delete(keyOf(id));
  }
}
