import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nx_crypto_tls_ciphers_all, nx_crypto_tls_ciphers_select } from 'txsim/nx_secure_tls_api';
import { gnutlsClient, gnutlsServer } from '../support/gnutls-peer.ts';
import { freePorts, onStage, type Stage } from '../support/interop-stage.ts';
import { peerClient } from '../support/peer-client.ts';
import { credentialsFor } from '../support/peer-credentials.ts';
import { peerServer } from '../support/peer-server.ts';
import { PEER_SUITES, type PeerSuite } from '../support/peer-suites.ts';
import { hasProgram } from '../support/process.ts';

const skip = hasProgram('gnutls-cli') && hasProgram('gnutls-serv') ? false : 'gnutls-bin is not installed';
const SUITES = PEER_SUITES.filter(({ gnutls }) => gnutls !== null);
/** gnutls-cli 3.7 shakes hands with ECDHE_PSK, and then crashes when it describes the session, with any server. */
const isFatal = ({ suite }: PeerSuite): boolean => suite.keyExchange === 'ecdhe_psk';

async function talkToDevice(stage: Stage, suite: PeerSuite): Promise<void> {
  const port = freePorts();
  const device = await stage.server(port, peerServer(credentialsFor('server', suite.auth)));
  const peer = stage.run('gnutls-cli', gnutlsClient(port, suite));
  await device.until('connected');
  if (isFatal(suite)) return;
  await peer.until('Simple Client Mode');
  const marker = peer.output.length;
  peer.type('there and back\n');
  await peer.until('there and back', 15_000, marker);
  await peer.finish();
  await device.until('session over');
  if (suite.auth !== 'psk') assert.match(peer.output, /Status: The certificate is trusted/);
}

async function talkToServer(stage: Stage, suite: PeerSuite): Promise<void> {
  const port = freePorts();
  await stage.serve(port, 'gnutls-serv', gnutlsServer(port, suite, ['--disable-client-cert']));
  const table = nx_crypto_tls_ciphers_select(nx_crypto_tls_ciphers_all, suite.suite.id);
  const device = await stage.client(port, peerClient({ ...credentialsFor('client', suite.auth), table }));
  await device.until("received 'ping'");
  await device.until('closed');
}

describe('gnutls-cli against the device', { skip, concurrency: 4 }, () => {
  for (const suite of SUITES) {
    it(
      suite.suite.name,
      onStage((stage) => talkToDevice(stage, suite)),
    );
  }
});

describe('the device against gnutls-serv', { skip, concurrency: 4 }, () => {
  for (const suite of SUITES) {
    it(
      suite.suite.name,
      onStage((stage) => talkToServer(stage, suite)),
    );
  }
});
