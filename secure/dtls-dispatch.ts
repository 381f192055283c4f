import { dispatch } from '../kernel/callback.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { out } from '../kernel/out.ts';
import { nx_packet_release } from '../netx/api/packet.ts';
import { nx_udp_socket_receive, nxd_udp_source_extract } from '../netx/api/udp-transfer.ts';
import { NX_NO_WAIT, NX_SUCCESS } from '../netx/constants.ts';
import { NXD_ADDRESS } from '../netx/nxd-address.ts';
import { packetView, type NX_PACKET } from '../netx/packet.ts';
import { NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED, NX_SECURE_TLS_NO_FREE_DTLS_SESSIONS } from './constants.ts';
import { hasQuirk } from './device-state.ts';
import { proves, reply, type Origin } from './dtls-cookies.ts';
import { clientRandom, isClientHello, splitDatagram } from './dtls-demultiplex.ts';
import { sessionByConnectionId } from './dtls-connection-id.ts';
import { drain } from './dtls-handshake.ts';
import { openServerAssociation } from './dtls-lifecycle.ts';
import { openedByIpThread } from './dtls-opened.ts';
import { reportEnd } from './dtls-report-end.ts';
import type { NX_SECURE_DTLS_SERVER } from './dtls-server.ts';
import { arrive, queueFor, type NX_SECURE_DTLS_SESSION } from './dtls-session.ts';

/** A fatal internal_error alert in the clear: what a client gets when the server has no session left for it. */
const NO_SESSION_LEFT = Uint8Array.of(21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 80);

/**
 * The server's receive callback: the IP thread calls it for every datagram on the server's port. It answers clients
 * that have not proved their address, sorts datagrams to sessions, and calls the application's notify callbacks.
 */
export function* serverReceive(kernel: Kernel, server: NX_SECURE_DTLS_SERVER): Generator<Suspension, void, unknown> {
  const cell = out<NX_PACKET>();
  const received = yield* nx_udp_socket_receive(server.nx_dtls_server_udp_socket, cell, NX_NO_WAIT);
  if (received !== NX_SUCCESS) return;
  const packet = cell.value;
  const address = new NXD_ADDRESS();
  const port = out<number>();
  yield* nxd_udp_source_extract(packet, address, port);
  const from: Origin = { address, port: port.value };
  const bytes = packetView(packet);
  const session = sessionByConnectionId(kernel, server, bytes) ?? server.peers.find(address, from.port);
  const isOver = session !== null && session.over !== 0;
  const restarts =
    session !== null && (isOver || (session.machine?.state === 'connected' && isNewHello(session, bytes)));
  if (session === null || (restarts && !hasQuirk(kernel, 'restart-not-seen'))) {
    yield* welcome(kernel, server, packet, bytes, from, session);
  } else if (session.machine?.state === 'connected') {
    if (session.machine.connectionId.length > 0) {
      yield* openedByIpThread(kernel, server, session, packet, bytes, from);
    } else {
      yield* established(kernel, server, session, packet, bytes);
    }
  } else {
    arrive(kernel, session, packet);
  }
}

/** Whether a datagram is a ClientHello other than the one that opened the session. */
function isNewHello(session: NX_SECURE_DTLS_SESSION, bytes: Uint8Array): boolean {
  if (!isClientHello(bytes)) return false;
  const opened = session.clientRandom;
  const random = clientRandom(bytes);
  return random !== null && opened?.every((byte, index) => byte === random[index]) !== true;
}

/**
 * A datagram of a peer without an association, or of one that seems to have lost it (RFC 6347 section 4.2.8): only a
 * ClientHello with a valid cookie gets a session, and ends the one before.
 */
function* welcome(
  kernel: Kernel,
  server: NX_SECURE_DTLS_SERVER,
  packet: NX_PACKET,
  bytes: Uint8Array,
  from: Origin,
  former: NX_SECURE_DTLS_SESSION | null,
): Generator<Suspension, void, unknown> {
  // In the library garbage takes a session, and the cookie exchange is the session's.
  const unseen = former === null && hasQuirk(kernel, 'garbage-takes-session');
  const admitted = unseen ? bytes.length >= 5 && bytes[0] !== 21 : yield* proves(kernel, server, bytes, from);
  if (!admitted) {
    yield* nx_packet_release(packet);
    return;
  }
  if (former !== null) yield* abandon(kernel, server, former);
  yield* admit(kernel, server, packet, bytes, from, unseen);
}

/** Gives a client that has proved its address a session, and tells the application. */
function* admit(
  kernel: Kernel,
  server: NX_SECURE_DTLS_SERVER,
  packet: NX_PACKET,
  bytes: Uint8Array,
  from: Origin,
  unproved: boolean,
): Generator<Suspension, void, unknown> {
  const session = server.peers.firstFree(server.nx_dtls_server_sessions);
  if (session === null) {
    yield* nx_packet_release(packet);
    yield* reply(server, from, NO_SESSION_LEFT);
    const { nx_dtls_server_error_notify: notify } = server;
    if (notify !== null) {
      yield* dispatch(kernel, 'error_notify', () => notify(null, NX_SECURE_TLS_NO_FREE_DTLS_SESSIONS));
    }
    return;
  }
  openServerAssociation(kernel, server, session, from.address, from.port);
  session.clientRandom = clientRandom(bytes);
  session.unproved = unproved;
  queueFor(session, packet);
  const { nx_dtls_server_connect_notify: notify } = server;
  if (notify !== null) yield* dispatch(kernel, 'connect_notify', () => notify(session, from.address, from.port));
}

/**
 * A datagram for an established session. Application data is left for the application, which is told; everything else
 * (alerts, a last flight that the peer missed) is dealt with here.
 */
function* established(
  kernel: Kernel,
  server: NX_SECURE_DTLS_SERVER,
  session: NX_SECURE_DTLS_SESSION,
  packet: NX_PACKET,
  bytes: Uint8Array,
): Generator<Suspension, void, unknown> {
  const { nx_dtls_server_receive_notify: notify } = server;
  if (hasQuirk(kernel, 'receive-notify-for-any-datagram')) {
    arrive(kernel, session, packet);
    if (notify !== null) yield* dispatch(kernel, 'receive_notify', () => notify(session));
    return;
  }
  const { data, rest } = splitDatagram(bytes);
  if (rest !== null) {
    session.machine?.handleDatagram(rest, kernel.now);
    yield* drain(kernel, session, NX_NO_WAIT);
  }
  if (data === null) {
    yield* nx_packet_release(packet);
  } else {
    keepOnly(packet, data);
    arrive(kernel, session, packet);
    if (notify !== null) yield* dispatch(kernel, 'receive_notify', () => notify(session));
  }
  yield* reportEnd(kernel, server, session);
}

/** Ends an association whose client has begun another one; the application frees the session as after any end. */
function* abandon(
  kernel: Kernel,
  server: NX_SECURE_DTLS_SERVER,
  session: NX_SECURE_DTLS_SESSION,
): Generator<Suspension, void, unknown> {
  session.machine?.wipe();
  session.over = NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED;
  server.peers.remove(session);
  session.nx_secure_dtls_remote_port = 0;
  yield* reportEnd(kernel, server, session);
}

/** Leaves only the given records in a packet, which held them among others. */
function keepOnly(packet: NX_PACKET, data: Uint8Array): void {
  if (data.length === packet.nx_packet_length || packet.nx_packet_next !== null) return;
  packet.nx_packet_memory.set(data, packet.nx_packet_prepend_ptr);
  packet.nx_packet_append_ptr = packet.nx_packet_prepend_ptr + data.length;
  packet.nx_packet_length = data.length;
}
