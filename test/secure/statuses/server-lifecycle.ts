import type { Op, Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { createServer, expectSuccess, memory, ofService, type Bench } from './bench.ts';
import { DEVICE_PORT } from './peer-firmware.ts';

const fresh = (): dtls.NX_SECURE_DTLS_SERVER => new dtls.NX_SECURE_DTLS_SERVER();

const serverCreate = ofService('nx_secure_dtls_server_create', {
  NX_SUCCESS: {
    when: 'there is room for what it needs',
    call: ({ network }) => createServer(fresh(), network.ip),
  },
  NX_PTR_ERROR: { when: 'no server is given', call: ({ network }) => createServer(null, network.ip) },
  NX_INVALID_PARAMETERS: {
    when: 'the session buffer has one byte less than a session takes',
    call: ({ network }) => createServer(fresh(), network.ip, { sessionBuffer: dtls.NX_SECURE_DTLS_SESSION.sizeof - 1 }),
  },
});

const serverDelete = ofService('nx_secure_dtls_server_delete', {
  NX_SUCCESS: { when: 'it is not started', call: ({ server }) => dtls.nx_secure_dtls_server_delete(server) },
  NX_PTR_ERROR: { when: 'no server is given', call: () => dtls.nx_secure_dtls_server_delete(null) },
  NX_STILL_BOUND: {
    when: 'it is started',
    *call({ server }) {
      expectSuccess(yield* dtls.nx_secure_dtls_server_start(server));
      return yield* dtls.nx_secure_dtls_server_delete(server);
    },
  },
});

function* socketOn({ network: { ip } }: Bench, port: number): Generator<Suspension, void> {
  const socket = new nx.NX_UDP_SOCKET();
  expectSuccess(yield* nx.nx_udp_socket_create(ip, socket, 's', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 128, 5));
  expectSuccess(yield* nx.nx_udp_socket_bind(socket, port, 0));
}

function* startOn({ network: { ip } }: Bench, port: number): Generator<Suspension, number> {
  const server = fresh();
  expectSuccess(yield* createServer(server, ip, { port }));
  return yield* dtls.nx_secure_dtls_server_start(server);
}

const serverStart = ofService('nx_secure_dtls_server_start', {
  NX_SUCCESS: { when: 'the port is free', call: ({ server }) => dtls.nx_secure_dtls_server_start(server) },
  NX_PTR_ERROR: { when: 'the server was never created', call: () => dtls.nx_secure_dtls_server_start(fresh()) },
  NX_NOT_ENABLED: {
    when: 'UDP has been taken out of the IP instance by hand since the server was created',
    *call({ server, network: { ip } }) {
      ip.udpEnabled = false;
      return yield* dtls.nx_secure_dtls_server_start(server);
    },
  },
  NX_NO_FREE_PORTS: {
    when: 'it may have any port, and sockets have all of them',
    *call(bench) {
      yield* nx.nx_udp_socket_unbind(bench.socket);
      for (let port = 0xc000; port <= 0xffff; port++) yield* socketOn(bench, port);
      return yield* startOn(bench, nx.NX_ANY_PORT);
    },
  },
  NX_INVALID_PORT: { when: 'the port has more than 16 bits', call: (bench) => startOn(bench, 0x10000) },
  NX_ALREADY_BOUND: {
    when: 'it is started already',
    *call({ server }) {
      expectSuccess(yield* dtls.nx_secure_dtls_server_start(server));
      return yield* dtls.nx_secure_dtls_server_start(server);
    },
  },
  NX_PORT_UNAVAILABLE: {
    when: 'another socket has the port',
    *call(bench) {
      yield* socketOn(bench, DEVICE_PORT);
      return yield* dtls.nx_secure_dtls_server_start(bench.server);
    },
  },
});

const serverStop = ofService('nx_secure_dtls_server_stop', {
  NX_SUCCESS: {
    when: 'it is started',
    *call({ server }) {
      expectSuccess(yield* dtls.nx_secure_dtls_server_start(server));
      return yield* dtls.nx_secure_dtls_server_stop(server);
    },
  },
  NX_PTR_ERROR: { when: 'no server is given', call: () => dtls.nx_secure_dtls_server_stop(null) },
});

const note = (): number => nx.NX_SUCCESS;

const serverNotifySet = ofService('nx_secure_dtls_server_notify_set', {
  NX_SUCCESS: {
    when: 'both callbacks are given',
    call: ({ server }) => dtls.nx_secure_dtls_server_notify_set(server, note, note),
  },
  NX_PTR_ERROR: {
    when: 'no server is given',
    call: () => dtls.nx_secure_dtls_server_notify_set(null, note, note),
  },
});

const configure = (server: dtls.NX_SECURE_DTLS_SERVER, buffer: Uint8Array | null): Op<number> =>
  dtls.nx_secure_dtls_server_x509_client_verify_configure(server, 2, buffer, 10_000);

const verifyConfigure = ofService('nx_secure_dtls_server_x509_client_verify_configure', {
  NX_SUCCESS: {
    when: 'the buffer has room for the chains of all sessions',
    call: ({ server }) => configure(server, memory(10_000)),
  },
  NX_PTR_ERROR: { when: 'no buffer is given', call: ({ server }) => configure(server, null) },
  NX_INVALID_PARAMETERS: {
    when: 'the server was never created, so that it has no sessions',
    call: () => configure(fresh(), memory(10_000)),
  },
});

const verifyDisable = ofService('nx_secure_dtls_server_x509_client_verify_disable', {
  NX_SUCCESS: {
    when: 'the server exists',
    call: ({ server }) => dtls.nx_secure_dtls_server_x509_client_verify_disable(server),
  },
  NX_PTR_ERROR: {
    when: 'no server is given',
    call: () => dtls.nx_secure_dtls_server_x509_client_verify_disable(null),
  },
});

export const serverLifecycle = {
  ...serverCreate,
  ...serverDelete,
  ...serverStart,
  ...serverStop,
  ...serverNotifySet,
  ...verifyConfigure,
  ...verifyDisable,
};
