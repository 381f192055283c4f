import { statusName, type Board, type Firmware } from 'txsim';
import {
  out,
  TX_SEMAPHORE,
  TX_WAIT_FOREVER,
  tx_semaphore_create,
  tx_semaphore_get,
  tx_semaphore_put,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import {
  NX_NO_WAIT,
  NX_SUCCESS,
  nx_packet_data_append,
  nx_packet_data_retrieve,
  nx_packet_release,
  type NX_PACKET,
} from 'txsim/nx_api';
import {
  NX_SECURE_X509_CERT,
  nx_crypto_tls_ciphers_all,
  nx_secure_tls_metadata_size_calculate,
  nx_secure_tls_session_time_function_set,
  type NX_SECURE_TLS_CRYPTO,
} from 'txsim/nx_secure_tls_api';
import {
  NX_SECURE_DTLS_SERVER,
  NX_SECURE_DTLS_SESSION,
  nx_secure_dtls_packet_allocate,
  nx_secure_dtls_server_create,
  nx_secure_dtls_server_local_certificate_add,
  nx_secure_dtls_server_notify_set,
  nx_secure_dtls_server_psk_add,
  nx_secure_dtls_server_session_send,
  nx_secure_dtls_server_session_start,
  nx_secure_dtls_server_start,
  nx_secure_dtls_server_trusted_certificate_add,
  nx_secure_dtls_server_x509_client_verify_configure,
  nx_secure_dtls_session_end,
  nx_secure_dtls_session_receive,
  nx_secure_dtls_session_reset,
} from 'txsim/nx_secure_dtls_api';
import type { Network } from '../../apps/dtls-echo/network.ts';
import { certificateBlock, check, type Credentials } from './peer-credentials.ts';
import { peerThread } from './peer-thread.ts';

const SESSIONS = 4;
const REASSEMBLY = 4096;
const CERTIFICATES = 3;

/** A DTLS server for real clients. */
export interface ServerSetup extends Credentials {
  /** Every suite of txsim unless said otherwise. */
  readonly table?: NX_SECURE_TLS_CRYPTO;
  /** What it answers to what it received; null for nothing. The same unless said otherwise. */
  readonly answer?: (request: Uint8Array) => Uint8Array | null;
  /** How long a handshake may take, in seconds. */
  readonly patience?: number;
}

interface Note {
  readonly what: 'begun' | 'readable' | 'over';
  readonly session: NX_SECURE_DTLS_SESSION;
}

/** A firmware that serves clients on port 4443 and prints `connected`, `refused: STATUS` and `session over`. */
export function peerServer(setup: ServerSetup): Firmware {
  return peerThread('server', 100_000, (board, network) => serve(board, network, setup));
}

function* serve(board: Board, network: Network, setup: ServerSetup): Thread {
  const second = board.config.NX_IP_PERIODIC_RATE;
  const noted = new TX_SEMAPHORE();
  const notes: Note[] = [];
  const note = (what: Note['what']) =>
    function* (session: NX_SECURE_DTLS_SESSION): Generator<Suspension, number> {
      notes.push({ what, session });
      return yield* tx_semaphore_put(noted);
    };
  yield* tx_semaphore_create(noted, 'noted', 0);
  yield* start(network, setup, note);
  board.print('listening');
  for (;;) {
    yield* tx_semaphore_get(noted, TX_WAIT_FOREVER);
    const next = notes.shift();
    if (next === undefined) continue;
    const { what, session } = next;
    if (what === 'begun') {
      yield* nx_secure_tls_session_time_function_set(session.nx_secure_dtls_tls_session, board.unix_time);
      const status = yield* nx_secure_dtls_server_session_start(session, (setup.patience ?? 10) * second);
      board.print(status === NX_SUCCESS ? 'connected' : `refused: ${statusName(status)}`);
      if (status !== NX_SUCCESS) yield* nx_secure_dtls_session_reset(session);
    } else if (what === 'readable') {
      yield* reply(network, session, setup.answer ?? ((request) => request));
    } else {
      board.print('session over');
      yield* nx_secure_dtls_session_end(session, NX_NO_WAIT);
    }
  }
}

type Notify = (session: NX_SECURE_DTLS_SESSION) => Generator<Suspension, number>;

function* start(network: Network, setup: ServerSetup, note: (what: Note['what']) => Notify): Thread {
  const { table = nx_crypto_tls_ciphers_all, identity, psk, trusted = [] } = setup;
  const server = new NX_SECURE_DTLS_SERVER();
  const metadata_size = out<ULONG>();
  yield* nx_secure_tls_metadata_size_calculate(table, metadata_size);
  const sessions = new Uint8Array(SESSIONS * NX_SECURE_DTLS_SESSION.sizeof);
  const metadata = new Uint8Array(SESSIONS * metadata_size.value);
  const reassembly = new Uint8Array(SESSIONS * REASSEMBLY);
  check(
    yield* nx_secure_dtls_server_create(
      server,
      network.ip_instance,
      4443,
      100,
      sessions,
      sessions.length,
      table,
      metadata,
      metadata.length,
      reassembly,
      reassembly.length,
      note('begun'),
      note('readable'),
    ),
  );
  check(yield* nx_secure_dtls_server_notify_set(server, note('over'), null));
  if (identity !== undefined) {
    const block = yield* certificateBlock(identity.certificate, identity);
    check(yield* nx_secure_dtls_server_local_certificate_add(server, block, 1));
  }
  if (psk !== undefined) {
    const { key, identity: name, hint } = psk;
    check(yield* nx_secure_dtls_server_psk_add(server, key, key.length, name, name.length, hint, hint.length));
  }
  for (const [index, der] of trusted.entries()) {
    check(yield* nx_secure_dtls_server_trusted_certificate_add(server, yield* certificateBlock(der), index + 1));
  }
  if (trusted.length > 0) {
    const room = new Uint8Array(SESSIONS * CERTIFICATES * (NX_SECURE_X509_CERT.sizeof + 2000));
    check(yield* nx_secure_dtls_server_x509_client_verify_configure(server, CERTIFICATES, room, room.length));
  }
  check(yield* nx_secure_dtls_server_start(server));
}

/** Answers everything that a session has received. */
function* reply(
  { packet_pool }: Network,
  session: NX_SECURE_DTLS_SESSION,
  answer: (request: Uint8Array) => Uint8Array | null,
): Thread {
  const received = out<NX_PACKET>();
  while ((yield* nx_secure_dtls_session_receive(session, received, NX_NO_WAIT)) === NX_SUCCESS) {
    const request = new Uint8Array(received.value.nx_packet_length);
    yield* nx_packet_data_retrieve(received.value, request, out<ULONG>());
    yield* nx_packet_release(received.value);
    const bytes = answer(request);
    if (bytes === null) continue;
    const packet = out<NX_PACKET>();
    check(yield* nx_secure_dtls_packet_allocate(session, packet_pool, packet, NX_NO_WAIT));
    check(yield* nx_packet_data_append(packet.value, bytes, bytes.length, packet_pool, NX_NO_WAIT));
    const status = yield* nx_secure_dtls_server_session_send(session, packet.value);
    if (status !== NX_SUCCESS) yield* nx_packet_release(packet.value);
  }
}
