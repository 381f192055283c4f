import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulationError, statusName } from 'txsim';
import { out, type Op, type UINT } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import { connect, hear, PORT, runDtlsWorld, say, type ClientBench } from '../support/dtls-world.ts';
import { runOnDevice } from '../support/one-device.ts';

const config = { NX_SECURE_DISABLE_ERROR_CHECKING: true };

/** Calls that error checking refuses. */
const MISUSES: readonly (readonly [string, (bench: ClientBench) => Op<UINT>])[] = [
  ['a NULL session', () => dtls.nx_secure_dtls_session_reset(null)],
  ['a NULL packet pointer', ({ session }) => dtls.nx_secure_dtls_session_receive(session, null, 0)],
  ['a session that was never created', () => dtls.nx_secure_dtls_session_reset(new dtls.NX_SECURE_DTLS_SESSION())],
  ['a server that was never created', () => dtls.nx_secure_dtls_server_start(new dtls.NX_SECURE_DTLS_SERVER())],
  ['a NULL certificate', ({ session }) => dtls.nx_secure_dtls_session_local_certificate_add(session, null, 1)],
  ['a TLS session that is NULL', () => tls.nx_secure_tls_session_time_function_set(null, null)],
  ['a session that is not in use', ({ session }) => dtls.nx_secure_dtls_session_end(session, 0)],
];

describe('NX_SECURE_DISABLE_ERROR_CHECKING', () => {
  for (const [what, misuse] of MISUSES) {
    it(`${what} is misuse that ends the run`, () => {
      const run = (): unknown =>
        runDtlsWorld({
          clientConfig: config,
          *client(bench) {
            yield* misuse(bench);
          },
        });
      assert.throws(run, (error) => {
        assert(error instanceof SimulationError);
        assert.equal(error.kind, 'unchecked-misuse');
        assert.match(error.onTarget ?? '', /^NX_SECURE_DISABLE_ERROR_CHECKING leaves that check out/);
        return true;
      });
    });
  }

  it('statuses that are no argument checks stay', () => {
    runDtlsWorld({
      clientConfig: config,
      serverConfig: config,
      *client(bench) {
        const { session, socket, address } = bench;
        const nobody = yield* dtls.nx_secure_dtls_client_session_start(session, socket, address, PORT + 1, 50);
        assert.equal(statusName(nobody), 'NX_NOT_CONNECTED (0x38)');
        assert.equal(yield* connect(bench), 'NX_SUCCESS (0x00)');
        yield* say(bench, 'hello');
        assert.equal(yield* hear(bench), 'hello');
        assert.equal(yield* dtls.nx_secure_dtls_session_receive(session, out(), 0), nx.NX_NO_PACKET);
      },
    });
  });

  it('the caller is not checked: certificates can be initialised while the device boots', () => {
    const statuses = [{}, config].map((macros) => {
      let status = '';
      const { ca } = demo.ecdsa;
      runOnDevice(
        function* () {
          const block = new tls.NX_SECURE_X509_CERT();
          status = statusName(
            yield* tls.nx_secure_x509_certificate_initialize(block, ca, ca.length, null, 0, null, 0, 0),
          );
        },
        { config: macros },
      );
      return status;
    });
    assert.deepEqual(statuses, ['NX_CALLER_ERROR (0x11)', 'NX_SUCCESS (0x00)']);
  });
});
