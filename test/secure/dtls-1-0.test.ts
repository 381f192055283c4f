import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import type { UINT } from 'txsim/tx_api';
import { check, connect, hear, identify, runDtlsWorld, say, type DtlsWorldRun } from '../support/dtls-world.ts';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';

const OLD = { NX_SECURE_TLS_ENABLE_TLS_1_1: true };
const { NX_SECURE_DTLS_VERSION_1_0: V1_0, NX_SECURE_DTLS_VERSION_1_2: V1_2 } = dtls;
const SUCCESS = 'NX_SUCCESS (0x00)';
const UNSUPPORTED = 'NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION (0x110)';
const ALERT = 'NX_SECURE_TLS_ALERT_RECEIVED (0x114)';
const OLD_AND_NEW = [0xc02b, 0xc009];

interface Side {
  readonly macro?: boolean;
  readonly override?: UINT;
}

interface Meeting extends DtlsWorldRun {
  /** What the client's start gave. */
  readonly status: string;
}

/** A client and a server, each with or without the macro and an override. */
function meet(client: Side, server: Side): Meeting {
  let status = '';
  const run = runDtlsWorld({
    table: tls.nx_crypto_tls_ciphers_select(tls.nx_crypto_tls_ciphers_all, ...OLD_AND_NEW),
    ...(client.macro === true ? { clientConfig: OLD } : {}),
    ...(server.macro === true ? { serverConfig: OLD } : {}),
    *prepareServer(block) {
      yield* identify(block, demo.ecdsa, 1);
      if (server.override === undefined) return;
      check(yield* dtls.nx_secure_dtls_server_protocol_version_override(block, server.override));
    },
    *client(bench) {
      if (client.override !== undefined) {
        check(yield* dtls.nx_secure_dtls_client_protocol_version_override(bench.session, client.override));
      }
      status = yield* connect(bench);
      if (status !== SUCCESS) return;
      assert.equal(yield* say(bench, 'hello'), nx.NX_SUCCESS);
      assert.equal(yield* hear(bench), 'hello');
    },
  });
  return { ...run, status };
}

const OF_1_0 = 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA';
const OF_1_2 = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';

describe('DTLS 1.0 on devices', () => {
  for (const [what, client, server, suite] of [
    ['both have both', { macro: true }, { macro: true }, OF_1_2],
    ['the client has both', { macro: true }, {}, OF_1_2],
    ['the server has both', {}, { macro: true }, OF_1_2],
    ['the client is held to 1.0', { macro: true, override: V1_0 }, { macro: true }, OF_1_0],
    ['the server is held to 1.0', { macro: true }, { macro: true, override: V1_0 }, OF_1_0],
    ['both are held to 1.0', { macro: true, override: V1_0 }, { macro: true, override: V1_0 }, OF_1_0],
    ['both are held to 1.2', { macro: true, override: V1_2 }, { macro: true, override: V1_2 }, OF_1_2],
  ] as const) {
    it(`${what}: ${suite}`, () => {
      const { status, suites, handshakes } = meet(client, server);
      assert.equal(status, SUCCESS);
      assert.deepEqual(suites, [suite]);
      assert.deepEqual(handshakes, [SUCCESS]);
    });
  }

  it('a client that is held to 1.0 is not understood by a server that has 1.2 only', () => {
    const { status, handshakes } = meet({ macro: true, override: V1_0 }, {});
    assert.deepEqual([status, handshakes], [ALERT, [UNSUPPORTED]]);
  });

  it('a client that has 1.2 only refuses a server that is held to 1.0', () => {
    const { status, handshakes } = meet({}, { macro: true, override: V1_0 });
    assert.deepEqual([status, handshakes], [UNSUPPORTED, [ALERT]]);
  });

  it('is refused at the start where it is not built in', () => {
    assert.equal(meet({ override: V1_0 }, { macro: true }).status, UNSUPPORTED);
    // The client tries again, and the server's firmware learns of it again.
    const { handshakes } = meet({ macro: true }, { override: V1_0 });
    assert.deepEqual([...new Set(handshakes)], [UNSUPPORTED]);
  });
});
