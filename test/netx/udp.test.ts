import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineFirmware, World, type Board, type Firmware, type LanOptions } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  type Op,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { bootNetwork, type TestNetwork } from '../support/dtls-firmware.ts';

/** A firmware with a network, a UDP socket, and one thread. */
function udpFirmware(
  body: (network: TestNetwork, socket: nx.NX_UDP_SOCKET) => Thread,
  packets = 40,
  payload = 1536,
): Firmware {
  return defineFirmware((board: Board) => {
    const network = bootNetwork(board, packets, payload);
    const thread = new TX_THREAD();
    const socket = new nx.NX_UDP_SOCKET();
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        const entry = function* (): Thread {
          const { NX_IP_NORMAL, NX_FRAGMENT_OKAY } = nx;
          yield* nx.nx_udp_socket_create(network.ip, socket, 'socket', NX_IP_NORMAL, NX_FRAGMENT_OKAY, 0x80, 4);
          yield* body(network, socket);
        };
        const stack = network.take(1024);
        yield* tx_thread_create(thread, 'main', entry, 0, stack, 1024, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
      },
    };
  });
}

const SERVER = nx.IP_ADDRESS(192, 168, 1, 1 + 99);

function* sendText(
  { pool }: TestNetwork,
  socket: nx.NX_UDP_SOCKET,
  text: string,
  address: ULONG,
  port: number,
): Generator<Suspension, number> {
  const cell = out<nx.NX_PACKET>();
  yield* nx.nx_packet_allocate(pool, cell, nx.NX_UDP_PACKET, nx.NX_WAIT_FOREVER);
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > 0) yield* nx.nx_packet_data_append(cell.value, bytes, bytes.length, pool, nx.NX_WAIT_FOREVER);
  const status = yield* nx.nx_udp_socket_send(socket, cell.value, address, port);
  if (status !== nx.NX_SUCCESS) yield* nx.nx_packet_release(cell.value);
  return status;
}

function* receiveText(socket: nx.NX_UDP_SOCKET, wait: ULONG): Generator<Suspension, string> {
  const cell = out<nx.NX_PACKET>();
  const status = yield* nx.nx_udp_socket_receive(socket, cell, wait);
  if (status !== nx.NX_SUCCESS) return `status ${status}`;
  const text = new TextDecoder().decode(nx.packetBytes(cell.value));
  yield* nx.nx_packet_release(cell.value);
  return text;
}

function twoDevices(options: LanOptions, server: Firmware, client: Firmware, until = '20s'): World {
  const world = new World();
  const lan = world.lan(options);
  world.device('server', { firmware: server, lan, address: '192.168.1.100' });
  world.device('client', { firmware: client, lan });
  world.run({ until });
  assert.deepEqual(world.leaks(), []);
  return world;
}

const echoServer = (packets?: number): Firmware =>
  udpFirmware(function* (_network, socket) {
    yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
    for (;;) {
      const cell = out<nx.NX_PACKET>();
      if ((yield* nx.nx_udp_socket_receive(socket, cell, nx.NX_WAIT_FOREVER)) !== nx.NX_SUCCESS) continue;
      const [address, port] = [out<ULONG>(), out<number>()];
      yield* nx.nx_udp_source_extract(cell.value, address, port);
      const sent = yield* nx.nx_udp_socket_send(socket, cell.value, address.value, port.value);
      if (sent !== nx.NX_SUCCESS) yield* nx.nx_packet_release(cell.value);
    }
  }, packets);

