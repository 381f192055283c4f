import type { Kernel } from '../kernel/kernel.ts';
import { resumeAll } from '../kernel/semaphore.ts';
import { packetRelease } from '../netx/packet-pool.ts';
import type { NX_IP } from '../netx/ip.ts';
import type { NX_UDP_SOCKET } from '../netx/udp-socket.ts';
import type { NXD_ADDRESS } from '../netx/nxd-address.ts';
import { NX_SECURE_TLS_SESSION_UNINITIALIZED } from './constants.ts';
import type { NX_SECURE_TLS_CRYPTO } from './crypto-table.ts';
import { secureState } from './device-state.ts';
import { machineConfig } from './dtls-machine.ts';
import { DtlsClient } from './dtls/client.ts';
import { DtlsServer } from './dtls/server.ts';
import type { NX_SECURE_DTLS_SERVER } from './dtls-server.ts';
import type { NX_SECURE_DTLS_SESSION } from './dtls-session.ts';
import { TLS_SESSION_ID, type RemoteCertificateSpace } from './tls-session.ts';

/** Brings a session control block to life. */
export function initializeSession(
  kernel: Kernel,
  session: NX_SECURE_DTLS_SESSION,
  table: NX_SECURE_TLS_CRYPTO,
  reassemblySize: number,
  remoteCertificates: RemoteCertificateSpace | null,
): void {
  const tls = session.nx_secure_dtls_tls_session;
  tls.clear();
  tls.nx_secure_tls_id = TLS_SESSION_ID;
  tls.nx_secure_tls_crypto_table = table;
  tls.remoteCertificates = remoteCertificates;
  session.reassemblySize = reassemblySize;
  secureState(kernel).sessions.add(session);
}

/** Begins an association as a client. */
export function openClientAssociation(
  kernel: Kernel,
  session: NX_SECURE_DTLS_SESSION,
  socket: NX_UDP_SOCKET,
  address: NXD_ADDRESS,
  port: number,
): void {
  resetSession(kernel, session);
  session.role = 'client';
  bindPeer(session, socket, address, port);
  const machine = new DtlsClient(machineConfig(kernel, session));
  session.machine = machine;
  machine.start(kernel.now);
}

/** Begins an association as a server: takes the session for a client that has proved its address. */
export function openServerAssociation(
  kernel: Kernel,
  server: NX_SECURE_DTLS_SERVER,
  session: NX_SECURE_DTLS_SESSION,
  address: NXD_ADDRESS,
  port: number,
): void {
  resetSession(kernel, session);
  session.role = 'server';
  session.server = server;
  bindPeer(session, server.nx_dtls_server_udp_socket, address, port);
  server.peers.add(session);
  session.machine = new DtlsServer(machineConfig(kernel, session));
}

function bindPeer(session: NX_SECURE_DTLS_SESSION, socket: NX_UDP_SOCKET, address: NXD_ADDRESS, port: number): void {
  session.nx_secure_dtls_session_in_use = 1;
  session.nx_secure_dtls_udp_socket = socket;
  session.ip = ipOf(socket);
  session.nx_secure_dtls_remote_ip_address.copyFrom(address);
  session.nx_secure_dtls_remote_port = port;
  session.nx_secure_dtls_local_port = socket.nx_udp_socket_port;
}

const ipOf = (socket: NX_UDP_SOCKET): NX_IP | null => socket.nx_udp_socket_ip_ptr;

/**
 * Ends whatever association a session has, without a word to the peer, and clears its keys. Certificates, keys shared
 * in advance and callbacks stay. A thread that waits in a receive gets NX_SECURE_TLS_SESSION_UNINITIALIZED.
 */
export function resetSession(kernel: Kernel, session: NX_SECURE_DTLS_SESSION): void {
  session.server?.peers.remove(session);
  session.server?.connectionIds.remove(session);
  session.machine?.wipe();
  session.machine = null;
  session.over = 0;
  session.discarded = 0;
  session.endReported = false;
  session.wasConnected = false;
  session.clientRandom = null;
  session.unproved = false;
  session.badRecord = 0;
  session.certificateStatus = 0;
  session.nx_secure_dtls_session_in_use = 0;
  session.nx_secure_dtls_remote_ip_address.clear();
  session.nx_secure_dtls_remote_port = 0;
  session.nx_secure_dtls_local_port = 0;
  for (const data of session.surplus.splice(0)) data.fill(0);
  for (const packet of session.arrived.splice(0)) packetRelease(kernel, packet);
  resumeAll(kernel, session.arrivals, NX_SECURE_TLS_SESSION_UNINITIALIZED);
}

/** Resets a session and takes its control block out of service. */
export function deleteSession(kernel: Kernel, session: NX_SECURE_DTLS_SESSION): void {
  resetSession(kernel, session);
  session.nx_secure_dtls_tls_session.nx_secure_tls_id = 0;
  session.resumable.wipe();
  session.nx_secure_dtls_tls_session.clientPsk?.key.fill(0);
  if (session.server === null) session.nx_secure_dtls_tls_session.psks.wipe();
  secureState(kernel).sessions.delete(session);
}
