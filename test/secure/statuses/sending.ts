import { out } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { expectSuccess, ofService } from './bench.ts';
import { client, server } from './peer.ts';
import { PEER_PORT } from './peer-firmware.ts';
import { accept, connect, emptyPool, packetFor } from './steps.ts';

const packetAllocate = ofService('nx_secure_dtls_packet_allocate', {
  NX_SUCCESS: {
    when: 'the pool has a packet',
    call: ({ session, network }) => dtls.nx_secure_dtls_packet_allocate(session, network.pool, out(), 0),
  },
  NX_SECURE_TLS_ALLOCATE_PACKET_FAILED: {
    when: 'the pool is empty',
    *call({ session, network }) {
      yield* emptyPool(network);
      return yield* dtls.nx_secure_dtls_packet_allocate(session, network.pool, out(), 5);
    },
  },
  NX_SECURE_TLS_SESSION_UNINITIALIZED: {
    when: 'the session was never created',
    call: ({ network }) =>
      dtls.nx_secure_dtls_packet_allocate(new dtls.NX_SECURE_DTLS_SESSION(), network.pool, out(), 0),
  },
});

const sessionSend = ofService('nx_secure_dtls_session_send', {
  NX_SUCCESS: {
    when: 'the session is connected',
    peer: server(),
    *call(bench) {
      const { session, peerAddress } = bench;
      expectSuccess(yield* connect(bench));
      const packet = yield* packetFor(bench, session);
      return yield* dtls.nx_secure_dtls_session_send(session, packet, peerAddress, PEER_PORT);
    },
  },
  NX_PTR_ERROR: {
    when: 'no packet is given',
    call: ({ session, peerAddress }) => dtls.nx_secure_dtls_session_send(session, null, peerAddress, PEER_PORT),
  },
  NX_SECURE_TLS_TCP_SEND_FAILED: {
    when: 'the socket has been unbound since the handshake',
    peer: server(),
    *call(bench) {
      const { session, socket, peerAddress } = bench;
      expectSuccess(yield* connect(bench));
      const packet = yield* packetFor(bench, session);
      yield* nx.nx_udp_socket_unbind(socket);
      return yield* dtls.nx_secure_dtls_session_send(session, packet, peerAddress, PEER_PORT);
    },
  },
});

const serverSessionSend = ofService('nx_secure_dtls_server_session_send', {
  NX_SUCCESS: {
    when: 'the session is connected',
    peer: client(),
    *call(bench) {
      const session = yield* accept(bench);
      expectSuccess(yield* dtls.nx_secure_dtls_server_session_start(session, 300));
      return yield* dtls.nx_secure_dtls_server_session_send(session, yield* packetFor(bench, session));
    },
  },
  NX_PTR_ERROR: {
    when: 'no packet is given',
    call: ({ session }) => dtls.nx_secure_dtls_server_session_send(session, null),
  },
  NX_SECURE_TLS_TCP_SEND_FAILED: {
    when: 'the socket of the server has been unbound since the handshake',
    peer: client(),
    *call(bench) {
      const session = yield* accept(bench);
      expectSuccess(yield* dtls.nx_secure_dtls_server_session_start(session, 300));
      const packet = yield* packetFor(bench, session);
      yield* nx.nx_udp_socket_unbind(bench.server.nx_dtls_server_udp_socket);
      return yield* dtls.nx_secure_dtls_server_session_send(session, packet);
    },
  },
});

export const sending = { ...packetAllocate, ...sessionSend, ...serverSessionSend };
