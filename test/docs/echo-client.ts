/** The client of docs/dtls.md: a test holds the document's blocks against this file, and runs it. */
import { defineFirmware, statusName, type Firmware } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  type Suspension,
  type Thread,
  type UINT,
  type ULONG,
} from 'txsim/tx_api';
import {
  IP_ADDRESS,
  NX_ANY_PORT,
  NX_FRAGMENT_OKAY,
  NX_IP_NORMAL,
  NX_IP_TIME_TO_LIVE,
  NX_IP_VERSION_V4,
  NX_SUCCESS,
  NX_TRUE,
  NX_UDP_SOCKET,
  NXD_ADDRESS,
  nx_packet_data_append,
  nx_packet_data_retrieve,
  nx_packet_release,
  nx_udp_socket_bind,
  nx_udp_socket_create,
  type NX_PACKET,
} from 'txsim/nx_api';
import {
  NX_SECURE_TLS_ALERT_RECEIVED,
  NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH,
  NX_SECURE_X509_CERT,
  NX_SECURE_X509_DNS_NAME,
  NX_SECURE_X509_EXTENSION_NOT_FOUND,
  NX_SECURE_X509_KEY_TYPE_EC_DER,
  NX_SECURE_X509_KEY_TYPE_NONE,
  NX_SECURE_X509_KEY_USAGE_DIGITAL_SIGNATURE,
  NX_SECURE_X509_KEY_USAGE_ERROR,
  nx_crypto_tls_ciphers_all,
  nx_crypto_tls_ciphers_select,
  nx_secure_tls_client_psk_set,
  nx_secure_tls_metadata_size_calculate,
  nx_secure_tls_session_alert_value_get,
  nx_secure_tls_session_certificate_callback_set,
  nx_secure_tls_session_client_callback_set,
  nx_secure_tls_session_sni_extension_set,
  nx_secure_tls_session_time_function_set,
  nx_secure_x509_certificate_initialize,
  nx_secure_x509_common_name_dns_check,
  nx_secure_x509_crl_revocation_check,
  nx_secure_x509_dns_name_initialize,
  nx_secure_x509_extended_key_usage_extension_parse,
  nx_secure_x509_key_usage_extension_parse,
  type NX_SECURE_TLS_CRYPTO,
  type NX_SECURE_TLS_HELLO_EXTENSION,
  type NX_SECURE_TLS_SESSION,
} from 'txsim/nx_secure_tls_api';
import {
  NX_SECURE_DTLS_SESSION,
  NX_SECURE_DTLS_VERSION_1_2,
  nx_crypto_ecc_curves,
  nx_secure_dtls_client_protocol_version_override,
  nx_secure_dtls_client_session_start,
  nx_secure_dtls_ecc_initialize,
  nx_secure_dtls_packet_allocate,
  nx_secure_dtls_psk_add,
  nx_secure_dtls_session_create,
  nx_secure_dtls_session_delete,
  nx_secure_dtls_session_end,
  nx_secure_dtls_session_local_certificate_add,
  nx_secure_dtls_session_local_certificate_remove,
  nx_secure_dtls_session_receive,
  nx_secure_dtls_session_reset,
  nx_secure_dtls_session_send,
  nx_secure_dtls_session_start,
  nx_secure_dtls_session_trusted_certificate_add,
  nx_secure_dtls_session_trusted_certificate_remove,
} from 'txsim/nx_secure_dtls_api';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import { bootNetwork } from '../support/dtls-firmware.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const { certificate: client_der, private_key: client_key } = demo.client_ecdsa;
const { ca: root_der } = demo.ecdsa;
const lamp_key = new Uint8Array(16).fill(0x5a);

/** What a client is to be like. */
export interface ClientParts {
  /** The host it asks for, and whose certificate it wants to see. */
  readonly host: string;
  /** The revocation list it has; null for none. */
  readonly crl: Uint8Array | null;
}

