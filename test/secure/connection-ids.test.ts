import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusName, World } from 'txsim';
import { out, TX_THREAD, tx_thread_create, tx_thread_sleep, type Suspension, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import {
  nx_secure_dtls_session_end,
  nx_secure_dtls_session_receive,
  NX_SECURE_DTLS_SESSION,
} from 'txsim/nx_secure_dtls_api';
import client from '../../apps/dtls-echo/client.ts';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import { TLS12_CID } from '../../secure/dtls/wire/record.ts';
import { sendBytes } from '../../secure/dtls-transmit.ts';
import {
  check,
  connect,
  hear,
  identify,
  PORT,
  runDtlsWorld,
  say,
  type ClientBench,
  type Step,
} from '../support/dtls-world.ts';

const ids = (length: number): { NX_SECURE_DTLS_CONNECTION_ID_LENGTH: number } => ({
  NX_SECURE_DTLS_CONNECTION_ID_LENGTH: length,
});

type Session = NX_SECURE_DTLS_SESSION;

/** Runs a client that can look at the server's session, against a server that wants IDs. */
function run(
  body: Step<[bench: ClientBench, session: () => Session]>,
  { server = 8, client: wanted = 0 }: { server?: number; client?: number } = {},
): ReturnType<typeof runDtlsWorld> {
  let session: Session | null = null;
  const ofServer = (): Session => {
    assert(session !== null);
    return session;
  };
  return runDtlsWorld({
    serverConfig: ids(server),
    clientConfig: ids(wanted),
    onReceive: (receiving) => {
      session = receiving;
    },
    client: (bench) => body(bench, ofServer),
  });
}

/** Binds the client's socket to another port, as a NAT in between does to those who were silent for long. */
function* rebind({ socket }: ClientBench, port: number): ReturnType<Step<[]>> {
  check(yield* nx.nx_udp_socket_unbind(socket));
  check(yield* nx.nx_udp_socket_bind(socket, port, 0));
}

/** A record of the client's, which is not sent. */
function sealed({ session }: ClientBench, line: string): Uint8Array {
  const result = session.machine?.seal(new TextEncoder().encode(line));
  assert(result?.ok === true);
  return result.record;
}

/** Sends bytes to the server from a socket. */
function* send({ network, address }: ClientBench, socket: nx.NX_UDP_SOCKET, bytes: Uint8Array): ReturnType<Step<[]>> {
  check(yield* sendBytes(network.ip, socket, address, PORT, bytes, 0));
}

/** Somebody else's socket. */
function* elsewhere({ network }: ClientBench): Generator<Suspension, nx.NX_UDP_SOCKET, unknown> {
  const socket = new nx.NX_UDP_SOCKET();
  check(yield* nx.nx_udp_socket_create(network.ip, socket, 'e', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 128, 5));
  check(yield* nx.nx_udp_socket_bind(socket, 6000, 0));
  return socket;
}

const SUCCESS = statusName(nx.NX_SUCCESS);
const CLIENT_PORT = 5000;

describe('sessions with connection IDs', () => {
  for (const lengths of [
    { server: 8, client: 0 },
    { server: 0, client: 20 },
    { server: 1, client: 1 },
    { server: 20, client: 20 },
  ]) {
    it(`the server wants ${lengths.server} bytes, the client ${lengths.client}: data goes both ways, and they part`, () => {
      const { callbacks } = run(function* (bench) {
        assert.equal(yield* connect(bench), SUCCESS);
        for (const line of ['one', 'two']) {
          check(yield* say(bench, line));
          assert.equal(yield* hear(bench), line);
        }
        assert.equal(bench.session.machine?.connectionId.length, lengths.client);
        check(yield* nx_secure_dtls_session_end(bench.session, 100));
      }, lengths);
      assert.deepEqual(callbacks, ['connect', 'receive', 'receive', 'disconnect']);
    });
  }

  it('a server without them does not answer them', () => {
    const { callbacks } = runDtlsWorld({
      clientConfig: ids(8),
      *client(bench) {
        assert.equal(yield* connect(bench), SUCCESS);
        check(yield* say(bench, 'plain'));
        assert.equal(yield* hear(bench), 'plain');
        assert.equal(bench.session.machine?.connectionId.length, 0);
      },
    });
    assert.deepEqual(callbacks, ['connect', 'receive']);
  });

  it('a client that comes from another port goes on where it was', () => {
    const { callbacks, world } = run(function* (bench, session) {
      assert.equal(yield* connect(bench), SUCCESS);
      for (const [line, port] of [
        ['here', CLIENT_PORT],
        ['there', 5001],
        ['and elsewhere', 5002],
        ['back', CLIENT_PORT],
      ] as const) {
        if (port !== CLIENT_PORT || line === 'back') yield* rebind(bench, port);
        check(yield* say(bench, line));
        assert.equal(yield* hear(bench), line);
        assert.equal(session().nx_secure_dtls_remote_port, port);
      }
    });
    assert.deepEqual(callbacks, ['connect', 'receive', 'receive', 'receive', 'receive']);
    assert(world.devices.has('server'));
  });

  it('without connection IDs it would be a stranger', () => {
    runDtlsWorld({
      *client(bench) {
        assert.equal(yield* connect(bench), SUCCESS);
        yield* rebind(bench, 5001);
        check(yield* say(bench, 'hello?'));
        assert.equal(yield* hear(bench), statusName(nx.NX_NO_PACKET));
      },
    });
  });

  it('the one that moved may close from there', () => {
    const { callbacks } = run(function* (bench) {
      assert.equal(yield* connect(bench), SUCCESS);
      yield* rebind(bench, 5001);
      check(yield* nx_secure_dtls_session_end(bench.session, 100));
    });
    assert.deepEqual(callbacks, ['connect', 'disconnect']);
  });

  it('neither what is forged, replayed nor overtaken moves a session', () => {
    run(function* (bench, session) {
      assert.equal(yield* connect(bench), SUCCESS);
      check(yield* say(bench, 'before'));
      assert.equal(yield* hear(bench), 'before');
      const attacker = yield* elsewhere(bench);
      const stays = (): void => {
        assert.equal(session().nx_secure_dtls_remote_port, CLIENT_PORT);
      };
      const forged = sealed(bench, 'forged');
      assert.equal(forged[0], TLS12_CID);
      forged[forged.length - 1] = (forged[forged.length - 1] ?? 0) ^ 1;
      yield* send(bench, attacker, forged);
      yield* tx_thread_sleep(5);
      stays();

      const [late, replayed] = [sealed(bench, 'late'), sealed(bench, 'replayed')];
      yield* send(bench, bench.socket, replayed);
      assert.equal(yield* hear(bench), 'replayed');
      yield* send(bench, attacker, replayed);
      yield* tx_thread_sleep(5);
      stays();
      assert.equal(session().machine?.counters.replay, 1);

      // It is genuine and was not there before: it is received, but its sender may have been here long ago.
      yield* send(bench, attacker, late);
      assert.equal(yield* hear(bench), 'late');
      stays();
      check(yield* say(bench, 'after'));
      assert.equal(yield* hear(bench), 'after');
    });
  });

  it('records without an ID, or with one that nobody has, are dropped', () => {
    run(function* (bench, session) {
      assert.equal(yield* connect(bench), SUCCESS);
      check(yield* say(bench, 'before'));
      assert.equal(yield* hear(bench), 'before');
      const other = sealed(bench, 'other');
      other[11] = (other[11] ?? 0) ^ 1;
      const attacker = yield* elsewhere(bench);
      for (const socket of [bench.socket, attacker]) yield* send(bench, socket, other);
      yield* send(bench, bench.socket, Uint8Array.of(23, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 7));
      yield* tx_thread_sleep(5);
      assert.equal(session().machine?.counters['connection-id'], 2);
      check(yield* say(bench, 'after'));
      assert.equal(yield* hear(bench), 'after');
    });
  });

  it('a thread that waits for data gets it from the IP thread', () => {
    const waiter = new TX_THREAD();
    let received = '';
    runDtlsWorld({
      serverConfig: ids(8),
      clientConfig: ids(8),
      *prepareServer(server) {
        yield* identify(server, demo.ecdsa, 1);
        const body = function* (): Thread {
          const [session] = server.nx_dtls_server_sessions;
          assert(session !== undefined);
          while (session.machine?.state !== 'connected') yield* tx_thread_sleep(1);
          const cell = out<nx.NX_PACKET>();
          check(yield* nx_secure_dtls_session_receive(session, cell, 1000));
          received = new TextDecoder().decode(nx.packetBytes(cell.value));
          yield* nx.nx_packet_release(cell.value);
        };
        yield* tx_thread_create(waiter, 'waiter', body, 0, new Uint8Array(2048), 2048, 3, 3, 0, 1);
      },
      *client(bench) {
        assert.equal(yield* connect(bench), SUCCESS);
        yield* tx_thread_sleep(20);
        check(yield* say(bench, 'for the waiter'));
      },
    });
    assert.equal(received, 'for the waiter');
  });

  it('a session whose data nobody receives gets no more than the pool has packets', () => {
    run(function* (bench, session) {
      assert.equal(yield* connect(bench), SUCCESS);
      check(yield* say(bench, 'first'));
      assert.equal(yield* hear(bench), 'first');
      const { surplus } = session();
      const most = session().ip?.nx_ip_default_packet_pool?.nx_packet_pool_total;
      while (surplus.length !== most) surplus.push(new Uint8Array(1));
      check(yield* say(bench, 'too much'));
      yield* tx_thread_sleep(5);
      assert.equal(surplus.length, most);
      surplus.splice(0);
      check(yield* say(bench, 'last'));
      assert.equal(yield* hear(bench), 'last');
    });
  });

  it('where all IDs of a length are taken, a session has none', () => {
    const { callbacks } = runDtlsWorld({
      serverConfig: ids(1),
      clientConfig: ids(3),
      *prepareServer(server) {
        yield* identify(server, demo.ecdsa, 1);
        const other = new NX_SECURE_DTLS_SESSION();
        for (let id = 0; id < 256; id++) server.connectionIds.add(other, Uint8Array.of(id));
      },
      onReceive: ({ machine }) => {
        assert.equal(machine?.connectionId.length, 0);
      },
      *client(bench) {
        assert.equal(yield* connect(bench), SUCCESS);
        assert.equal(bench.session.machine?.connectionId.length, 3);
        check(yield* say(bench, 'hello'));
        assert.equal(yield* hear(bench), 'hello');
      },
    });
    assert.deepEqual(callbacks, ['connect', 'receive']);
  });

  it('an ID is free again when its session has ended', () => {
    run(function* (bench, session) {
      for (const line of ['first', 'second']) {
        assert.equal(yield* connect(bench), SUCCESS);
        check(yield* say(bench, line));
        assert.equal(yield* hear(bench), line);
        const { server, machine } = session();
        const id = machine?.connectionId ?? new Uint8Array(0);
        assert.equal(server?.connectionIds.find(id), session());
        check(yield* nx_secure_dtls_session_end(bench.session, 100));
        yield* tx_thread_sleep(5);
        assert.equal(server.connectionIds.find(id), null);
      }
    });
  });

  it('a client may move to where another was', () => {
    run(function* (bench, session) {
      assert.equal(yield* connect(bench), SUCCESS);
      check(yield* say(bench, 'stays'));
      assert.equal(yield* hear(bench), 'stays');
      const { server } = session();
      assert(server !== null);
      const stranger = new NX_SECURE_DTLS_SESSION();
      stranger.nx_secure_dtls_remote_ip_address.copyFrom(session().nx_secure_dtls_remote_ip_address);
      stranger.nx_secure_dtls_remote_port = 5001;
      server.peers.add(stranger);
      yield* rebind(bench, 5001);
      check(yield* say(bench, 'moves'));
      assert.equal(yield* hear(bench), 'moves');
      assert.equal(server.peers.find(session().nx_secure_dtls_remote_ip_address, 5001), session());
    });
  });

  it('the longest record that a packet has room for is sent', () => {
    run(
      function* (bench) {
        assert.equal(yield* connect(bench), SUCCESS);
        const line = 'x'.repeat(1200);
        check(yield* say(bench, line));
        assert.equal(yield* hear(bench), line);
      },
      { server: 20, client: 20 },
    );
  });

  it('no device wants what is no length', () => {
    const firmware = client;
    for (const length of [-1, 21, 1.5]) {
      const world = new World();
      const make = (): unknown => world.device('d', { firmware, lan: world.lan(), config: ids(length) });
      assert.throws(make, /NX_SECURE_DTLS_CONNECTION_ID_LENGTH/);
    }
  });
});
