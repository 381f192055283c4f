import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SERVER_HELLO } from '../../secure/dtls/wire/handshake.ts';
import { DTLS_1_0 } from '../../secure/dtls/wire/record.ts';
import { parseServerHello } from '../../secure/dtls/wire/server-hello.ts';
import { dtls1, OLD, OLD_SUITES, only } from '../support/dtls-1-0.ts';
import { freePorts, onStage, type Actor, type Stage } from '../support/interop-stage.ts';
import { echoLine, sClient, sServer } from '../support/openssl-peer.ts';
import { peerClient } from '../support/peer-client.ts';
import { credentialsFor, CREDENTIALS, EC_CLIENT, EC_ROOT, EC_SERVER, RSA_SERVER } from '../support/peer-credentials.ts';
import { peerServer } from '../support/peer-server.ts';
import { peerSuite } from '../support/peer-suites.ts';
import { CA, makeCertificate, pkiFile } from '../support/pki.ts';
import { hasProgram } from '../support/process.ts';
import { scratch } from '../support/scratch.ts';
import { fragmentsTo } from '../support/wire-view.ts';

const skip = hasProgram('openssl') ? false : 'openssl is not installed';
const EC = peerSuite('TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA');
const RSA = peerSuite('TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA');

async function answered(device: Actor, peer: ReturnType<Stage['run']>): Promise<void> {
  await peer.until('ping');
  peer.type('pong\n');
  await device.until("received 'pong'");
  await device.until('closed');
}

describe('DTLS 1.0: openssl s_client against the device', { skip, concurrency: 4 }, () => {
  for (const suite of OLD_SUITES) {
    it(
      suite.suite.name,
      onStage(async (stage) => {
        const port = freePorts();
        const device = await stage.server(port, peerServer(credentialsFor('server', suite.auth)), OLD);
        const peer = stage.run('openssl', dtls1(sClient(port, suite)));
        await echoLine(peer);
        await peer.finish();
        assert.match(peer.output, / Protocol {2}: DTLSv1\n/);
        assert.ok(peer.output.includes(`Cipher is ${suite.openssl ?? ''}\n`), peer.output);
        await device.until('session over');
      }),
    );
  }
  it(
    'that has 1.2 too gets 1.2',
    onStage(async (stage) => {
      const port = freePorts();
      await stage.server(port, peerServer(credentialsFor('server', 'ecdsa')), OLD);
      const peer = stage.run(
        'openssl',
        sClient(port, EC).map((option) => (option === '-dtls1_2' ? '-dtls' : option)),
      );
      await echoLine(peer);
      await peer.finish();
      assert.match(peer.output, / Protocol {2}: DTLSv1\.2\n/);
    }),
  );
  it(
    'that comes down to 1.0 without need is told so',
    onStage(async (stage) => {
      const port = freePorts();
      const device = await stage.server(port, peerServer(credentialsFor('server', 'ecdsa')), OLD);
      const peer = stage.run('openssl', dtls1(sClient(port, EC, ['-fallback_scsv'])));
      await peer.until('alert inappropriate fallback');
      await device.until('refused: NX_SECURE_TLS_INAPPROPRIATE_FALLBACK (0x147)');
    }),
  );
  it(
    'that comes back takes its session up again',
    onStage(async (stage) => {
      const port = freePorts();
      const file = join(scratch, `session-${port}`);
      const macros = { ...OLD, NX_SECURE_DTLS_ENABLE_SESSION_RESUMPTION: true };
      await stage.server(port, peerServer(credentialsFor('server', 'ecdsa')), macros);
      for (const [option, expected] of [
        ['-sess_out', /^New, /m],
        ['-sess_in', /^Reused, /m],
      ] as const) {
        const peer = stage.run('openssl', dtls1(sClient(port, EC, [option, file])));
        await echoLine(peer);
        await peer.finish();
        assert.match(peer.output, expected);
      }
    }),
  );
});

describe('DTLS 1.0: the device against openssl s_server', { skip, concurrency: 4 }, () => {
  for (const suite of OLD_SUITES) {
    it(
      suite.suite.name,
      onStage(async (stage) => {
        const port = freePorts();
        const peer = await stage.serve(port, 'openssl', dtls1(sServer(port, suite)));
        const setup = { ...credentialsFor('client', suite.auth), table: only(suite) };
        const device = await stage.client(port, peerClient(setup), OLD);
        await answered(device, peer);
        const hello = fragmentsTo(device.events).find(({ type }) => type === SERVER_HELLO);
        assert.equal(hello === undefined ? null : parseServerHello(hello.body)?.version, DTLS_1_0);
        assert.ok(peer.output.includes(`CIPHER is ${suite.openssl ?? ''}\n`), peer.output);
      }),
    );
  }
  it(
    'which chooses what both have in 1.0 of everything that they have',
    onStage(async (stage) => {
      for (const auth of ['ecdsa', 'rsa', 'psk'] as const) {
        const port = freePorts();
        const peer = await stage.serve(port, 'openssl', dtls1(sServer(port, { ...EC, auth, openssl: 'ALL' })));
        await answered(await stage.client(port, peerClient(credentialsFor('client', auth)), OLD), peer);
      }
    }),
  );
  it(
    'is not spoken unless the macro is there',
    onStage(async (stage) => {
      const port = freePorts();
      await stage.serve(port, 'openssl', dtls1(sServer(port, EC)));
      const device = await stage.client(port, peerClient(credentialsFor('client', 'ecdsa')));
      await device.until('refused: NX_SECURE_TLS_');
    }),
  );
});

const LEAF = ['basicConstraints=CA:FALSE', 'extendedKeyUsage=clientAuth'];
const ROOT = skip === false ? makeCertificate({ name: 'old-root', extensions: CA }).der : new Uint8Array(0);
if (skip === false) {
  makeCertificate({ name: 'old-ec', issuer: 'old-root', extensions: LEAF });
  makeCertificate({ name: 'old-rsa', issuer: 'old-root', extensions: LEAF, algorithm: 'rsa' });
}

describe('DTLS 1.0: client certificates with OpenSSL', { skip, concurrency: 4 }, () => {
  for (const name of ['old-ec', 'old-rsa']) {
    for (const suite of [EC, RSA]) {
      it(
        `${suite.suite.name}: s_client shows ${name}`,
        onStage(async (stage) => {
          const port = freePorts();
          const identity = suite.auth === 'rsa' ? RSA_SERVER : EC_SERVER;
          await stage.server(port, peerServer({ identity, trusted: [ROOT] }), OLD);
          const shown = ['-cert', pkiFile(name, 'pem'), '-key', pkiFile(name, 'key')];
          await echoLine(stage.run('openssl', dtls1(sClient(port, suite, shown))));
        }),
      );
    }
  }
  it(
    'the device shows one to s_server',
    onStage(async (stage) => {
      const port = freePorts();
      const asks = ['-Verify', '2', '-verify_return_error', '-CAfile', `${CREDENTIALS}/ca.pem`];
      const peer = await stage.serve(port, 'openssl', dtls1(sServer(port, EC, asks)));
      const setup = { trusted: EC_ROOT, identity: EC_CLIENT, table: only(EC) };
      await answered(await stage.client(port, peerClient(setup), OLD), peer);
    }),
  );
});
