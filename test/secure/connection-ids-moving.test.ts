import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusName } from 'txsim';
import { tx_thread_sleep } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { nx_secure_dtls_session_end, NX_SECURE_DTLS_SESSION } from 'txsim/nx_secure_dtls_api';
import { TLS12_CID } from '../../secure/dtls/wire/record.ts';
import { elsewhere, rebind, runWithIds, sealed, send } from '../support/connection-id-world.ts';
import { check, connect, hear, runDtlsWorld, say } from '../support/dtls-world.ts';

const SUCCESS = statusName(nx.NX_SUCCESS);
const CLIENT_PORT = 5000;

describe('a session whose client is somewhere else (RFC 9146 section 6)', () => {
  it('a client that comes from another port goes on where it was', () => {
    const { callbacks, world } = runWithIds(function* (bench, session) {
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
    const { callbacks } = runWithIds(function* (bench) {
      assert.equal(yield* connect(bench), SUCCESS);
      yield* rebind(bench, 5001);
      check(yield* nx_secure_dtls_session_end(bench.session, 100));
    });
    assert.deepEqual(callbacks, ['connect', 'disconnect']);
  });

  it('neither what is forged, replayed nor overtaken moves a session', () => {
    runWithIds(function* (bench, session) {
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

  it('a client may move to where another was', () => {
    runWithIds(function* (bench, session) {
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
});
