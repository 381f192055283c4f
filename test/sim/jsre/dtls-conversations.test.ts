import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { describe, it } from 'node:test';
import { jsreFirmware, World, type Firmware, type LanOptions } from 'txsim';
import netxClient from '../../../apps/dtls-echo/client.ts';
import netxServer from '../../../apps/dtls-echo/server.ts';
import { ERRNO } from '../../../sim/jsre/runtime/errno.ts';
import { FILES } from '../../support/jsre-table.ts';
import { makeCertificate, pkiFile, CA } from '../../support/pki.ts';
import { readFileSync } from 'node:fs';

const PRELUDE = `
var Dtls = require('dtls'), socket = require('socket'), fs = require('fs'), iosched = require('iosched');
function read(name) { return fs.readString('/' + name); }
function own(more) { return Object.assign({ cert: read('cert.pem'), key: read('cert.key') }, more); }
var buffer = new Buffer(2000);
`;

const script = (source: string, files: Readonly<Record<string, string>> = {}): Firmware =>
  jsreFirmware({ main: 'main.js', fs: { ...FILES, ...files, 'main.js': PRELUDE + source } });

interface Cast {
  readonly server: Firmware;
  readonly client: Firmware;
  readonly lan?: LanOptions;
  readonly seed?: number;
  readonly params?: Readonly<Record<string, string>>;
  readonly serverParams?: Readonly<Record<string, string>>;
  readonly until?: string;
}

/** Runs a server at 192.168.0.2 and a client; gives what each has printed. */
function play({ server, client, lan = {}, seed = 1, params = {}, serverParams = {}, until = '60s' }: Cast): {
  readonly server: readonly string[];
  readonly client: readonly string[];
  readonly world: World;
} {
  const world = new World({ seed });
  const network = world.lan({ subnet: '192.168.0.0/24', latency: '1ms', ...lan });
  const one = world.device('server', { firmware: server, lan: network, address: '192.168.0.2', params: serverParams });
  const other = world.device('client', { firmware: client, lan: network, bootAt: '10ms', params });
  world.run({ until });
  assert.deepEqual(world.leaks(), []);
  const texts = (device: typeof one): readonly string[] => device.output.lines.map(({ text }) => text);
  return { server: texts(one), client: texts(other), world };
}

/** A JSRE server that echoes to one client after the other. */
const ECHO = `
var server = Dtls.createServer(own(), Dtls.sockaddr(Dtls.INADDR_ANY, 4443));
while (true) {
  var client = server.accept();
  var num;
  while ((num = client.recv(buffer)) >= 0) {
    console.log('heard', buffer.toString(num));
    client.send(buffer, 0, num);
  }
  console.log('lost', sys.errno());
  client.close();
}
`;

/** A JSRE client that asks until it is answered. */
const asking = (options: string, address = "Dtls.sockaddr('192.168.0.2', 4443)"): string => `
var client = Dtls.createClient(${options}, ${address});
if (!client) console.log('failed', sys.errno());
else {
  var num = 0;
  for (var attempt = 0; num === 0 && attempt < 20; attempt++) {
    client.send('question');
    num = client.recv(buffer, 0, buffer.length, 1000);
  }
  console.log('answer', buffer.toString(num));
  client.close();
}
`;

describe('JSRE and NetX on one network that loses one frame in twenty', () => {
  for (let seed = 1; seed <= 5; seed++) {
    it(`a NetX client and a JSRE server (seed ${seed})`, () => {
      const params = { server: '192.168.0.2', message: 'from NetX' };
      const { client, server } = play({ server: script(ECHO), client: netxClient, lan: { loss: 0.05 }, seed, params });
      assert.ok(
        client.some((line) => line.includes("received 'from NetX'")),
        client.join('\n'),
      );
      assert.ok(server.includes('heard from NetX'), server.join('\n'));
    });

    it(`a JSRE client and a NetX server (seed ${seed})`, () => {
      const { client, server } = play({
        server: netxServer,
        client: script(asking("{ rejectUnauthorized: true, ca: read('ca.pem'), server: 'server' }")),
        lan: { loss: 0.05 },
        seed,
        until: '120s',
      });
      assert.deepEqual(client, ['answer question'], server.join('\n'));
    });
  }
});

