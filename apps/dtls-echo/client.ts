/**
 * A DTLS client: connects to the echo server, sends a line, waits for it to come back, and closes the session.
 */
import { defineFirmware, SimulationError, statusName } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import {
  IP_ADDRESS,
  NX_ANY_PORT,
  NX_FRAGMENT_OKAY,
  NX_IP_NORMAL,
  NX_IP_TIME_TO_LIVE,
  NX_IP_VERSION_V4,
  NX_NO_PACKET,
  NX_SUCCESS,
  NX_UDP_SOCKET,
  NXD_ADDRESS,
  nx_packet_data_append,
  nx_packet_data_retrieve,
  nx_packet_release,
  nx_udp_socket_bind,
  nx_udp_socket_create,
  nx_udp_socket_delete,
  nx_udp_socket_unbind,
  type NX_PACKET,
} from 'txsim/nx_api';
import {
  NX_SECURE_X509_CERT,
  NX_SECURE_X509_KEY_TYPE_NONE,
  nx_secure_tls_metadata_size_calculate,
  nx_secure_tls_session_time_function_set,
  nx_secure_x509_certificate_initialize,
} from 'txsim/nx_secure_tls_api';
import {
  NX_SECURE_DTLS_SESSION,
  nx_secure_dtls_client_session_start,
  nx_secure_dtls_packet_allocate,
  nx_secure_dtls_psk_add,
  nx_secure_dtls_session_create,
  nx_secure_dtls_session_delete,
  nx_secure_dtls_session_end,
  nx_secure_dtls_session_receive,
  nx_secure_dtls_session_send,
  nx_secure_dtls_session_trusted_certificate_add,
} from 'txsim/nx_secure_dtls_api';
import { create_network } from './network.ts';
import { echoOptions } from './options.ts';

const REASSEMBLY_SIZE = 4096;
const REMOTE_CERT_NUMBER = 3;
/** DTLS does not repeat application data: who needs an answer asks again. */
const ATTEMPTS = 5;

/** `192.168.1.150` as a number. */
function parseAddress(text: string): ULONG {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1).map(Number);
  const [a = 256, b = 256, c = 256, d = 256] = parts ?? [];
  if (Math.max(a, b, c, d) <= 255) return IP_ADDRESS(a, b, c, d);
  throw new SimulationError({ kind: 'world', what: `parameter server=${text}: expected an IPv4 address` });
}

