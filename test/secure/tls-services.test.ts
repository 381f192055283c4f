import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusName } from 'txsim';
import { out, type UINT } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import { connect, hear, identify, PORT, runDtlsWorld, say, type ClientBench } from '../support/dtls-world.ts';

const SUCCESS = 'NX_SUCCESS (0x00)';
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const part = ({ session }: ClientBench): tls.NX_SECURE_TLS_SESSION => session.nx_secure_dtls_tls_session;

describe('the certificate callback', () => {
  const checking = (name: string): ReturnType<typeof runDtlsWorld> & { readonly status: string } => {
    let status = '';
    const run = runDtlsWorld({
      *client(bench) {
        const callback: tls.CertificateCallback = function* (_session, certificate) {
          return yield* tls.nx_secure_x509_common_name_dns_check(certificate, text(name), name.length);
        };
        yield* tls.nx_secure_tls_session_certificate_callback_set(part(bench), callback);
        status = yield* connect(bench);
        if (status !== SUCCESS) return;
        yield* say(bench, 'hello');
        assert.equal(yield* hear(bench), 'hello');
      },
    });
    return { ...run, status };
  };

  it('accepts the name it expects', () => {
    assert.equal(checking('device').status, SUCCESS);
  });

  it('ends the handshake with its own status, and the server gets an alert', () => {
    const { status, handshakes, world } = checking('somebody.else');
    assert.equal(status, statusName(tls.NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH));
    assert.deepEqual(handshakes, [statusName(tls.NX_SECURE_TLS_ALERT_RECEIVED)]);
    assert.deepEqual(world.leaks(), []);
  });

  it('is not asked about a chain that does not verify', () => {
    let calls = 0;
    runDtlsWorld({
      *client(bench) {
        yield* dtls.nx_secure_dtls_session_trusted_certificate_remove(bench.session, null, 0, 1);
        yield* tls.nx_secure_tls_session_certificate_callback_set(part(bench), () => ++calls);
        assert.equal(yield* connect(bench), statusName(tls.NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND));
      },
    });
    assert.equal(calls, 0);
  });
});

describe('the server callback', () => {
  it('chooses the identity for the host name that the client asks for', () => {
    const identities: tls.NX_SECURE_X509_CERT[] = [];
    const run = runDtlsWorld({
      *prepareServer(server) {
        identities.push(yield* identify(server, demo.ecdsa, 1));
        identities.push(yield* identify(server, demo.rsa, 2, tls.NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER));
      },
      *onConnect({ nx_secure_dtls_tls_session: session }) {
        const callback: tls.HelloCallback = function* (asked, extensions, count) {
          const name = new tls.NX_SECURE_X509_DNS_NAME();
          const status = yield* tls.nx_secure_tls_session_sni_extension_parse(asked, extensions, count, name);
          if (status === tls.NX_SECURE_TLS_EXTENSION_NOT_FOUND) return nx.NX_SUCCESS;
          const wanted = new TextDecoder().decode(name.nx_secure_x509_dns_name);
          if (wanted === 'nobody') return tls.NX_SECURE_TLS_SNI_EXTENSION_INVALID;
          return yield* tls.nx_secure_tls_active_certificate_set(asked, identities[wanted === 'rsa' ? 1 : 0] ?? null);
        };
        yield* tls.nx_secure_tls_session_server_callback_set(session, callback);
      },
      *client(bench) {
        const results = [yield* connect(bench)];
        for (const host of ['rsa', 'ecdsa', 'nobody']) {
          const name = new tls.NX_SECURE_X509_DNS_NAME();
          yield* tls.nx_secure_x509_dns_name_initialize(name, text(host), host.length);
          yield* tls.nx_secure_tls_session_sni_extension_set(part(bench), name);
          yield* dtls.nx_secure_dtls_session_end(bench.session, 10);
          results.push(yield* connect(bench));
        }
        assert.deepEqual(results, [SUCCESS, SUCCESS, SUCCESS, statusName(tls.NX_SECURE_TLS_ALERT_RECEIVED)]);
      },
    });
    assert.deepEqual(
      run.suites.map((name) => name.split('_')[2]),
      ['ECDSA', 'RSA', 'ECDSA'],
    );
    assert.equal(run.handshakes.at(-1), statusName(tls.NX_SECURE_TLS_SNI_EXTENSION_INVALID));
    assert.deepEqual(run.world.leaks(), []);
  });

  it('a name of more than 100 bytes is refused', () => {
    runDtlsWorld({
      *client() {
        const name = new tls.NX_SECURE_X509_DNS_NAME();
        const status = yield* tls.nx_secure_x509_dns_name_initialize(name, new Uint8Array(101), 101);
        assert.equal(status, tls.NX_SECURE_X509_NAME_STRING_TOO_LONG);
      },
    });
  });
});

