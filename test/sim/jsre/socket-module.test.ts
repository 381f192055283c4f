import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsreFirmware, World } from 'txsim';
import { client } from '../../../apps/udp-echo/firmware.ts';
import { ERRNO } from '../../../sim/jsre/runtime/errno.ts';
import { check, gives, throws, type Row } from '../../support/jsre-table.ts';

const { EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EBADF, EDESTADDRREQ, EINVAL, EMSGSIZE } = ERRNO;
const { ENODEV, ENOTCONN, EOPNOTSUPP, EPROTONOSUPPORT, ETIMEDOUT } = ERRNO;

/** Two sockets of the same device, one of them at port 7. */
const PAIR = `
var one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);
var two = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);
var six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM);
socket.bind(one, socket.sockaddr('0.0.0.0', 7));
var seven = socket.sockaddr('127.0.0.1', 7);
var from = {}, buffer = new Buffer(10);
`;

const TABLES: Readonly<Record<string, readonly Row[]>> = {
  'constants and sockaddr': [
    ['[socket.AF_INET, socket.AF_INET6, socket.SOCK_STREAM, socket.SOCK_DGRAM]', gives([2, 10, 1, 2])],
    ['[socket.IPPROTO_IP, socket.IPPROTO_TCP, socket.IPPROTO_UDP, socket.IPPROTO_IPV6]', gives([0, 6, 17, 41])],
    ['[socket.TCP_CLOSED, socket.TCP_ESTABLISHED, socket.TCP_TIME_WAIT]', gives([0, 4, 10])],
    ['[socket.INADDR_ANY, socket.IN6ADDR_LOOPBACK]', gives(['0.0.0.0', '::1'])],
    ["socket.sockaddr('1.2.3.4', 5)", gives({ domain: 2, addr: '1.2.3.4', port: 5 })],
    ['socket.sockaddr6()', gives({ domain: 10, addr: '::', port: 0 })],
    ["[socket.addrIsIPv4('1.2.3.4'), socket.addrIsIPv4('::1'), socket.addrIsIPv6('::1')]", gives([true, false, true])],
    ["[socket.domain('1.2.3.4'), socket.domain('::1'), socket.domain(six)]", gives([2, 10, 10])],
    ["socket.domain('nowhere')", gives(-1, EINVAL)],
    ['socket.domain(99)', gives(-1, EBADF)],
  ],
  'making, binding, closing': [
    ['socket.socket(socket.AF_INET, socket.SOCK_STREAM)', gives(-1, EPROTONOSUPPORT)],
    ['socket.socket(5, socket.SOCK_DGRAM)', gives(-1, EAFNOSUPPORT)],
    ['socket.socket()', throws('TypeError: socket.socket: domain must be an integer')],
    ['socket.bind(one, socket.sockaddr())', gives(false, EINVAL)],
    ['socket.bind(two, seven)', gives(false, EADDRINUSE)],
    ["socket.bind(two, socket.sockaddr('9.9.9.9', 8))", gives(false, EADDRNOTAVAIL)],
    ["socket.bind(two, socket.sockaddr6('::', 8))", gives(false, EAFNOSUPPORT)],
    ['socket.bind(99, seven)', gives(false, EBADF)],
    ["socket.bind(two, 'here')", throws('TypeError: socket.bind: sockaddr must be an object')],
    ['socket.sockName(one)', gives({ domain: 2, addr: '0.0.0.0', port: 7 })],
    ['socket.sockName(two)', gives({ domain: 2, addr: '9.9.9.9', port: 0 })],
    ['socket.error(two)', gives(0)],
    ['socket.close(two)', gives(undefined)],
    ['socket.close(two)', gives(undefined, EBADF)],
    ['socket.error(two)', gives(EBADF)],
    ["socket.send(two, 'x')", gives(-1, EBADF)],
  ],
  'sending and receiving': [
    ["socket.sendto(two, seven, 'hello')", gives(5)],
    ['socket.pending(one)', gives(5)],
    ['socket.recvfrom(one, from, buffer)', gives(5)],
    ['[from.domain, from.addr, from.port === socket.sockName(two).port]', gives([2, '127.0.0.1', true])],
    ['buffer.toString(5)', gives('hello')],
    ['socket.sendto(one, from, new Buffer([1, 2, 3]), 1, 2)', gives(2)],
    ['socket.recv(two, buffer, 8)', gives(2)],
    ["socket.send(two, 'x')", gives(-1, EDESTADDRREQ)],
    ['socket.peerName(two)', gives(undefined, ENOTCONN)],
    ['socket.connect(two, seven)', gives(true)],
    ['socket.peerName(two)', gives(seven())],
    ["socket.send(two, 'hello again')", gives(11)],
    ['socket.recv(one, buffer, 0, 5)', gives(5)],
    ['socket.recv(one, buffer, 0, 5, 0)', gives(0, EAGAIN)],
    ['socket.recv(one, buffer, 0, 5, 20)', gives(0, ETIMEDOUT)],
    ['socket.recv(one, buffer, 11, 1, 0)', gives(-1, EINVAL)],
    ['socket.recv(one, buffer, 0, 5, -1)', gives(-1, EINVAL)],
    ["socket.recv(one, 'buffer')", throws('TypeError: socket.recv: buffer must be a buffer')],
    ['socket.disconnect(two)', gives(true)],
    ["socket.send(two, 'x')", gives(-1, EDESTADDRREQ)],
    ["socket.connect(two, socket.sockaddr('127.0.0.1', 0))", gives(false, EINVAL)],
    ["socket.connect(two, socket.sockaddr6('::1', 7))", gives(false, EAFNOSUPPORT)],
    ["socket.sendto(two, socket.sockaddr(), 'x')", gives(-1, EINVAL)],
    ["socket.sendto(two, socket.sockaddr('nowhere', 1), 'x')", gives(-1, EINVAL)],
    ['socket.sendto(two, seven, 5)', throws('TypeError: socket.sendto: data must be a string or a buffer')],
    ["socket.sendto(two, socket.sockaddr('192.168.0.255', 9), 'x')", gives(-1, EACCES)],
    ['socket.setBroadcast(two, true)', gives(true)],
    ["socket.sendto(two, socket.sockaddr('192.168.0.255', 9), 'x')", gives(1)],
    ['socket.sendto(two, seven, new Buffer(65537))', gives(-1, EMSGSIZE)],
  ],
  options: [
    ["socket.bindToDevice(one, 'en1')", gives(true)],
    ["socket.bindToDevice(one, 'en2')", gives(false, ENODEV)],
    ['socket.setTTL(one, 256)', gives(false, EINVAL)],
    ['socket.setTTL(one, 1)', gives(true)],
    ['socket.setIPv6Only(six, true)', gives(true)],
    ['socket.setIPv6Only(one, true)', gives(false, EINVAL)],
    ['socket.getRecvBufferSize(one)', gives(65_536)],
    ['socket.setRecvBufferSize(one, 2048)', gives(true)],
    ['socket.getRecvBufferSize(one)', gives(2048)],
    ['socket.setSendBufferSize(one, 100)', gives(false, EINVAL)],
    ['socket.getSendBufferSize(99)', gives(-1, EBADF)],
    ['socket.setBroadcast(one, 1)', throws('TypeError: socket.setBroadcast: enable must be a boolean')],
  ],
};

