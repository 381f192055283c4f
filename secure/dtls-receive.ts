import type { ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { out, type Out } from '../kernel/out.ts';
import type { Suspension } from '../kernel/op.ts';
import { nx_packet_allocate, nx_packet_release } from '../netx/api/packet.ts';
import { nx_packet_data_append } from '../netx/api/packet-data.ts';
import { nx_udp_socket_receive, nxd_udp_source_extract } from '../netx/api/udp-transfer.ts';
import { NX_ALREADY_SUSPENDED, NX_NO_PACKET, NX_NO_WAIT, NX_SUCCESS, NX_UDP_PACKET } from '../netx/constants.ts';
import { NXD_ADDRESS } from '../netx/nxd-address.ts';
import { packetView, type NX_PACKET } from '../netx/packet.ts';
import {
  NX_SECURE_TLS_ALLOCATE_PACKET_FAILED,
  NX_SECURE_TLS_INVALID_PACKET,
  NX_SECURE_TLS_SESSION_UNINITIALIZED,
  NX_SECURE_TLS_UNKNOWN_CIPHERSUITE,
} from './constants.ts';
import { hasQuirk } from './device-state.ts';
import { FATAL, INTERNAL_ERROR } from './dtls/wire/alert.ts';
import { dataRecords } from './dtls-demultiplex.ts';
import { drain, reasonOf, WaitBudget, type DatagramSource } from './dtls-handshake.ts';
import { hasRoutines } from './dtls-machine.ts';
import {
  awaitArrival,
  badRecordOf,
  endOf,
  machineOf,
  nextArrived,
  type NX_SECURE_DTLS_SESSION,
} from './dtls-session.ts';

/** Takes the next datagram that the IP thread sorted to a server's session. */
export const fromQueue: DatagramSource = function* (kernel, session, ticks) {
  const first = nextArrived(session);
  if (first !== null) return { status: NX_SUCCESS, packet: first };
  if (ticks === NX_NO_WAIT) return { status: NX_NO_PACKET, packet: null };
  if (session.arrivals.count > 0) return { status: NX_ALREADY_SUSPENDED, packet: null };
  // What the application called, which reports of waits name: the services beneath it have left their own names.
  const isData = session.machine?.state === 'connected';
  kernel.op.service = isData ? 'nx_secure_dtls_session_receive' : 'nx_secure_dtls_server_session_start';
  const status = yield* awaitArrival(kernel, session, ticks);
  return { status, packet: nextArrived(session) };
};

/** Takes the next datagram of a client's socket that came from its peer; others are dropped. */
export const fromSocket: DatagramSource = function* (kernel, session, ticks) {
  const budget = new WaitBudget(kernel, ticks);
  for (;;) {
    const cell = out<NX_PACKET>();
    const status = yield* nx_udp_socket_receive(session.nx_secure_dtls_udp_socket, cell, budget.left);
    if (status !== NX_SUCCESS) return { status, packet: null };
    const packet = cell.value;
    const address = new NXD_ADDRESS();
    const port = out<number>();
    yield* nxd_udp_source_extract(packet, address, port);
    if (address.equals(session.nx_secure_dtls_remote_ip_address) && port.value === session.nx_secure_dtls_remote_port)
      return { status, packet };
    yield* nx_packet_release(packet);
  }
};

/** Where a session's datagrams come from. */
export const sourceOf = (session: NX_SECURE_DTLS_SESSION): DatagramSource =>
  session.role === 'server' ? fromQueue : fromSocket;

/**
 * Receives application data: processes datagrams in the calling thread until one holds some. What cannot be
 * authenticated is dropped and the wait goes on (RFC 6347 section 4.1.2.7); where nothing else comes, its end says why.
 */
export function* receive(
  kernel: Kernel,
  session: NX_SECURE_DTLS_SESSION,
  packetOut: Out<NX_PACKET>,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const budget = new WaitBudget(kernel, waitOption);
  session.discarded = 0;
  for (;;) {
    if (!hasRoutines(session)) return NX_SECURE_TLS_UNKNOWN_CIPHERSUITE;
    const surplus = session.surplus.shift();
    if (surplus !== undefined) return yield* deliver(session, surplus, null, packetOut);
    if (machineOf(session) === null) return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    if (endOf(session) !== 0 && session.arrived.length === 0) return endOf(session);
    const { status, packet } = yield* sourceOf(session)(kernel, session, budget.left);
    // The IP thread has opened a datagram: see openedByIpThread.
    if (packet === null && session.surplus.length > 0) continue;
    if (packet === null) {
      // A wait that ended because the session did (reset, a close by the peer) reports that.
      if (machineOf(session) === null) return NX_SECURE_TLS_SESSION_UNINITIALIZED;
      if (endOf(session) !== 0) return endOf(session);
      if (status !== NX_SUCCESS && status !== NX_NO_PACKET) return status;
      // A poll only says whether there is something to read.
      return waitOption === NX_NO_WAIT ? NX_NO_PACKET : reasonOf(session, NX_NO_PACKET);
    }
    const bytes = packetView(packet);
    if (hasQuirk(kernel, 'two-records-lost') && dataRecords(bytes) > 1) {
      machineOf(session)?.sendAlert({ level: FATAL, description: INTERNAL_ERROR });
      yield* drain(kernel, session, budget.left);
      yield* nx_packet_release(packet);
      return NX_SECURE_TLS_INVALID_PACKET;
    }
    machineOf(session)?.handleDatagram(bytes, kernel.now);
    yield* drain(kernel, session, budget.left);
    if (badRecordOf(session) !== 0) {
      const status = badRecordOf(session);
      session.badRecord = 0;
      yield* nx_packet_release(packet);
      return status;
    }
    const data = session.surplus.shift();
    if (data !== undefined) return yield* deliver(session, data, packet, packetOut);
    yield* nx_packet_release(packet);
  }
}

/** Puts plaintext into a packet for the application: the one the datagram came in where it fits, else a new one. */
function* deliver(
  session: NX_SECURE_DTLS_SESSION,
  data: Uint8Array,
  carrier: NX_PACKET | null,
  packetOut: Out<NX_PACKET>,
): Generator<Suspension, number, unknown> {
  if (carrier?.nx_packet_next === null && data.length <= carrier.nx_packet_length) {
    carrier.nx_packet_memory.set(data, carrier.nx_packet_prepend_ptr);
    carrier.nx_packet_append_ptr = carrier.nx_packet_prepend_ptr + data.length;
    carrier.nx_packet_length = data.length;
    packetOut.value = carrier;
    return NX_SUCCESS;
  }
  if (carrier !== null) yield* nx_packet_release(carrier);
  const pool = session.ip?.nx_ip_default_packet_pool ?? null;
  const cell = out<NX_PACKET>();
  const allocated = yield* nx_packet_allocate(pool, cell, NX_UDP_PACKET, NX_NO_WAIT);
  if (allocated !== NX_SUCCESS) {
    session.surplus.unshift(data);
    return NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
  }
  if (data.length > 0) {
    const appended = yield* nx_packet_data_append(cell.value, data, data.length, pool, NX_NO_WAIT);
    if (appended !== NX_SUCCESS) {
      yield* nx_packet_release(cell.value);
      session.surplus.unshift(data);
      return NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
    }
  }
  packetOut.value = cell.value;
  return NX_SUCCESS;
}
