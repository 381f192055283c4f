import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCertificateVerify } from '../../secure/dtls/wire/certificate-verify.ts';
import { CERTIFICATE_VERIFY } from '../../secure/dtls/wire/handshake.ts';
import { gnutlsClient, gnutlsServer } from '../support/gnutls-peer.ts';
import { freePorts, onStage } from '../support/interop-stage.ts';
import { echoLine, sClient, sServer } from '../support/openssl-peer.ts';
import { peerClient } from '../support/peer-client.ts';
import { CREDENTIALS, EC_CLIENT, EC_ROOT, EC_SERVER, RSA_SERVER } from '../support/peer-credentials.ts';
import { peerServer } from '../support/peer-server.ts';
import { peerSuite } from '../support/peer-suites.ts';
import { CA, makeCertificate, pkiFile } from '../support/pki.ts';
import { hasProgram } from '../support/process.ts';
import { fragmentsTo } from '../support/wire-view.ts';

const skipOpenssl = hasProgram('openssl') ? false : 'openssl is not installed';
const skipGnutls = hasProgram('gnutls-cli') && hasProgram('gnutls-serv') ? false : 'gnutls-bin is not installed';
const EC = peerSuite('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
const RSA = peerSuite('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256');
const DEMO = [`${CREDENTIALS}/client-ecdsa.pem`, `${CREDENTIALS}/client-ecdsa.key.pem`] as const;

type Files = readonly [certificate: string, key: string];
const made = (name: string): Files => [pkiFile(name, 'pem'), pkiFile(name, 'key')];
const sClientCertificate = ([certificate, key]: Files): readonly string[] => ['-cert', certificate, '-key', key];

const ROOT = skipOpenssl === false ? makeCertificate({ name: 'root', extensions: CA }).der : new Uint8Array(0);
if (skipOpenssl === false) {
  const leaf = ['basicConstraints=CA:FALSE', 'extendedKeyUsage=clientAuth'];
  makeCertificate({ name: 'rogue-root', extensions: CA });
  makeCertificate({ name: 'good', issuer: 'root', extensions: leaf });
  makeCertificate({ name: 'good-rsa', issuer: 'root', extensions: leaf, algorithm: 'rsa' });
  makeCertificate({ name: 'rogue', issuer: 'rogue-root', extensions: leaf });
  makeCertificate({ name: 'expired', issuer: 'root', extensions: leaf, to: '20210101000000Z' });
  makeCertificate({ name: 'for-servers', issuer: 'root', extensions: ['extendedKeyUsage=serverAuth'] });
}

interface Refusal {
  readonly name: string;
  readonly shown: Files | null;
  readonly status: string;
  /** What s_client is told. */
  readonly alert: RegExp;
}

const REFUSALS: readonly Refusal[] = [
  {
    name: 'no certificate',
    shown: null,
    status: 'NX_SECURE_TLS_EMPTY_REMOTE_CERTIFICATE_RECEIVED (0x132)',
    alert: /alert bad certificate/,
  },
  {
    name: 'one from another root',
    shown: made('rogue'),
    status: 'NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND (0x11B)',
    alert: /alert unknown ca/,
  },
  {
    name: 'an expired one',
    shown: made('expired'),
    status: 'NX_SECURE_X509_CERTIFICATE_EXPIRED (0x193)',
    alert: /alert certificate expired/,
  },
  {
    name: 'one that is for servers',
    shown: made('for-servers'),
    status: 'NX_SECURE_TLS_INVALID_SERVER_CERT (0x10C)',
    alert: /alert bad certificate/,
  },
];

describe('a device that asks s_client for a certificate', { skip: skipOpenssl, concurrency: 4 }, () => {
  for (const [suite, files] of [
    [EC, made('good')],
    [RSA, made('good-rsa')],
    [EC, made('good-rsa')],
  ] as const) {
    it(
      `takes ${files[0].includes('rsa') ? 'an RSA' : 'an EC'} certificate that its root issued, ${suite.suite.name}`,
      onStage(async (stage) => {
        const port = freePorts();
        const identity = suite.auth === 'rsa' ? RSA_SERVER : EC_SERVER;
        const device = await stage.server(port, peerServer({ identity, trusted: [ROOT] }));
        const peer = stage.run('openssl', sClient(port, suite, sClientCertificate(files)));
        await echoLine(peer);
        await peer.finish();
        await device.until('session over');
      }),
    );
  }
  it(
    'takes a proof signed with RSA-PSS',
    onStage(async (stage) => {
      const port = freePorts();
      const device = await stage.server(port, peerServer({ identity: EC_SERVER, trusted: [ROOT] }));
      const options = [...sClientCertificate(made('good-rsa')), '-client_sigalgs', 'RSA-PSS+SHA256'];
      await echoLine(stage.run('openssl', sClient(port, EC, options)));
      const message = fragmentsTo(device.events).find(({ type }) => type === CERTIFICATE_VERIFY);
      assert.equal(message === undefined ? null : parseCertificateVerify(message.body)?.algorithm, 0x0804);
    }),
  );
  for (const { name, shown, status, alert } of REFUSALS) {
    it(
      `refuses ${name}, and lives on`,
      onStage(async (stage) => {
        const port = freePorts();
        const device = await stage.server(port, peerServer({ identity: EC_SERVER, trusted: [ROOT] }));
        const refused = stage.run('openssl', sClient(port, EC, shown === null ? [] : sClientCertificate(shown)));
        await device.until(`refused: ${status}`);
        await refused.until(alert);
        await refused.kill();
        await echoLine(stage.run('openssl', sClient(port, EC, sClientCertificate(made('good')))));
      }),
    );
  }
});

describe('a device that shows its certificate to s_server', { skip: skipOpenssl, concurrency: 4 }, () => {
  for (const [name, root, accepted] of [
    ['is taken by one that trusts its root', 'ca-ecdsa.pem', true],
    ['is refused by one that does not', 'ca-rsa.pem', false],
  ] as const) {
    it(
      name,
      onStage(async (stage) => {
        const port = freePorts();
        const demand = ['-Verify', '1', '-verify_return_error', '-CAfile', `${CREDENTIALS}/${root}`];
        const peer = await stage.serve(port, 'openssl', sServer(port, EC, demand));
        const device = await stage.client(port, peerClient({ identity: EC_CLIENT, trusted: EC_ROOT }));
        if (accepted) {
          await peer.until('ping');
          assert.match(peer.output, /subject=O = txsim demo, CN = client/);
          peer.type('pong\n');
          await device.until("received 'pong'");
          await device.until('closed');
        } else {
          await device.until('refused: NX_SECURE_TLS_ALERT_RECEIVED (0x114)');
        }
      }),
    );
  }
  it(
    'and has none to show, is refused',
    onStage(async (stage) => {
      const port = freePorts();
      const peer = await stage.serve(port, 'openssl', sServer(port, EC, ['-Verify', '1']));
      const device = await stage.client(port, peerClient({ trusted: EC_ROOT }));
      await device.until('refused: NX_SECURE_TLS_ALERT_RECEIVED (0x114)');
      await peer.until('peer did not return a certificate');
    }),
  );
});

describe('client certificates and GnuTLS', { skip: skipGnutls, concurrency: 4 }, () => {
  const cli = ([certificate, key]: Files): readonly string[] => [
    `--x509certfile=${certificate}`,
    `--x509keyfile=${key}`,
  ];
  it(
    'the device takes the one of gnutls-cli',
    onStage(async (stage) => {
      const port = freePorts();
      const device = await stage.server(port, peerServer({ identity: EC_SERVER, trusted: EC_ROOT }));
      const peer = stage.run('gnutls-cli', gnutlsClient(port, EC, cli(DEMO)));
      await peer.until('Simple Client Mode');
      peer.type('who goes there\n');
      await peer.until(/who goes there/);
      await peer.finish();
      await device.until('session over');
    }),
  );
  it(
    'the device refuses gnutls-cli without one, and lives on',
    onStage(async (stage) => {
      const port = freePorts();
      const device = await stage.server(port, peerServer({ identity: EC_SERVER, trusted: EC_ROOT }));
      const refused = stage.run('gnutls-cli', gnutlsClient(port, EC));
      await device.until('refused: NX_SECURE_TLS_EMPTY_REMOTE_CERTIFICATE_RECEIVED (0x132)');
      await refused.until('alert');
      stage.run('gnutls-cli', gnutlsClient(port, EC, cli(DEMO)));
      await device.until('connected');
    }),
  );
  for (const [name, root, printed] of [
    ['gnutls-serv takes the one of the device', 'ca-ecdsa.pem', "received 'ping'"],
    ['gnutls-serv refuses it with another root', 'ca-rsa.pem', 'refused: NX_SECURE_TLS_ALERT_RECEIVED (0x114)'],
  ] as const) {
    it(
      name,
      onStage(async (stage) => {
        const port = freePorts();
        const demand = ['--require-client-cert', '--verify-client-cert', `--x509cafile=${CREDENTIALS}/${root}`];
        await stage.serve(port, 'gnutls-serv', gnutlsServer(port, EC, demand));
        const device = await stage.client(port, peerClient({ identity: EC_CLIENT, trusted: EC_ROOT }));
        await device.until(printed);
      }),
    );
  }
});
