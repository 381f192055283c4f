import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gnutlsClient, gnutlsServer } from '../support/gnutls-peer.ts';
import { freePorts, onStage, type Actor } from '../support/interop-stage.ts';
import { echoLine, sClient, sServer } from '../support/openssl-peer.ts';
import { peerClient } from '../support/peer-client.ts';
import { credentialsFor } from '../support/peer-credentials.ts';
import { peerServer } from '../support/peer-server.ts';
import { peerSuite } from '../support/peer-suites.ts';
import { hasProgram } from '../support/process.ts';

const skipOpenssl = hasProgram('openssl') ? false : 'openssl is not installed';
const skipGnutls = hasProgram('gnutls-cli') && hasProgram('gnutls-serv') ? false : 'gnutls-bin is not installed';
const EC = peerSuite('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
const server = peerServer(credentialsFor('server', 'ecdsa'));
const client = peerClient(credentialsFor('client', 'ecdsa'));

const flights = ({ events }: Actor): readonly number[] =>
  events.flatMap((event) => (event.type === 'dtls-flight' && !event.retransmission ? [event.flight] : []));

describe('variants of the handshake with OpenSSL', { skip: skipOpenssl, concurrency: 4 }, () => {
  it(
    's_client with everything that it has on offer',
    onStage(async (stage) => {
      const port = freePorts();
      await stage.server(port, server);
      const peer = stage.run('openssl', sClient(port, { ...EC, openssl: 'ALL' }));
      await echoLine(peer);
      assert.match(peer.output, /Cipher is ECDHE-ECDSA-AES128-GCM-SHA256\n/);
    }),
  );
  it(
    's_client that speaks DTLS 1.0 only',
    onStage(async (stage) => {
      const port = freePorts();
      const device = await stage.server(port, server);
      const args = sClient(port, { ...EC, openssl: 'ALL' }).map((option) =>
        option === '-dtls1_2' ? '-dtls1' : option,
      );
      const peer = stage.run('openssl', args);
      await peer.until('alert protocol version');
      await device.until('refused: NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION (0x110)');
    }),
  );
  it(
    's_client that was restarted, from the same port',
    onStage(async (stage) => {
      const [port, own] = [freePorts(), freePorts()];
      const device = await stage.server(port, server);
      const args = sClient(port, EC, ['-bind', `127.0.0.1:${own}`]);
      const first = stage.run('openssl', args);
      await echoLine(first);
      await first.kill();
      await echoLine(stage.run('openssl', args));
      await device.until(/(connected[^]*){2}/);
    }),
  );
  it(
    's_client that wants to renegotiate is told no',
    onStage(async (stage) => {
      const port = freePorts();
      await stage.server(port, server);
      const peer = stage.run('openssl', sClient(port, EC));
      await echoLine(peer);
      peer.type('R\n');
      await peer.until('no renegotiation');
      await echoLine(stage.run('openssl', sClient(port, EC)));
    }),
  );
  it(
    's_server that wants to renegotiate is told no',
    onStage(async (stage) => {
      const port = freePorts();
      const peer = await stage.serve(port, 'openssl', sServer(port, EC));
      const device = await stage.client(port, client);
      await peer.until('ping');
      peer.type('r\n');
      await peer.until('no renegotiation');
      // s_server takes the warning for an error.
      await device.until('no answer: NX_SECURE_TLS_ALERT_RECEIVED (0x114)');
    }),
  );
});

describe('variants of the handshake with GnuTLS', { skip: skipGnutls, concurrency: 4 }, () => {
  it(
    'gnutls-serv that asks for no cookie',
    onStage(async (stage) => {
      const port = freePorts();
      await stage.serve(port, 'gnutls-serv', gnutlsServer(port, EC, ['--nocookie', '--disable-client-cert']));
      const device = await stage.client(port, client);
      await device.until("received 'ping'");
      assert.deepEqual(flights(device).slice(0, 2), [1, 5]);
    }),
  );
  it(
    'gnutls-cli with everything that it has on offer',
    onStage(async (stage) => {
      const port = freePorts();
      await stage.server(port, server);
      const args = gnutlsClient(port, EC).map((option) => (option.startsWith('NONE:') ? 'NORMAL' : option));
      await stage.run('gnutls-cli', args).until('Simple Client Mode');
    }),
  );
  const withoutSessionHash = { ...EC, gnutls: `${EC.gnutls ?? ''}:%NO_SESSION_HASH` };
  it(
    'gnutls-cli without the extended master secret',
    onStage(async (stage) => {
      const port = freePorts();
      await stage.server(port, server);
      const peer = stage.run('gnutls-cli', gnutlsClient(port, withoutSessionHash));
      await peer.until('Simple Client Mode');
      peer.type('plainly\n');
      await peer.until('plainly');
      assert.doesNotMatch(peer.output, /extended master secret/);
    }),
  );
  it(
    'gnutls-serv without the extended master secret',
    onStage(async (stage) => {
      const port = freePorts();
      await stage.serve(port, 'gnutls-serv', gnutlsServer(port, withoutSessionHash, ['--disable-client-cert']));
      await (await stage.client(port, client)).until("received 'ping'");
    }),
  );
  it(
    'gnutls-cli that wants to renegotiate is told no',
    onStage(async (stage) => {
      const port = freePorts();
      await stage.server(port, server);
      const peer = stage.run('gnutls-cli', gnutlsClient(port, EC, ['--rehandshake']));
      await peer.until('A TLS warning alert has been received');
    }),
  );
});
