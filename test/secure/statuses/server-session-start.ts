import type { Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { suiteByName } from '../../../secure/crypto/suites.ts';
import { buildClientHello, parseClientHello, type ClientHello } from '../../../secure/dtls/wire/client-hello.ts';
import { buildClientKeyExchange, parseClientKeyExchange } from '../../../secure/dtls/wire/client-key-exchange.ts';
import { CLIENT_HELLO, CLIENT_KEY_EXCHANGE, FINISHED } from '../../../secure/dtls/wire/handshake.ts';
import { memory, ofService, type Bench } from './bench.ts';
import { client, type Lies, type Peer } from './peer.ts';
import { accept, hoardPackets } from './steps.ts';
import { corruptLast, cutSealed, mapRecords } from './tamper.ts';

/** A client whose ClientHellos say something else than they should. */
const saysHello = (change: Partial<ClientHello>): (() => Peer) =>
  client({
    message: (type, body) => {
      const hello = type === CLIENT_HELLO ? parseClientHello(body) : null;
      return [type, hello === null ? body : buildClientHello({ ...hello, ...change })];
    },
  });

/** A client whose flight with the Finished is not what it should be. */
const lastFlight = (change: (bytes: Uint8Array) => Uint8Array, more: Lies = {}): (() => Peer) =>
  client({ ...more, datagram: (bytes, messages) => (messages.includes('Finished') ? change(bytes) : bytes) });

/** A ClientKeyExchange with the same point in the form that names one coordinate and a sign. */
function compress(body: Uint8Array): Uint8Array {
  const point = parseClientKeyExchange(body, 1) ?? memory(65);
  const sign = 2 + ((point.at(-1) ?? 0) & 1);
  return buildClientKeyExchange(Uint8Array.of(sign, ...point.subarray(1, 33)), 1);
}

const pskOnly = [suiteByName('TLS_PSK_WITH_AES_128_CCM_8')].filter((suite) => suite !== null);

/** A table of the firmware's own making, with a record protection that the stack does not know. */
const withForeignCipher = (): tls.NX_SECURE_TLS_CRYPTO => ({
  nx_secure_tls_ciphersuite_lookup_table: tls.nx_crypto_tls_ciphers_ecc.nx_secure_tls_ciphersuite_lookup_table.map(
    (row) => ({ ...row, nx_secure_tls_session_cipher: { nx_crypto_name: 'SM4', nx_crypto_metadata_area_size: 100 } }),
  ),
});

function* call(bench: Bench): Generator<Suspension, number> {
  return yield* dtls.nx_secure_dtls_server_session_start(yield* accept(bench), 300);
}

export const serverSessionStart = ofService('nx_secure_dtls_server_session_start', {
  NX_SUCCESS: { when: 'the client does as it should', peer: client(), call },
  NX_PTR_ERROR: { when: 'no session is given', call: () => dtls.nx_secure_dtls_server_session_start(null, 100) },
  NX_SECURE_TLS_ALLOCATE_PACKET_FAILED: {
    when: 'another thread takes every packet, that of the ClientHello too once it is read',
    peer: client(),
    *call(bench) {
      const session = yield* accept(bench);
      yield* hoardPackets(bench.network);
      return yield* dtls.nx_secure_dtls_server_session_start(session, 10);
    },
  },
  NX_SECURE_TLS_INVALID_PACKET: {
    when: 'the client goes on with five bytes, fewer than a record header',
    peer: lastFlight((bytes) => bytes.subarray(0, 5)),
    call,
  },
  NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE: {
    when: 'the Finished of the client never arrives as it was sealed',
    peer: lastFlight(corruptLast),
    call,
  },
  NX_SECURE_TLS_PADDING_CHECK_FAILED: {
    when: 'the Finished is sealed with a block cipher and is no whole number of blocks',
    peer: lastFlight(cutSealed, { suite: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256' }),
    call,
  },
  NX_SECURE_TLS_ALERT_RECEIVED: {
    when: 'the client does not trust the certificate and says so',
    peer: client({
      config: { verifyPeer: () => ({ ok: false, failure: { kind: 'certificate', reason: 'no trust', alert: 48 } }) },
    }),
    call,
  },
  NX_SECURE_TLS_UNRECOGNIZED_MESSAGE_TYPE: {
    when: 'a message of a type that does not exist comes in place of the ClientKeyExchange',
    peer: client({ message: (type, body) => [type === CLIENT_KEY_EXCHANGE ? 99 : type, body] }),
    call,
  },
  NX_SECURE_TLS_INCORRECT_MESSAGE_LENGTH: {
    when: 'the ClientKeyExchange ends in the middle of the point',
    peer: client({ message: (type, body) => [type, type === CLIENT_KEY_EXCHANGE ? body.subarray(0, 20) : body] }),
    call,
  },
  NX_SECURE_TLS_NO_SUPPORTED_CIPHERS: {
    when: 'the client offers nothing but a suite with a pre-shared key, and the server has none',
    peer: client({ config: { suites: pskOnly } }),
    call,
  },
  NX_SECURE_TLS_BAD_COMPRESSION_METHOD: {
    when: 'the client offers DEFLATE and will not go without',
    peer: saysHello({ compressionMethods: Uint8Array.of(1) }),
    call,
  },
  NX_SECURE_TLS_HANDSHAKE_FAILURE: {
    when: 'the ClientHello speaks of a renegotiation on a first handshake',
    peer: saysHello({ extensions: { renegotiationInfo: memory(12) } }),
    call,
  },
  NX_SECURE_TLS_UNSUPPORTED_FEATURE: {
    when: 'the client sends its point compressed',
    peer: client({ message: (type, body) => [type, type === CLIENT_KEY_EXCHANGE ? compress(body) : body] }),
    call,
  },
  NX_SECURE_TLS_UNKNOWN_CIPHERSUITE: {
    when: 'the crypto table carries the suite out with a cipher that the stack does not know',
    peer: client(),
    table: withForeignCipher,
    call,
  },
  NX_SECURE_TLS_PROTOCOL_VERSION_CHANGED: {
    when: 'the client goes on with the record version of TLS 1.2',
    peer: lastFlight((bytes) => mapRecords(bytes, (record) => ({ ...record, version: 0x0303 }))),
    call,
  },
  NX_SECURE_TLS_FINISHED_HASH_FAILURE: {
    when: 'the Finished is sealed as it should be, but is made of another handshake',
    peer: client({ message: (type, body) => [type, type === FINISHED ? memory(12) : body] }),
    call,
  },
  NX_SECURE_TLS_TCP_SEND_FAILED: {
    when: 'the socket of the server has been unbound since the client was noticed',
    peer: client(),
    *call(bench) {
      const session = yield* accept(bench);
      yield* nx.nx_udp_socket_unbind(bench.server.nx_dtls_server_udp_socket);
      return yield* dtls.nx_secure_dtls_server_session_start(session, 100);
    },
  },
});
