import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gnutlsClient, gnutlsServer } from '../support/gnutls-peer.ts';
import { freePorts, onStage, type Actor } from '../support/interop-stage.ts';
import { echoLine, sClient, sServer } from '../support/openssl-peer.ts';
import { peerClient } from '../support/peer-client.ts';
import { CREDENTIALS, EC_CLIENT, EC_ROOT, EC_SERVER, ROOTS } from '../support/peer-credentials.ts';
import { peerServer } from '../support/peer-server.ts';
import { peerSuite } from '../support/peer-suites.ts';
import { hasProgram } from '../support/process.ts';
import { fragmentsTo, longestPacket } from '../support/wire-view.ts';

const skipOpenssl = hasProgram('openssl') ? false : 'openssl is not installed';
const skipGnutls = hasProgram('gnutls-cli') && hasProgram('gnutls-serv') ? false : 'gnutls-bin is not installed';
const EC = peerSuite('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
const RSA = peerSuite('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256');
const CLIENT_PEM = `${CREDENTIALS}/client-ecdsa.pem`;
const CLIENT_KEY = `${CREDENTIALS}/client-ecdsa.key.pem`;

/** Checks that the device was sent messages in pieces, in packets of a limited length. */
function checkPieces({ events }: Actor, mtu: number): void {
  assert.ok(longestPacket(events) <= mtu, `a packet of ${longestPacket(events)} bytes`);
  const pieces = fragmentsTo(events).filter(({ body, length }) => body.length < length);
  assert.ok(pieces.length >= 2, `${pieces.length} pieces of messages`);
}

describe('flights in pieces from OpenSSL', { skip: skipOpenssl, concurrency: 4 }, () => {
  it(
    "s_server's flight 4",
    onStage(async (stage) => {
      const port = freePorts();
      const peer = await stage.serve(port, 'openssl', sServer(port, RSA, ['-mtu', '256']));
      const device = await stage.client(port, peerClient({ trusted: ROOTS }));
      await peer.until('ping');
      peer.type('pong\n');
      await device.until("received 'pong'");
      checkPieces(device, 256);
    }),
  );
  it(
    "s_client's flight 5, with a certificate",
    onStage(async (stage) => {
      const port = freePorts();
      const device = await stage.server(port, peerServer({ identity: EC_SERVER, trusted: EC_ROOT }));
      const options = ['-mtu', '256', '-cert', CLIENT_PEM, '-key', CLIENT_KEY];
      await echoLine(stage.run('openssl', sClient(port, EC, options)));
      checkPieces(device, 256);
    }),
  );
});

describe('flights in pieces from GnuTLS', { skip: skipGnutls, concurrency: 4 }, () => {
  it(
    "gnutls-serv's flight 4",
    onStage(async (stage) => {
      const port = freePorts();
      const options = ['--mtu=300', '--require-client-cert', `--x509cafile=${CREDENTIALS}/ca.pem`];
      await stage.serve(port, 'gnutls-serv', gnutlsServer(port, RSA, options));
      const device = await stage.client(port, peerClient({ identity: EC_CLIENT, trusted: ROOTS }));
      await device.until("received 'ping'");
      checkPieces(device, 328);
    }),
  );
  it(
    "gnutls-cli's flight 5, with a certificate",
    onStage(async (stage) => {
      const port = freePorts();
      const device = await stage.server(port, peerServer({ identity: EC_SERVER, trusted: EC_ROOT }));
      const options = ['--mtu=300', `--x509certfile=${CLIENT_PEM}`, `--x509keyfile=${CLIENT_KEY}`];
      const peer = stage.run('gnutls-cli', gnutlsClient(port, EC, options));
      await peer.until('Simple Client Mode');
      peer.type('in pieces\n');
      await peer.until('in pieces');
      checkPieces(device, 328);
    }),
  );
});
