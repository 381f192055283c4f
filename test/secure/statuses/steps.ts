import {
  out,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import type { TestNetwork } from '../../support/dtls-firmware.ts';
import { expectSuccess, memory, type Bench } from './bench.ts';
import { PEER_PORT } from './peer-firmware.ts';

/** Connects the bench's session to the peer. */
export function* connect({ session, socket, peerAddress }: Bench, wait = 300): Generator<Suspension, number> {
  // The peer's network takes a moment to come up.
  yield* tx_thread_sleep(5);
  return yield* dtls.nx_secure_dtls_client_session_start(session, socket, peerAddress, PEER_PORT, wait);
}

/** Starts the bench's server, and waits for the peer to prove its address. */
export function* accept({ server, begun }: Bench): Generator<Suspension, dtls.NX_SECURE_DTLS_SESSION> {
  expectSuccess(yield* dtls.nx_secure_dtls_server_start(server));
  for (;;) {
    const session = begun.shift();
    if (session !== undefined) return session;
    yield* tx_thread_sleep(1);
  }
}

/** Takes every packet of the pool, so that none is left for anybody. */
export function* emptyPool({ pool }: TestNetwork): Generator<Suspension, void> {
  while (pool.nx_packet_pool_available > 0) yield* nx.nx_packet_allocate(pool, out(), nx.NX_RECEIVE_PACKET, 0);
}

/** Starts a thread that takes every packet of the pool, and each one that comes back. */
export function* hoardPackets(network: TestNetwork): Generator<Suspension, void> {
  const entry = function* (): Thread {
    for (;;) yield* nx.nx_packet_allocate(network.pool, out(), nx.NX_RECEIVE_PACKET, nx.NX_WAIT_FOREVER);
  };
  yield* tx_thread_create(new TX_THREAD(), 'hoarder', entry, 0, network.take(1024), 1024, 3, 3, 0, 1);
}

/** A packet with a line in it, for the session to send. */
export function* packetFor(
  { network: { pool } }: Bench,
  session: dtls.NX_SECURE_DTLS_SESSION,
): Generator<Suspension, nx.NX_PACKET> {
  const cell = out<nx.NX_PACKET>();
  expectSuccess(yield* dtls.nx_secure_dtls_packet_allocate(session, pool, cell, 0));
  expectSuccess(yield* nx.nx_packet_data_append(cell.value, memory(5), 5, pool, 0));
  return cell.value;
}

/** The bytes of metadata that a table needs. */
export function* metadataOf(table: tls.NX_SECURE_TLS_CRYPTO): Generator<Suspension, ULONG> {
  const size = out<ULONG>();
  expectSuccess(yield* tls.nx_secure_tls_metadata_size_calculate(table, size));
  return size.value;
}
