import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { nx_crypto_tls_ciphers_all, nx_crypto_tls_ciphers_select } from 'txsim/nx_secure_tls_api';
import { gnutlsClient, gnutlsServer } from '../support/gnutls-peer.ts';
import { freePorts, onStage, type Actor, type Stage } from '../support/interop-stage.ts';
import { echoLine, sClient, sServer } from '../support/openssl-peer.ts';
import { peerClient } from '../support/peer-client.ts';
import { credentialsFor } from '../support/peer-credentials.ts';
import { peerServer } from '../support/peer-server.ts';
import { peerSuite, type PeerSuite } from '../support/peer-suites.ts';
import { hasProgram, type Running } from '../support/process.ts';
import { scratch } from '../support/scratch.ts';

const skipOpenssl = hasProgram('openssl') ? false : 'openssl is not installed';
const skipGnutls = hasProgram('gnutls-cli') && hasProgram('gnutls-serv') ? false : 'gnutls-bin is not installed';
const RESUMES = { NX_SECURE_DTLS_ENABLE_SESSION_RESUMPTION: true };
const SUITES = [
  peerSuite('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'),
  peerSuite('TLS_RSA_WITH_AES_128_CBC_SHA256'),
  peerSuite('TLS_PSK_WITH_AES_128_CCM_8'),
];

/** The flights with which the device finished its handshakes, by their messages. */
const finished = ({ events }: Actor): readonly string[] =>
  events.flatMap((event) =>
    event.type === 'dtls-flight' && event.messages.includes('Finished') ? [event.messages.join(' ')] : [],
  );

const ABBREVIATED = { server: 'ServerHello ChangeCipherSpec Finished', client: 'ChangeCipherSpec Finished' } as const;

async function once(stage: Stage, args: readonly string[]): Promise<string> {
  const peer = stage.run('openssl', args);
  await echoLine(peer);
  await peer.finish();
  return peer.output;
}

describe('s_client comes back to the device', { skip: skipOpenssl, concurrency: 3 }, () => {
  for (const suite of SUITES) {
    it(
      `and takes its session up again, ${suite.suite.name}`,
      onStage(async (stage) => {
        const port = freePorts();
        const file = join(scratch, `session-${port}`);
        const device = await stage.server(port, peerServer(credentialsFor('server', suite.auth)), RESUMES);
        assert.match(await once(stage, sClient(port, suite, ['-sess_out', file])), /^New, /m);
        assert.match(await once(stage, sClient(port, suite, ['-sess_in', file])), /^Reused, /m);
        assert.equal(finished(device)[1], ABBREVIATED.server);
      }),
    );
  }
  it(
    'and has nothing to come back with where the firmware leaves resumption off',
    onStage(async (stage) => {
      const suite = peerSuite('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
      const port = freePorts();
      const file = join(scratch, `session-${port}`);
      await stage.server(port, peerServer(credentialsFor('server', suite.auth)));
      await once(stage, sClient(port, suite, ['-sess_out', file]));
      assert.equal(existsSync(file), false);
    }),
  );
});

/** A device that connects twice with the same control block. */
function twice(stage: Stage, port: number, suite: PeerSuite): Promise<Actor> {
  const table = nx_crypto_tls_ciphers_select(nx_crypto_tls_ciphers_all, suite.suite.id);
  const setup = { ...credentialsFor('client', suite.auth), table, rounds: 2 };
  return stage.client(port, peerClient(setup), RESUMES);
}

/** Types an answer whenever a further line has come. */
async function answer(peer: Running): Promise<void> {
  for (let marker = 0, round = 1; round <= 2; round++) {
    await peer.until('ping', 15_000, marker);
    marker = peer.output.length;
    peer.type('pong\n');
  }
}

describe('the device comes back to s_server', { skip: skipOpenssl, concurrency: 3 }, () => {
  for (const suite of SUITES) {
    it(
      `and takes its session up again, ${suite.suite.name}`,
      onStage(async (stage) => {
        const port = freePorts();
        const peer = await stage.serve(port, 'openssl', sServer(port, suite));
        const device = await twice(stage, port, suite);
        await answer(peer);
        await device.until(/(received 'pong'[^]*closed[^]*){2}/);
        assert.equal(finished(device)[1], ABBREVIATED.client);
        assert.match(peer.output, /Reused session-id/);
      }),
    );
  }
});

describe('sessions taken up again with GnuTLS', { skip: skipGnutls, concurrency: 2 }, () => {
  const suite = peerSuite('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
  it(
    'gnutls-cli --resume against the device',
    onStage(async (stage) => {
      const port = freePorts();
      const device = await stage.server(port, peerServer(credentialsFor('server', suite.auth)), RESUMES);
      const peer = stage.run('gnutls-cli', gnutlsClient(port, suite, ['--resume']));
      await peer.until('This is a resumed session');
      assert.equal(finished(device)[1], ABBREVIATED.server);
    }),
  );
  it(
    'the device against gnutls-serv',
    onStage(async (stage) => {
      const port = freePorts();
      await stage.serve(port, 'gnutls-serv', gnutlsServer(port, suite, ['--disable-client-cert']));
      const device = await twice(stage, port, suite);
      await device.until(/(received 'ping'[^]*closed[^]*){2}/);
      assert.equal(finished(device)[1], ABBREVIATED.client);
    }),
  );
});
