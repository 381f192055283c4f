import type { Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { expectSuccess, ofService, type Bench, type Scenario } from './bench.ts';
import { server } from './peer.ts';
import { connect, emptyPool } from './steps.ts';

/** Ends a connected session, after something has happened to the way to its peer. */
function endAfter(happening: (bench: Bench) => Generator<Suspension, unknown>): Scenario['call'] {
  return function* (bench) {
    expectSuccess(yield* connect(bench));
    yield* happening(bench);
    return yield* dtls.nx_secure_dtls_session_end(bench.session, 50);
  };
}

export const sessionEnd = ofService('nx_secure_dtls_session_end', {
  NX_SUCCESS: { when: 'the server answers close_notify', peer: server(), call: endAfter(function* () {}) },
  NX_PTR_ERROR: { when: 'no session is given', call: () => dtls.nx_secure_dtls_session_end(null, 50) },
  NX_SECURE_TLS_ALLOCATE_PACKET_FAILED: {
    when: 'the pool has no packet for close_notify',
    peer: server(),
    call: endAfter(({ network }) => emptyPool(network)),
  },
  NX_SECURE_TLS_UNKNOWN_CIPHERSUITE: {
    when: 'the session has been given a table without its suite since the handshake',
    peer: server(),
    call: endAfter(function* ({ session }) {
      session.nx_secure_dtls_tls_session.nx_secure_tls_crypto_table = tls.nx_crypto_tls_ciphers;
    }),
  },
  NX_SECURE_TLS_TCP_SEND_FAILED: {
    when: 'the socket has been deleted under the session',
    peer: server(),
    call: endAfter(function* ({ socket }) {
      yield* nx.nx_udp_socket_unbind(socket);
      yield* nx.nx_udp_socket_delete(socket);
    }),
  },
  NX_IP_ADDRESS_ERROR: {
    when: 'the device has moved to another network, from which there is no way to the server',
    peer: server(),
    call: endAfter(function* ({ network: { ip } }) {
      yield* nx.nx_ip_address_set(ip, nx.IP_ADDRESS(10, 0, 0, 2), 0xffffff00);
    }),
  },
  NX_NOT_BOUND: {
    when: 'the socket has been unbound',
    peer: server(),
    call: endAfter(function* ({ socket }) {
      yield* nx.nx_udp_socket_unbind(socket);
    }),
  },
  NX_INVALID_PORT: {
    when: 'the port of the server has been overwritten in the control block',
    peer: server(),
    call: endAfter(function* ({ session }) {
      session.nx_secure_dtls_remote_port = 0x10000;
    }),
  },
  NX_PORT_UNAVAILABLE: {
    when: 'the socket has been unbound, and another one has its port now',
    peer: server(),
    call: endAfter(function* ({ network: { ip }, socket }) {
      const port = socket.nx_udp_socket_port;
      yield* nx.nx_udp_socket_unbind(socket);
      const other = new nx.NX_UDP_SOCKET();
      yield* nx.nx_udp_socket_create(ip, other, 'other', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 128, 5);
      expectSuccess(yield* nx.nx_udp_socket_bind(other, port, 0));
    }),
  },
});
