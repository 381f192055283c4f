import { describe, it } from 'node:test';
import { ERRNO } from '../../../sim/jsre/runtime/errno.ts';
import { check, gives, throws, type Row } from '../../support/jsre-table.ts';

const CONSTANTS: Readonly<Record<string, string | number>> = {
  AF_INET: 2,
  AF_INET6: 10,
  INADDR_NONE: '255.255.255.255',
  INADDR_LOOPBACK: '127.0.0.1',
  INADDR_ANY: '0.0.0.0',
  INADDR_BROADCAST: '255.255.255.255',
  IN6ADDR_ANY: '::',
  IN6ADDR_LOOPBACK: '::1',
  IN6ADDR_NODELOCAL_ALLNODES: 'ff01::1',
  IN6ADDR_LINKLOCAL_ALLNODES: 'ff02::1',
  IN6ADDR_LINKLOCAL_ALLROUTERS: 'ff01::2',
};
const FUNCTIONS = ['createServer', 'createClient', 'createByFd', 'sockaddr', 'sockaddr6'];
const METHODS = [
  'addcert',
  'accept',
  'send',
  'recv',
  'pending',
  'error',
  'close',
  'flyAway',
  'sockName',
  'peerName',
  'bindToDevice',
  'setTTL',
  'setIPv6Only',
  'getRecvBufferSize',
  'getSendBufferSize',
  'setRecvBufferSize',
  'setSendBufferSize',
];
const SERVER = "var server = Dtls.createServer(own({ name: 'S' }), Dtls.sockaddr(Dtls.INADDR_ANY, 2049));\n";
/** A server and a client on the same device, connected with each other. */
const PAIR = `${SERVER}
var peer, remote;
server.accept(undefined, function (client) { peer = client; });
var client = Dtls.createClient({}, Dtls.sockaddr('127.0.0.1', 2049), function (same, address) { remote = [same === client, address]; });
while (!remote) iosched.poll();
var buffer = new Buffer(100);
`;
const { EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EBADF, EINVAL, ENODEV, ENOENT } = ERRNO;
const { EISCONN, EMSGSIZE, ENOTCONN, ENOTSOCK, EOPNOTSUPP, ETIMEDOUT, ECONNRESET } = ERRNO;

