import { tx_thread_sleep, type Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { demo } from '../../../apps/dtls-echo/credentials/demo.ts';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import { suiteByName } from '../../../secure/crypto/suites.ts';
import type { DtlsConfig } from '../../../secure/dtls/config.ts';
import { SERVER_HELLO, SERVER_HELLO_DONE } from '../../../secure/dtls/wire/handshake.ts';
import { DTLS_1_0 } from '../../../secure/dtls/wire/record.ts';
import { buildServerHello, parseServerHello, type ServerHello } from '../../../secure/dtls/wire/server-hello.ts';
import { memory, ofService, type Bench } from './bench.ts';
import { corruptLast, replaceByte } from './tamper.ts';
import { server, type Peer } from './peer.ts';
import { PEER_PORT } from './peer-firmware.ts';
import { connect, emptyPool } from './steps.ts';

/** A server whose ServerHello says something else than it should. */
const saysHello = (change: Partial<ServerHello>): (() => Peer) =>
  server({
    message: (type, body) => {
      const hello = type === SERVER_HELLO ? parseServerHello(body) : null;
      return [type, hello === null ? body : buildServerHello({ ...hello, ...change })];
    },
  });

/** A server that shows a certificate which is not that of its EC key. */
function shows(...certificates: readonly Uint8Array[]): () => Peer {
  const privateKey = nodeProvider.importPrivateKey(demo.ecdsa.private_key);
  const identity: DtlsConfig['identity'] = privateKey === null ? undefined : { certificates, privateKey };
  return server(identity === undefined ? {} : { config: { identity } });
}

const pskOnly = [suiteByName('TLS_PSK_WITH_AES_128_CCM_8')].filter((suite) => suite !== null);

const withNullRoutine = (): tls.NX_SECURE_TLS_CRYPTO => ({
  nx_secure_tls_ciphersuite_lookup_table: tls.nx_crypto_tls_ciphers_ecc.nx_secure_tls_ciphersuite_lookup_table.map(
    (row) => ({ ...row, nx_secure_tls_prf: null }),
  ),
});

const call = (bench: Bench): Generator<Suspension, number> => connect(bench);

export const clientSessionStart = ofService('nx_secure_dtls_client_session_start', {
  NX_SUCCESS: { when: 'the server answers as it should', peer: server(), call },
  NX_NOT_CONNECTED: { when: 'nobody has the address', call },
  NX_SECURE_TLS_UNRECOGNIZED_MESSAGE_TYPE: {
    when: 'the flight of the server ends with a message of a type that does not exist',
    peer: server({ message: (type, body) => [type === SERVER_HELLO_DONE ? 99 : type, body] }),
    call,
  },
  NX_SECURE_TLS_UNSUPPORTED_CIPHER: {
    when: 'the server chooses a suite that exists and was not offered',
    peer: saysHello({ cipherSuite: 0xc030 }),
    call,
  },
  NX_SECURE_TLS_HANDSHAKE_FAILURE: {
    when: 'the ServerHello speaks of a renegotiation on a first handshake',
    peer: saysHello({ extensions: { renegotiationInfo: memory(12) } }),
    call,
  },
  NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE: {
    when: 'the Finished of the server never arrives as it was sealed',
    peer: server({ datagram: (bytes, messages) => (messages.includes('Finished') ? corruptLast(bytes) : bytes) }),
    call,
  },
  NX_SECURE_TLS_TCP_SEND_FAILED: {
    when: 'the socket is bound to no port',
    *call(bench) {
      yield* nx.nx_udp_socket_unbind(bench.socket);
      return yield* connect(bench);
    },
  },
  NX_SECURE_TLS_INCORRECT_MESSAGE_LENGTH: {
    when: 'the ServerHello ends in the middle of the random',
    peer: server({ message: (type, body) => [type, type === SERVER_HELLO ? body.subarray(0, 20) : body] }),
    call,
  },
  NX_SECURE_TLS_BAD_CIPHERSPEC: {
    when: 'the ChangeCipherSpec holds a 2 where only a 1 is defined',
    peer: server({
      datagram: (bytes, messages) => (messages.includes('ChangeCipherSpec') ? replaceByte(bytes, 13, 2) : bytes),
    }),
    call,
  },
  NX_SECURE_TLS_INVALID_SERVER_CERT: {
    when: 'the server shows a genuine certificate that is for clients',
    peer: shows(demo.client_ecdsa.certificate),
    call,
  },
  NX_SECURE_TLS_UNSUPPORTED_PUBLIC_CIPHER: {
    when: 'the server shows a genuine certificate with an RSA key for a suite with ECDSA',
    peer: shows(demo.rsa.certificate),
    call,
  },
  NX_SECURE_TLS_NO_SUPPORTED_CIPHERS: {
    when: 'the server chooses suite 0, which stands for none',
    peer: saysHello({ cipherSuite: 0 }),
    call,
  },
  NX_SECURE_TLS_UNKNOWN_TLS_VERSION: {
    when: 'the ServerHello has a version that DTLS never had',
    peer: saysHello({ version: 0xfefe }),
    call,
  },
  NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION: {
    when: 'the server insists on DTLS 1.0',
    peer: saysHello({ version: DTLS_1_0 }),
    call,
  },
  NX_SECURE_TLS_ALLOCATE_PACKET_FAILED: {
    when: 'the pool is empty and stays so',
    *call(bench) {
      yield* emptyPool(bench.network);
      return yield* connect(bench, 10);
    },
  },
  NX_SECURE_TLS_INVALID_CERTIFICATE: {
    when: 'what the server shows is no certificate',
    peer: shows(Uint8Array.of(0x30, 3, 1, 2, 3)),
    call,
  },
  NX_SECURE_TLS_ALERT_RECEIVED: {
    when: 'the server has no suite in common with the client and says so',
    peer: server({ config: { suites: pskOnly } }),
    call,
  },
  NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE: {
    when: 'the rows of the crypto table have no pseudo-random function',
    table: withNullRoutine,
    call,
  },
  NX_PTR_ERROR: {
    when: 'no socket is given',
    *call({ session, peerAddress }) {
      yield* tx_thread_sleep(1);
      return yield* dtls.nx_secure_dtls_client_session_start(session, null, peerAddress, PEER_PORT, 100);
    },
  },
});
