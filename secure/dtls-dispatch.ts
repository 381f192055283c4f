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
import { secureState } from './device-state.ts';
import { CookieExchange } from './dtls/cookie.ts';
import { clientRandom, isClientHello, splitDatagram } from './dtls-demultiplex.ts';
import { drain } from './dtls-handshake.ts';
import { openServerAssociation } from './dtls-lifecycle.ts';
import type { NX_SECURE_DTLS_SERVER } from './dtls-server.ts';
import { arrive, formatPeer, wakeReceiver, type NX_SECURE_DTLS_SESSION } from './dtls-session.ts';
import { sendBytes } from './dtls-transmit.ts';

/** How long a cookie secret is used before the next one takes over, in nanoseconds. */
const COOKIE_LIFETIME = 60e9;

/** A fatal internal_error alert in the clear: what a client gets when the server has no session left for it. */
const NO_SESSION_LEFT = Uint8Array.of(21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 80);

/** Where a datagram came from. */
interface Origin {
  readonly address: NXD_ADDRESS;
  readonly port: number;
}

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
  const session = server.peers.find(address, from.port);
  const bytes = packetView(packet);
  const isOver = session !== null && session.over !== 0;
  if (session === null || isOver || (session.machine?.state === 'connected' && isNewHello(session, bytes))) {
    yield* welcome(kernel, server, packet, bytes, from, session);
  } else if (session.machine?.state === 'connected') {
    yield* established(kernel, server, session, packet, bytes);
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

/** The peer as the cookie is bound to it: address and port. */
function peerBytes({ address, port }: Origin): Uint8Array {
  const { v4 } = address.nxd_ip_address;
  return Uint8Array.of(v4 >>> 24, (v4 >>> 16) & 255, (v4 >>> 8) & 255, v4 & 255, port >>> 8, port & 255);
}

/** The server's cookies; their secret is changed from time to time, and the one before is still accepted. */
function cookiesOf(kernel: Kernel, server: NX_SECURE_DTLS_SERVER): CookieExchange {
  const { provider } = secureState(kernel);
  if (server.cookies === null) {
    server.cookies = new CookieExchange(provider, (length) => kernel.random.bytes(length));
    server.cookiesSince = kernel.now;
  } else if (kernel.now - server.cookiesSince > COOKIE_LIFETIME) {
    server.cookies.rotate();
    server.cookiesSince = kernel.now;
  }
  return server.cookies;
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
  const answer = cookiesOf(kernel, server).answer(bytes, peerBytes(from));
  if (answer.verdict === 'verified') {
    if (former !== null) yield* abandon(kernel, server, former);
    yield* admit(kernel, server, packet, bytes, from);
    return;
  }
  yield* nx_packet_release(packet);
  const peer = formatPeer(from.address, from.port);
  const trace = secureState(kernel).trace;
  if (answer.verdict === 'ignored') {
    trace?.record({ type: 'dtls-discarded', role: 'server', peer, reason: answer.reason });
    return;
  }
  const messages = ['HelloVerifyRequest'];
  trace?.record({ type: 'dtls-flight', role: 'server', peer, flight: 2, messages, retransmission: false });
  yield* reply(server, from, answer.reply);
}

/** Gives a client that has proved its address a session, and tells the application. */
function* admit(
  kernel: Kernel,
  server: NX_SECURE_DTLS_SERVER,
  packet: NX_PACKET,
  bytes: Uint8Array,
  from: Origin,
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
  session.arrived.push(packet);
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
  const { data, rest } = splitDatagram(bytes);
  if (rest !== null) {
    session.machine?.handleDatagram(rest, kernel.now);
    yield* drain(kernel, session);
  }
  if (data === null) {
    yield* nx_packet_release(packet);
  } else {
    keepOnly(packet, data);
    arrive(kernel, session, packet);
    const { nx_dtls_server_receive_notify: notify } = server;
    if (notify !== null) yield* dispatch(kernel, 'receive_notify', () => notify(session));
  }
  yield* reportEnd(kernel, server, session);
}

/** Tells the application once that an established session is over; where it was not closed in order, why. */
function* reportEnd(
  kernel: Kernel,
  server: NX_SECURE_DTLS_SERVER,
  session: NX_SECURE_DTLS_SESSION,
): Generator<Suspension, void, unknown> {
  const reason = session.over;
  if (reason === 0 || session.endReported || !session.wasConnected) return;
  session.endReported = true;
  wakeReceiver(kernel, session, NX_SUCCESS);
  const { nx_dtls_server_error_notify: error, nx_dtls_server_disconnect_notify: disconnect } = server;
  if (error !== null && reason !== NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED) {
    yield* dispatch(kernel, 'error_notify', () => error(session, reason));
  }
  if (disconnect !== null) yield* dispatch(kernel, 'disconnect_notify', () => disconnect(session));
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

function* reply(server: NX_SECURE_DTLS_SERVER, to: Origin, bytes: Uint8Array): Generator<Suspension, void, unknown> {
  const ip = server.nx_dtls_server_ip_ptr;
  if (ip === null) return;
  yield* sendBytes(ip, server.nx_dtls_server_udp_socket, to.address, to.port, bytes, NX_NO_WAIT);
}

/** Leaves only the given records in a packet, which held them among others. */
function keepOnly(packet: NX_PACKET, data: Uint8Array): void {
  if (data.length === packet.nx_packet_length || packet.nx_packet_next !== null) return;
  packet.nx_packet_memory.set(data, packet.nx_packet_prepend_ptr);
  packet.nx_packet_append_ptr = packet.nx_packet_prepend_ptr + data.length;
  packet.nx_packet_length = data.length;
}