describe('the client callback', () => {
  it('sees the extensions of the ServerHello, and may refuse them', () => {
    const seen: UINT[][] = [];
    runDtlsWorld({
      *client(bench) {
        yield* tls.nx_secure_tls_session_client_callback_set(part(bench), (_session, extensions) => {
          seen.push(extensions.map((one) => one.nx_secure_tls_extension_id));
          return seen.length === 1 ? nx.NX_SUCCESS : tls.NX_SECURE_TLS_UNSUPPORTED_FEATURE;
        });
        assert.equal(yield* connect(bench), SUCCESS);
        yield* dtls.nx_secure_dtls_session_end(bench.session, 10);
        assert.equal(yield* connect(bench), statusName(tls.NX_SECURE_TLS_UNSUPPORTED_FEATURE));
      },
    });
    // Renegotiation info, point formats, extended master secret.
    assert.deepEqual(
      seen[0]?.toSorted((a, b) => a - b),
      [11, 23, 0xff01],
    );
  });
});

describe('pre-shared keys of a TLS session', () => {
  it('the key that is set is used whatever the hint', () => {
    const identities = [text('lamp'), text('lock')] as const;
    const keys = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)] as const;
    const run = runDtlsWorld({
      *prepareServer(server) {
        const [, identity] = identities;
        const hint = text('locks');
        yield* dtls.nx_secure_dtls_server_psk_add(server, keys[1], 16, identity, identity.length, hint, hint.length);
      },
      *client(bench) {
        const session = part(bench);
        yield* tls.nx_secure_tls_psk_add(session, keys[0], 16, identities[0], 4, text('lamps'), 5);
        assert.equal(yield* connect(bench), statusName(tls.NX_SECURE_TLS_NO_MATCHING_PSK));
        yield* dtls.nx_secure_dtls_session_reset(bench.session);
        yield* tls.nx_secure_tls_client_psk_set(session, keys[1], 16, identities[1], 4, null, 0);
        assert.equal(yield* connect(bench), SUCCESS);
        const long = yield* tls.nx_secure_tls_client_psk_set(
          session,
          new Uint8Array(65),
          65,
          identities[1],
          4,
          null,
          0,
        );
        assert.equal(long, tls.NX_SECURE_TLS_NO_MORE_PSK_SPACE);
      },
    });
    assert.match(run.suites[0] ?? '', /PSK/);
  });
});

