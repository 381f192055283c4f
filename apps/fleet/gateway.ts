/**
 * A gateway: a DTLS server for many sensors. The callbacks note what there is to do for which session, and some workers
 * do it; a sensor whose handshake takes long, as frames of it are lost, holds up one of them and nobody else.
 */
import { defineFirmware, statusName } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_NO_WAIT,
  TX_QUEUE,
  TX_THREAD,
  TX_WAIT_FOREVER,
  tx_queue_create,
  tx_queue_receive,
  tx_queue_send,
  tx_thread_create,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import {
  nx_crypto_tls_ciphers_ecc,
  nx_crypto_tls_ciphers_select,
  nx_secure_tls_metadata_size_calculate,
} from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { identityOf, keyOf, PSK_HINT } from './identity.ts';
import { create_network, numberParam } from './network.ts';
import { ANSWER_SIZE, REPORT_SIZE } from './report.ts';

const TLS_PSK_WITH_AES_128_CCM_8 = 0xc0a8;
const PORT = 4433;
const PACKETS = 256;
const WORKERS = 8;
const STACK_SIZE = 2048;
const REASSEMBLY_SIZE = 512;

/** What there is to do for a session. */
const CONNECTED = 0x1;
const RECEIVED = 0x2;
const DISCONNECTED = 0x4;
/** A worker has the session, and looks at its notes again before it lets go of it. */
const TAKEN = 0x8;

