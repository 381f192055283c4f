import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dtls1, OLD, OLD_SUITES, only } from '../support/dtls-1-0.ts';
import { gnutlsClient, gnutlsServer } from '../support/gnutls-peer.ts';
import { freePorts, onStage } from '../support/interop-stage.ts';
import { peerClient } from '../support/peer-client.ts';
import { credentialsFor } from '../support/peer-credentials.ts';
import { peerServer } from '../support/peer-server.ts';
import { hasProgram } from '../support/process.ts';

const skip = hasProgram('gnutls-cli') && hasProgram('gnutls-serv') ? false : 'gnutls-bin is not installed';

/** GnuTLS has those with SHA-256 in 1.2 only. */
const SUITES = OLD_SUITES.filter(({ suite }) => suite.name.endsWith('_SHA'));

describe('DTLS 1.0 with GnuTLS', { skip, concurrency: 4 }, () => {
  for (const suite of SUITES) {
    it(
      `gnutls-cli against the device, ${suite.suite.name}`,
      onStage(async (stage) => {
        const port = freePorts();
        await stage.server(port, peerServer(credentialsFor('server', suite.auth)), OLD);
        const peer = stage.run('gnutls-cli', dtls1(gnutlsClient(port, suite)));
        await peer.until('Simple Client Mode');
        const marker = peer.output.length;
        peer.type('there and back\n');
        await peer.until('there and back', 15_000, marker);
        assert.match(peer.output, /DTLS1\.0/);
      }),
    );
    it(
      `the device against gnutls-serv, ${suite.suite.name}`,
      onStage(async (stage) => {
        const port = freePorts();
        await stage.serve(port, 'gnutls-serv', dtls1(gnutlsServer(port, suite, ['--disable-client-cert'])));
        const setup = { ...credentialsFor('client', suite.auth), table: only(suite) };
        const device = await stage.client(port, peerClient(setup), OLD);
        await device.until("received 'ping'");
        await device.until('closed');
      }),
    );
  }
});
