import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { World } from 'txsim';
import { TX_NO_WAIT, TX_WAIT_FOREVER, tx_thread_sleep, type Suspension, type Thread } from 'txsim/tx_api';
import { ERRNO } from '../../../sim/jsre/runtime/errno.ts';
import { readCertificates, readIdentity } from '../../../sim/jsre/net/credentials.ts';
import type { JsreNetwork } from '../../../sim/jsre/net/network.ts';
import type { SecureSocket } from '../../../sim/jsre/net/secure-socket.ts';
import type { ClientSettings, Identity, ServerSettings } from '../../../sim/jsre/net/settings.ts';
import * as net from '../../support/jsre-net.ts';

const SERVER = '192.168.0.2';

const output = (world: World, device: string): readonly string[] =>
  (world.devices.get(device)?.output.lines ?? []).map((line) => line.text);

/** Sends back what comes, until the end; gives the reason of the end. */
function* echo(socket: SecureSocket, note: (line: string) => void): Generator<Suspension, number, unknown> {
  const buffer = new Uint8Array(20_000);
  for (;;) {
    const got = yield* socket.receive(buffer, TX_WAIT_FOREVER);
    if (!got.ok) return got.errno;
    note(net.text(buffer.subarray(0, Math.min(20, got.bytes))));
    yield* socket.send(buffer.slice(0, got.bytes), TX_WAIT_FOREVER);
  }
}

/** A server that echoes to one client after the other. */
const echoServer = (settings: (network: JsreNetwork) => Partial<ServerSettings> = () => ({}), local = '0.0.0.0') =>
  net.netFirmware(function* (network, board) {
    const own = net.address(local.includes(':') ? 10 : 2, local);
    const listener = yield* net.listen(network, net.serverSettings(network, settings(network)), 2049, own);
    for (;;) {
      const socket = yield* net.accept(listener);
      const reason = yield* echo(socket, (line) => board.print(line));
      board.print(`over ${reason}`);
      yield* socket.close();
    }
  });

/** A client that says something, waits for it to come back, and closes. */
const talker = (settings: (network: JsreNetwork) => Partial<ClientSettings> = () => ({}), to = SERVER, wait = 0) =>
  net.netFirmware(function* (network, board): Thread {
    yield* tx_thread_sleep(wait);
    const domain = to.includes(':') ? 10 : 2;
    const socket = yield* net.connect(network, { ...net.CLIENT, ...settings(network) }, net.address(domain, to));
    const errno = yield* socket.connection('connect', TX_WAIT_FOREVER);
    board.print(`connected ${errno}`);
    if (errno === 0) {
      yield* socket.send(net.bytesOf('hello'), TX_WAIT_FOREVER);
      const buffer = new Uint8Array(100);
      const got = yield* socket.receive(buffer, 3000);
      board.print(got.ok ? `back ${net.text(buffer.subarray(0, got.bytes))}` : `nothing ${got.errno}`);
    }
    yield* socket.close();
  });

const FINE = ['connected 0', 'back hello'];

