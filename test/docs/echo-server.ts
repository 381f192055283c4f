/** The server of docs/dtls.md: a test holds the document's blocks against this file, and runs it. */
import { defineFirmware, statusName } from 'txsim';
import {
  out,
  TX_SEMAPHORE,
  TX_THREAD,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_WAIT_FOREVER,
  tx_semaphore_create,
  tx_semaphore_get,
  tx_semaphore_put,
  tx_thread_create,
  type Suspension,
  type Thread,
  type UINT,
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
  NX_SECURE_TLS_EXTENSION_NOT_FOUND,
  NX_SECURE_X509_CERT,
  NX_SECURE_X509_DNS_NAME,
  NX_SECURE_X509_KEY_TYPE_EC_DER,
  NX_SECURE_X509_KEY_TYPE_NONE,
  NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER,
  nx_crypto_tls_ciphers_all,
  nx_secure_tls_active_certificate_set,
  nx_secure_tls_initialize,
  nx_secure_tls_metadata_size_calculate,
  nx_secure_tls_session_server_callback_set,
  nx_secure_tls_session_sni_extension_parse,
  nx_secure_tls_session_time_function_set,
  nx_secure_x509_certificate_initialize,
  type NX_SECURE_TLS_HELLO_EXTENSION,
  type NX_SECURE_TLS_SESSION,
} from 'txsim/nx_secure_tls_api';
import {
  NX_SECURE_DTLS_SERVER,
  NX_SECURE_DTLS_SESSION,
  NX_SECURE_DTLS_VERSION_1_2,
  nx_crypto_ecc_curves,
  nx_crypto_ecc_supported_groups,
  nx_crypto_ecc_supported_groups_size,
  nx_secure_dtls_initialize,
  nx_secure_dtls_packet_allocate,
  nx_secure_dtls_server_create,
  nx_secure_dtls_server_delete,
  nx_secure_dtls_server_ecc_initialize,
  nx_secure_dtls_server_local_certificate_add,
  nx_secure_dtls_server_local_certificate_remove,
  nx_secure_dtls_server_notify_set,
  nx_secure_dtls_server_protocol_version_override,
  nx_secure_dtls_server_psk_add,
  nx_secure_dtls_server_session_send,
  nx_secure_dtls_server_session_start,
  nx_secure_dtls_server_start,
  nx_secure_dtls_server_stop,
  nx_secure_dtls_server_trusted_certificate_add,
  nx_secure_dtls_server_trusted_certificate_remove,
  nx_secure_dtls_server_x509_client_verify_configure,
  nx_secure_dtls_server_x509_client_verify_disable,
  nx_secure_dtls_session_client_info_get,
  nx_secure_dtls_session_end,
  nx_secure_dtls_session_receive,
  nx_secure_dtls_session_reset,
} from 'txsim/nx_secure_dtls_api';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import { bootNetwork } from '../support/dtls-firmware.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const { certificate: ecdsa_der, private_key: ecdsa_key, ca: root_der } = demo.ecdsa;
const { certificate: rsa_der, private_key: rsa_key } = demo.rsa;
const lamp_key = new Uint8Array(16).fill(0x5a);

