import { TX_SLEEP, type ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ServiceOp } from '../kernel/op.ts';
import { WaitList } from '../kernel/wait-list.ts';
import { NX_NO_PACKET, NX_SUCCESS } from '../netx/constants.ts';
import type { NX_PACKET } from '../netx/packet.ts';
import { passTo } from '../netx/packet-owner.ts';
import type { NX_UDP_SOCKET } from '../netx/udp-socket.ts';
import type { NX_IP } from '../netx/ip.ts';
import { formatAddressAndPort, NXD_ADDRESS } from '../netx/nxd-address.ts';
import type { DtlsConnection } from './dtls/output.ts';
import type { DtlsClient } from './dtls/client.ts';
import type { DtlsServer } from './dtls/server.ts';
import type { NX_SECURE_DTLS_SERVER } from './dtls-server.ts';
import { ClientSessionCache } from './session-cache.ts';
import { NX_SECURE_TLS_SESSION, TLS_SESSION_ID } from './tls-session.ts';
import { resume, suspendCurrent } from '../kernel/waiting.ts';

/** A DTLS session control block: one association with one peer. */
export class NX_SECURE_DTLS_SESSION {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 2640;

  readonly nx_secure_dtls_tls_session = new NX_SECURE_TLS_SESSION();
  nx_secure_dtls_session_in_use = 0;
  readonly nx_secure_dtls_remote_ip_address = new NXD_ADDRESS();
  nx_secure_dtls_remote_port: ULONG = 0;
  nx_secure_dtls_local_port: ULONG = 0;
  nx_secure_dtls_udp_socket: NX_UDP_SOCKET | null = null;

  /** The protocol machine of the present association, if any. */
  machine: DtlsClient | DtlsServer | null = null;
  role: 'client' | 'server' = 'client';
  ip: NX_IP | null = null;
  server: NX_SECURE_DTLS_SERVER | null = null;
  /** Its place among the sessions of its server. */
  place = 0;
  /** Datagrams that the IP thread sorted to this session and nobody has processed yet. */
  readonly arrived: NX_PACKET[] = [];
  readonly arrivals = new WaitList(this, NX_NO_PACKET);
  /** Application data that came in one datagram with data that was handed out already. */
  readonly surplus: Uint8Array[] = [];
  /** How many pieces of application data the machine has given. */
  dataCount = 0;
  /** Bytes of reassembly buffer the firmware gave. */
  reassemblySize = 0;
  /** Why the association is over, as a status: what every receive gives from then on. 0 while it is not. */
  over = 0;
  /** What was wrong with the record that was discarded last, as a status: the reason of a wait that ends in vain. */
  discarded = 0;
  /** Whether the handshake of the present association has succeeded. */
  wasConnected = false;
  /** Whether the application was told that the association is over. */
  endReported = false;
  /** Whether the cookie exchange is still to come, in the thread that makes the handshake (a quirk). */
  unproved = false;
  /** The status that the next receive is to give, for a record that was bad (a quirk). */
  badRecord = 0;
  /** The random of the ClientHello that opened the association (server). */
  clientRandom: Uint8Array | null = null;
  /** The association with its last server that a client may take up again. */
  readonly resumable = new ClientSessionCache();
  /** The status behind a certificate that the machine reports as refused. */
  certificateStatus = 0;

  describe(): string {
    return 'a datagram of its DTLS session';
  }

  get created(): boolean {
    return this.nx_secure_dtls_tls_session.nx_secure_tls_id === TLS_SESSION_ID;
  }

  /** The peer, for reports: `192.168.1.10:49152`. */
  get peer(): string {
    return formatPeer(this.nx_secure_dtls_remote_ip_address, this.nx_secure_dtls_remote_port);
  }
}

/** An address and port, for reports: `192.168.1.10:49152`, `[2001:db8::1]:49152`. */
export const formatPeer = (address: NXD_ADDRESS, port: number): string => formatAddressAndPort(address, port);

/**
 * Whether (and why) an association is over, and its machine, as they stand now: for code that goes on after others ran.
 */
export const endOf = (session: NX_SECURE_DTLS_SESSION): number => session.over;
export const badRecordOf = (session: NX_SECURE_DTLS_SESSION): number => session.badRecord;
export const machineOf = (session: NX_SECURE_DTLS_SESSION): DtlsConnection | null => session.machine;

/** Waits until the IP thread hands the session a datagram; the thread shows as sleeping, as in C. */
export function awaitArrival(kernel: Kernel, session: NX_SECURE_DTLS_SESSION, ticks: ULONG): ServiceOp {
  return suspendCurrent(kernel, TX_SLEEP, session.arrivals, ticks);
}

/** Queues a datagram for a session: the stack has it until somebody asks for it. */
export function queueFor(session: NX_SECURE_DTLS_SESSION, packet: NX_PACKET): void {
  passTo(packet, 'stack');
  packet.queuedIn = 'DTLS session queue';
  session.arrived.push(packet);
}

/** The datagram that has waited longest for a session; it is the caller's from then on. */
export function nextArrived(session: NX_SECURE_DTLS_SESSION): NX_PACKET | null {
  const packet = session.arrived.shift();
  if (packet === undefined) return null;
  passTo(packet, 'application');
  packet.queuedIn = null;
  return packet;
}

/** Hands a datagram to a session and wakes the thread that waits for one. */
export function arrive(kernel: Kernel, session: NX_SECURE_DTLS_SESSION, packet: NX_PACKET): void {
  queueFor(session, packet);
  wakeReceiver(kernel, session, NX_SUCCESS);
}

/** Ends the wait of a thread in a receive of this session. */
export function wakeReceiver(kernel: Kernel, session: NX_SECURE_DTLS_SESSION, status: number): void {
  const waiting = session.arrivals.first;
  if (waiting !== null) resume(kernel, waiting, status);
}
