import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeStall, statusName } from 'txsim';
import { tx_thread_identify, tx_thread_sleep, type Op, type Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import { check, connect, identify, initialized, runDtlsWorld, type ClientBench } from '../support/dtls-world.ts';
import { helloWithCookie, rawSend } from './quirks/peers.ts';

const SUCCESS = 'NX_SUCCESS (0x00)';
const part = ({ session }: ClientBench): tls.NX_SECURE_TLS_SESSION => session.nx_secure_dtls_tls_session;

function* threadName(): Generator<Suspension, string> {
  return (yield* tx_thread_identify())?.tx_thread_name ?? 'none';
}

/** Gives the client the identity that the server's root has issued. */
function* identifyClient({ session }: ClientBench): Generator<Suspension, void> {
  const { certificate, private_key } = demo.client_ecdsa;
  check(
    yield* dtls.nx_secure_dtls_session_local_certificate_add(session, yield* initialized(certificate, private_key), 9),
  );
}

/** Makes a server ask its clients for certificates of the demo root. */
function* askForCertificates(server: dtls.NX_SECURE_DTLS_SERVER): Generator<Suspension, void> {
  yield* identify(server, demo.ecdsa, 1);
  check(yield* dtls.nx_secure_dtls_server_trusted_certificate_add(server, yield* initialized(demo.ecdsa.ca), 1));
  check(yield* dtls.nx_secure_dtls_server_x509_client_verify_configure(server, 2, new Uint8Array(24_000), 24_000));
}

describe('the callbacks of a handshake', () => {
  it('run in the thread that makes it, on either side, in the order of the messages', () => {
    const seen: string[] = [];
    const noting = (name: string) =>
      function* (): Generator<Suspension, number> {
        seen.push(`${name} in ${yield* threadName()}`);
        return nx.NX_SUCCESS;
      };
    const { world } = runDtlsWorld({
      prepareServer: askForCertificates,
      *onConnect({ nx_secure_dtls_tls_session: session }) {
        check(yield* tls.nx_secure_tls_session_server_callback_set(session, noting('server callback')));
        check(yield* tls.nx_secure_tls_session_certificate_callback_set(session, noting('its certificate callback')));
      },
      *client(bench) {
        const { print } = bench.network.board;
        yield* identifyClient(bench);
        check(yield* tls.nx_secure_tls_session_client_callback_set(part(bench), noting('client callback')));
        check(yield* tls.nx_secure_tls_session_certificate_callback_set(part(bench), noting('certificate callback')));
        const time = (): number => {
          print('the time');
          return 0;
        };
        check(yield* tls.nx_secure_tls_session_time_function_set(part(bench), time));
        assert.equal(yield* connect(bench), SUCCESS);
      },
    });
    assert.deepEqual(seen, [
      'server callback in main',
      'client callback in main',
      'certificate callback in main',
      'its certificate callback in main',
    ]);
    const lines = world.devices.get('client')?.output.lines.map(({ text, thread }) => `${text}, printed by ${thread}`);
    assert.deepEqual(lines, ['the time, printed by main']);
  });

  it('what they return ends the handshake, with an alert of its kind', () => {
    const refuse = (): number => nx.NX_NOT_SUCCESSFUL;
    const alertAfter = (set: (session: tls.NX_SECURE_TLS_SESSION) => Op<number>): number | undefined => {
      const sessions: dtls.NX_SECURE_DTLS_SESSION[] = [];
      const { handshakes } = runDtlsWorld({
        *onConnect(one) {
          sessions.push(one);
          yield* tx_thread_identify();
        },
        *client(bench) {
          check(yield* set(part(bench)));
          assert.equal(yield* connect(bench), statusName(nx.NX_NOT_SUCCESSFUL));
        },
      });
      assert.deepEqual(handshakes, [statusName(tls.NX_SECURE_TLS_ALERT_RECEIVED)]);
      return sessions[0]?.nx_secure_dtls_tls_session.nx_secure_tls_received_alert_value;
    };
    const handshakeFailure = 40;
    const badCertificate = 42;
    const [hello, certificate] = [
      alertAfter((session) => tls.nx_secure_tls_session_client_callback_set(session, refuse)),
      alertAfter((session) => tls.nx_secure_tls_session_certificate_callback_set(session, refuse)),
    ];
    assert.deepEqual([hello, certificate], [handshakeFailure, badCertificate]);
  });

  it('a hello without extensions is not shown to the server callback', () => {
    let asked = 0;
    runDtlsWorld({
      serverConfig: { NX_SECURE_QUIRKS: 'cookie-not-compared' },
      *onConnect({ nx_secure_dtls_tls_session: session }) {
        check(yield* tls.nx_secure_tls_session_server_callback_set(session, () => (asked += 1)));
      },
      *client(bench) {
        yield* rawSend(bench, helloWithCookie(new Uint8Array(20).fill(7)), 6000);
        yield* tx_thread_sleep(50);
        const statistics = bench.network.ip.nx_ip_udp_packets_received;
        assert(statistics > 0, 'the server has answered with its flight');
      },
    });
    assert.equal(asked, 0);
  });
});

describe('a certificate callback that blocks', () => {
  it('holds up the handshake and not the network: what comes meanwhile is taken in', () => {
    let meanwhile = 0;
    const { world, handshakes } = runDtlsWorld({
      *client(bench) {
        const { ip } = bench.network;
        const callback: tls.CertificateCallback = function* () {
          const before = ip.nx_ip_udp_packets_received;
          yield* tx_thread_sleep(250);
          meanwhile = ip.nx_ip_udp_packets_received - before;
          return nx.NX_SUCCESS;
        };
        check(yield* tls.nx_secure_tls_session_certificate_callback_set(part(bench), callback));
        assert.equal(yield* connect(bench), SUCCESS);
      },
    });
    assert(meanwhile > 0, 'the server repeats its flight, and the IP thread queues it');
    assert.deepEqual(handshakes, [SUCCESS]);
    const [stall] = world.stalls();
    assert(stall !== undefined);
    assert.deepEqual([stall.callback, stall.thread], ['certificate_callback', 'main']);
    assert.match(describeStall(stall), /its handshake stood still meanwhile/);
  });

  it('uses the time up that the service was given', () => {
    runDtlsWorld({
      *client(bench) {
        const callback: tls.CertificateCallback = function* () {
          yield* tx_thread_sleep(250);
          return nx.NX_SUCCESS;
        };
        check(yield* tls.nx_secure_tls_session_certificate_callback_set(part(bench), callback));
        assert.equal(yield* connect(bench, 200), statusName(nx.NX_NOT_CONNECTED));
      },
    });
  });
});