/** Serves until as many sessions have ended as the parameter `sessions` says. */
export const echoServer = defineFirmware((board) => {
  const { print, sizeof } = board;
  const network = bootNetwork(board);
  const { ip, pool } = network;
  const main = new TX_THREAD();
  const last = Number(board.params['sessions']);
  let ended = 0;
  const takes_more = (): boolean => ended < last;
  const check = (status: UINT): void => {
    if (status !== NX_SUCCESS) throw new Error(statusName(status));
  };

  const SESSIONS = 4;
  const server = new NX_SECURE_DTLS_SERVER();
  const session_buffer = new Uint8Array(SESSIONS * sizeof(NX_SECURE_DTLS_SESSION));
  const reassembly = new Uint8Array(SESSIONS * 4096);
  const peer_certificates = new Uint8Array(SESSIONS * 2 * (sizeof(NX_SECURE_X509_CERT) + 2000));
  const ecdsa_identity = new NX_SECURE_X509_CERT();
  const rsa_identity = new NX_SECURE_X509_CERT();
  const client_root = new NX_SECURE_X509_CERT();
  const work = new TX_SEMAPHORE();
  const connecting: NX_SECURE_DTLS_SESSION[] = [];
  const readable: NX_SECURE_DTLS_SESSION[] = [];

  function* connect_notify(
    session: NX_SECURE_DTLS_SESSION,
    _ip: NXD_ADDRESS,
    _port: UINT,
  ): Generator<Suspension, UINT> {
    const tls = session.nx_secure_dtls_tls_session;
    yield* nx_secure_tls_session_server_callback_set(tls, choose_identity);
    yield* nx_secure_tls_session_time_function_set(tls, board.unix_time);
    connecting.push(session);
    yield* tx_semaphore_put(work);
    return NX_SUCCESS;
  }

  function* receive_notify(session: NX_SECURE_DTLS_SESSION): Generator<Suspension, UINT> {
    readable.push(session);
    yield* tx_semaphore_put(work);
    return NX_SUCCESS;
  }

  function* disconnect_notify(session: NX_SECURE_DTLS_SESSION): Generator<Suspension, UINT> {
    readable.push(session); // its next receive says that it is over
    yield* tx_semaphore_put(work);
    return NX_SUCCESS;
  }

  function error_notify(session: NX_SECURE_DTLS_SESSION | null, error_code: UINT): UINT {
    print(session === null ? 'no session is free for a client' : `a session failed: ${statusName(error_code)}`);
    return NX_SUCCESS;
  }

  function* create(): Thread {
    yield* nx_secure_tls_initialize();
    yield* nx_secure_dtls_initialize();
    const metadata_size = out<ULONG>();
    check(yield* nx_secure_tls_metadata_size_calculate(nx_crypto_tls_ciphers_all, metadata_size));
    const metadata = new Uint8Array(SESSIONS * metadata_size.value);
    check(
      yield* nx_secure_dtls_server_create(
        server,
        ip,
        4443,
        100,
        session_buffer,
        session_buffer.length,
        nx_crypto_tls_ciphers_all,
        metadata,
        metadata.length,
        reassembly,
        reassembly.length,
        connect_notify,
        receive_notify,
      ),
    );
    check(yield* nx_secure_dtls_server_notify_set(server, disconnect_notify, error_notify));
  }

  function* certificate(block: NX_SECURE_X509_CERT, der: Uint8Array, key: Uint8Array | null, type: UINT): Thread {
    check(yield* nx_secure_x509_certificate_initialize(block, der, der.length, null, 0, key, key?.length ?? 0, type));
  }

  function* furnish(): Thread {
    yield* certificate(ecdsa_identity, ecdsa_der, ecdsa_key, NX_SECURE_X509_KEY_TYPE_EC_DER);
    check(yield* nx_secure_dtls_server_local_certificate_add(server, ecdsa_identity, 1));
    yield* certificate(rsa_identity, rsa_der, rsa_key, NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
    check(yield* nx_secure_dtls_server_local_certificate_add(server, rsa_identity, 2));
    yield* certificate(client_root, root_der, null, NX_SECURE_X509_KEY_TYPE_NONE);
    check(yield* nx_secure_dtls_server_trusted_certificate_add(server, client_root, 1));
    const room = peer_certificates;
    check(yield* nx_secure_dtls_server_x509_client_verify_configure(server, 2, room, room.length));
    check(yield* nx_secure_dtls_server_psk_add(server, lamp_key, 16, ascii('lamp'), 4, ascii('home'), 4));
    const [groups, count] = [nx_crypto_ecc_supported_groups, nx_crypto_ecc_supported_groups_size];
    check(yield* nx_secure_dtls_server_ecc_initialize(server, groups, count, nx_crypto_ecc_curves));
    check(yield* nx_secure_dtls_server_protocol_version_override(server, NX_SECURE_DTLS_VERSION_1_2));
    check(yield* nx_secure_dtls_server_start(server));
  }

  function* choose_identity(
    tls: NX_SECURE_TLS_SESSION,
    extensions: readonly NX_SECURE_TLS_HELLO_EXTENSION[],
    num_extensions: UINT,
  ): Generator<Suspension, ULONG> {
    const name = new NX_SECURE_X509_DNS_NAME();
    const status = yield* nx_secure_tls_session_sni_extension_parse(tls, extensions, num_extensions, name);
    if (status === NX_SECURE_TLS_EXTENSION_NOT_FOUND) return NX_SUCCESS; // the client asks for no name
    if (status !== NX_SUCCESS) return status;
    const wants_rsa = name.nx_secure_x509_dns_name[0] === 'l'.charCodeAt(0); // localhost
    return yield* nx_secure_tls_active_certificate_set(tls, wants_rsa ? rsa_identity : ecdsa_identity);
  }

  function* accept(session: NX_SECURE_DTLS_SESSION): Thread {
    const address = new NXD_ADDRESS();
    const client_port = out<UINT>();
    const local_port = out<UINT>();
    check(yield* nx_secure_dtls_session_client_info_get(session, address, client_port, local_port));
    const status = yield* nx_secure_dtls_server_session_start(session, 1000);
    print(`port ${client_port.value}: ${statusName(status)}`);
    if (status !== NX_SUCCESS) yield* nx_secure_dtls_session_reset(session);
  }

  function* echo(session: NX_SECURE_DTLS_SESSION): Thread {
    const request = out<NX_PACKET>();
    const answer = out<NX_PACKET>();
    const length = out<ULONG>();
    const data = new Uint8Array(1024);
    for (;;) {
      let status = yield* nx_secure_dtls_session_receive(session, request, NX_NO_WAIT);
      if (status === NX_NO_PACKET) return;
      if (status !== NX_SUCCESS) {
        print(`over: ${statusName(status)}`);
        ended += 1;
        yield* nx_secure_dtls_session_end(session, NX_NO_WAIT);
        return;
      }
      yield* nx_packet_data_retrieve(request.value, data, length);
      yield* nx_packet_release(request.value);
      status = yield* nx_secure_dtls_packet_allocate(session, pool, answer, 10);
      if (status !== NX_SUCCESS) continue;
      status = yield* nx_packet_data_append(answer.value, data, length.value, pool, 10);
      if (status === NX_SUCCESS) status = yield* nx_secure_dtls_server_session_send(session, answer.value);
      if (status !== NX_SUCCESS) yield* nx_packet_release(answer.value); // what was not sent is still ours
    }
  }

  function* serve(): Thread {
    while (takes_more()) {
      yield* tx_semaphore_get(work, TX_WAIT_FOREVER);
      for (let session = connecting.shift(); session !== undefined; session = connecting.shift())
        yield* accept(session);
      for (let session = readable.shift(); session !== undefined; session = readable.shift()) yield* echo(session);
    }
  }

  function* take_down(): Thread {
    check(yield* nx_secure_dtls_server_stop(server));
    check(yield* nx_secure_dtls_server_x509_client_verify_disable(server));
    check(yield* nx_secure_dtls_server_local_certificate_remove(server, ascii('server'), 6, 0));
    check(yield* nx_secure_dtls_server_local_certificate_remove(server, null, 0, 2));
    check(yield* nx_secure_dtls_server_trusted_certificate_remove(server, null, 0, 1));
    check(yield* nx_secure_dtls_server_delete(server));
  }

  function* run(): Thread {
    yield* create();
    yield* furnish();
    yield* serve();
    yield* take_down();
    print('taken down');
  }

  return {
    *tx_application_define(memory) {
      yield* network.define(memory);
      yield* tx_semaphore_create(work, 'work', 0);
      const stack = network.take(4096);
      yield* tx_thread_create(main, 'main', run, 0, stack, 4096, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
});
