import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import client from '../../apps/dtls-echo/client.ts';
import server from '../../apps/dtls-echo/server.ts';
import { hasProgram, Running, udpPortOpen } from '../support/process.ts';
import { startRealTime, type RealTimeWorld } from '../support/real-time-world.ts';

const CREDENTIALS = 'apps/dtls-echo/credentials';
const PSK = '0123456789abcdef0123456789abcdef';
const IDENTITY = 'lamp-17';

interface SuiteCase {
  readonly suite: string;
  readonly auth: string;
  readonly openssl: string;
}

const SUITES: readonly SuiteCase[] = [
  { suite: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', auth: 'ecdsa', openssl: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
  { suite: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', auth: 'rsa', openssl: 'ECDHE-RSA-AES128-GCM-SHA256' },
  { suite: 'TLS_RSA_WITH_AES_128_CBC_SHA256', auth: 'rsa', openssl: 'AES128-SHA256' },
  { suite: 'TLS_PSK_WITH_AES_128_CCM_8', auth: 'psk', openssl: 'PSK-AES128-CCM8:@SECLEVEL=0' },
];

const skip = hasProgram('openssl') ? false : 'openssl is not installed';
let nextPort = 14_400 + (process.pid % 500) * 20;

const psk = (suite: SuiteCase): Record<string, string> =>
  suite.auth === 'psk' ? { psk: PSK, identity: IDENTITY } : {};

function sClient(port: number, suite: SuiteCase, more: readonly string[] = []): Running {
  const credentials =
    suite.auth === 'psk'
      ? ['-psk', PSK, '-psk_identity', IDENTITY]
      : ['-CAfile', `${CREDENTIALS}/ca.pem`, '-verify_return_error', '-verify_hostname', 'device'];
  const connect = ['-connect', `127.0.0.1:${port}`, '-cipher', suite.openssl];
  return new Running('openssl', ['s_client', '-dtls1_2', ...connect, ...credentials, ...more]);
}

/** One client of openssl from handshake to close; gives its output. */
async function talk(port: number, suite: SuiteCase, line: string): Promise<string> {
  const peer = sClient(port, suite);
  await peer.until('Verify return code');
  const marker = peer.output.length;
  peer.type(`${line}\n`);
  for (const end = Date.now() + 10_000; !peer.output.slice(marker).includes(line);) {
    if (Date.now() > end) throw new Error(`no echo of '${line}':\n${peer.output}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await peer.finish();
  return peer.output;
}

describe('openssl s_client against the simulated server', { skip }, () => {
  for (const suite of SUITES) {
    it(suite.suite, async () => {
      const port = nextPort++;
      const device = await startRealTime(
        server,
        { auth: suite.auth, suite: suite.suite, ...psk(suite) },
        { listen: `127.0.0.1:${port}=device:4443` },
      );
      try {
        const output = await talk(port, suite, 'hello');
        const [name = ''] = suite.openssl.split(':');
        assert.match(output, new RegExp(`Cipher is ${name}\\b`));
        if (suite.auth !== 'psk') assert.match(output, /Verification: OK/);
        await device.until('session over');
      } finally {
        await device.stop();
      }
      assert.deepEqual(device.world.leaks(), []);
    });
  }

  describe('many clients', () => {
    let device: RealTimeWorld;
    let port = 0;
    const [suite] = SUITES;
    before(async () => {
      port = nextPort++;
      device = await startRealTime(server, { auth: 'ecdsa' }, { listen: `127.0.0.1:${port}=device:4443` });
    });
    after(async () => {
      await device.stop();
      assert.deepEqual(device.world.leaks(), []);
    });

    it('ten, one after the other', async () => {
      assert(suite !== undefined);
      for (let number = 1; number <= 10; number++) await talk(port, suite, `client ${number}`);
      assert.equal(device.output().match(/connected/g)?.length, 10);
    });

    it('five at once', async () => {
      assert(suite !== undefined);
      await Promise.all([1, 2, 3, 4, 5].map((number) => talk(port, suite, `crowd ${number}`)));
      assert.equal(device.output().match(/connected/g)?.length, 15);
    });

    it('one that vanishes without a word does not keep the others out', async () => {
      assert(suite !== undefined);
      const peer = sClient(port, suite);
      await peer.until('Verify return code');
      await peer.kill();
      await talk(port, suite, 'after the vanished one');
    });
  });

  it('a client that trusts another root is refused, and the server lives on', async () => {
    const port = nextPort++;
    const [ecdsa] = SUITES;
    assert(ecdsa !== undefined);
    const device = await startRealTime(server, {}, { listen: `127.0.0.1:${port}=device:4443` });
    try {
      const args = ['-connect', `127.0.0.1:${port}`, '-CAfile', `${CREDENTIALS}/ca-rsa.pem`, '-verify_return_error'];
      const peer = new Running('openssl', ['s_client', '-dtls1_2', ...args]);
      await peer.until('unable to get local issuer certificate');
      await device.until('NX_SECURE_TLS_ALERT_RECEIVED (0x114)');
      await peer.kill();
      await talk(port, ecdsa, 'still here');
    } finally {
      await device.stop();
    }
    assert.deepEqual(device.world.leaks(), []);
  });
});

describe('the simulated client against openssl s_server', { skip }, () => {
  for (const suite of SUITES) {
    it(suite.suite, async () => {
      const port = nextPort++;
      const credentials =
        suite.auth === 'psk'
          ? ['-nocert', '-psk_identity', IDENTITY, '-psk', PSK]
          : ['-cert', `${CREDENTIALS}/server-${suite.auth}.pem`, '-key', `${CREDENTIALS}/server-${suite.auth}.key.pem`];
      const accept = ['-listen', '-accept', `127.0.0.1:${port}`, '-cipher', suite.openssl];
      const peer = new Running('openssl', ['s_server', '-dtls1_2', ...accept, ...credentials]);
      await udpPortOpen(port);
      const device = await startRealTime(
        client,
        { auth: suite.auth, suite: suite.suite, server: '10.0.0.9', message: 'ping', ...psk(suite) },
        { connect: `10.0.0.9:4443=127.0.0.1:${port}` },
      );
      try {
        await peer.until('ping');
        peer.type('pong\n');
        await device.until("received 'pong'");
        await device.until('closed, done');
      } finally {
        await device.stop();
        await peer.kill();
      }
      assert.deepEqual(device.world.leaks(), []);
    });
  }
});