export default defineFirmware((board) => {
  const { print, params, config, sizeof } = board;
  const options = echoOptions(board);
  const SECOND = config.NX_IP_PERIODIC_RATE;
  const server_address = parseAddress(params['server'] ?? '192.168.1.150');
  const server_port = Number(params['port'] ?? 4443);
  const message = params['message'] ?? 'hello';

  const network = create_network(board);
  const { packet_pool, ip_instance } = network;
  const udp_socket = new NX_UDP_SOCKET();
  const dtls_session = new NX_SECURE_DTLS_SESSION();
  const client_thread = new TX_THREAD();
  const trusted_certificates = options.trusted.map((der) => ({ der, block: new NX_SECURE_X509_CERT() }));

  function* session_setup(): Generator<Suspension, number> {
    const metadata_size = out<ULONG>();
    yield* nx_secure_tls_metadata_size_calculate(options.crypto_table, metadata_size);
    const crypto_metadata = new Uint8Array(metadata_size.value);
    const packet_buffer = new Uint8Array(REASSEMBLY_SIZE);
    const remote_certs_buffer = new Uint8Array((sizeof(NX_SECURE_X509_CERT) + 2000) * REMOTE_CERT_NUMBER);
    let status = yield* nx_secure_dtls_session_create(
      dtls_session,
      options.crypto_table,
      crypto_metadata,
      crypto_metadata.length,
      packet_buffer,
      packet_buffer.length,
      REMOTE_CERT_NUMBER,
      remote_certs_buffer,
      remote_certs_buffer.length,
    );
    if (status !== NX_SUCCESS) return status;
    const tls_session = dtls_session.nx_secure_dtls_tls_session;
    yield* nx_secure_tls_session_time_function_set(tls_session, board.unix_time);

    if (options.auth === 'psk') {
      const { psk, psk_identity, psk_hint } = options;
      return yield* nx_secure_dtls_psk_add(
        dtls_session,
        psk,
        psk.length,
        psk_identity,
        psk_identity.length,
        psk_hint,
        psk_hint.length,
      );
    }
    for (const [index, { der, block }] of trusted_certificates.entries()) {
      const none = NX_SECURE_X509_KEY_TYPE_NONE;
      status = yield* nx_secure_x509_certificate_initialize(block, der, der.length, null, 0, null, 0, none);
      if (status !== NX_SUCCESS) return status;
      status = yield* nx_secure_dtls_session_trusted_certificate_add(dtls_session, block, index + 1);
      if (status !== NX_SUCCESS) return status;
    }
    return NX_SUCCESS;
  }

  /** Sends the line; gives the status. */
  function* send_line(server_ip: NXD_ADDRESS): Generator<Suspension, number> {
    const line = Uint8Array.from(`${message}\n`, (character) => character.charCodeAt(0));
    const send_packet = out<NX_PACKET>();
    let status = yield* nx_secure_dtls_packet_allocate(dtls_session, packet_pool, send_packet, SECOND);
    if (status !== NX_SUCCESS) return status;
    status = yield* nx_packet_data_append(send_packet.value, line, line.length, packet_pool, SECOND);
    if (status === NX_SUCCESS) {
      status = yield* nx_secure_dtls_session_send(dtls_session, send_packet.value, server_ip, server_port);
    }
    // A packet that was not sent is still ours.
    if (status !== NX_SUCCESS) yield* nx_packet_release(send_packet.value);
    return status;
  }

  /** Sends the line until it comes back. */
  function* exchange(server_ip: NXD_ADDRESS): Generator<Suspension, number> {
    let status: number = NX_NO_PACKET;
    for (let attempt = 1; attempt <= ATTEMPTS && status !== NX_SUCCESS; attempt++) {
      status = yield* send_line(server_ip);
      if (status !== NX_SUCCESS) return status;
      print(attempt === 1 ? `sent '${message}'` : `sent '${message}' again`);
      const receive_packet = out<NX_PACKET>();
      status = yield* nx_secure_dtls_session_receive(dtls_session, receive_packet, 2 * SECOND);
      if (status !== NX_SUCCESS) continue;
      const data = new Uint8Array(receive_packet.value.nx_packet_length);
      const bytes_copied = out<ULONG>();
      yield* nx_packet_data_retrieve(receive_packet.value, data, bytes_copied);
      yield* nx_packet_release(receive_packet.value);
      print(`received '${String.fromCharCode(...data).trim()}'`);
    }
    return status;
  }

  function* application_thread(): Thread {
    // A board's network takes a moment to come up, and so does the server's.
    yield* tx_thread_sleep(Math.ceil(SECOND / 10));
    yield* nx_udp_socket_create(
      ip_instance,
      udp_socket,
      'client socket',
      NX_IP_NORMAL,
      NX_FRAGMENT_OKAY,
      NX_IP_TIME_TO_LIVE,
      16,
    );
    yield* nx_udp_socket_bind(udp_socket, NX_ANY_PORT, SECOND);
    let status = yield* session_setup();
    if (status !== NX_SUCCESS) {
      print(`the session cannot be set up: ${statusName(status)}`);
      return;
    }
    const server_ip = new NXD_ADDRESS();
    server_ip.nxd_ip_version = NX_IP_VERSION_V4;
    server_ip.nxd_ip_address.v4 = server_address;

    status = yield* nx_secure_dtls_client_session_start(dtls_session, udp_socket, server_ip, server_port, 60 * SECOND);
    if (status === NX_SUCCESS) {
      status = yield* exchange(server_ip);
      if (status !== NX_SUCCESS) print(`no echo: ${statusName(status)}`);
      status = yield* nx_secure_dtls_session_end(dtls_session, SECOND);
      print(status === NX_SUCCESS ? 'closed, done' : `closing failed: ${statusName(status)}`);
    } else {
      print(`cannot connect: ${statusName(status)}`);
    }
    yield* nx_secure_dtls_session_delete(dtls_session);
    yield* nx_udp_socket_unbind(udp_socket);
    yield* nx_udp_socket_delete(udp_socket);
  }

  return {
    *tx_application_define(first_unused_memory) {
      yield* network.define(first_unused_memory, 50_000);
      yield* tx_thread_create(
        client_thread,
        'client',
        application_thread,
        0,
        network.take(4096),
        4096,
        4,
        4,
        TX_NO_TIME_SLICE,
        TX_AUTO_START,
      );
    },
  };
});
