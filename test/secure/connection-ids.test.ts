import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusName, World } from 'txsim';
import { out, TX_THREAD, tx_thread_create, tx_thread_sleep, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import {
  nx_secure_dtls_session_end,
  nx_secure_dtls_session_receive,
  NX_SECURE_DTLS_SESSION,
} from 'txsim/nx_secure_dtls_api';
import client from '../../apps/dtls-echo/client.ts';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import { elsewhere, ids, runWithIds, sealed, send } from '../support/connection-id-world.ts';
import { check, connect, hear, identify, runDtlsWorld, say } from '../support/dtls-world.ts';

const SUCCESS = statusName(nx.NX_SUCCESS);

describe('sessions with connection IDs', () => {
  for (const lengths of [
    { server: 8, client: 0 },
    { server: 0, client: 20 },
    { server: 1, client: 1 },
    { server: 20, client: 20 },
  ]) {
    it(`the server wants ${lengths.server} bytes, the client ${lengths.client}: data goes both ways, and they part`, () => {
      const { callbacks } = runWithIds(function* (bench) {
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

  it('records without an ID, or with one that nobody has, are dropped', () => {
    runWithIds(function* (bench, session) {
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
    runWithIds(function* (bench, session) {
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
    runWithIds(function* (bench, session) {
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

  it('the longest record that a packet has room for is sent', () => {
    runWithIds(
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
