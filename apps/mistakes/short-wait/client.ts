/** A client that gives its handshake less time than its processor takes for it. */
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
import {
  NX_SECURE_X509_CERT,
  NX_SECURE_X509_KEY_TYPE_NONE,
  nx_crypto_tls_ciphers_ecc,
  nx_secure_tls_metadata_size_calculate,
  nx_secure_x509_certificate_initialize,
} from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { demo } from '../../dtls-echo/credentials/demo.ts';
import { create_network } from '../network.ts';

const SERVER_PORT = 4443;
const REASSEMBLY_SIZE = 4096;
const REMOTE_CERTIFICATES = 2;
const ATTEMPTS = 3;

export default defineFirmware((board) => {
  const { print, config, sizeof } = board;
  const SECOND = config.NX_IP_PERIODIC_RATE;
  // The mistake: on the desktop, and on the board with the large processor, a second was plenty.
  const HANDSHAKE_WAIT = board.params['fixed'] === 'yes' ? 20 * SECOND : SECOND;

  const network = create_network(board);
  const socket = new nx.NX_UDP_SOCKET();
  const session = new dtls.NX_SECURE_DTLS_SESSION();
  const root = new NX_SECURE_X509_CERT();
  const thread = new TX_THREAD();
  const server = new nx.NXD_ADDRESS();
  server.nxd_ip_version = nx.NX_IP_VERSION_V4;
  server.nxd_ip_address.v4 = nx.IP_ADDRESS(192, 168, 1, 150);

  function* session_setup(): Generator<Suspension, number> {
    const metadata_size = out<ULONG>();
    yield* nx_secure_tls_metadata_size_calculate(nx_crypto_tls_ciphers_ecc, metadata_size);
    const metadata = new Uint8Array(metadata_size.value);
    const reassembly = new Uint8Array(REASSEMBLY_SIZE);
    const certificates = new Uint8Array((sizeof(NX_SECURE_X509_CERT) + 2000) * REMOTE_CERTIFICATES);
    let status = yield* dtls.nx_secure_dtls_session_create(
      session,
      nx_crypto_tls_ciphers_ecc,
      metadata,
      metadata.length,
      reassembly,
      reassembly.length,
      REMOTE_CERTIFICATES,
      certificates,
      certificates.length,
    );
    if (status !== nx.NX_SUCCESS) return status;
    const { ca } = demo.ecdsa;
    const none = NX_SECURE_X509_KEY_TYPE_NONE;
    status = yield* nx_secure_x509_certificate_initialize(root, ca, ca.length, null, 0, null, 0, none);
    if (status !== nx.NX_SUCCESS) return status;
    return yield* dtls.nx_secure_dtls_session_trusted_certificate_add(session, root, 1);
  }

  function* main(): Thread {
    yield* tx_thread_sleep(SECOND / 10);
    const { ip } = network;
    yield* nx.nx_udp_socket_create(ip, socket, 'dtls', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, nx.NX_IP_TIME_TO_LIVE, 16);
    yield* nx.nx_udp_socket_bind(socket, nx.NX_ANY_PORT, SECOND);
    let status = yield* session_setup();
    if (status !== nx.NX_SUCCESS) {
      print(`the session cannot be set up: ${statusName(status)}`);
      return;
    }
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { nx_secure_dtls_client_session_start: connect } = dtls;
      status = yield* connect(session, socket, server, SERVER_PORT, HANDSHAKE_WAIT);
      print(`attempt ${attempt}: ${statusName(status)}`);
      if (status === nx.NX_SUCCESS) {
        yield* dtls.nx_secure_dtls_session_end(session, SECOND);
        break;
      }
      yield* tx_thread_sleep(5 * SECOND);
    }
    print('done');
  }

  return {
    *tx_application_define(memory) {
      yield* network.define(memory, 24);
      yield* tx_thread_create(
        thread,
        'client',
        main,
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
