/**
 * A sensor on a battery: it wakes at a moment of its own, shakes hands with its gateway, delivers its reports, each until
 * it is answered, closes the session and sleeps.
 */
import { defineFirmware, SimulationError, statusName } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  tx_time_get,
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
import { answeredReport, emitReport } from './report.ts';

const TLS_PSK_WITH_AES_128_CCM_8 = 0xc0a8;
const CRYPTO_TABLE = nx_crypto_tls_ciphers_select(nx_crypto_tls_ciphers_ecc, TLS_PSK_WITH_AES_128_CCM_8);

const GATEWAY_PORT = 4433;
const POOL_SIZE = 12 * (nx.NX_PACKET.sizeof + 384);
const REASSEMBLY_SIZE = 512;
const STACK_SIZE = 1536;
/** DTLS does not repeat application data: a report that is not answered is sent again. */
const ATTEMPTS = 5;

/** `172.16.0.10` as a number. */
function parseAddress(text: string): ULONG {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1).map(Number);
  const [a = 256, b = 256, c = 256, d = 256] = parts ?? [];
  if (Math.max(a, b, c, d) <= 255) return nx.IP_ADDRESS(a, b, c, d);
  throw new SimulationError({ kind: 'world', what: `parameter gateway=${text}: expected an IPv4 address` });
}

export default defineFirmware((board) => {
  const { print, params, config } = board;
  const MS = config.NX_IP_PERIODIC_RATE / 1000;
  const SECOND = config.NX_IP_PERIODIC_RATE;
  const sensor = numberParam(board, 'sensor');
  const reports = numberParam(board, 'reports');
  const interval = Math.max(1, Math.round(numberParam(board, 'interval_ms') * MS));
  const naps = numberParam(board, 'naps');
  const gateway = new nx.NXD_ADDRESS();
  gateway.nxd_ip_version = nx.NX_IP_VERSION_V4;
  gateway.nxd_ip_address.v4 = parseAddress(params['gateway'] ?? '');

  const network = create_network(board);
  const socket = new nx.NX_UDP_SOCKET();
  const session = new dtls.NX_SECURE_DTLS_SESSION();
  const thread = new TX_THREAD();
  const answer = new Uint8Array(16);
  let reading = 20_000;

  function* session_setup(): Generator<Suspension, number> {
    const metadata_size = out<ULONG>();
    yield* nx_secure_tls_metadata_size_calculate(CRYPTO_TABLE, metadata_size);
    const metadata = network.take(metadata_size.value);
    const reassembly = network.take(REASSEMBLY_SIZE);
    const status = yield* dtls.nx_secure_dtls_session_create(
      session,
      CRYPTO_TABLE,
      metadata,
      metadata_size.value,
      reassembly,
      REASSEMBLY_SIZE,
      0,
      null,
      0,
    );
    if (status !== nx.NX_SUCCESS) return status;
    const [key, identity] = [keyOf(sensor), identityOf(sensor)];
    return yield* dtls.nx_secure_dtls_psk_add(
      session,
      key,
      key.length,
      identity,
      identity.length,
      PSK_HINT,
      PSK_HINT.length,
    );
  }

  /** Sends a report; gives the status. */
  function* send_report(number: number): Generator<Suspension, number> {
    const bytes = emitReport({ sensor, number, reading, uptime: yield* tx_time_get() });
    const packet = out<nx.NX_PACKET>();
    let status = yield* dtls.nx_secure_dtls_packet_allocate(session, network.pool, packet, SECOND);
    if (status !== nx.NX_SUCCESS) return status;
    status = yield* nx.nx_packet_data_append(packet.value, bytes, bytes.length, network.pool, SECOND);
    if (status === nx.NX_SUCCESS) {
      status = yield* dtls.nx_secure_dtls_session_send(session, packet.value, gateway, GATEWAY_PORT);
    }
    // A packet that was not sent is still ours.
    if (status !== nx.NX_SUCCESS) yield* nx.nx_packet_release(packet.value);
    return status;
  }

  /** Waits for the answer to a report; answers to earlier ones may come first. */
  function* receive_answer(number: number, wait: ULONG): Generator<Suspension, number> {
    const began = yield* tx_time_get();
    for (;;) {
      const spent = (yield* tx_time_get()) - began;
      if (spent >= wait) return nx.NX_NO_PACKET;
      const packet = out<nx.NX_PACKET>();
      const status = yield* dtls.nx_secure_dtls_session_receive(session, packet, wait - spent);
      if (status !== nx.NX_SUCCESS) return status;
      const length = packet.value.nx_packet_length;
      if (length <= answer.length) yield* nx.nx_packet_data_retrieve(packet.value, answer, out());
      yield* nx.nx_packet_release(packet.value);
      if (length <= answer.length && answeredReport(answer, length, sensor) === number) return nx.NX_SUCCESS;
    }
  }

  /** Sends a report until it is answered; gives how long that took in ticks, or null where it never was. */
  function* deliver(number: number, sent: { count: number }): Generator<Suspension, ULONG | null> {
    const began = yield* tx_time_get();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      sent.count++;
      if ((yield* send_report(number)) !== nx.NX_SUCCESS) return null;
      const status = yield* receive_answer(number, SECOND << attempt);
      if (status === nx.NX_SUCCESS) return (yield* tx_time_get()) - began;
      if (status !== nx.NX_NO_PACKET) return null;
    }
    return null;
  }

  /** One report each interval, and the session's end; the summary of the fleet reads the line that this prints. */
  function* report_all(): Thread {
    const delivered: number[] = [];
    const sent = { count: 0 };
    for (let number = 1; number <= reports; number++) {
      reading += (board.random() % 201) - 100;
      const ticks = yield* deliver(number, sent);
      if (ticks !== null) delivered.push(ticks / MS);
      if (number < reports) yield* tx_thread_sleep(interval - (board.random() % (interval >> 3 || 1)));
    }
    yield* dtls.nx_secure_dtls_session_end(session, SECOND);
    print(
      `${delivered.length} of ${reports} reports delivered, sent ${sent.count} times, in ms: ${delivered.join(' ')}`,
    );
  }

  function* main(): Thread {
    // Batteries are put in within one interval, not all at once.
    yield* tx_thread_sleep(1 + (board.random() % interval));
    const { ip } = network;
    yield* nx.nx_udp_socket_create(ip, socket, 'dtls', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, nx.NX_IP_TIME_TO_LIVE, 8);
    yield* nx.nx_udp_socket_bind(socket, nx.NX_ANY_PORT, SECOND);
    let status = yield* session_setup();
    if (status === nx.NX_SUCCESS && reports > 0) {
      const { nx_secure_dtls_client_session_start: connect } = dtls;
      status = yield* connect(session, socket, gateway, GATEWAY_PORT, 60 * SECOND);
      if (status === nx.NX_SUCCESS) yield* report_all();
    }
    if (status !== nx.NX_SUCCESS) print(`no session with the gateway: ${statusName(status)}`);
    // An idle sensor still looks at its battery once each interval.
    for (let nap = 0; nap < naps; nap++) yield* tx_thread_sleep(interval);
  }

  return {
    *tx_application_define(first_unused_memory) {
      yield* network.define(first_unused_memory, { pool: POOL_SIZE, arp: 4 * 52 });
      const stack = network.take(STACK_SIZE);
      yield* tx_thread_create(thread, 'sensor', main, 0, stack, STACK_SIZE, 8, 8, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
});