describe('JSRE over IPv6', () => {
  it('a server and a client at addresses of their own', () => {
    const { client, server } = play({
      server: script(ECHO.replace('Dtls.sockaddr(Dtls.INADDR_ANY, 4443)', 'Dtls.sockaddr6(Dtls.IN6ADDR_ANY, 4443)')),
      client: script(`sys.sleep(5000); ${asking('{}', "Dtls.sockaddr6('fd00::2', 4443)")}`),
      serverParams: { 'en1.ip6': 'fd00::2/64' },
      params: { 'en1.ip6': 'fd00::3/64' },
    });
    assert.deepEqual(client, ['answer question']);
    assert.deepEqual(server, ['heard question', `lost ${ERRNO.ECONNRESET}`]);
  });

  it('a server for both, which sees an IPv4 client at a mapped address, and one for IPv6 only', () => {
    const serve = (only: boolean): string => `
var server = Dtls.createServer(own(), Dtls.sockaddr6(undefined, 4443));
server.setIPv6Only(${only});
var remote = {};
var client = server.accept(remote, 20000);
console.log(client ? remote.domain + ' ' + remote.addr : 'nobody');
if (client) { client.send(buffer, 0, client.recv(buffer)); client.recv(buffer); }
`;
    const client = script(asking('{ handshakeTimeout: 5000 }'));
    assert.deepEqual(play({ server: script(serve(false)), client }).server, ['10 ::ffff:192.168.0.10']);
    assert.deepEqual(play({ server: script(serve(true)), client }).server, ['nobody']);
  });
});

describe('which certificate a JSRE server shows', () => {
  const names: Readonly<Record<string, string>> = {
    first: 'DNS:first.example',
    second: 'DNS:second.example',
    wild: 'DNS:*.wild.example',
    address: 'IP:192.168.0.2',
  };
  makeCertificate({ name: 'sni-root', extensions: CA });
  const files: Record<string, string> = { 'root.pem': readFileSync(pkiFile('sni-root', 'pem'), 'utf8') };
  for (const [name, alternative] of Object.entries(names)) {
    makeCertificate({ name: `sni-${name}`, issuer: 'sni-root', extensions: [`subjectAltName=${alternative}`] });
    files[`${name}.pem`] = readFileSync(pkiFile(`sni-${name}`, 'pem'), 'utf8');
    files[`${name}.key`] = readFileSync(pkiFile(`sni-${name}`, 'key'), 'utf8');
  }
  const server = (ipcert: boolean): Firmware =>
    script(
      `
function pair(name, host) { return { name: host, cert: read(name + '.pem'), key: read(name + '.key') }; }
var server = Dtls.createServer(Object.assign(pair('first'), { ipcert: ${ipcert} }), Dtls.sockaddr(undefined, 4443));
server.addcert(pair('second', 'second.example'));
server.addcert(pair('wild', '*.wild.example'));
server.addcert(pair('address', 'by-address'));
while (true) {
  var client = server.accept();
  client.send(buffer, 0, client.recv(buffer));
  client.recv(buffer);
  client.close();
}
`,
      files,
    );
  const CASES: readonly (readonly [asked: string, ipcert: boolean, accepted: boolean])[] = [
    ['first.example', false, true],
    ['second.example', false, true],
    ['SECOND.example', false, true],
    ['any.wild.example', false, true],
    ['two.labels.wild.example', false, false],
    ['third.example', false, false],
    ['192.168.0.2', false, false],
    ['192.168.0.2', true, true],
    ['first.example', true, true],
  ];
  for (const [asked, ipcert, accepted] of CASES) {
    it(`to one who asks for ${asked}${ipcert ? ', with ipcert' : ''}`, () => {
      const options = `{ rejectUnauthorized: true, ca: read('root.pem'), server: '${asked}' }`;
      const { client } = play({ server: server(ipcert), client: script(asking(options), files), until: '20s' });
      assert.deepEqual(client, [accepted ? 'answer question' : `failed ${ERRNO.EACCES}`]);
    });
  }
});

