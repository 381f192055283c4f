import type { Kernel } from '../kernel/kernel.ts';
import { secureState } from './device-state.ts';
import type { Origin } from './dtls-cookies.ts';
import type { NX_SECURE_DTLS_SERVER } from './dtls-server.ts';
import { formatPeer, type NX_SECURE_DTLS_SESSION } from './dtls-session.ts';
import { CID_AT, TLS12_CID } from './dtls/wire/record.ts';

/** After so many random IDs that are all taken, a session gets none. */
const ATTEMPTS = 64;

/**
 * A connection ID for a session's next association: random, and no other's of its server. Where the IDs are so short that
 * none is to be found, it is empty: the association goes without.
 */
export function freshConnectionId(kernel: Kernel, session: NX_SECURE_DTLS_SESSION, length: number): Uint8Array {
  for (let attempt = 0; attempt < ATTEMPTS && length > 0; attempt++) {
    const id = kernel.random.bytes(length);
    const { server } = session;
    if (server === null) return id;
    if (server.connectionIds.find(id) !== null) continue;
    server.connectionIds.add(session, id);
    return id;
  }
  return new Uint8Array(0);
}

/** The session that a datagram's first record names by its connection ID, wherever it came from (RFC 9146 section 3). */
export function sessionByConnectionId(
  kernel: Kernel,
  server: NX_SECURE_DTLS_SERVER,
  datagram: Uint8Array,
): NX_SECURE_DTLS_SESSION | null {
  const length = secureState(kernel).config.NX_SECURE_DTLS_CONNECTION_ID_LENGTH ?? 0;
  if (datagram[0] !== TLS12_CID || length === 0 || datagram.length < CID_AT + length) return null;
  return server.connectionIds.find(datagram.subarray(CID_AT, CID_AT + length));
}

/**
 * Lets a session follow its peer to another address and port, once its machine has opened a datagram from there. RFC 9146
 * section 6 has three conditions. Two are met by {@link NX_SECURE_DTLS_SESSION.machine}'s `locatesPeer`: the datagram is
 * authentic, and newer than all before it, so that neither what was forged nor what was replayed or overtaken moves a
 * session. The third, some way to make sure that the peer can be reached there, the RFC leaves to the application. A
 * session is established before it moves: a handshake stays where it began.
 */
export function followPeer(kernel: Kernel, session: NX_SECURE_DTLS_SESSION, { address, port }: Origin): void {
  const { server, nx_secure_dtls_remote_ip_address: known } = session;
  if (session.machine?.locatesPeer !== true || server === null) return;
  if (port === session.nx_secure_dtls_remote_port && known.equals(address)) return;
  const before = session.peer;
  server.peers.remove(session);
  known.copyFrom(address);
  session.nx_secure_dtls_remote_port = port;
  server.peers.add(session);
  const { trace } = secureState(kernel);
  trace?.record({ type: 'dtls-moved', role: 'server', peer: formatPeer(address, port), from: before });
}