describe('groups and versions', () => {
  it('without groups there is no suite with ephemeral keys', () => {
    const run = runDtlsWorld({
      *prepareServer(server) {
        yield* identify(server, demo.rsa, 1, tls.NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER);
      },
      *client(bench) {
        const { nx_crypto_ecc_supported_groups: groups, nx_crypto_ecc_curves: curves } = dtls;
        assert.equal(yield* dtls.nx_secure_dtls_ecc_initialize(bench.session, null, 1, curves), nx.NX_PTR_ERROR);
        const many = yield* dtls.nx_secure_dtls_ecc_initialize(bench.session, groups, 9, curves);
        assert.equal(many, nx.NX_INVALID_PARAMETERS);
        assert.equal(yield* dtls.nx_secure_dtls_ecc_initialize(bench.session, null, 0, null), nx.NX_SUCCESS);
        assert.equal(yield* connect(bench), SUCCESS);
        yield* dtls.nx_secure_dtls_session_end(bench.session, 10);
        const size = dtls.nx_crypto_ecc_supported_groups_size;
        yield* dtls.nx_secure_dtls_ecc_initialize(bench.session, groups, size, curves);
        assert.equal(yield* connect(bench), SUCCESS);
      },
    });
    assert.deepEqual(run.suites, ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256']);
  });

  it('a server’s groups are its own choice', () => {
    runDtlsWorld({
      *prepareServer(server) {
        yield* identify(server, demo.ecdsa, 1);
        const { nx_crypto_ecc_curves: curves } = dtls;
        assert.equal(yield* dtls.nx_secure_dtls_server_ecc_initialize(server, [25], 1, curves), nx.NX_SUCCESS);
        assert.equal(yield* dtls.nx_secure_dtls_server_ecc_initialize(null, [25], 1, curves), nx.NX_PTR_ERROR);
      },
      *client(bench) {
        yield* dtls.nx_secure_dtls_ecc_initialize(bench.session, [23], 1, dtls.nx_crypto_ecc_curves);
        assert.equal(yield* connect(bench), statusName(tls.NX_SECURE_TLS_ALERT_RECEIVED));
        yield* dtls.nx_secure_dtls_ecc_initialize(bench.session, [25, 23], 2, dtls.nx_crypto_ecc_curves);
        assert.equal(yield* connect(bench), SUCCESS);
      },
    });
  });

  it('a version that is none is refused, and DTLS 1.2 alone can be asked for', () => {
    runDtlsWorld({
      *client(bench) {
        const { nx_secure_dtls_client_protocol_version_override: override } = dtls;
        assert.equal(yield* override(bench.session, 0x0303), nx.NX_PTR_ERROR);
        assert.equal(yield* override(null, dtls.NX_SECURE_DTLS_VERSION_1_2), nx.NX_PTR_ERROR);
        assert.equal(yield* override(bench.session, dtls.NX_SECURE_DTLS_VERSION_1_2), nx.NX_SUCCESS);
        assert.equal(yield* connect(bench), SUCCESS);
      },
    });
  });
});

describe('nx_secure_dtls_session_start', () => {
  it('needs a peer, and starts again with the last one', () => {
    runDtlsWorld({
      *client(bench) {
        const { session, socket } = bench;
        const start = dtls.nx_secure_dtls_session_start;
        assert.equal(yield* start(session, socket, 1, 500), tls.NX_SECURE_TLS_SESSION_UNINITIALIZED);
        assert.equal(yield* connect(bench), SUCCESS);
        assert.equal(yield* start(session, socket, 1, 500), nx.NX_SUCCESS);
        yield* say(bench, 'again');
        assert.equal(yield* hear(bench), 'again');
        assert.equal(yield* start(session, null, 1, 500), nx.NX_PTR_ERROR);
        const port = out<UINT>();
        yield* dtls.nx_secure_dtls_session_client_info_get(session, new nx.NXD_ADDRESS(), port, out());
        assert.equal(port.value, PORT);
      },
    });
  });
});

describe('who may call', () => {
  it('sessions that were created, and threads', () => {
    runDtlsWorld({
      *client() {
        const fresh = new dtls.NX_SECURE_DTLS_SESSION().nx_secure_dtls_tls_session;
        for (const set of [
          tls.nx_secure_tls_session_certificate_callback_set,
          tls.nx_secure_tls_session_server_callback_set,
          tls.nx_secure_tls_session_client_callback_set,
          tls.nx_secure_tls_session_time_function_set,
        ]) {
          assert.equal(yield* set(null, null), nx.NX_PTR_ERROR, set.name);
          assert.equal(yield* set(fresh, null), tls.NX_SECURE_TLS_SESSION_UNINITIALIZED, set.name);
        }
      },
      onReceive: () => undefined,
    });
  });
});
