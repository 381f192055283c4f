import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import {
  nx_udp_socket_bind,
  nx_udp_socket_create,
  nx_udp_socket_delete,
  nx_udp_socket_receive_notify,
  nx_udp_socket_unbind,
} from '../netx/api/udp.ts';
import { NX_FRAGMENT_OKAY, NX_IP_NORMAL, NX_IP_TIME_TO_LIVE, NX_STILL_BOUND, NX_SUCCESS } from '../netx/constants.ts';
import type { NX_IP } from '../netx/ip.ts';
import type { NX_SECURE_TLS_CRYPTO } from './crypto-table.ts';
import { hasQuirk, secureState } from './device-state.ts';
import { serverReceive } from './dtls-dispatch.ts';
import { deleteSession, initializeSession, resetSession } from './dtls-lifecycle.ts';
import { DTLS_SERVER_ID, type ConnectNotify, type NX_SECURE_DTLS_SERVER, type ReceiveNotify } from './dtls-server.ts';
import { NX_SECURE_DTLS_SESSION } from './dtls-session.ts';

/** Datagrams that may wait on the server's socket. */
const QUEUE_MAXIMUM = 8192;

/** What a server is created with. */
export interface ServerParts {
  readonly ip: NX_IP;
  readonly port: number;
  readonly timeout: number;
  readonly sessions: number;
  readonly table: NX_SECURE_TLS_CRYPTO;
  readonly reassemblySize: number;
  readonly connect: ConnectNotify;
  readonly receive: ReceiveNotify;
}

/** See `nx_secure_dtls_server_create`. */
export function* createServer(
  kernel: Kernel,
  server: NX_SECURE_DTLS_SERVER,
  parts: ServerParts,
): Generator<Suspension, number, unknown> {
  const socket = server.nx_dtls_server_udp_socket;
  const status = yield* nx_udp_socket_create(
    parts.ip,
    socket,
    'DTLS Server',
    NX_IP_NORMAL,
    NX_FRAGMENT_OKAY,
    hasQuirk(kernel, 'timeout-is-time-to-live') ? parts.timeout : NX_IP_TIME_TO_LIVE,
    QUEUE_MAXIMUM,
  );
  if (status !== NX_SUCCESS) return status;
  server.nx_dtls_server_id = DTLS_SERVER_ID;
  server.nx_dtls_server_ip_ptr = parts.ip;
  server.nx_dtls_server_listen_port = parts.port;
  server.nx_dtls_server_timeout = parts.timeout;
  server.nx_dtls_server_connect_notify = parts.connect;
  server.nx_dtls_server_receive_notify = parts.receive;
  server.nx_dtls_server_sessions = Array.from({ length: parts.sessions }, (_, place) => {
    const session = new NX_SECURE_DTLS_SESSION();
    initializeSession(kernel, session, parts.table, parts.reassemblySize, null);
    session.role = 'server';
    session.server = server;
    session.place = place;
    session.nx_secure_dtls_tls_session.certificates = server.certificates;
    session.nx_secure_dtls_tls_session.psks = server.psks;
    return session;
  });
  secureState(kernel).servers.add(server);
  return NX_SUCCESS;
}

/** See `nx_secure_dtls_server_start`. */
export function* startServer(kernel: Kernel, server: NX_SECURE_DTLS_SERVER): Generator<Suspension, number, unknown> {
  const socket = server.nx_dtls_server_udp_socket;
  const status = yield* nx_udp_socket_bind(socket, server.nx_dtls_server_listen_port, server.nx_dtls_server_timeout);
  if (status !== NX_SUCCESS) return status;
  return yield* nx_udp_socket_receive_notify(socket, () => serverReceive(kernel, server));
}

/** See `nx_secure_dtls_server_stop`. */
export function* stopServer(kernel: Kernel, server: NX_SECURE_DTLS_SERVER): Generator<Suspension, number, unknown> {
  const socket = server.nx_dtls_server_udp_socket;
  yield* nx_udp_socket_receive_notify(socket, null);
  for (const session of server.nx_dtls_server_sessions) resetSession(kernel, session);
  return yield* nx_udp_socket_unbind(socket);
}

/** See `nx_secure_dtls_server_delete`. */
export function* deleteServer(kernel: Kernel, server: NX_SECURE_DTLS_SERVER): Generator<Suspension, number, unknown> {
  const status = yield* nx_udp_socket_delete(server.nx_dtls_server_udp_socket);
  if (status === NX_STILL_BOUND) {
    if (hasQuirk(kernel, 'delete-destroys-started')) destroySessions(kernel, server);
    return status;
  }
  destroySessions(kernel, server);
  server.psks.wipe();
  server.resumable.wipe();
  server.nx_dtls_server_id = 0;
  secureState(kernel).servers.delete(server);
  return status;
}

function destroySessions(kernel: Kernel, server: NX_SECURE_DTLS_SERVER): void {
  for (const session of server.nx_dtls_server_sessions) deleteSession(kernel, session);
  server.nx_dtls_server_sessions = [];
}