describe('UDP between two devices', () => {
  it('datagrams of any length that fits a frame come back as they were', () => {
    const lengths = [1, 2, 3, 63, 64, 999, 1472];
    const world = twoDevices(
      {},
      echoServer(),
      udpFirmware(function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 0, nx.NX_NO_WAIT);
        for (const length of lengths) {
          const text = 'x'.repeat(length);
          yield* sendText(network, socket, text, SERVER, 7);
          network.board.print(String((yield* receiveText(socket, 100)) === text));
        }
      }),
    );
    assert.deepEqual(
      world.devices.get('client')?.output.lines.map(({ text }) => text),
      lengths.map(() => 'true'),
    );
  });

  it('a datagram with a flipped bit is dropped, and the wait for the next goes on', () => {
    const world = twoDevices(
      { rules: [({ bytes, from }) => ({ action: from === 'server' && bytes.length > 60 ? 'corrupt' : 'pass' })] },
      udpFirmware(function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
        const cell = out<nx.NX_PACKET>();
        yield* nx.nx_udp_socket_receive(socket, cell, nx.NX_WAIT_FOREVER);
        const [address, port] = [out<ULONG>(), out<number>()];
        yield* nx.nx_udp_source_extract(cell.value, address, port);
        yield* nx.nx_packet_release(cell.value);
        yield* sendText(network, socket, 'a long text, which the network garbles', address.value, port.value);
        yield* tx_thread_sleep(10);
        yield* sendText(network, socket, 'good', address.value, port.value);
      }),
      udpFirmware(function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 0, nx.NX_NO_WAIT);
        yield* sendText(network, socket, 'hi', SERVER, 7);
        network.board.print(yield* receiveText(socket, 500));
      }),
    );
    assert.deepEqual(world.devices.get('client')?.output.toString(), 'good');
  });

  it('a full queue keeps the newest', () => {
    const world = twoDevices(
      {},
      udpFirmware(function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
        yield* tx_thread_sleep(100);
        for (;;) {
          const text = yield* receiveText(socket, nx.NX_NO_WAIT);
          network.board.print(text);
          if (text.startsWith('status')) return;
        }
      }),
      udpFirmware(function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 0, nx.NX_NO_WAIT);
        for (let count = 1; count <= 7; count++) {
          yield* sendText(network, socket, `number ${count}`, SERVER, 7);
          yield* tx_thread_sleep(1);
        }
      }),
    );
    const printed = world.devices.get('server')?.output.toString();
    assert.equal(printed, 'number 4\nnumber 5\nnumber 6\nnumber 7\nstatus 1');
  });

  it('packets wait for ARP, four of them, and go out once the neighbour answers', () => {
    let silent = true;
    const world = twoDevices(
      { rules: [({ from }) => ({ action: from === 'server' && silent ? 'drop' : 'pass' })] },
      echoServer(),
      udpFirmware(function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 0, nx.NX_NO_WAIT);
        for (let count = 1; count <= 6; count++) yield* sendText(network, socket, `p${count}`, SERVER, 7);
        yield* tx_thread_sleep(100);
        silent = false;
        for (let count = 0; count < 4; count++) network.board.print(yield* receiveText(socket, 2000));
      }),
      '30s',
    );
    assert.equal(world.devices.get('client')?.output.toString(), 'p3\np4\np5\np6');
  });

  it('an empty pool drops what arrives, and works on once packets are released', () => {
    const world = twoDevices(
      {},
      echoServer(2),
      udpFirmware(function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 0, nx.NX_NO_WAIT);
        yield* sendText(network, socket, 'first', SERVER, 7);
        yield* receiveText(socket, 100);
        for (let count = 0; count < 20; count++) yield* sendText(network, socket, 'flood', SERVER, 7);
        yield* tx_thread_sleep(50);
        while (!(yield* receiveText(socket, nx.NX_NO_WAIT)).startsWith('status'));
        yield* sendText(network, socket, 'last', SERVER, 7);
        network.board.print(yield* receiveText(socket, 100));
      }),
    );
    assert.equal(world.devices.get('client')?.output.toString(), 'last');
  });

  it('datagrams longer than a packet of the pool lie in several, wherever in its memory', () => {
    const small = (body: Parameters<typeof udpFirmware>[0]): Firmware => udpFirmware(body, 12, 128);
    const lines = 20;
    const world = twoDevices(
      {},
      small(function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
        for (let count = 0; count < lines; count++) network.board.print(yield* receiveText(socket, 500));
      }),
      udpFirmware(function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 0, nx.NX_NO_WAIT);
        for (let count = 0; count < lines; count++) {
          yield* sendText(network, socket, String(count).padStart(400, '.'), SERVER, 7);
          yield* tx_thread_sleep(1);
        }
      }),
    );
    const printed = world.devices.get('server')?.output.lines.map(({ text }) => text);
    assert.deepEqual(
      printed,
      Array.from({ length: lines }, (_, count) => String(count).padStart(400, '.')),
    );
  });

  it('a datagram to one’s own address is looped back', () => {
    const world = twoDevices(
      {},
      udpFirmware(function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
        yield* sendText(network, socket, 'to myself', SERVER, 7);
        network.board.print(yield* receiveText(socket, 10));
      }),
      udpFirmware(function* () {
        yield* tx_thread_sleep(1);
      }),
    );
    assert.equal(world.devices.get('server')?.output.toString(), 'to myself');
  });
});