describe('keys under a password', () => {
  const sealed = (name: string, type: 'pkcs8' | 'sec1' | 'pkcs1'): string =>
    createPrivateKey(FILES[name] ?? '')
      .export({ format: 'pem', type, cipher: 'aes-256-cbc', passphrase: 'Schlüssel' })
      .toString();
  const KEYS: Readonly<Record<string, readonly [cert: string, key: string]>> = {
    'EC, PKCS#8': ['cert.pem', sealed('cert.key', 'pkcs8')],
    'EC, traditional': ['cert.pem', sealed('cert.key', 'sec1')],
    'RSA, PKCS#8': ['rsa.pem', sealed('rsa.key', 'pkcs8')],
    'RSA, traditional': ['rsa.pem', sealed('rsa.key', 'pkcs1')],
  };
  const ask = "{ rejectUnauthorized: true, ca: read('ca.pem') + read('ca-rsa.pem') }";
  for (const [name, [cert, key]] of Object.entries(KEYS)) {
    it(`of a server: ${name}`, () => {
      const files = { 'sealed.key': key };
      const own = `{ cert: read('${cert}'), key: read('sealed.key'), passwd: 'Schlüssel' }`;
      const server = script(ECHO.replace('own()', own), files);
      assert.deepEqual(play({ server, client: script(asking(ask)) }).client, ['answer question']);
      const refused = ["'schlüssel'", "''", 'undefined'].map(
        (passwd) => `Dtls.createServer(Object.assign(${own}, { passwd: ${passwd} }), Dtls.sockaddr())`,
      );
      const tries = script(`[${refused.join(', ')}].forEach(function (s) { console.log(s, sys.errno()); })`, files);
      const line = `undefined ${ERRNO.EINVAL}`;
      assert.deepEqual(play({ server: tries, client: script('') }).server, [line, line, line]);
    });
  }

  it('of a client, and of an added certificate', () => {
    const files = { 'sealed.key': sealed('client.key', 'pkcs8'), 'added.key': sealed('cert.key', 'sec1') };
    const passwd = "passwd: 'Schlüssel'";
    const added = `server.addcert({ name: 'server', cert: read('cert.pem'), key: read('added.key'), ca: read('ca.pem'), ${passwd} });`;
    const server = ECHO.replace('own()', "{ cert: read('rsa.pem'), key: read('rsa.key') }").replace(
      'while',
      `${added}\nwhile`,
    );
    const own = `cert: read('client.pem'), key: read('sealed.key'), ${passwd}`;
    const options = `{ rejectUnauthorized: true, ca: read('ca.pem'), server: 'server', ${own} }`;
    const { client } = play({ server: script(server, files), client: script(asking(options), files) });
    assert.deepEqual(client, ['answer question']);
  });
});

it('the name of a server ends with its task', () => {
  const files = {
    'task.js': `${PRELUDE}Dtls.createServer(own({ name: 'S' }), Dtls.sockaddr(undefined, 4443)); sys.sleep(50);`,
  };
  const server = script(
    `
var fd = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);
socket.connect(fd, socket.sockaddr('192.168.0.10', 7));
new Task('./task.js');
sys.sleep(100);
console.log(Dtls.createByFd('S', fd, 10), sys.errno());
console.log(typeof Dtls.createServer(own(), Dtls.sockaddr(undefined, 4443)));
`,
    files,
  );
  assert.deepEqual(play({ server, client: script('') }).server, [`undefined ${ERRNO.ENOENT}`, 'object']);
});

describe('clients and servers of JSRE that know each other', () => {
  const mutual = ECHO.replace('own()', "own({ ca: read('ca.pem') })");

  it('a client shows its certificate', () => {
    const options = "{ cert: read('client.pem'), key: read('client.key') }";
    assert.deepEqual(play({ server: script(mutual), client: script(asking(options)) }).client, ['answer question']);
  });

  it('one that has none is refused', () => {
    const { client, server } = play({ server: script(mutual), client: script(asking('{}')), until: '20s' });
    assert.deepEqual(client, [`failed ${ERRNO.ECONNABORTED}`]);
    assert.deepEqual(server, [`lost ${ERRNO.EACCES}`]);
  });

  it('loadDefaultCerts takes the certificates of the device', () => {
    const files = { 'etc/certs/demo.pem': FILES['ca.pem'] ?? '', 'etc/certs/README': 'none here' };
    const options = '{ rejectUnauthorized: true, loadDefaultCerts: true }';
    const client = (more: Readonly<Record<string, string>>): Firmware => script(asking(options), more);
    assert.deepEqual(play({ server: script(ECHO), client: client(files) }).client, ['answer question']);
    assert.deepEqual(play({ server: script(ECHO), client: client({}) }).client, [`failed ${ERRNO.EACCES}`]);
  });
});