/** Connects with a certificate, begins anew, connects with a pre-shared key, and takes its session down. */
export const echoClient = ({ host, crl }: ClientParts): Firmware =>
  defineFirmware((board) => {
    const { print, sizeof } = board;
    const network = bootNetwork(board);
    const { ip, pool } = network;
    const main = new TX_THREAD();
    const check = (status: UINT): void => {
      if (status !== NX_SUCCESS) throw new Error(statusName(status));
    };

    const session = new NX_SECURE_DTLS_SESSION();
    const tls = session.nx_secure_dtls_tls_session;
    const socket = new NX_UDP_SOCKET();
    const address = new NXD_ADDRESS();
    const reassembly = new Uint8Array(4096);
    const peer_certificates = new Uint8Array(2 * (sizeof(NX_SECURE_X509_CERT) + 2000));
    const root = new NX_SECURE_X509_CERT();
    const identity = new NX_SECURE_X509_CERT();
    const server_name = new NX_SECURE_X509_DNS_NAME();

    function* create(table: NX_SECURE_TLS_CRYPTO): Thread {
      const metadata_size = out<ULONG>();
      check(yield* nx_secure_tls_metadata_size_calculate(table, metadata_size));
      const metadata = new Uint8Array(metadata_size.value);
      check(
        yield* nx_secure_dtls_session_create(
          session,
          table,
          metadata,
          metadata.length,
          reassembly,
          reassembly.length,
          2,
          peer_certificates,
          peer_certificates.length,
        ),
      );
    }

    function* furnish(): Thread {
      const [none, ec] = [NX_SECURE_X509_KEY_TYPE_NONE, NX_SECURE_X509_KEY_TYPE_EC_DER];
      const initialize = nx_secure_x509_certificate_initialize;
      check(yield* initialize(root, root_der, root_der.length, null, 0, null, 0, none));
      check(yield* nx_secure_dtls_session_trusted_certificate_add(session, root, 1));
      check(yield* initialize(identity, client_der, client_der.length, null, 0, client_key, client_key.length, ec));
      check(yield* nx_secure_dtls_session_local_certificate_add(session, identity, 1));
      check(yield* nx_secure_tls_session_time_function_set(tls, board.unix_time));
      check(yield* nx_secure_tls_session_certificate_callback_set(tls, check_certificate));
      check(yield* nx_secure_tls_session_client_callback_set(tls, look_at_hello));
      check(yield* nx_secure_x509_dns_name_initialize(server_name, ascii(host), host.length));
      check(yield* nx_secure_tls_session_sni_extension_set(tls, server_name));
      check(yield* nx_secure_dtls_ecc_initialize(session, [23], 1, nx_crypto_ecc_curves)); // P-256 alone
      check(yield* nx_secure_dtls_client_protocol_version_override(session, NX_SECURE_DTLS_VERSION_1_2));
    }

    function* check_certificate(
      peer: NX_SECURE_TLS_SESSION,
      certificate: NX_SECURE_X509_CERT,
    ): Generator<Suspension, UINT> {
      let status = yield* nx_secure_x509_common_name_dns_check(certificate, ascii(host), host.length);
      if (status !== NX_SUCCESS) return status;
      const usage = out<UINT>();
      status = yield* nx_secure_x509_key_usage_extension_parse(certificate, usage);
      if (status === NX_SUCCESS && (usage.value & NX_SECURE_X509_KEY_USAGE_DIGITAL_SIGNATURE) === 0) {
        return NX_SECURE_X509_KEY_USAGE_ERROR;
      }
      const server_auth = NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH;
      status = yield* nx_secure_x509_extended_key_usage_extension_parse(certificate, server_auth);
      if (status !== NX_SUCCESS && status !== NX_SECURE_X509_EXTENSION_NOT_FOUND) return status;
      if (crl === null) return NX_SUCCESS;
      return yield* nx_secure_x509_crl_revocation_check(crl, crl.length, peer.certificates, certificate);
    }

    function look_at_hello(
      _tls: NX_SECURE_TLS_SESSION,
      _extensions: readonly NX_SECURE_TLS_HELLO_EXTENSION[],
      num_extensions: UINT,
    ): ULONG {
      print(`the server's hello has ${num_extensions} extensions`);
      return NX_SUCCESS;
    }

    function* connect(): Generator<Suspension, UINT> {
      address.nxd_ip_version = NX_IP_VERSION_V4;
      address.nxd_ip_address.v4 = IP_ADDRESS(192, 168, 1, 150);
      const status = yield* nx_secure_dtls_client_session_start(session, socket, address, 4443, 1000);
      if (status === NX_SECURE_TLS_ALERT_RECEIVED) {
        const level = out<UINT>();
        const value = out<UINT>();
        check(yield* nx_secure_tls_session_alert_value_get(tls, level, value));
        print(`refused: alert ${value.value}`);
      }
      return status;
    }

    function* talk(text: string): Thread {
      const request = out<NX_PACKET>();
      check(yield* nx_secure_dtls_packet_allocate(session, pool, request, 10));
      let status = yield* nx_packet_data_append(request.value, ascii(text), text.length, pool, 10);
      if (status === NX_SUCCESS) status = yield* nx_secure_dtls_session_send(session, request.value, address, 4443);
      if (status !== NX_SUCCESS) yield* nx_packet_release(request.value); // what was not sent is still ours
      const answer = out<NX_PACKET>();
      status = yield* nx_secure_dtls_session_receive(session, answer, 200);
      if (status !== NX_SUCCESS) {
        print(`no answer: ${statusName(status)}`);
        return;
      }
      const data = new Uint8Array(answer.value.nx_packet_length);
      yield* nx_packet_data_retrieve(answer.value, data, out<ULONG>());
      yield* nx_packet_release(answer.value);
      print(`heard ${String.fromCharCode(...data)}`);
    }

    function* with_certificate(): Thread {
      yield* create(nx_crypto_tls_ciphers_all);
      yield* furnish();
      const status = yield* connect();
      print(`connected: ${statusName(status)}`);
      if (status !== NX_SUCCESS) return;
      yield* talk('hello');
      check(yield* nx_secure_dtls_session_start(session, socket, NX_TRUE, 1000)); // anew, with the same server
      yield* talk('hello again');
      check(yield* nx_secure_dtls_session_end(session, 100));
    }

    function* with_key(): Thread {
      yield* create(nx_crypto_tls_ciphers_select(nx_crypto_tls_ciphers_all, 0xc0a8)); // TLS_PSK_WITH_AES_128_CCM_8
      check(yield* nx_secure_dtls_psk_add(session, lamp_key, 16, ascii('lamp'), 4, ascii('home'), 4));
      const wrong = new Uint8Array(16);
      check(yield* nx_secure_tls_client_psk_set(tls, wrong, 16, ascii('nobody'), 6, null, 0));
      print(`as nobody: ${statusName(yield* connect())}`);
      check(yield* nx_secure_dtls_session_reset(session));
      check(yield* nx_secure_tls_client_psk_set(tls, lamp_key, 16, ascii('lamp'), 4, null, 0));
      print(`as the lamp: ${statusName(yield* connect())}`);
      yield* talk('on');
      check(yield* nx_secure_dtls_session_end(session, 100));
      check(yield* nx_secure_dtls_session_delete(session));
    }

    function* take_down(): Thread {
      yield* nx_secure_dtls_session_reset(session);
      check(yield* nx_secure_dtls_session_local_certificate_remove(session, null, 0, 1));
      check(yield* nx_secure_dtls_session_trusted_certificate_remove(session, null, 0, 1));
      check(yield* nx_secure_dtls_session_delete(session));
    }

    function* run(): Thread {
      yield* tx_thread_sleep(10);
      const [normal, okay, time_to_live] = [NX_IP_NORMAL, NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE];
      check(yield* nx_udp_socket_create(ip, socket, 'client', normal, okay, time_to_live, 16));
      check(yield* nx_udp_socket_bind(socket, NX_ANY_PORT, 100));
      yield* with_certificate();
      yield* take_down();
      yield* with_key();
      print('done');
    }

    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        const stack = network.take(4096);
        yield* tx_thread_create(main, 'main', run, 0, stack, 4096, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
      },
    };
  });