describe('DTLS sockets of JSRE', () => {
  it('echo over IPv4, and hear the close', () => {
    const world = net.lanOfTwo(echoServer(), talker());
    world.run({ until: '20s' });
    assert.deepEqual(output(world, 'client'), FINE);
    assert.deepEqual(output(world, 'server'), ['hello', `over ${ERRNO.ECONNRESET}`]);
    assert.deepEqual(world.leaks(), []);
  });

  it('echo over IPv6', () => {
    const world = net.lanOfTwo(echoServer(undefined, '::'), talker(undefined, 'fd00::2', 500), {}, [
      { 'en1.ip6': 'fd00::2/64' },
      { 'en1.ip6': 'fd00::3/64' },
    ]);
    world.run({ until: '30s' });
    assert.deepEqual(output(world, 'client'), FINE);
    assert.deepEqual(world.leaks(), []);
  });

  it('an IPv6 server talks to IPv4 clients too', () => {
    const world = net.lanOfTwo(echoServer(undefined, '::'), talker());
    world.run({ until: '20s' });
    assert.deepEqual(output(world, 'client'), FINE);
  });

  for (const seed of [1, 2, 3, 4, 5, 6]) {
    it(`get through a network that loses one frame in five (seed ${seed})`, () => {
      const world = net.lanOfTwo(echoServer(), talker(), { loss: 0.2 }, [{}, {}], seed);
      world.run({ until: '120s' });
      assert.equal(output(world, 'client')[0], 'connected 0');
      assert.deepEqual(world.leaks(), []);
    });
  }

  it('take messages as long as a record, in fragments', () => {
    const client = net.netFirmware(function* (network, board) {
      const socket = yield* net.connect(network, net.CLIENT, net.address(2, SERVER));
      const long = new Uint8Array(16_384).fill(65);
      for (const length of [16_384, 16_385]) {
        const sent = yield* socket.send(new Uint8Array(length).fill(65), TX_WAIT_FOREVER);
        board.print(sent.ok ? `sent ${sent.bytes}` : `errno ${sent.errno}`);
      }
      const part = new Uint8Array(10_000);
      const sizes: number[] = [];
      for (let left = long.length; left > 0;) {
        const got = yield* socket.receive(part, 1000);
        if (!got.ok) break;
        sizes.push(got.bytes);
        left -= got.bytes;
      }
      board.print(sizes.join(' '));
      yield* socket.close();
    });
    const world = net.lanOfTwo(echoServer(), client);
    world.run({ until: '20s' });
    assert.deepEqual(output(world, 'client'), ['sent 16384', `errno ${ERRNO.EMSGSIZE}`, '10000 6384']);
  });

  it('a client without a server gives up after its time', () => {
    const client = talker(() => ({ handshakeTimeout: 5000 }));
    const world = net.lanOfTwo(
      net.netFirmware(function* () {}),
      client,
    );
    world.run({ until: '30s' });
    const [line] = world.devices.get('client')?.output.lines ?? [];
    assert.equal(line?.text, `connected ${ERRNO.ETIMEDOUT}`);
    assert.ok(line.time >= 5e9 && line.time < 5.1e9, String(line.time));
  });

  it('a client that begins anew from the same port ends what there was', () => {
    const client = net.netFirmware(function* (network, board) {
      for (let round = 0; round < 2; round++) {
        const socket = yield* net.connect(network, net.CLIENT, net.address(2, SERVER), 5000);
        board.print(`connected ${yield* socket.connection('connect', TX_WAIT_FOREVER)}`);
        yield* socket.send(net.bytesOf(`round ${round}`), TX_WAIT_FOREVER);
        yield* tx_thread_sleep(100);
        // Gone without a word, as by a reset.
        const { endpoint } = socket;
        if (round === 0) yield* endpoint.close();
      }
    });
    const server = net.netFirmware(function* (network, board) {
      const listener = yield* net.listen(network, net.serverSettings(network));
      for (let round = 0; round < 2; round++) {
        const socket = yield* net.accept(listener);
        const buffer = new Uint8Array(100);
        const got = yield* socket.receive(buffer, TX_WAIT_FOREVER);
        board.print(got.ok ? net.text(buffer.subarray(0, got.bytes)) : `errno ${got.errno}`);
        if (round === 0) board.print(`over ${(yield* socket.receive(buffer, TX_WAIT_FOREVER)).ok}`);
      }
    });
    const world = net.lanOfTwo(server, client);
    world.run({ until: '60s' });
    assert.deepEqual(output(world, 'server'), ['round 0', 'over false', 'round 1']);
  });

  it('what finds no room in the receive buffer is lost', () => {
    const server = net.netFirmware(function* (network, board) {
      const listener = yield* net.listen(network, net.serverSettings(network));
      const socket = yield* net.accept(listener);
      socket.endpoint.options.recvBufferSize = 2000;
      socket.begin();
      yield* tx_thread_sleep(300);
      const sizes: number[] = [];
      for (;;) {
        const got = yield* socket.receive(new Uint8Array(2000), TX_NO_WAIT);
        if (!got.ok) break;
        sizes.push(got.bytes);
      }
      board.print(sizes.join(' '));
    });
    const client = net.netFirmware(function* (network) {
      const socket = yield* net.connect(network, net.CLIENT, net.address(2, SERVER));
      for (let count = 0; count < 4; count++) {
        yield* socket.send(new Uint8Array(900), TX_WAIT_FOREVER);
        yield* tx_thread_sleep(1);
      }
    });
    const world = net.lanOfTwo(server, client);
    world.run({ until: '20s' });
    assert.deepEqual(output(world, 'server'), ['900 900']);
  });
});

describe('certificates of JSRE', () => {
  const identity = (network: JsreNetwork, name: string, folder = 'apps/dtls-echo/credentials'): Identity => {
    const own = readIdentity(
      network.kernel,
      net.pem(`${name}.pem`, folder),
      net.pem(`${name}.key.pem`, folder),
      undefined,
    );
    assert.ok(own !== null);
    return own;
  };
  const trusted = (name: string): Pick<ClientSettings, 'trusted' | 'rejectUnauthorized'> => ({
    trusted: readCertificates(net.pem(name)) ?? [],
    rejectUnauthorized: true,
  });

  const CASES: readonly (readonly [name: string, settings: Partial<ClientSettings>, errno: number])[] = [
    ['trusted', trusted('ca-ecdsa.pem'), 0],
    ['of another root', trusted('ca-rsa.pem'), ERRNO.EACCES],
    ['nobody trusted', { rejectUnauthorized: true }, ERRNO.EACCES],
    ['nobody trusted, and nobody asked', {}, 0],
    ['of the right name', { ...trusted('ca-ecdsa.pem'), server: 'server' }, 0],
    ['of another name', { ...trusted('ca-ecdsa.pem'), server: 'elsewhere' }, ERRNO.EACCES],
    ['of the right address', { ...trusted('ca-ecdsa.pem'), server: '192.168.1.150' }, 0],
    ['of another address', { ...trusted('ca-ecdsa.pem'), server: '192.168.1.151' }, ERRNO.EACCES],
    ['of another name, and nobody asked', { server: 'elsewhere' }, 0],
  ];
  for (const [name, settings, errno] of CASES) {
    it(`a server ${name}`, () => {
      const world = net.lanOfTwo(
        echoServer(),
        talker(() => settings),
      );
      world.run({ until: '20s' });
      assert.equal(output(world, 'client')[0], `connected ${errno}`);
    });
  }

  const clients: readonly (readonly [string, boolean, number])[] = [
    ['client-ecdsa', true, 0],
    ['', false, ERRNO.ECONNABORTED],
    ['server-ecdsa', true, ERRNO.ECONNABORTED],
  ];
  for (const [name, has, errno] of clients) {
    it(`a server that asks for a certificate gets ${has ? name : 'none'}`, () => {
      const ca = readCertificates(net.pem('ca-ecdsa.pem')) ?? [];
      const world = net.lanOfTwo(
        echoServer(() => ({ trusted: ca })),
        talker((network) => (has ? { identity: identity(network, name) } : {})),
      );
      world.run({ until: '20s' });
      const [line] = output(world, 'client');
      // A refused client may hear of it only after its own last flight.
      assert.ok(errno === 0 ? line === 'connected 0' : line !== 'connected 0', line);
    });
  }
});
