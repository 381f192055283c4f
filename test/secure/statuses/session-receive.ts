import { out, type Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { ALERT, APPLICATION_DATA } from '../../../secure/dtls/wire/record.ts';
import { expectSuccess, memory, ofService, type Bench } from './bench.ts';
import { server, type Peer, type Seal } from './peer.ts';
import { connect } from './steps.ts';
import { corruptLast, cutSealed } from './tamper.ts';

/** A server that sends one datagram right behind its Finished. */
const sends = (make: (seal: Seal) => Uint8Array, suite?: string): (() => Peer) =>
  server({ ...(suite === undefined ? {} : { suite }), afterwards: (seal) => [make(seal)] });

function* call(bench: Bench): Generator<Suspension, number> {
  expectSuccess(yield* connect(bench));
  return yield* dtls.nx_secure_dtls_session_receive(bench.session, out(), 100);
}

const TLS_1_2 = 0x0303;

export const sessionReceive = ofService('nx_secure_dtls_session_receive', {
  NX_SUCCESS: { when: 'a record with data arrives', peer: sends((seal) => seal(APPLICATION_DATA, memory(5))), call },
  NX_PTR_ERROR: {
    when: 'there is no place for the packet pointer',
    call: ({ session }) => dtls.nx_secure_dtls_session_receive(session, null, 100),
  },
  NX_NOT_ENABLED: {
    when: 'UDP has been taken out of the IP instance by hand',
    peer: server(),
    *call(bench) {
      expectSuccess(yield* connect(bench));
      bench.network.ip.udpEnabled = false;
      return yield* dtls.nx_secure_dtls_session_receive(bench.session, out(), 100);
    },
  },
  NX_NOT_BOUND: {
    when: 'the socket has been unbound since the handshake',
    peer: server(),
    *call(bench) {
      expectSuccess(yield* connect(bench));
      yield* nx.nx_udp_socket_unbind(bench.socket);
      return yield* dtls.nx_secure_dtls_session_receive(bench.session, out(), 100);
    },
  },
  NX_SECURE_TLS_INVALID_PACKET: {
    when: 'nothing arrives but five bytes, fewer than a record header',
    peer: sends(() => memory(5)),
    call,
  },
  NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE: {
    when: 'nothing arrives but a record that was changed on its way',
    peer: sends((seal) => corruptLast(seal(APPLICATION_DATA, memory(5)))),
    call,
  },
  NX_SECURE_TLS_PADDING_CHECK_FAILED: {
    when: 'nothing arrives but a record of a block cipher that is no whole number of blocks',
    peer: sends((seal) => cutSealed(seal(APPLICATION_DATA, memory(5))), 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256'),
    call,
  },
  NX_SECURE_TLS_ALERT_RECEIVED: {
    when: 'the server sends a fatal alert',
    peer: sends((seal) => seal(ALERT, Uint8Array.of(2, 80))),
    call,
  },
  NX_SECURE_TLS_UNRECOGNIZED_MESSAGE_TYPE: {
    when: 'nothing arrives but a genuine record of a type that does not exist',
    peer: sends((seal) => seal(99, memory(5))),
    call,
  },
  NX_SECURE_TLS_INCORRECT_MESSAGE_LENGTH: {
    when: 'nothing arrives but a record that claims more bytes than the datagram has',
    peer: sends((seal) => seal(APPLICATION_DATA, memory(5)).subarray(0, -1)),
    call,
  },
  NX_SECURE_TLS_UNKNOWN_CIPHERSUITE: {
    when: 'the session has been given a table without its suite since the handshake',
    peer: server(),
    *call(bench) {
      expectSuccess(yield* connect(bench));
      bench.session.nx_secure_dtls_tls_session.nx_secure_tls_crypto_table = tls.nx_crypto_tls_ciphers;
      return yield* dtls.nx_secure_dtls_session_receive(bench.session, out(), 100);
    },
  },
  NX_SECURE_TLS_PROTOCOL_VERSION_CHANGED: {
    when: 'nothing arrives but a record with the version of TLS 1.2',
    peer: sends((seal) => seal(APPLICATION_DATA, memory(5), TLS_1_2)),
    call,
  },
});