function seven(): object {
  return { domain: 2, addr: '127.0.0.1', port: 7 };
}

describe('the socket module of JSRE', () => {
  for (const [name, rows] of Object.entries(TABLES)) it(name, () => check(rows, PAIR));

  it('does not let a program write past DTLS', () => {
    const server = 'var server = Dtls.createServer(own(), Dtls.sockaddr(undefined, 2049));\n';
    check(
      [
        ["socket.sendto(server.sockFd, socket.sockaddr('127.0.0.1', 7), 'x')", gives(-1, EOPNOTSUPP)],
        ['socket.sockName(server.sockFd).port', gives(2049)],
        ['socket.setTTL(server.sockFd, 5)', gives(true)],
        ['socket.close(server.sockFd)', gives(undefined)],
        ['server.sockName()', gives(undefined, EBADF)],
      ],
      server,
    );
  });

  it('sees a datagram as an event, and answers a NetX client', () => {
    const source = `
var socket = require('socket'), iosched = require('iosched');
var fd = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);
socket.bind(fd, socket.sockaddr(socket.INADDR_ANY, 7));
iosched.add(iosched.event(iosched.READ, fd, function () {
  var from = {}, buffer = new Buffer(600);
  var num = socket.recvfrom(fd, from, buffer, 0, buffer.length, 0);
  if (num > 0) socket.sendto(fd, from, buffer, 0, num);
  return true;
}));
iosched.forever();
`;
    const world = new World({ seed: 1 });
    const lan = world.lan({ subnet: '192.168.1.0/24' });
    const server = jsreFirmware({ main: 'main.js', fs: { 'main.js': source } });
    world.device('server', { firmware: server, lan, address: '192.168.1.150' });
    const device = world.device('client', { firmware: client, lan });
    world.run({ until: '20s' });
    assert.equal(device.output.lines.filter(({ text }) => text.includes('is back')).length, 5, String(device.output));
    assert.deepEqual(world.leaks(), []);
  });
});
