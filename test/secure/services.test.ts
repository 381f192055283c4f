import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineFirmware, statusName, World } from 'txsim';
import {
  out,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  type Op,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import { bootNetwork, startDtlsServer, type TestNetwork } from '../support/dtls-firmware.ts';

/** The services of the chapter, with the number of their parameters. */
const SERVICES = {
  nx_secure_dtls_client_session_start: 5,
  nx_secure_dtls_packet_allocate: 4,
  nx_secure_dtls_psk_add: 7,
  nx_secure_dtls_server_create: 13,
  nx_secure_dtls_server_delete: 1,
  nx_secure_dtls_server_local_certificate_add: 3,
  nx_secure_dtls_server_local_certificate_remove: 4,
  nx_secure_dtls_server_notify_set: 3,
  nx_secure_dtls_server_psk_add: 7,
  nx_secure_dtls_server_session_send: 2,
  nx_secure_dtls_server_session_start: 2,
  nx_secure_dtls_server_start: 1,
  nx_secure_dtls_server_stop: 1,
  nx_secure_dtls_server_trusted_certificate_add: 3,
  nx_secure_dtls_server_trusted_certificate_remove: 4,
  nx_secure_dtls_server_x509_client_verify_configure: 4,
  nx_secure_dtls_server_x509_client_verify_disable: 1,
  nx_secure_dtls_session_client_info_get: 4,
  nx_secure_dtls_session_create: 9,
  nx_secure_dtls_session_delete: 1,
  nx_secure_dtls_session_end: 2,
  nx_secure_dtls_session_local_certificate_add: 3,
  nx_secure_dtls_session_local_certificate_remove: 4,
  nx_secure_dtls_session_receive: 3,
  nx_secure_dtls_session_reset: 1,
  nx_secure_dtls_session_send: 4,
  nx_secure_dtls_session_trusted_certificate_add: 3,
  nx_secure_dtls_session_trusted_certificate_remove: 4,
} as const;

describe('the 28 services', () => {
  for (const [name, parameters] of Object.entries(SERVICES)) {
    it(name, () => {
      const service: unknown = Object.entries(dtls).find(([exported]) => exported === name)?.[1];
      assert(typeof service === 'function');
      assert.equal(service.length, parameters);
    });
  }
});

/** What a test has at hand: a network, a created session and server, and parts to make more of them. */
interface Bench {
  readonly network: TestNetwork;
  readonly session: dtls.NX_SECURE_DTLS_SESSION;
  readonly server: dtls.NX_SECURE_DTLS_SERVER;
  readonly certificate: tls.NX_SECURE_X509_CERT;
  readonly socket: nx.NX_UDP_SOCKET;
}

const table = tls.nx_crypto_tls_ciphers_ecc;
const note = (): number => nx.NX_SUCCESS;
const memory = (size: number): Uint8Array => new Uint8Array(size);

function createSession(
  session: dtls.NX_SECURE_DTLS_SESSION | null,
  over: { metadata?: number; certs?: number } = {},
): Op<number> {
  const { metadata = 20_000, certs = 5000 } = over;
  const buffer = memory(4096);
  return dtls.nx_secure_dtls_session_create(
    session,
    table,
    memory(metadata),
    metadata,
    buffer,
    4096,
    2,
    memory(certs),
    certs,
  );
}

function createServer(
  server: dtls.NX_SECURE_DTLS_SERVER | null,
  ip: nx.NX_IP | null,
  over: { sessions?: number; metadata?: number; port?: number } = {},
): Op<number> {
  const { sessions = 5280, metadata = 20_000, port = 4443 } = over;
  const [buffer, scratch, reassembly] = [memory(sessions), memory(metadata), memory(8192)];
  return dtls.nx_secure_dtls_server_create(
    server,
    ip,
    port,
    10,
    buffer,
    sessions,
    table,
    scratch,
    metadata,
    reassembly,
    8192,
    note,
    note,
  );
}

function runThread(body: (bench: Bench) => Generator<Suspension, unknown>): void {
  const world = new World();
  let done = false;
  const firmware = defineFirmware((board) => {
    const network = bootNetwork(board);
    const thread = new TX_THREAD();
    return {
      *tx_application_define(ram) {
        yield* network.define(ram);
        const entry = function* (): Thread {
          const bench: Bench = {
            network,
            session: new dtls.NX_SECURE_DTLS_SESSION(),
            server: new dtls.NX_SECURE_DTLS_SERVER(),
            certificate: new tls.NX_SECURE_X509_CERT(),
            socket: new nx.NX_UDP_SOCKET(),
          };
          const { ip } = network;
          yield* nx.nx_udp_socket_create(ip, bench.socket, 's', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 128, 5);
          yield* nx.nx_udp_socket_bind(bench.socket, 5000, 0);
          assert.equal(yield* createSession(bench.session), nx.NX_SUCCESS);
          assert.equal(yield* createServer(bench.server, ip), nx.NX_SUCCESS);
          const { certificate: der, private_key: key } = demo.ecdsa;
          const type = tls.NX_SECURE_X509_KEY_TYPE_EC_DER;
          const { certificate } = bench;
          yield* tls.nx_secure_x509_certificate_initialize(
            certificate,
            der,
            der.length,
            null,
            0,
            key,
            key.length,
            type,
          );
          yield* body(bench);
          done = true;
        };
        const stack = network.take(2048);
        yield* tx_thread_create(thread, 'main', entry, 0, stack, 2048, 4, 4, 0, 1);
      },
    };
  });
  world.device('device', { firmware, lan: world.lan() });
  world.run({ until: '1000s', stopWhen: () => done });
  assert(done, 'the thread did not come to its end');
  assert.deepEqual(world.leaks(), []);
}

describe('statuses', () => {
  const loopback = new nx.NXD_ADDRESS();
  loopback.nxd_ip_version = 4;
  loopback.nxd_ip_address.v4 = nx.IP_ADDRESS(192, 168, 1, 77);
  const nowhere = new nx.NXD_ADDRESS();
  nowhere.nxd_ip_version = 4;
  nowhere.nxd_ip_address.v4 = nx.IP_ADDRESS(10, 9, 8, 7);
  const missing: tls.NX_SECURE_TLS_CRYPTO = {
    nx_secure_tls_ciphersuite_lookup_table: table.nx_secure_tls_ciphersuite_lookup_table.map((row) => ({
      ...row,
      nx_secure_tls_public_auth: null,
    })),
  };
  const fresh = (): dtls.NX_SECURE_DTLS_SESSION => new dtls.NX_SECURE_DTLS_SESSION();
  const key = memory(16);
  const CN = new TextEncoder().encode('server');

  const cases: readonly (readonly [string, (bench: Bench) => Op<number> | Generator<Suspension, number>, number])[] = [
    ['session_create, NULL', () => createSession(null), nx.NX_PTR_ERROR],
    ['session_create, twice', ({ session }) => createSession(session), nx.NX_PTR_ERROR],
    ['session_create, little metadata', () => createSession(fresh(), { metadata: 100 }), nx.NX_INVALID_PARAMETERS],
    [
      'session_create, little room for certificates',
      () => createSession(fresh(), { certs: 1000 }),
      nx.NX_INVALID_PARAMETERS,
    ],
    ['session_delete', ({ session }) => dtls.nx_secure_dtls_session_delete(session), nx.NX_SUCCESS],
    ['session_delete, never created', () => dtls.nx_secure_dtls_session_delete(fresh()), nx.NX_PTR_ERROR],
    ['session_reset', ({ session }) => dtls.nx_secure_dtls_session_reset(session), nx.NX_SUCCESS],
    ['session_reset, NULL', () => dtls.nx_secure_dtls_session_reset(null), nx.NX_PTR_ERROR],
    [
      'session_reset, never created',
      () => dtls.nx_secure_dtls_session_reset(fresh()),
      tls.NX_SECURE_TLS_SESSION_UNINITIALIZED,
    ],
    [
      'client_session_start, nobody there',
      ({ session, socket }) => dtls.nx_secure_dtls_client_session_start(session, socket, loopback, 4443, 500),
      nx.NX_NOT_CONNECTED,
    ],
    [
      'client_session_start, no way there',
      ({ session, socket }) => dtls.nx_secure_dtls_client_session_start(session, socket, nowhere, 4443, 500),
      tls.NX_SECURE_TLS_TCP_SEND_FAILED,
    ],
    [
      'client_session_start, NULL',
      ({ session }) => dtls.nx_secure_dtls_client_session_start(session, null, loopback, 4443, 500),
      nx.NX_PTR_ERROR,
    ],
    [
      'client_session_start, never created',
      ({ socket }) => dtls.nx_secure_dtls_client_session_start(fresh(), socket, loopback, 4443, 500),
      tls.NX_SECURE_TLS_SESSION_UNINITIALIZED,
    ],
    [
      'client_session_start, a table with a NULL routine',
      function* ({ socket }) {
        const session = fresh();
        const scratch = memory(20_000);
        yield* dtls.nx_secure_dtls_session_create(session, missing, scratch, 20_000, memory(4000), 4000, 0, null, 0);
        return yield* dtls.nx_secure_dtls_client_session_start(session, socket, loopback, 4443, 500);
      },
      tls.NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE,
    ],
    ['session_receive, NULL', ({ session }) => dtls.nx_secure_dtls_session_receive(session, null, 0), nx.NX_PTR_ERROR],
    [
      'session_receive, not started',
      ({ session }) => dtls.nx_secure_dtls_session_receive(session, out(), 0),
      tls.NX_SECURE_TLS_SESSION_UNINITIALIZED,
    ],
    ['session_end, NULL', () => dtls.nx_secure_dtls_session_end(null, 0), nx.NX_PTR_ERROR],
    [
      'session_end, not in use',
      ({ session }) => dtls.nx_secure_dtls_session_end(session, 0),
      tls.NX_SECURE_TLS_SESSION_UNINITIALIZED,
    ],
    ['server_create, NULL', ({ network }) => createServer(null, network.ip), nx.NX_PTR_ERROR],
    ['server_create, NULL ip', () => createServer(new dtls.NX_SECURE_DTLS_SERVER(), null), nx.NX_PTR_ERROR],
    ['server_create, twice', ({ server, network }) => createServer(server, network.ip), nx.NX_PTR_ERROR],
    [
      'server_create, no room for a session',
      ({ network }) => createServer(new dtls.NX_SECURE_DTLS_SERVER(), network.ip, { sessions: 2639 }),
      nx.NX_INVALID_PARAMETERS,
    ],
    [
      'server_create, little metadata',
      ({ network }) => createServer(new dtls.NX_SECURE_DTLS_SERVER(), network.ip, { metadata: 9000 }),
      nx.NX_INVALID_PARAMETERS,
    ],
    ['server_start', ({ server }) => dtls.nx_secure_dtls_server_start(server), nx.NX_SUCCESS],
    [
      'server_start, twice',
      function* ({ server }) {
        yield* dtls.nx_secure_dtls_server_start(server);
        return yield* dtls.nx_secure_dtls_server_start(server);
      },
      nx.NX_ALREADY_BOUND,
    ],
    [
      'server_start, the port is somebody else’s',
      function* ({ network }) {
        const server = new dtls.NX_SECURE_DTLS_SERVER();
        yield* createServer(server, network.ip, { port: 5000 });
        return yield* dtls.nx_secure_dtls_server_start(server);
      },
      nx.NX_PORT_UNAVAILABLE,
    ],
    [
      'server_start, no such port',
      function* ({ network }) {
        const server = new dtls.NX_SECURE_DTLS_SERVER();
        yield* createServer(server, network.ip, { port: 70_000 });
        return yield* dtls.nx_secure_dtls_server_start(server);
      },
      nx.NX_INVALID_PORT,
    ],
    ['server_stop, not started', ({ server }) => dtls.nx_secure_dtls_server_stop(server), nx.NX_NOT_BOUND],
    [
      'server_stop, and start again',
      function* ({ server }) {
        yield* dtls.nx_secure_dtls_server_start(server);
        assert.equal(yield* dtls.nx_secure_dtls_server_stop(server), nx.NX_SUCCESS);
        return yield* dtls.nx_secure_dtls_server_start(server);
      },
      nx.NX_SUCCESS,
    ],
    ['server_delete', ({ server }) => dtls.nx_secure_dtls_server_delete(server), nx.NX_SUCCESS],
    [
      'server_delete, started: it stays as it was',
      function* ({ server }) {
        yield* dtls.nx_secure_dtls_server_start(server);
        const status = yield* dtls.nx_secure_dtls_server_delete(server);
        assert.equal(yield* dtls.nx_secure_dtls_server_stop(server), nx.NX_SUCCESS);
        return status;
      },
      nx.NX_STILL_BOUND,
    ],
    ['server_delete, NULL', () => dtls.nx_secure_dtls_server_delete(null), nx.NX_PTR_ERROR],
    [
      'server_notify_set, NULLs',
      ({ server }) => dtls.nx_secure_dtls_server_notify_set(server, null, null),
      nx.NX_SUCCESS,
    ],
    ['server_notify_set, NULL server', () => dtls.nx_secure_dtls_server_notify_set(null, null, null), nx.NX_PTR_ERROR],
    [
      'server_session_start, no client has it',
      ({ session }) => dtls.nx_secure_dtls_server_session_start(session, 10),
      tls.NX_SECURE_TLS_SESSION_UNINITIALIZED,
    ],
    [
      'session_client_info_get, never had a socket',
      ({ session }) => dtls.nx_secure_dtls_session_client_info_get(session, loopback, out(), out()),
      nx.NX_INVALID_SOCKET,
    ],
    [
      'x509_client_verify_configure',
      ({ server }) => dtls.nx_secure_dtls_server_x509_client_verify_configure(server, 2, memory(10_000), 10_000),
      nx.NX_SUCCESS,
    ],
    [
      'x509_client_verify_configure, little room',
      ({ server }) => dtls.nx_secure_dtls_server_x509_client_verify_configure(server, 2, memory(1000), 1000),
      nx.NX_INVALID_PARAMETERS,
    ],
    [
      'x509_client_verify_disable',
      ({ server }) => dtls.nx_secure_dtls_server_x509_client_verify_disable(server),
      nx.NX_SUCCESS,
    ],
    [
      'local_certificate_add, number 0',
      ({ server, certificate }) => dtls.nx_secure_dtls_server_local_certificate_add(server, certificate, 0),
      nx.NX_INVALID_PARAMETERS,
    ],
    [
      'trusted_certificate_add, number 0',
      ({ server, certificate }) => dtls.nx_secure_dtls_server_trusted_certificate_add(server, certificate, 0),
      nx.NX_INVALID_PARAMETERS,
    ],
    [
      'local_certificate_add, not initialised',
      ({ session }) => dtls.nx_secure_dtls_session_local_certificate_add(session, new tls.NX_SECURE_X509_CERT(), 1),
      nx.NX_INVALID_PARAMETERS,
    ],
    [
      'local_certificate_remove by name, after add',
      function* ({ session, certificate }) {
        yield* dtls.nx_secure_dtls_session_local_certificate_add(session, certificate, 3);
        return yield* dtls.nx_secure_dtls_session_local_certificate_remove(session, CN, CN.length, 0);
      },
      nx.NX_SUCCESS,
    ],
    [
      'trusted_certificate_remove, none such',
      ({ session }) => dtls.nx_secure_dtls_session_trusted_certificate_remove(session, null, 0, 9),
      tls.NX_SECURE_TLS_CERTIFICATE_NOT_FOUND,
    ],
    [
      'server_trusted_certificate_remove by number, after add',
      function* ({ server, certificate }) {
        yield* dtls.nx_secure_dtls_server_trusted_certificate_add(server, certificate, 4);
        return yield* dtls.nx_secure_dtls_server_trusted_certificate_remove(server, null, 0, 4);
      },
      nx.NX_SUCCESS,
    ],
    ['psk_add', ({ session }) => dtls.nx_secure_dtls_psk_add(session, key, 16, CN, 6, CN, 6), nx.NX_SUCCESS],
    [
      'psk_add, NULL key',
      ({ session }) => dtls.nx_secure_dtls_psk_add(session, null, 16, CN, 6, CN, 6),
      nx.NX_PTR_ERROR,
    ],
    [
      'psk_add, key too long',
      ({ session }) => dtls.nx_secure_dtls_psk_add(session, memory(65), 65, CN, 6, CN, 6),
      tls.NX_SECURE_TLS_NO_MORE_PSK_SPACE,
    ],
    [
      'server_psk_add, one too many',
      function* ({ server }) {
        let status = 0;
        for (let count = 0; count < 6; count++) {
          status = yield* dtls.nx_secure_dtls_server_psk_add(server, key, 16, CN, 6, CN, 6);
        }
        return status;
      },
      tls.NX_SECURE_TLS_NO_MORE_PSK_SPACE,
    ],
    [
      'packet_allocate, never created',
      ({ network }) => dtls.nx_secure_dtls_packet_allocate(fresh(), network.pool, out(), 0),
      tls.NX_SECURE_TLS_SESSION_UNINITIALIZED,
    ],
    [
      'packet_allocate, empty pool',
      function* ({ network, session }) {
        const taken: nx.NX_PACKET[] = [];
        while (network.pool.nx_packet_pool_available > 0) {
          const cell = out<nx.NX_PACKET>();
          yield* nx.nx_packet_allocate(network.pool, cell, 0, 0);
          taken.push(cell.value);
        }
        const status = yield* dtls.nx_secure_dtls_packet_allocate(session, network.pool, out(), 0);
        for (const packet of taken) yield* nx.nx_packet_release(packet);
        return status;
      },
      tls.NX_SECURE_TLS_ALLOCATE_PACKET_FAILED,
    ],
    [
      'x509_certificate_initialize, no certificate',
      () => tls.nx_secure_x509_certificate_initialize(new tls.NX_SECURE_X509_CERT(), key, 16, null, 0, null, 0, 0),
      tls.NX_SECURE_X509_INVALID_CERTIFICATE,
    ],
    [
      'x509_certificate_initialize, the copy does not fit',
      () => {
        const der = demo.ecdsa.ca;
        return tls.nx_secure_x509_certificate_initialize(
          new tls.NX_SECURE_X509_CERT(),
          der,
          der.length,
          memory(10),
          10,
          null,
          0,
          0,
        );
      },
      tls.NX_SECURE_X509_INSUFFICIENT_CERT_SPACE,
    ],
    [
      'x509_common_name_dns_check, another name',
      ({ certificate }) => tls.nx_secure_x509_common_name_dns_check(certificate, key, 3),
      tls.NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH,
    ],
  ];
  for (const [name, call, expected] of cases) {
    it(`${name}: ${statusName(expected)}`, () => {
      runThread(function* (bench) {
        assert.equal(statusName(yield* call(bench)), statusName(expected));
      });
    });
  }
});

/** A client against a test server, in one world; `body` runs in the client's thread, connected. */
function connected(
  body: (bench: Bench, address: nx.NXD_ADDRESS, port: number) => Thread,
  trust = demo.ecdsa.ca,
): World {
  const world = new World({ seed: 5 });
  const lan = world.lan();
  let failure: Error | null = null;
  let done = false;
  const server = defineFirmware((board) => {
    const network = bootNetwork(board);
    const thread = new TX_THREAD();
    const closed = (): number => nx.NX_SUCCESS;
    const echo = function* (session: dtls.NX_SECURE_DTLS_SESSION): Generator<Suspension, number> {
      const received = out<nx.NX_PACKET>();
      if ((yield* dtls.nx_secure_dtls_session_receive(session, received, 0)) !== nx.NX_SUCCESS) return 0;
      const data = nx.packetBytes(received.value);
      yield* nx.nx_packet_release(received.value);
      const answer = out<nx.NX_PACKET>();
      yield* dtls.nx_secure_dtls_packet_allocate(session, network.pool, answer, 0);
      yield* nx.nx_packet_data_append(answer.value, data, data.length, network.pool, 0);
      yield* dtls.nx_secure_dtls_server_session_send(session, answer.value);
      return 0;
    };
    return {
      *tx_application_define(ram) {
        yield* network.define(ram);
        const entry = (): Thread => startDtlsServer(network, { connect: closed, receive: echo, disconnect: closed });
        yield* tx_thread_create(thread, 'main', entry, 0, network.take(2048), 2048, 4, 4, 0, 1);
      },
    };
  });
  const client = defineFirmware((board) => {
    const network = bootNetwork(board);
    const thread = new TX_THREAD();
    return {
      *tx_application_define(ram) {
        yield* network.define(ram);
        const entry = function* (): Thread {
          yield* tx_thread_sleep(5);
          const bench: Bench = {
            network,
            session: new dtls.NX_SECURE_DTLS_SESSION(),
            server: new dtls.NX_SECURE_DTLS_SERVER(),
            certificate: new tls.NX_SECURE_X509_CERT(),
            socket: new nx.NX_UDP_SOCKET(),
          };
          const { session, certificate, socket } = bench;
          yield* nx.nx_udp_socket_create(network.ip, socket, 's', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 128, 5);
          yield* nx.nx_udp_socket_bind(socket, 5000, 0);
          yield* createSession(session);
          yield* tls.nx_secure_x509_certificate_initialize(certificate, trust, trust.length, null, 0, null, 0, 0);
          yield* dtls.nx_secure_dtls_session_trusted_certificate_add(session, certificate, 1);
          const address = new nx.NXD_ADDRESS();
          address.nxd_ip_version = 4;
          address.nxd_ip_address.v4 = nx.IP_ADDRESS(192, 168, 1, 150);
          try {
            yield* body(bench, address, 4443);
          } catch (error) {
            failure = error instanceof Error ? error : new Error(String(error));
          }
          done = true;
        };
        yield* tx_thread_create(thread, 'main', entry, 0, network.take(2048), 2048, 4, 4, 0, 1);
      },
    };
  });
  world.device('server', { firmware: server, lan, address: '192.168.1.150' });
  world.device('client', { firmware: client, lan });
  world.run({ until: '60s', stopWhen: () => done });
  assert.ifError(failure);
  assert(done);
  return world;
}

function* start({ session, socket }: Bench, address: nx.NXD_ADDRESS, port: number): Generator<Suspension, number> {
  return yield* dtls.nx_secure_dtls_client_session_start(session, socket, address, port, 1000);
}

function* packetFor({ session, network }: Bench, text: string): Generator<Suspension, nx.NX_PACKET> {
  const cell = out<nx.NX_PACKET>();
  yield* dtls.nx_secure_dtls_packet_allocate(session, network.pool, cell, 0);
  const bytes = new TextEncoder().encode(text);
  yield* nx.nx_packet_data_append(cell.value, bytes, bytes.length, network.pool, 0);
  return cell.value;
}

describe('a client session', () => {
  it('sends and receives, ends, and starts again with the same control block', () => {
    const world = connected(function* (bench, address, port) {
      const { session } = bench;
      for (const text of ['first', 'second']) {
        assert.equal(yield* start(bench, address, port), nx.NX_SUCCESS);
        const packet = yield* packetFor(bench, text);
        assert.equal(yield* dtls.nx_secure_dtls_session_send(session, packet, address, port), nx.NX_SUCCESS);
        const received = out<nx.NX_PACKET>();
        assert.equal(yield* dtls.nx_secure_dtls_session_receive(session, received, 200), nx.NX_SUCCESS);
        assert.equal(new TextDecoder().decode(nx.packetBytes(received.value)), text);
        yield* nx.nx_packet_release(received.value);
        assert.equal(yield* dtls.nx_secure_dtls_session_receive(session, received, 0), nx.NX_NO_PACKET);
        assert.equal(yield* dtls.nx_secure_dtls_session_end(session, 100), nx.NX_SUCCESS);
      }
      assert.equal(yield* dtls.nx_secure_dtls_session_delete(session), nx.NX_SUCCESS);
    });
    assert.deepEqual(world.leaks(), []);
  });

  it('a client that has lost its association begins anew from the same port (RFC 6347 section 4.2.8)', () => {
    connected(function* (bench, address, port) {
      assert.equal(yield* start(bench, address, port), nx.NX_SUCCESS);
      // Nothing is said to the server, as after a reboot.
      yield* dtls.nx_secure_dtls_session_reset(bench.session);
      assert.equal(yield* start(bench, address, port), nx.NX_SUCCESS);
    });
  });

  it('another destination than the peer’s is refused, and the packet stays the caller’s', () => {
    const world = connected(function* (bench, address, port) {
      yield* start(bench, address, port);
      const packet = yield* packetFor(bench, 'x');
      const status = yield* dtls.nx_secure_dtls_session_send(bench.session, packet, address, port + 1);
      assert.equal(status, tls.NX_SECURE_TLS_SEND_ADDRESS_MISMATCH);
      assert.equal(yield* nx.nx_packet_release(packet), nx.NX_SUCCESS);
    });
    assert.deepEqual(world.leaks(), []);
  });

  it('nothing can be sent before the handshake', () => {
    connected(function* (bench, address, port) {
      const packet = yield* packetFor(bench, 'too early');
      const status = yield* dtls.nx_secure_dtls_session_send(bench.session, packet, address, port);
      assert.equal(status, tls.NX_SECURE_TLS_SESSION_UNINITIALIZED);
      yield* nx.nx_packet_release(packet);
    });
  });

  it('a packet without room for the record is refused as it was', () => {
    connected(function* (bench, address, port) {
      yield* start(bench, address, port);
      const cell = out<nx.NX_PACKET>();
      yield* nx.nx_packet_allocate(bench.network.pool, cell, nx.NX_RECEIVE_PACKET, 0);
      yield* nx.nx_packet_data_append(cell.value, memory(5), 5, bench.network.pool, 0);
      const status = yield* dtls.nx_secure_dtls_session_send(bench.session, cell.value, address, port);
      assert.equal(status, tls.NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL);
      assert.equal(cell.value.nx_packet_length, 5);
      yield* nx.nx_packet_release(cell.value);
    });
  });

  it('a server certificate of a root that is not trusted is refused, and the alert is told', () => {
    connected(function* (bench, address, port) {
      assert.equal(yield* start(bench, address, port), tls.NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND);
    }, demo.rsa.ca);
  });

  it('a certificate is judged by the device’s clock', () => {
    connected(function* (bench, address, port) {
      const year2051 = 2_556_144_000;
      const session = bench.session.nx_secure_dtls_tls_session;
      yield* tls.nx_secure_tls_session_time_function_set(session, (): ULONG => year2051);
      assert.equal(yield* start(bench, address, port), tls.NX_SECURE_X509_CERTIFICATE_EXPIRED);
    });
  });

  it('a chain that does not fit the room that was given for it is refused', () => {
    connected(function* (bench, address, port) {
      const small = new dtls.NX_SECURE_DTLS_SESSION();
      yield* createSession(small, { certs: 2 * (304 + 256) });
      const trusted = new tls.NX_SECURE_X509_CERT();
      const { ca } = demo.ecdsa;
      yield* tls.nx_secure_x509_certificate_initialize(trusted, ca, ca.length, null, 0, null, 0, 0);
      yield* dtls.nx_secure_dtls_session_trusted_certificate_add(small, trusted, 1);
      assert.equal(
        yield* start({ ...bench, session: small }, address, port),
        tls.NX_SECURE_TLS_INSUFFICIENT_CERT_SPACE,
      );
    });
  });
});
