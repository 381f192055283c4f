/**
 * A DTLS echo server: what a client sends comes back to it. The callbacks only take notes and wake the server's thread,
 * which does everything that may wait; so the IP thread is never held up, and several clients are served at once.
 */
import { defineFirmware, statusName } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_EVENT_FLAGS_GROUP,
  TX_NO_TIME_SLICE,
  TX_OR,
  TX_OR_CLEAR,
  TX_THREAD,
  tx_event_flags_create,
  tx_event_flags_get,
  tx_event_flags_set,
  tx_thread_create,
  tx_time_get,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import {
  NX_NO_PACKET,
  NX_NO_WAIT,
  NX_SUCCESS,
  NXD_ADDRESS,
  nx_packet_data_append,
  nx_packet_data_retrieve,
  nx_packet_release,
  type NX_PACKET,
} from 'txsim/nx_api';
import {
  NX_SECURE_X509_CERT,
  nx_secure_tls_metadata_size_calculate,
  nx_secure_x509_certificate_initialize,
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
  nx_secure_dtls_session_client_info_get,
  nx_secure_dtls_session_end,
  nx_secure_dtls_session_receive,
  nx_secure_dtls_session_reset,
} from 'txsim/nx_secure_dtls_api';
import { create_network } from './network.ts';
import { echoOptions } from './options.ts';

const LOCAL_SERVER_PORT = 4443;
const DTLS_SERVER_SESSIONS = 8;
const REASSEMBLY_SIZE = 4096;

/** Notes of the callbacks, as event flags. */
const CONNECTED = 0x1;
const RECEIVED = 0x2;
const DISCONNECTED = 0x4;