/** Tables of expressions, by what they are about; each with what comes before it. */
const TABLES: Readonly<Record<string, readonly [setUp: string, rows: readonly Row[]]>> = {
  'Dtls.sockaddr': [
    '',
    [
      ['Dtls.sockaddr()', gives({ domain: 2, addr: '0.0.0.0', port: 0 })],
      ["Dtls.sockaddr('10.0.0.1')", gives({ domain: 2, addr: '10.0.0.1', port: 0 })],
      ["Dtls.sockaddr('10.0.0.1', 7)", gives({ domain: 2, addr: '10.0.0.1', port: 7 })],
      ['Dtls.sockaddr(undefined, 7)', gives({ domain: 2, addr: '0.0.0.0', port: 7 })],
      ['Dtls.sockaddr6()', gives({ domain: 10, addr: '::', port: 0 })],
      ["Dtls.sockaddr6('fd00::1', 7)", gives({ domain: 10, addr: 'fd00::1', port: 7 })],
      ['Dtls.sockaddr(5)', throws('TypeError: Dtls.sockaddr: addr must be a string, and is number')],
      ["Dtls.sockaddr6('::', '7')", throws('TypeError: Dtls.sockaddr6: port must be an integer, and is string')],
    ],
  ],
  'Dtls.createServer: the address': [
    'var any = Dtls.sockaddr(Dtls.INADDR_ANY, 3000);\nvar first = Dtls.createServer(own(), any);\n',
    [
      ['typeof first.sockFd', gives('number')],
      ['first.sockName()', gives({ domain: 2, addr: '0.0.0.0', port: 3000 })],
      ['Dtls.createServer(own(), any)', gives(undefined, EADDRINUSE)],
      ["Dtls.createServer(own(), Dtls.sockaddr('192.168.0.2', 3000))", gives(undefined, EADDRINUSE)],
      ["Dtls.createServer(own(), Dtls.sockaddr('192.168.0.2', 3001)).sockName().addr", gives('192.168.0.2')],
      ["Dtls.createServer(own(), Dtls.sockaddr('192.168.0.9', 3002))", gives(undefined, EADDRNOTAVAIL)],
      [
        "Dtls.createServer(own(), Dtls.sockaddr6('::', 3000)).sockName()",
        gives({ domain: 10, addr: '::', port: 3000 }),
      ],
      ["Dtls.createServer(own(), { addr: '0.0.0.0', port: 3003 }).sockName().domain", gives(2)],
      ["Dtls.createServer(own(), { addr: '::', port: 3003 }).sockName().domain", gives(10)],
      ["Dtls.createServer(own(), { domain: 3, addr: '0.0.0.0', port: 3004 })", gives(undefined, EAFNOSUPPORT)],
      ["Dtls.createServer(own(), { domain: 2, addr: '::', port: 3004 })", gives(undefined, EINVAL)],
      ["Dtls.createServer(own(), Dtls.sockaddr('nowhere', 3004))", gives(undefined, EINVAL)],
      ["Dtls.createServer(own(), Dtls.sockaddr('0.0.0.0', 65536))", gives(undefined, EINVAL)],
      ["Dtls.createServer(own(), Dtls.sockaddr('0.0.0.0', -1))", gives(undefined, EINVAL)],
      ['Dtls.createServer(own(), Dtls.sockaddr()).sockName().port > 0', gives(true)],
      [
        'Dtls.createServer(own())',
        throws('TypeError: Dtls.createServer: sockaddr must be an object, and is undefined'),
      ],
      ["Dtls.createServer(own(), '0.0.0.0')", throws('TypeError: Dtls.createServer: sockaddr must be an object')],
      ['Dtls.createServer(own(), {})', throws('TypeError: Dtls.createServer: sockaddr.addr must be a string')],
    ],
  ],
  'Dtls.createServer: the options': [
    'var port = 3000;\nfunction open(more) { return typeof Dtls.createServer(own(more), Dtls.sockaddr(undefined, port++)); }\n',
    [
      ['open({})', gives('object')],
      ["open({ cert: read('both.pem'), key: undefined })", gives('object')],
      ["open({ cert: read('rsa.pem'), key: read('rsa.key') })", gives('object')],
      ["open({ key: read('rsa.key') })", gives('undefined', EINVAL)],
      ['open({ key: undefined })', gives('undefined', EINVAL)],
      ["open({ cert: 'nothing' })", gives('undefined', EINVAL)],
      [
        'open({ cert: undefined })',
        throws('TypeError: Dtls.createServer: opt.cert must be a string, and is undefined'),
      ],
      ['open({ key: 7 })', throws('TypeError: Dtls.createServer: opt.key must be a string, and is number')],
      ["open({ ca: read('ca.pem') })", gives('object')],
      ["open({ ca: 'nothing' })", gives('undefined', EINVAL)],
      ['open({ ca: 7 })', throws('TypeError: Dtls.createServer: opt.ca must be a string')],
      ["open({ passwd: 'not needed' })", gives('object')],
      ['open({ passwd: 7 })', throws('TypeError: Dtls.createServer: opt.passwd must be a string')],
      ["open({ name: 'one' })", gives('object')],
      ["open({ name: 'one' })", gives('object')],
      ['open({ name: 7 })', throws('TypeError: Dtls.createServer: opt.name must be a string')],
      ['open({ ipcert: true })', gives('object')],
      ['open({ ipcert: 1 })', throws('TypeError: Dtls.createServer: opt.ipcert must be a boolean')],
      ['open({ renegotiate: true })', gives('object')],
      ["open({ renegotiate: 'yes' })", throws('TypeError: Dtls.createServer: opt.renegotiate must be a boolean')],
      ['open({ handshakeTimeout: 2000 })', gives('object')],
      ['open({ handshakeTimeout: 120000 })', gives('object')],
      ['open({ handshakeTimeout: 1999 })', gives('undefined', EINVAL)],
      ['open({ handshakeTimeout: 120001 })', gives('undefined', EINVAL)],
      [
        "open({ handshakeTimeout: '60000' })",
        throws('TypeError: Dtls.createServer: opt.handshakeTimeout must be an integer'),
      ],
      ['Dtls.createServer(undefined, Dtls.sockaddr())', throws('TypeError: Dtls.createServer: opt must be an object')],
    ],
  ],
  'Dtls.createClient': [
    `${SERVER}var there = Dtls.sockaddr('127.0.0.1', 2049);\nvar nobody = Dtls.sockaddr('192.168.0.77', 2049);\n`,
    [
      ['Dtls.createClient({}, nobody, 100)', gives(undefined, ETIMEDOUT)],
      ['Dtls.createClient({}, nobody, 0)', gives(undefined, ETIMEDOUT)],
      ['Dtls.createClient({ handshakeTimeout: 2000 }, nobody)', gives(undefined, ETIMEDOUT)],
      ['Dtls.createClient({ handshakeTimeout: 1999 }, nobody)', gives(undefined, EINVAL)],
      ['Dtls.createClient({}, nobody, -1)', gives(undefined, EINVAL)],
      ["Dtls.createClient({}, nobody, '100')", throws('TypeError: Dtls.createClient: timeout must be a number')],
      ["Dtls.createClient({}, Dtls.sockaddr('0.0.0.0', 2049), 100)", gives(undefined, EINVAL)],
      ["Dtls.createClient({}, Dtls.sockaddr('127.0.0.1', 0), 100)", gives(undefined, EINVAL)],
      ["Dtls.createClient({}, Dtls.sockaddr('elsewhere', 1), 100)", gives(undefined, EINVAL)],
      ['Dtls.createClient()', throws('TypeError: Dtls.createClient: opt must be an object')],
      ['Dtls.createClient({}, 5)', throws('TypeError: Dtls.createClient: sockaddr must be an object')],
      ["Dtls.createClient({ ca: 'nothing' }, nobody, 1)", gives(undefined, EINVAL)],
      ["Dtls.createClient({ cert: read('client.pem') }, nobody, 1)", gives(undefined, EINVAL)],
      [
        "Dtls.createClient({ cert: read('client.pem'), key: read('client.key') }, nobody, 1)",
        gives(undefined, ETIMEDOUT),
      ],
      [
        'Dtls.createClient({ rejectUnauthorized: 1 }, nobody)',
        throws('TypeError: Dtls.createClient: opt.rejectUnauthorized'),
      ],
      [
        'Dtls.createClient({ loadDefaultCerts: 1 }, nobody)',
        throws('TypeError: Dtls.createClient: opt.loadDefaultCerts'),
      ],
      ['Dtls.createClient({ server: 1 }, nobody)', throws('TypeError: Dtls.createClient: opt.server')],
      ['Dtls.createClient({ renegotiate: 1 }, nobody)', throws('TypeError: Dtls.createClient: opt.renegotiate')],
      ['typeof Dtls.createClient({}, nobody, function () {}).sockFd', gives('number')],
    ],
  ],
  'Dtls.createByFd': [
    `${SERVER}
var plain = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);
var joined = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);
socket.connect(joined, socket.sockaddr('192.168.0.77', 7));
`,
    [
      ["Dtls.createByFd('S', 999, 10)", gives(undefined, EBADF)],
      ["Dtls.createByFd('T', plain, 10)", gives(undefined, ENOENT)],
      ["Dtls.createByFd('S', plain, 10)", gives(undefined, ENOTCONN)],
      ["Dtls.createByFd('S', server.sockFd, 10)", gives(undefined, ENOTSOCK)],
      ["Dtls.createByFd('S', joined, -1)", gives(undefined, EINVAL)],
      ["Dtls.createByFd('S', joined, 10)", gives(undefined, ETIMEDOUT)],
      ["Dtls.createByFd('S', joined, 10)", gives(undefined, EBADF)],
      ['Dtls.createByFd(undefined, plain)', throws('TypeError: Dtls.createByFd: name must be a string')],
      ["Dtls.createByFd('S', '4')", throws('TypeError: Dtls.createByFd: sockFd must be an integer')],
      ["Dtls.createByFd('S', plain, {})", throws('TypeError: Dtls.createByFd: timeout must be a number')],
    ],
  ],
  'dtls.accept': [
    SERVER,
    [
      ['server.accept(undefined, 0)', gives(undefined, EAGAIN)],
      ['server.accept({}, 50)', gives(undefined, ETIMEDOUT)],
      ['server.accept(undefined, -1)', gives(undefined, EINVAL)],
      ['server.accept(5, 0)', throws('TypeError: dtls.accept: remoteAddr must be an object')],
      ["server.accept({}, 'soon')", throws('TypeError: dtls.accept: timeout must be a number')],
      ['server.accept(undefined, function () {})', gives(undefined)],
    ],
  ],
  'dtls.accept with callbacks': [
    `${SERVER}
var heard = [];
function join(connected) { return Dtls.createClient({}, Dtls.sockaddr('127.0.0.1', 2049), connected); }
function connect() { var done = false; join(function () { done = true; }); while (!done) iosched.poll(1000); return heard; }
`,
    [
      ['server.accept(undefined, function () { heard.push(1); })', gives(undefined)],
      ['server.accept(undefined, function () { heard.push(2); })', gives(undefined)],
      ['connect()', gives([2])],
      ['[typeof join(function () {}), typeof server.accept({}, 1000)]', gives(['object', 'object'])],
      ['connect()', gives([2, 2])],
      ['server.close()', gives(undefined)],
    ],
  ],
  'dtls.addcert': [
    SERVER,
    [
      ["server.addcert(own({ name: 'demo.example' }))", gives(true)],
      ["server.addcert(own({ name: 'demo.example' }))", gives(true)],
      ["server.addcert(own({ name: '*.example', ca: read('ca.pem') }))", gives(true)],
      ["server.addcert(own({ name: '' }))", gives(false, EINVAL)],
      ["server.addcert({ name: 'x', cert: read('cert.pem') })", gives(false, EINVAL)],
      ['server.addcert(own())', throws('TypeError: dtls.addcert: opt.name must be a string')],
      ["server.addcert({ name: 'x' })", throws('TypeError: dtls.addcert: opt.cert must be a string')],
      ['server.addcert()', throws('TypeError: dtls.addcert: opt must be an object')],
    ],
  ],
  'calls in callbacks of the engine': [
    PAIR,
    [
      // Each wakes the thread of the network, which has its turn when the callback is over.
      [
        '[4001, 4002, 4003].map(function (port) { return typeof Dtls.createServer(own(), Dtls.sockaddr(undefined, port)); })',
        gives(['object', 'object', 'object']),
      ],
      ["[client, peer, client].map(function (end) { return end.send('x'); })", gives([1, 1, 1])],
      ['peer.recv(buffer) + peer.recv(buffer) + client.recv(buffer)', gives(3)],
    ],
  ],
  'a server and what it cannot do': [
    SERVER,
    [
      ["server.send('x', 0)", gives(-1, ENOTCONN)],
      ['server.recv(new Buffer(4), 0, 4, 0)', gives(-1, ENOTCONN)],
      ['server.pending()', gives(0)],
      ['server.error()', gives(0)],
      ['server.peerName()', gives(undefined, ENOTCONN)],
      ['server.sockName()', gives({ domain: 2, addr: '0.0.0.0', port: 2049 })],
      ['server.close()', gives(undefined)],
      ['server.sockFd', gives(-1)],
      ['server.accept(undefined, 0)', gives(undefined, EBADF)],
      ['server.sockName()', gives(undefined, EBADF)],
      ['server.close()', gives(undefined)],
      ["typeof Dtls.createServer(own(), Dtls.sockaddr('0.0.0.0', 2049))", gives('object')],
    ],
  ],
  'a connection: data': [
    PAIR,
    [
      ['remote', gives([true, { domain: 2, addr: '127.0.0.1', port: 2049 }])],
      ["client.send('Hello')", gives(5)],
      ['peer.recv(buffer)', gives(5)],
      ['buffer.toString(5)', gives('Hello')],
      ["client.send('Grüße', 100)", gives(7)],
      ['peer.recv(buffer, 0, 3)', gives(3)],
      ['peer.pending()', gives(4)],
      ['peer.recv(buffer, 3)', gives(4)],
      ['buffer.toString(7)', gives('Grüße')],
      ['client.send(new Buffer([1, 2, 3]))', gives(3)],
      ['client.send(new Buffer([1, 2, 3]), 1)', gives(2)],
      ['client.send(new Buffer([1, 2, 3]), 1, 1, 100)', gives(1)],
      ['[peer.recv(buffer), peer.recv(buffer), peer.recv(buffer), buffer[0]]', gives([3, 2, 1, 2])],
      ['client.send(new Buffer([1, 2, 3]), 4)', gives(-1, EINVAL)],
      ['client.send(new Buffer([1, 2, 3]), -1)', gives(-1, EINVAL)],
      ['client.send(new Buffer([1, 2, 3]), 0, -1)', gives(-1, EINVAL)],
      ["client.send('')", gives(0)],
      ['client.send(new Buffer(16385))', gives(-1, EMSGSIZE)],
      ["client.send('x', -5)", gives(-1, EINVAL)],
      ['client.send()', throws('TypeError: dtls.send: data must be a string or a buffer, and is undefined')],
      ['client.send(5)', throws('TypeError: dtls.send: data must be a string or a buffer, and is number')],
      ["client.send('x', 'y')", throws('TypeError: dtls.send: timeout must be a number')],
      ['peer.recv(buffer, 0, 100, 0)', gives(0, EAGAIN)],
      ['peer.recv(buffer, 0, 100, 30)', gives(0, ETIMEDOUT)],
      ['peer.recv(buffer, 101, 1, 0)', gives(-1, EINVAL)],
      ['peer.recv(buffer, 0, 100, -1)', gives(-1, EINVAL)],
      ['peer.recv()', throws('TypeError: dtls.recv: buffer must be a buffer')],
      ["peer.recv('text')", throws('TypeError: dtls.recv: buffer must be a buffer')],
      ["peer.recv(buffer, '0')", throws('TypeError: dtls.recv: offset must be an integer')],
      ['peer.pending()', gives(0)],
      ['peer.error()', gives(0)],
    ],
  ],
  'a connection: its ends': [
    PAIR,
    [
      ['client.peerName()', gives({ domain: 2, addr: '127.0.0.1', port: 2049 })],
      ['client.sockName().addr', gives('127.0.0.1')],
      ['peer.peerName().port === client.sockName().port', gives(true)],
      ['peer.sockName()', gives({ domain: 2, addr: '127.0.0.1', port: 2049 })],
      ['peer.sockFd !== server.sockFd', gives(true)],
      ['client.accept(undefined, 0)', gives(undefined, EOPNOTSUPP)],
      ["client.addcert(own({ name: 'x' }))", gives(false, EOPNOTSUPP)],
      ["Dtls.createByFd('S', peer.sockFd, 10)", gives(undefined, EISCONN)],
      ["client.send('last words')", gives(10)],
      ['client.close()', gives(undefined)],
      ['client.sockFd', gives(-1)],
      ["client.send('x')", gives(-1, EBADF)],
      ['client.recv(buffer)', gives(-1, EBADF)],
      ['client.error()', gives(EBADF)],
      ['client.peerName()', gives(undefined, EBADF)],
      ['client.setTTL(1)', gives(false, EBADF)],
      ['client.getRecvBufferSize()', gives(-1, EBADF)],
      ['client.accept(undefined, 0)', gives(undefined, EBADF)],
      ['peer.recv(buffer)', gives(10)],
      ['peer.recv(buffer)', gives(-1, ECONNRESET)],
      ['peer.recv(buffer, 0, 1, 0)', gives(-1, ECONNRESET)],
      ["peer.send('x')", gives(-1, ECONNRESET)],
      ['peer.error()', gives(ECONNRESET)],
      ['peer.error()', gives(0)],
      ['sys.error(peer.error())', gives('No error')],
      ['peer.flyAway()', gives(undefined)],
      ['peer.sockFd', gives(-1)],
      ['peer.recv(buffer)', gives(-1, EBADF)],
      ['peer.flyAway()', gives(undefined)],
    ],
  ],
  'options of the socket': [
    `${SERVER}var server6 = Dtls.createServer(own(), Dtls.sockaddr6(undefined, 2050));\n`,
    [
      ["server.bindToDevice('en1')", gives(true)],
      ["server.bindToDevice('en9')", gives(false, ENODEV)],
      ['server.bindToDevice()', gives(true)],
      ['server.bindToDevice(1)', throws('TypeError: dtls.bindToDevice: ifname must be a string')],
      ['server.setTTL(0)', gives(true)],
      ['server.setTTL(64)', gives(true)],
      ['server.setTTL(255)', gives(true)],
      ['server.setTTL(256)', gives(false, EINVAL)],
      ['server.setTTL(-1)', gives(false, EINVAL)],
      ['server.setTTL()', throws('TypeError: dtls.setTTL: timeToLive must be an integer')],
      ['server.setTTL(1.5)', throws('TypeError: dtls.setTTL: timeToLive must be an integer, and is 1.5')],
      [
        'server.accept(undefined, NaN)',
        throws('TypeError: dtls.accept: timeout must be a number of milliseconds, and is NaN'),
      ],
      ['server6.setIPv6Only(true)', gives(true)],
      ['server6.setIPv6Only(false)', gives(true)],
      ['server.setIPv6Only(true)', gives(false, EINVAL)],
      ['server6.setIPv6Only(1)', throws('TypeError: dtls.setIPv6Only: enable must be a boolean')],
      ['server.getRecvBufferSize()', gives(65_536)],
      ['server.getSendBufferSize()', gives(65_536)],
      ['server.setRecvBufferSize(1024)', gives(true)],
      ['server.getRecvBufferSize()', gives(1024)],
      ['server.setRecvBufferSize(16 * 1024 * 1024)', gives(true)],
      ['server.setRecvBufferSize(1023)', gives(false, EINVAL)],
      ['server.setRecvBufferSize(16 * 1024 * 1024 + 1)', gives(false, EINVAL)],
      ['server.getRecvBufferSize()', gives(16_777_216)],
      ['server.setSendBufferSize(1024)', gives(true)],
      ['server.getSendBufferSize()', gives(1024)],
      ['server.setSendBufferSize(1023)', gives(false, EINVAL)],
      ['server.setSendBufferSize(16 * 1024 * 1024 + 1)', gives(false, EINVAL)],
      ["server.setSendBufferSize('2048')", throws('TypeError: dtls.setSendBufferSize: size must be an integer')],
      ['server.setRecvBufferSize()', throws('TypeError: dtls.setRecvBufferSize: size must be an integer')],
    ],
  ],
};

describe('the dtls module of JSRE', () => {
  for (const privileged of [false, true]) {
    describe(privileged ? 'in privilege mode' : 'in user mode', () => {
      it('has every function, constant and method', () => {
        const rows: Row[] = [
          ...FUNCTIONS.map((name): Row => [`typeof Dtls.${name}`, gives('function')]),
          ...Object.entries(CONSTANTS).map(([name, value]): Row => [`Dtls.${name}`, gives(value)]),
          ...METHODS.map((name): Row => [`typeof server.${name}`, gives('function')]),
          ['typeof server.sockFd', gives('number')],
        ];
        check(rows, SERVER, privileged);
      });
      for (const [name, [setUp, rows]] of Object.entries(TABLES)) {
        it(name, () => check(rows, setUp, privileged));
      }
    });
  }

  it('methods of something else', () => {
    check(
      METHODS.map((name): Row => [
        `server.${name}.call({})`,
        throws(`TypeError: dtls.${name}() was not called on a Dtls`),
      ]),
      SERVER,
    );
  });
});
