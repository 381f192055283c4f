import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { jsreFirmware, type Firmware } from 'txsim';
import { freePorts } from '../support/interop-stage.ts';
import { hasProgram, Running, udpPortOpen } from '../support/process.ts';
import { startRealTime } from '../support/real-time-world.ts';

const CREDENTIALS = 'apps/dtls-echo/credentials';
const skip = hasProgram('openssl') ? false : 'openssl is not installed';

const file = (name: string): string => readFileSync(`${CREDENTIALS}/${name}`, 'utf8');
const program = (source: string): Firmware =>
  jsreFirmware({
    main: 'main.js',
    fs: {
      'main.js': source,
      'ecdsa.pem': file('server-ecdsa.pem') + file('server-ecdsa.key.pem'),
      'rsa.pem': file('server-rsa.pem') + file('server-rsa.key.pem'),
      'client.pem': file('client-ecdsa.pem') + file('client-ecdsa.key.pem'),
      'ca.pem': file('ca.pem'),
    },
  });

/** A server that answers each line, and asks for certificates of clients where it is told whom to trust. */
const server = (options: string): Firmware =>
  program(`
var Dtls = require('dtls'), fs = require('fs'), iosched = require('iosched');
var server = Dtls.createServer(${options}, Dtls.sockaddr(Dtls.INADDR_ANY, 4443));
server.accept(undefined, function (client) {
  var buffer = new Buffer(4096);
  iosched.add(iosched.event(iosched.READ, client.sockFd, function () {
    for (;;) {
      var num = client.recv(buffer, 0, buffer.length, 0);
      if (num === 0) return true;
      if (num < 0) break;
      client.send('you said ' + buffer.toString(num));
    }
    console.log('lost', sys.errno());
    client.close();
    return false;
  }));
});
console.log('listening');
iosched.forever();
`);

/** A client that says hello, prints the answer, and closes. */
const client = (options: string): Firmware =>
  program(`
var Dtls = require('dtls'), fs = require('fs');
var client = Dtls.createClient(${options}, Dtls.sockaddr('10.0.0.9', 4443), 10000);
if (!client) {
  console.log('failed', sys.errno());
} else {
  client.send('ping\\n');
  var buffer = new Buffer(100);
  console.log('answer', buffer.toString(client.recv(buffer)).trim());
  client.close();
  console.log('closed');
}
`);

/** Starts a JSRE server behind a port of the host, and runs a test against it. */
async function withServer(options: string, body: (port: number, output: () => string) => Promise<void>): Promise<void> {
  const port = freePorts();
  const device = await startRealTime(server(options), {}, { listen: `127.0.0.1:${port}=device:4443` });
  try {
    await device.until('listening');
    await body(port, () => device.output());
  } finally {
    await device.stop();
  }
  assert.deepEqual(device.world.leaks(), []);
}

const sClient = (port: number, ...more: readonly string[]): Running =>
  new Running('openssl', ['s_client', '-dtls1_2', '-mtu', '1400', '-connect', `127.0.0.1:${port}`, ...more]);

describe('openssl s_client against a JSRE server', { skip }, () => {
  for (const type of ['ecdsa', 'rsa'] as const) {
    it(`with a certificate of ${type}`, () =>
      withServer(`{ cert: fs.readString('/${type}.pem') }`, async (port, output) => {
        const verified = ['-CAfile', `${CREDENTIALS}/ca.pem`, '-verify_return_error', '-verify_hostname', 'device'];
        const peer = sClient(port, ...verified);
        await peer.until('Verify return code: 0');
        peer.type('hello\n');
        await peer.until('you said hello');
        await peer.finish();
        for (const end = Date.now() + 5000; !output().includes('lost') && Date.now() < end;) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        assert.match(output(), /^lost 104$/m);
      }));
  }

  it('with a certificate of the client', () =>
    withServer("{ cert: fs.readString('/ecdsa.pem'), ca: fs.readString('/ca.pem') }", async (port) => {
      const own = ['-cert', `${CREDENTIALS}/client-ecdsa.pem`, '-key', `${CREDENTIALS}/client-ecdsa.key.pem`];
      const peer = sClient(port, ...own);
      await peer.until('Verify return code');
      peer.type('certified\n');
      await peer.until('you said certified');
      await peer.finish();
      const refused = sClient(port);
      await refused.until(/alert|unexpected/i);
      await refused.kill();
    }));

  it('renegotiation is refused, though it was asked for, and the server lives on', () =>
    withServer("{ cert: fs.readString('/ecdsa.pem'), renegotiate: true }", async (port) => {
      const peer = sClient(port);
      await peer.until('Verify return code');
      peer.type('before\n');
      await peer.until('you said before');
      peer.type('R\n');
      await peer.until(/no renegotiation/i);
      await peer.kill();
      const next = sClient(port);
      await next.until('Verify return code');
      next.type('after\n');
      await next.until('you said after');
      await next.finish();
    }));
});

describe('a JSRE client against openssl s_server', { skip }, () => {
  const CASES: readonly (readonly [name: string, options: string, asks: readonly string[], printed: RegExp])[] = [
    ['that it does not verify', '{}', [], /answer pong/],
    [
      'that it trusts',
      "{ rejectUnauthorized: true, ca: fs.readString('/ca.pem'), server: 'device' }",
      [],
      /answer pong/,
    ],
    ['of another name', "{ rejectUnauthorized: true, ca: fs.readString('/ca.pem'), server: 'other' }", [], /failed 13/],
    ['that it does not trust', '{ rejectUnauthorized: true }', [], /failed 13/],
    [
      'that asks for its certificate',
      "{ cert: fs.readString('/client.pem') }",
      ['-Verify', '1', '-CAfile', `${CREDENTIALS}/ca.pem`, '-verify_return_error'],
      /answer pong/,
    ],
  ];
  for (const [name, options, asks, printed] of CASES) {
    it(`one ${name}`, async () => {
      const port = freePorts();
      const own = ['-cert', `${CREDENTIALS}/server-ecdsa.pem`, '-key', `${CREDENTIALS}/server-ecdsa.key.pem`];
      const listen = ['-dtls1_2', '-listen', '-mtu', '1400', '-accept', `127.0.0.1:${port}`];
      const peer = new Running('openssl', ['s_server', ...listen, ...own, ...asks]);
      await udpPortOpen(port);
      const device = await startRealTime(client(options), {}, { connect: `10.0.0.9:4443=127.0.0.1:${port}` });
      try {
        if (printed.source.startsWith('answer')) {
          await peer.until('ping');
          peer.type('pong\n');
        }
        await device.until(printed);
      } finally {
        await device.stop();
        await peer.kill();
      }
      assert.deepEqual(device.world.leaks(), []);
    });
  }
});