export default defineFirmware((board) => {
  const { print, config, sizeof } = board;
  const options = echoOptions(board);
  const SECOND = config.NX_IP_PERIODIC_RATE;
  /** How long one handshake may take: long enough for three retransmissions. */
  const HANDSHAKE_WAIT = 10 * SECOND;
  /** Sessions of clients that have said nothing for so long are given to others. */
  const IDLE_LIMIT = 60 * SECOND;

  const network = create_network(board);
  const { packet_pool, ip_instance } = network;
  const dtls_server = new NX_SECURE_DTLS_SERVER();
  const certificate = new NX_SECURE_X509_CERT();
  const server_thread = new TX_THREAD();
  const notes = new TX_EVENT_FLAGS_GROUP();

  /** Sessions the callbacks noted, in order: more than one may come before the thread gets to run. */
  const connecting: NX_SECURE_DTLS_SESSION[] = [];
  const readable: NX_SECURE_DTLS_SESSION[] = [];
  const disconnected: NX_SECURE_DTLS_SESSION[] = [];
  /** When each live session was last heard of, in ticks. */
  const last_heard = new Map<NX_SECURE_DTLS_SESSION, ULONG>();

  function* dtls_server_connect_notify(dtls_session: NX_SECURE_DTLS_SESSION): Generator<Suspension, number> {
    connecting.push(dtls_session);
    yield* tx_event_flags_set(notes, CONNECTED, TX_OR);
    return NX_SUCCESS;
  }

  function* dtls_server_receive_notify(dtls_session: NX_SECURE_DTLS_SESSION): Generator<Suspension, number> {
    readable.push(dtls_session);
    yield* tx_event_flags_set(notes, RECEIVED, TX_OR);
    return NX_SUCCESS;
  }

  function* dtls_server_disconnect_notify(dtls_session: NX_SECURE_DTLS_SESSION): Generator<Suspension, number> {
    disconnected.push(dtls_session);
    yield* tx_event_flags_set(notes, DISCONNECTED, TX_OR);
    return NX_SUCCESS;
  }

  function dtls_server_error_notify(_dtls_session: NX_SECURE_DTLS_SESSION | null, error_code: number): number {
    print(`error: ${statusName(error_code)}`);
    return NX_SUCCESS;
  }

  function* server_setup(): Generator<Suspension, number> {
    const metadata_size = out<ULONG>();
    yield* nx_secure_tls_metadata_size_calculate(options.crypto_table, metadata_size);
    const session_buffer = new Uint8Array(sizeof(NX_SECURE_DTLS_SESSION) * DTLS_SERVER_SESSIONS);
    const crypto_metadata_buffer = new Uint8Array(metadata_size.value * DTLS_SERVER_SESSIONS);
    const packet_buffer = new Uint8Array(REASSEMBLY_SIZE * DTLS_SERVER_SESSIONS);

    let status = yield* nx_secure_dtls_server_create(
      dtls_server,
      ip_instance,
      LOCAL_SERVER_PORT,
      SECOND,
      session_buffer,
      session_buffer.length,
      options.crypto_table,
      crypto_metadata_buffer,
      crypto_metadata_buffer.length,
      packet_buffer,
      packet_buffer.length,
      dtls_server_connect_notify,
      dtls_server_receive_notify,
    );
    if (status !== NX_SUCCESS) return status;
    status = yield* nx_secure_dtls_server_notify_set(
      dtls_server,
      dtls_server_disconnect_notify,
      dtls_server_error_notify,
    );
    if (status !== NX_SUCCESS) return status;

    if (options.auth === 'psk') {
      const { psk, psk_identity, psk_hint } = options;
      status = yield* nx_secure_dtls_server_psk_add(
        dtls_server,
        psk,
        psk.length,
        psk_identity,
        psk_identity.length,
        psk_hint,
        psk_hint.length,
      );
    } else {
      status = yield* nx_secure_x509_certificate_initialize(
        certificate,
        options.certificate,
        options.certificate.length,
        null,
        0,
        options.private_key,
        options.private_key.length,
        options.private_key_type,
      );
      if (status !== NX_SUCCESS) return status;
      status = yield* nx_secure_dtls_server_local_certificate_add(dtls_server, certificate, 1);
    }
    if (status !== NX_SUCCESS) return status;
    return yield* nx_secure_dtls_server_start(dtls_server);
  }

  /** Shakes hands with a client that connect_notify noted. */
  function* accept(dtls_session: NX_SECURE_DTLS_SESSION): Thread {
    const client_ip = new NXD_ADDRESS();
    const client_port = out<number>();
    const local_port = out<number>();
    yield* nx_secure_dtls_session_client_info_get(dtls_session, client_ip, client_port, local_port);
    const status = yield* nx_secure_dtls_server_session_start(dtls_session, HANDSHAKE_WAIT);
    if (status === NX_SUCCESS) {
      print(`client on port ${client_port.value} connected`);
      last_heard.set(dtls_session, yield* tx_time_get());
    } else {
      print(`handshake with the client on port ${client_port.value} failed: ${statusName(status)}`);
      yield* nx_secure_dtls_session_reset(dtls_session);
    }
  }

  /** Sends what a client has sent back to it, packet by packet, until nothing is left to read. */
  function* echo(dtls_session: NX_SECURE_DTLS_SESSION): Thread {
    for (;;) {
      const receive_packet = out<NX_PACKET>();
      let status = yield* nx_secure_dtls_session_receive(dtls_session, receive_packet, NX_NO_WAIT);
      if (status === NX_NO_PACKET) return;
      if (status !== NX_SUCCESS) {
        yield* hang_up(dtls_session, statusName(status));
        return;
      }
      last_heard.set(dtls_session, yield* tx_time_get());
      const data = new Uint8Array(receive_packet.value.nx_packet_length);
      const bytes_copied = out<ULONG>();
      yield* nx_packet_data_retrieve(receive_packet.value, data, bytes_copied);
      yield* nx_packet_release(receive_packet.value);
      print(`echoing ${bytes_copied.value} bytes`);

      const send_packet = out<NX_PACKET>();
      status = yield* nx_secure_dtls_packet_allocate(dtls_session, packet_pool, send_packet, SECOND);
      if (status !== NX_SUCCESS) continue;
      status = yield* nx_packet_data_append(send_packet.value, data, data.length, packet_pool, SECOND);
      if (status === NX_SUCCESS) {
        status = yield* nx_secure_dtls_server_session_send(dtls_session, send_packet.value);
      }
      // A packet that was not sent is still ours.
      if (status !== NX_SUCCESS) yield* nx_packet_release(send_packet.value);
    }
  }

  /** Ends a session and makes its place free. */
  function* hang_up(dtls_session: NX_SECURE_DTLS_SESSION, why: string): Thread {
    if (!last_heard.delete(dtls_session)) return;
    print(`session over: ${why}`);
    yield* nx_secure_dtls_session_end(dtls_session, NX_NO_WAIT);
  }

  /** Ends the sessions of clients that have vanished. */
  function* reap(): Thread {
    const now = yield* tx_time_get();
    for (const [dtls_session, heard] of [...last_heard]) {
      if ((now - heard) >>> 0 > IDLE_LIMIT) yield* hang_up(dtls_session, 'the client has vanished');
    }
  }

  function* dtls_server_thread(): Thread {
    const status = yield* server_setup();
    if (status !== NX_SUCCESS) {
      print(`the server cannot start: ${statusName(status)}`);
      return;
    }
    print(`listening on port ${LOCAL_SERVER_PORT}, ${options.auth}`);
    const noted = out<ULONG>();
    for (;;) {
      yield* tx_event_flags_get(notes, CONNECTED | RECEIVED | DISCONNECTED, TX_OR_CLEAR, noted, 10 * SECOND);
      for (let session = connecting.shift(); session !== undefined; session = connecting.shift()) {
        yield* accept(session);
      }
      for (let session = readable.shift(); session !== undefined; session = readable.shift()) yield* echo(session);
      for (let session = disconnected.shift(); session !== undefined; session = disconnected.shift()) {
        yield* hang_up(session, 'the client has closed it');
      }
      yield* reap();
    }
  }

  return {
    *tx_application_define(first_unused_memory) {
      yield* network.define(first_unused_memory, 100_000);
      yield* tx_event_flags_create(notes, 'notes');
      yield* tx_thread_create(
        server_thread,
        'server',
        dtls_server_thread,
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
