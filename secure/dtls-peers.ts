import type { NXD_ADDRESS } from '../netx/nxd-address.ts';
import type { NX_SECURE_DTLS_SESSION } from './dtls-session.ts';

function keyOf(address: NXD_ADDRESS, port: number): number | string {
  const { v4, v6 } = address.nxd_ip_address;
  return address.nxd_ip_version === 6 ? `${v6.join()}:${port}` : v4 * 0x10000 + port;
}

/** A server's sessions by their peers, so that a datagram finds its session as fast among thousands as among few. */
export class PeerIndex {
  readonly #sessions = new Map<number | string, NX_SECURE_DTLS_SESSION>();
  /** No session that is free has a lower place. */
  #free = 0;

  /** The session of a peer, or null. */
  find(address: NXD_ADDRESS, port: number): NX_SECURE_DTLS_SESSION | null {
    return this.#sessions.get(keyOf(address, port)) ?? null;
  }

  /** Notes that a session has got its peer. */
  add(session: NX_SECURE_DTLS_SESSION): void {
    this.#sessions.set(keyOf(session.nx_secure_dtls_remote_ip_address, session.nx_secure_dtls_remote_port), session);
  }

  /** Notes that a session is about to lose its peer. */
  remove(session: NX_SECURE_DTLS_SESSION): void {
    const key = keyOf(session.nx_secure_dtls_remote_ip_address, session.nx_secure_dtls_remote_port);
    if (this.#sessions.get(key) === session) this.#sessions.delete(key);
    this.#free = Math.min(this.#free, session.place);
  }

  /** The first of a server's sessions that is not in use, or null. */
  firstFree(sessions: readonly NX_SECURE_DTLS_SESSION[]): NX_SECURE_DTLS_SESSION | null {
    for (; this.#free < sessions.length; this.#free++) {
      const session = sessions[this.#free];
      if (session?.nx_secure_dtls_session_in_use === 0) return session;
    }
    return null;
  }
}