describe('UDP statuses', () => {
  type Case = readonly [string, (network: TestNetwork, socket: nx.NX_UDP_SOCKET) => Op<number>, number];
  const fresh = (): nx.NX_UDP_SOCKET => new nx.NX_UDP_SOCKET();
  const create = (ip: nx.NX_IP, socket: nx.NX_UDP_SOCKET, fragment = 0, ttl = 128): Op<number> =>
    nx.nx_udp_socket_create(ip, socket, 's', nx.NX_IP_NORMAL, fragment, ttl, 4);
  const bound: readonly Case[] = [
    ['create twice', ({ ip }, socket) => create(ip, socket), nx.NX_PTR_ERROR],
    ['create, bad fragment option', ({ ip }) => create(ip, fresh(), 77), nx.NX_OPTION_ERROR],
    ['create, bad time to live', ({ ip }) => create(ip, fresh(), 0, 0xffffffff), nx.NX_OPTION_ERROR],
    ['enable twice', ({ ip }) => nx.nx_udp_enable(ip), nx.NX_ALREADY_ENABLED],
    ['bind twice', (_network, socket) => nx.nx_udp_socket_bind(socket, 8, 0), nx.NX_ALREADY_BOUND],
    ['bind, not created', () => nx.nx_udp_socket_bind(fresh(), 8, 0), nx.NX_PTR_ERROR],
    ['bind, bad port', (_network, socket) => nx.nx_udp_socket_bind(socket, 65_536, 0), nx.NX_INVALID_PORT],
    ['delete while bound', (_network, socket) => nx.nx_udp_socket_delete(socket), nx.NX_STILL_BOUND],
    ['receive, nothing there', (_network, socket) => nx.nx_udp_socket_receive(socket, out(), 0), nx.NX_NO_PACKET],
    ['receive, time runs out', (_network, socket) => nx.nx_udp_socket_receive(socket, out(), 3), nx.NX_NO_PACKET],
    ['send, NULL', (_network, socket) => nx.nx_udp_socket_send(socket, null, SERVER, 7), nx.NX_PTR_ERROR],
    ['port', (_network, socket) => nx.nx_udp_socket_port_get(socket, out()), nx.NX_SUCCESS],
    ['bytes available', (_network, socket) => nx.nx_udp_socket_bytes_available(socket, out()), nx.NX_SUCCESS],
    ['unbind', (_network, socket) => nx.nx_udp_socket_unbind(socket), nx.NX_SUCCESS],
    [
      'gateway nowhere near',
      ({ ip }) => nx.nx_ip_gateway_address_set(ip, nx.IP_ADDRESS(9, 9, 9, 9)),
      nx.NX_IP_ADDRESS_ERROR,
    ],
    ['status check', ({ ip }) => nx.nx_ip_status_check(ip, nx.NX_IP_LINK_ENABLED, out(), 5), nx.NX_SUCCESS],
    [
      'status check, never',
      ({ ip }) => nx.nx_ip_status_check(ip, nx.NX_IP_TCP_ENABLED, out(), 5),
      nx.NX_NOT_SUCCESSFUL,
    ],
  ];
  for (const [name, call, expected] of bound) {
    it(name, () => {
      let status = -1;
      const world = new World();
      const lan = world.lan();
      const firmware = udpFirmware(function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
        status = yield* call(network, socket);
      });
      world.device('device', { firmware, lan });
      world.run({ until: '1s' });
      assert.equal(status, expected);
    });
  }

  const sends: readonly (readonly [string, ULONG, number, number])[] = [
    ['no way there', nx.IP_ADDRESS(10, 1, 2, 3), 7, nx.NX_IP_ADDRESS_ERROR],
    ['address 0', 0, 7, nx.NX_IP_ADDRESS_ERROR],
    ['port above 65,535', SERVER, 65_536, nx.NX_INVALID_PORT],
    ['a good one, whoever is there', SERVER, 7, nx.NX_SUCCESS],
  ];
  for (const [name, address, port, expected] of sends) {
    it(`send: ${name}`, () => {
      let status = -1;
      const world = new World();
      const firmware = udpFirmware(function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
        status = yield* sendText(network, socket, 'text', address, port);
      });
      world.device('device', { firmware, lan: world.lan() });
      world.run({ until: '1s' });
      assert.equal(status, expected);
      assert.deepEqual(world.leaks(), []);
    });
  }

  it('unbinding ends the waits for datagrams, and hands the port to who waits for it', () => {
    const lines: string[] = [];
    const world = new World();
    const firmware = udpFirmware(function* (network, socket) {
      yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
      const [receiver, binder] = [new TX_THREAD(), new TX_THREAD()];
      const second = fresh();
      yield* create(network.ip, second);
      const receive = function* (): Thread {
        lines.push(`receive 0x${(yield* nx.nx_udp_socket_receive(socket, out(), 1000)).toString(16)}`);
      };
      const bind = function* (): Thread {
        lines.push(`bind ${yield* nx.nx_udp_socket_bind(second, 7, 1000)}`);
      };
      for (const [thread, entry] of [
        [receiver, receive],
        [binder, bind],
      ] as const) {
        yield* tx_thread_create(thread, 't', entry, 0, new Uint8Array(512), 512, 3, 3, 0, TX_AUTO_START);
      }
      yield* nx.nx_udp_socket_unbind(socket);
    });
    world.device('device', { firmware, lan: world.lan() });
    world.run({ until: '1s' });
    assert.deepEqual(lines, ['receive 0x26', 'bind 0']);
  });
});
