import { sameBytes } from './bytes.ts';
import type { ResumableSession, Resumption } from './dtls/config.ts';

/** How many associations a server keeps for their clients to take up again. */
const CAPACITY = 256;

const key = (id: Uint8Array): string => id.join();

/** A server's associations that can be taken up again, the oldest of which goes first when there is no more room. */
export class ServerSessionCache implements Resumption {
  readonly #sessions = new Map<string, ResumableSession>();

  find(id: Uint8Array): ResumableSession | null {
    return this.#sessions.get(key(id)) ?? null;
  }

  store(session: ResumableSession): void {
    const [oldest] = this.#sessions.values();
    if (this.#sessions.size >= CAPACITY && oldest !== undefined) this.forget(oldest.id);
    this.#sessions.set(key(session.id), session);
  }

  forget(id: Uint8Array): void {
    this.#sessions.get(key(id))?.master.fill(0);
    this.#sessions.delete(key(id));
  }

  /** Overwrites every master secret. */
  wipe(): void {
    for (const { id } of [...this.#sessions.values()]) this.forget(id);
  }
}

/** The association with one server that a client offers to take up again. */
export class ClientSessionCache implements Resumption {
  #peer = '';
  #session: ResumableSession | null = null;

  /** A client's next association is with this peer: what was kept of another is of no use. */
  begin(peer: string): void {
    if (peer !== this.#peer) this.wipe();
    this.#peer = peer;
  }

  find(): ResumableSession | null {
    return this.#session;
  }

  store(session: ResumableSession): void {
    this.wipe();
    this.#session = session;
  }

  forget(id: Uint8Array): void {
    if (this.#session !== null && sameBytes(this.#session.id, id)) this.wipe();
  }

  /** Overwrites the master secret. */
  wipe(): void {
    this.#session?.master.fill(0);
    this.#session = null;
  }
}
