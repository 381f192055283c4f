/** A DTLS server for clients with one pre-shared key, up to its callbacks; there is no mistake in it. */
import type { Board } from 'txsim';
import { out, type Suspension, type ULONG } from 'txsim/tx_api';
import {
  NX_SUCCESS,
  nx_packet_data_append,
  nx_packet_data_retrieve,
  nx_packet_release,
  type NX_PACKET,
} from 'txsim/nx_api';
import { nx_crypto_tls_ciphers_ecc, nx_secure_tls_metadata_size_calculate } from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import type { Network } from './network.ts';

export const SERVER_PORT = 4443;
export const SERVER_ADDRESS = '192.168.1.150';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
export const PSK = ascii('0123456789abcdef');
export const PSK_IDENTITY = ascii('meter');
export const PSK_HINT = ascii('house');

const SESSIONS = 4;
const REASSEMBLY_SIZE = 1024;

/** A callback of the server. */
export type Notify = (session: dtls.NX_SECURE_DTLS_SESSION) => Generator<Suspension, number>;

/** Creates and starts a server. */
export function* start_server(
  { sizeof, config }: Board,
  network: Network,
  connect: Notify,
  receive: Notify,
): Generator<Suspension, number> {
  const server = new dtls.NX_SECURE_DTLS_SERVER();
  const table = nx_crypto_tls_ciphers_ecc;
  const metadata_size = out<ULONG>();
  yield* nx_secure_tls_metadata_size_calculate(table, metadata_size);
  const session_buffer = new Uint8Array(sizeof(dtls.NX_SECURE_DTLS_SESSION) * SESSIONS);
  const metadata = new Uint8Array(metadata_size.value * SESSIONS);
  const reassembly = new Uint8Array(REASSEMBLY_SIZE * SESSIONS);
  let status = yield* dtls.nx_secure_dtls_server_create(
    server,
    network.ip,
    SERVER_PORT,
    config.NX_IP_PERIODIC_RATE,
    session_buffer,
    session_buffer.length,
    table,
    metadata,
    metadata.length,
    reassembly,
    reassembly.length,
    connect,
    receive,
  );
  if (status !== NX_SUCCESS) return status;
  const [identity, hint] = [PSK_IDENTITY, PSK_HINT];
  const { nx_secure_dtls_server_psk_add: add } = dtls;
  status = yield* add(server, PSK, PSK.length, identity, identity.length, hint, hint.length);
  if (status !== NX_SUCCESS) return status;
  return yield* dtls.nx_secure_dtls_server_start(server);
}

/** Reads what has come for a session, and sends the same back. */
export function* echo(
  network: Network,
  session: dtls.NX_SECURE_DTLS_SESSION,
  wait: ULONG,
): Generator<Suspension, number> {
  const received = out<NX_PACKET>();
  let status = yield* dtls.nx_secure_dtls_session_receive(session, received, wait);
  if (status !== NX_SUCCESS) return status;
  const data = new Uint8Array(received.value.nx_packet_length);
  yield* nx_packet_data_retrieve(received.value, data, out());
  yield* nx_packet_release(received.value);

  const reply = out<NX_PACKET>();
  status = yield* dtls.nx_secure_dtls_packet_allocate(session, network.pool, reply, wait);
  if (status !== NX_SUCCESS) return status;
  status = yield* nx_packet_data_append(reply.value, data, data.length, network.pool, wait);
  if (status === NX_SUCCESS) status = yield* dtls.nx_secure_dtls_server_session_send(session, reply.value);
  if (status !== NX_SUCCESS) yield* nx_packet_release(reply.value);
  return status;
}
