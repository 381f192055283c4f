import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nx_crypto_tls_ciphers_all, nx_crypto_tls_ciphers_select } from 'txsim/nx_secure_tls_api';
import { CIPHER_SUITES } from '../../secure/crypto/suites.ts';
import { SERVER_KEY_EXCHANGE } from '../../secure/dtls/wire/handshake.ts';
import { parseEcdheServerKeyExchange } from '../../secure/dtls/wire/server-key-exchange.ts';
import { freePorts, onStage, type Actor, type Stage } from '../support/interop-stage.ts';
import { echoLine, sClient, sServer } from '../support/openssl-peer.ts';
import { peerClient } from '../support/peer-client.ts';
import { credentialsFor } from '../support/peer-credentials.ts';
import { peerServer } from '../support/peer-server.ts';
import { PEER_SUITES, peerSuite, type PeerSuite } from '../support/peer-suites.ts';
import { hasProgram } from '../support/process.ts';
import { fragmentsTo } from '../support/wire-view.ts';

const skip = hasProgram('openssl') ? false : 'openssl is not installed';
const SUITES = PEER_SUITES.filter(({ openssl }) => openssl !== null);
const only = ({ suite }: PeerSuite): typeof nx_crypto_tls_ciphers_all =>
  nx_crypto_tls_ciphers_select(nx_crypto_tls_ciphers_all, suite.id);
const RSA = peerSuite('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256');

/** Groups as OpenSSL's option names them, what s_client calls them and what s_server does. */
const GROUPS = [
  ['X25519', 'X25519', 'x25519'],
  ['P-384', 'ECDH, secp384r1', 'secp384r1'],
  ['P-521', 'ECDH, secp521r1', 'secp521r1'],
] as const;

interface Talk {
  /** What the program printed. */
  readonly output: string;
  readonly device: Actor;
}

/** s_client sends the device a line, gets it back and ends. */
async function talkToDevice(stage: Stage, suite: PeerSuite, more: readonly string[] = []): Promise<Talk> {
  const port = freePorts();
  const device = await stage.server(port, peerServer(credentialsFor('server', suite.auth)));
  const peer = stage.run('openssl', sClient(port, suite, more));
  await echoLine(peer);
  await peer.finish();
  if (suite.auth !== 'psk') assert.match(peer.output, /Verification: OK/);
  await device.until('session over');
  return { output: peer.output, device };
}

/** The device sends s_server a line, gets an answer and ends. */
async function talkToServer(stage: Stage, suite: PeerSuite, more: readonly string[] = []): Promise<Talk> {
  const port = freePorts();
  const peer = await stage.serve(port, 'openssl', sServer(port, suite, more));
  const device = await stage.client(port, peerClient({ ...credentialsFor('client', suite.auth), table: only(suite) }));
  await peer.until('ping');
  peer.type('pong\n');
  await device.until("received 'pong'");
  await device.until('closed');
  return { output: peer.output, device };
}

it('every suite of the table has a row, and all but one a peer', () => {
  assert.deepEqual(
    PEER_SUITES.map(({ suite }) => suite),
    CIPHER_SUITES,
  );
  const alone = PEER_SUITES.filter(({ openssl, gnutls }) => openssl === null && gnutls === null);
  assert.deepEqual(
    alone.map(({ suite }) => suite.name),
    ['TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256'],
  );
});

describe('openssl s_client against the device', { skip, concurrency: 4 }, () => {
  for (const suite of SUITES) {
    it(
      suite.suite.name,
      onStage(async (stage) => {
        const { output } = await talkToDevice(stage, suite);
        assert.ok(output.includes(`Cipher is ${suite.openssl ?? ''}\n`), output);
      }),
    );
  }
  for (const [group, named] of GROUPS) {
    it(
      group,
      onStage(async (stage) => {
        const { output } = await talkToDevice(stage, RSA, ['-groups', group]);
        assert.ok(output.includes(`Server Temp Key: ${named}`), output);
      }),
    );
  }
});

describe('the device against openssl s_server', { skip, concurrency: 4 }, () => {
  for (const suite of SUITES) {
    it(
      suite.suite.name,
      onStage(async (stage) => {
        const { output } = await talkToServer(stage, suite);
        assert.ok(output.includes(`CIPHER is ${suite.openssl ?? ''}\n`), output);
      }),
    );
  }
  for (const [group, , named] of GROUPS) {
    it(
      group,
      onStage(async (stage) => {
        const { output } = await talkToServer(stage, RSA, ['-groups', group]);
        assert.ok(output.includes(`Shared groups: ${named}\n`), output);
      }),
    );
  }
  for (const hash of ['SHA256', 'SHA384', 'SHA512']) {
    it(
      `the server signs with RSA-PSS and ${hash}`,
      onStage(async (stage) => {
        const { device } = await talkToServer(stage, RSA, ['-sigalgs', `RSA-PSS+${hash}`]);
        const message = fragmentsTo(device.events).find(({ type }) => type === SERVER_KEY_EXCHANGE);
        const algorithm = message === undefined ? null : parseEcdheServerKeyExchange(message.body)?.algorithm;
        assert.equal(algorithm, { SHA256: 0x0804, SHA384: 0x0805, SHA512: 0x0806 }[hash]);
      }),
    );
  }
});
