/**
 * A client of the servers here, in which there is no mistake: it wakes at a random moment (parameter `wakes`: within so
 * many milliseconds), connects, asks once, and says what became of it.
 */
import { defineFirmware, statusName } from 'txsim';
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
import * as nx from 'txsim/nx_api';
import { nx_crypto_tls_ciphers_ecc, nx_secure_tls_metadata_size_calculate } from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { create_network } from './network.ts';
import { PSK, PSK_HINT, PSK_IDENTITY, SERVER_PORT } from './psk-server.ts';

const QUESTION = Uint8Array.from('how many?', (character) => character.charCodeAt(0));
const REASSEMBLY_SIZE = 1024;

export default defineFirmware((board) => {
  const { print, config, params } = board;
  const SECOND = config.NX_IP_PERIODIC_RATE;
  const wakes = Math.max(1, (Number(params['wakes'] ?? 100) * SECOND) / 1000);
  const network = create_network(board);
  const socket = new nx.NX_UDP_SOCKET();
  const session = new dtls.NX_SECURE_DTLS_SESSION();
  const thread = new TX_THREAD();
  const server = new nx.NXD_ADDRESS();
  server.nxd_ip_version = nx.NX_IP_VERSION_V4;
  server.nxd_ip_address.v4 = nx.IP_ADDRESS(192, 168, 1, 150);

  function* session_setup(): Generator<Suspension, number> {
    const metadata_size = out<ULONG>();
    yield* nx_secure_tls_metadata_size_calculate(nx_crypto_tls_ciphers_ecc, metadata_size);
    const metadata = new Uint8Array(metadata_size.value);
    const reassembly = new Uint8Array(REASSEMBLY_SIZE);
    const { nx_secure_dtls_session_create: create, nx_secure_dtls_psk_add: add } = dtls;
    const table = nx_crypto_tls_ciphers_ecc;
    const status = yield* create(session, table, metadata, metadata.length, reassembly, REASSEMBLY_SIZE, 0, null, 0);
    if (status !== nx.NX_SUCCESS) return status;
    const [identity, hint] = [PSK_IDENTITY, PSK_HINT];
    return yield* add(session, PSK, PSK.length, identity, identity.length, hint, hint.length);
  }

  function* ask(): Generator<Suspension, number> {
    const packet = out<nx.NX_PACKET>();
    let status = yield* dtls.nx_secure_dtls_packet_allocate(session, network.pool, packet, SECOND);
    if (status !== nx.NX_SUCCESS) return status;
    status = yield* nx.nx_packet_data_append(packet.value, QUESTION, QUESTION.length, network.pool, SECOND);
    if (status === nx.NX_SUCCESS) {
      status = yield* dtls.nx_secure_dtls_session_send(session, packet.value, server, SERVER_PORT);
    }
    if (status !== nx.NX_SUCCESS) {
      yield* nx.nx_packet_release(packet.value);
      return status;
    }
    status = yield* dtls.nx_secure_dtls_session_receive(session, packet, 5 * SECOND);
    if (status === nx.NX_SUCCESS) yield* nx.nx_packet_release(packet.value);
    return status;
  }

  function* main(): Thread {
    yield* tx_thread_sleep(10 + Math.floor(board.random() % wakes));
    const { ip } = network;
    yield* nx.nx_udp_socket_create(ip, socket, 'dtls', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, nx.NX_IP_TIME_TO_LIVE, 8);
    yield* nx.nx_udp_socket_bind(socket, nx.NX_ANY_PORT, SECOND);
    let status = yield* session_setup();
    if (status === nx.NX_SUCCESS) {
      status = yield* dtls.nx_secure_dtls_client_session_start(session, socket, server, SERVER_PORT, 20 * SECOND);
    }
    if (status !== nx.NX_SUCCESS) {
      print(`cannot connect: ${statusName(status)}`);
      return;
    }
    status = yield* ask();
    print(status === nx.NX_SUCCESS ? 'answered' : `no answer: ${statusName(status)}`);
    yield* dtls.nx_secure_dtls_session_end(session, SECOND);
  }

  return {
    *tx_application_define(memory) {
      yield* network.define(memory, 16);
      yield* tx_thread_create(
        thread,
        'client',
        main,
        0,
        network.take(2048),
        2048,
        4,
        4,
        TX_NO_TIME_SLICE,
        TX_AUTO_START,
      );
    },
  };
});
