/** What the firmware at both ends of a measurement boots with. */
import { statusName, type Board } from 'txsim';
import { out, type Suspension, type ULONG } from 'txsim/tx_api';
import { NX_SUCCESS } from 'txsim/nx_api';
import {
  NX_SECURE_X509_CERT,
  NX_SECURE_X509_KEY_TYPE_EC_DER,
  NX_SECURE_X509_KEY_TYPE_NONE,
  NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER,
  nx_crypto_tls_ciphers_ecc,
  nx_crypto_tls_ciphers_select,
  nx_secure_tls_metadata_size_calculate,
  nx_secure_tls_session_time_function_set,
  nx_secure_x509_certificate_initialize,
} from 'txsim/nx_secure_tls_api';
import {
  NX_SECURE_DTLS_SERVER,
  NX_SECURE_DTLS_SESSION,
  nx_secure_dtls_psk_add,
  nx_secure_dtls_server_create,
  nx_secure_dtls_server_local_certificate_add,
  nx_secure_dtls_server_psk_add,
  nx_secure_dtls_server_start,
  nx_secure_dtls_session_create,
  nx_secure_dtls_session_trusted_certificate_add,
} from 'txsim/nx_secure_dtls_api';
import { bootNetwork, type ServerCallbacks, type TestNetwork } from '../../support/dtls-firmware.ts';
import { demo } from '../../../apps/dtls-echo/credentials/demo.ts';
import { PSK, PSK_HINT, PSK_IDENTITY, type Suite } from './suites.ts';

export const SERVER_PORT = 4443;
const REASSEMBLY = 4096;
const REMOTE_CERTIFICATES = 3;

export function check(status: number): void {
  if (status !== NX_SUCCESS) throw new Error(statusName(status));
}

export const bootStack = (board: Board): TestNetwork => bootNetwork(board, 200);

function* certificateOf(
  der: Uint8Array,
  key: Uint8Array | null,
  type: number,
): Generator<Suspension, NX_SECURE_X509_CERT> {
  const block = new NX_SECURE_X509_CERT();
  const length = key?.length ?? 0;
  check(yield* nx_secure_x509_certificate_initialize(block, der, der.length, null, 0, key, length, type));
  return block;
}

/** Creates and starts a server for so many clients, with the suite's credentials. */
export function* serve(
  network: TestNetwork,
  suite: Suite,
  sessions: number,
  { connect, receive }: Pick<ServerCallbacks, 'connect' | 'receive'>,
): Generator<Suspension, NX_SECURE_DTLS_SERVER> {
  const server = new NX_SECURE_DTLS_SERVER();
  const table = nx_crypto_tls_ciphers_select(nx_crypto_tls_ciphers_ecc, suite.id);
  const metadata_size = out<ULONG>();
  yield* nx_secure_tls_metadata_size_calculate(table, metadata_size);
  const session_buffer = new Uint8Array(sessions * NX_SECURE_DTLS_SESSION.sizeof);
  const metadata = new Uint8Array(sessions * metadata_size.value);
  const reassembly = new Uint8Array(sessions * REASSEMBLY);
  check(
    yield* nx_secure_dtls_server_create(
      server,
      network.ip,
      SERVER_PORT,
      100,
      session_buffer,
      session_buffer.length,
      table,
      metadata,
      metadata.length,
      reassembly,
      reassembly.length,
      connect,
      receive,
    ),
  );
  if (suite.auth === 'psk') {
    const [identity, hint] = [PSK_IDENTITY, PSK_HINT];
    check(yield* nx_secure_dtls_server_psk_add(server, PSK, PSK.length, identity, identity.length, hint, hint.length));
  } else {
    const { certificate, private_key } = demo[suite.auth];
    const type = suite.auth === 'rsa' ? NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER : NX_SECURE_X509_KEY_TYPE_EC_DER;
    const block = yield* certificateOf(certificate, private_key, type);
    check(yield* nx_secure_dtls_server_local_certificate_add(server, block, 1));
  }
  check(yield* nx_secure_dtls_server_start(server));
  return server;
}

/** Creates a client's session, which trusts the root of the suite's credentials and checks dates by the board's clock. */
export function* clientSession(board: Board, suite: Suite): Generator<Suspension, NX_SECURE_DTLS_SESSION> {
  const session = new NX_SECURE_DTLS_SESSION();
  const table = nx_crypto_tls_ciphers_select(nx_crypto_tls_ciphers_ecc, suite.id);
  const metadata_size = out<ULONG>();
  yield* nx_secure_tls_metadata_size_calculate(table, metadata_size);
  const metadata = new Uint8Array(metadata_size.value);
  const reassembly = new Uint8Array(REASSEMBLY);
  const room = new Uint8Array((NX_SECURE_X509_CERT.sizeof + 2000) * REMOTE_CERTIFICATES);
  check(
    yield* nx_secure_dtls_session_create(
      session,
      table,
      metadata,
      metadata.length,
      reassembly,
      reassembly.length,
      REMOTE_CERTIFICATES,
      room,
      room.length,
    ),
  );
  yield* nx_secure_tls_session_time_function_set(session.nx_secure_dtls_tls_session, board.unix_time);
  if (suite.auth === 'psk') {
    const [identity, hint] = [PSK_IDENTITY, PSK_HINT];
    check(yield* nx_secure_dtls_psk_add(session, PSK, PSK.length, identity, identity.length, hint, hint.length));
  } else {
    const root = yield* certificateOf(demo[suite.auth].ca, null, NX_SECURE_X509_KEY_TYPE_NONE);
    check(yield* nx_secure_dtls_session_trusted_certificate_add(session, root, 1));
  }
  return session;
}