export default defineFirmware((board) => {
  const { print, config, sizeof } = board;
  const SECOND = config.NX_IP_PERIODIC_RATE;
  const first = numberParam(board, 'first');
  const step = numberParam(board, 'step');
  const sessions = numberParam(board, 'sessions');

  const network = create_network(board);
  const server = new dtls.NX_SECURE_DTLS_SERVER();
  const main_thread = new TX_THREAD();
  const work = new TX_QUEUE();
  const notes = new Uint8Array(sessions);
  /** In C the place of a session is the difference of two pointers. */
  const places = new Map<dtls.NX_SECURE_DTLS_SESSION, number>();

  /** Notes what there is to do for a session, and queues the session unless it is in the queue or with a worker. */
  function* note(session: dtls.NX_SECURE_DTLS_SESSION, what: number): Generator<Suspension, number> {
    const place = places.get(session) ?? 0;
    const before = notes[place] ?? 0;
    notes[place] = before | what;
    if (before === 0) yield* tx_queue_send(work, Uint32Array.of(place), TX_NO_WAIT);
    return nx.NX_SUCCESS;
  }

  function* setup(): Generator<Suspension, number> {
    const table = nx_crypto_tls_ciphers_select(nx_crypto_tls_ciphers_ecc, TLS_PSK_WITH_AES_128_CCM_8);
    const metadata_size = out<ULONG>();
    yield* nx_secure_tls_metadata_size_calculate(table, metadata_size);
    const session_buffer = new Uint8Array(sizeof(dtls.NX_SECURE_DTLS_SESSION) * sessions);
    const metadata = new Uint8Array(metadata_size.value * sessions);
    const reassembly = new Uint8Array(REASSEMBLY_SIZE * sessions);
    let status = yield* dtls.nx_secure_dtls_server_create(
      server,
      network.ip,
      PORT,
      SECOND,
      session_buffer,
      session_buffer.length,
      table,
      metadata,
      metadata.length,
      reassembly,
      reassembly.length,
      (session) => note(session, CONNECTED),
      (session) => note(session, RECEIVED),
    );
    if (status !== nx.NX_SUCCESS) return status;
    server.nx_dtls_server_sessions.forEach((session, place) => places.set(session, place));
    status = yield* dtls.nx_secure_dtls_server_notify_set(
      server,
      (session) => note(session, DISCONNECTED),
      () => nx.NX_SUCCESS,
    );
    for (let sensor = first; sensor < first + sessions * step && status === nx.NX_SUCCESS; sensor += step) {
      const [key, identity] = [keyOf(sensor), identityOf(sensor)];
      const { nx_secure_dtls_server_psk_add: add } = dtls;
      status = yield* add(server, key, key.length, identity, identity.length, PSK_HINT, PSK_HINT.length);
    }
    if (status !== nx.NX_SUCCESS) return status;
    return yield* dtls.nx_secure_dtls_server_start(server);
  }

  /** Shakes hands with a client. */
  function* accept(session: dtls.NX_SECURE_DTLS_SESSION): Thread {
    const status = yield* dtls.nx_secure_dtls_server_session_start(session, 60 * SECOND);
    if (status === nx.NX_SUCCESS) return;
    print(`handshake failed: ${statusName(status)}`);
    yield* dtls.nx_secure_dtls_session_reset(session);
  }

  /** Answers every report that a session has, with the first bytes of it. */
  function* answer(session: dtls.NX_SECURE_DTLS_SESSION): Thread {
    const report = new Uint8Array(REPORT_SIZE);
    for (;;) {
      const received = out<nx.NX_PACKET>();
      let status = yield* dtls.nx_secure_dtls_session_receive(session, received, nx.NX_NO_WAIT);
      if (status !== nx.NX_SUCCESS) return;
      const isReport = received.value.nx_packet_length === REPORT_SIZE;
      if (isReport) yield* nx.nx_packet_data_retrieve(received.value, report, out());
      yield* nx.nx_packet_release(received.value);
      if (!isReport) continue;

      const reply = out<nx.NX_PACKET>();
      status = yield* dtls.nx_secure_dtls_packet_allocate(session, network.pool, reply, SECOND);
      if (status !== nx.NX_SUCCESS) continue;
      status = yield* nx.nx_packet_data_append(reply.value, report, ANSWER_SIZE, network.pool, SECOND);
      if (status === nx.NX_SUCCESS) status = yield* dtls.nx_secure_dtls_server_session_send(session, reply.value);
      // A packet that was not sent is still ours.
      if (status !== nx.NX_SUCCESS) yield* nx.nx_packet_release(reply.value);
    }
  }

  function* worker(): Thread {
    const message = new Uint32Array(1);
    for (;;) {
      yield* tx_queue_receive(work, message, TX_WAIT_FOREVER);
      const place = message[0] ?? 0;
      const session = server.nx_dtls_server_sessions[place];
      if (session === undefined) continue;
      for (let todo = notes[place] ?? 0; todo !== TAKEN; todo = notes[place] ?? 0) {
        notes[place] = TAKEN;
        if ((todo & CONNECTED) !== 0) yield* accept(session);
        if ((todo & RECEIVED) !== 0) yield* answer(session);
        if ((todo & DISCONNECTED) !== 0) yield* dtls.nx_secure_dtls_session_end(session, nx.NX_NO_WAIT);
      }
      notes[place] = 0;
    }
  }

  function* start(): Thread {
    const status = yield* setup();
    print(status === nx.NX_SUCCESS ? `ready for ${sessions} sensors` : `cannot start: ${statusName(status)}`);
  }

  return {
    *tx_application_define(first_unused_memory) {
      const packet = nx.NX_PACKET.sizeof + 384;
      yield* network.define(first_unused_memory, { pool: PACKETS * packet, arp: 52 * 8 });
      yield* tx_queue_create(work, 'work', 1, network.take(4 * sessions), 4 * sessions);
      const create = tx_thread_create;
      const [none, auto] = [TX_NO_TIME_SLICE, TX_AUTO_START];
      yield* create(main_thread, 'start', start, 0, network.take(STACK_SIZE), STACK_SIZE, 4, 4, none, auto);
      for (let number = 1; number <= WORKERS; number++) {
        const name = `worker ${number}`;
        yield* create(new TX_THREAD(), name, worker, 0, network.take(STACK_SIZE), STACK_SIZE, 5, 5, none, auto);
      }
    },
  };
});
