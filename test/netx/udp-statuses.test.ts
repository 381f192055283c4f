import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { out, TX_AUTO_START, TX_THREAD, tx_thread_create, type Op, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { callWithUdp, createSocket, type Caller, type UdpBench } from '../support/udp-bench.ts';

type Case = readonly [name: string, call: (bench: UdpBench) => Op<number>, status: number, caller?: Caller];

const NEIGHBOUR = nx.IP_ADDRESS(192, 168, 1, 77);
const NOWHERE = nx.IP_ADDRESS(10, 1, 2, 3);
const {
  NX_SUCCESS,
  NX_PTR_ERROR,
  NX_NOT_ENABLED,
  NX_CALLER_ERROR,
  NX_IP_ADDRESS_ERROR,
  NX_INVALID_PORT,
  NX_INVALID_INTERFACE,
  NX_INVALID_PACKET,
  NX_UNDERFLOW,
  NX_OVERFLOW,
  NX_NOT_BOUND,
  NX_NOT_SUCCESSFUL,
} = nx;

function address(v4: number, version = nx.NX_IP_VERSION_V4): nx.NXD_ADDRESS {
  const whole = new nx.NXD_ADDRESS();
  whole.nxd_ip_version = version;
  whole.nxd_ip_address.v4 = v4;
  return whole;
}

/** Turns UDP off again, as if it had never been enabled. */
function without({ ip }: UdpBench, call: Op<number> | (() => Op<number>)): Op<number> {
  ip.udpEnabled = false;
  return typeof call === 'function' ? call() : call;
}

function withoutRoom(bench: UdpBench): nx.NX_PACKET {
  bench.packet.nx_packet_prepend_ptr = bench.packet.nx_packet_data_start + 41;
  return bench.packet;
}

function beyondEnd(bench: UdpBench): nx.NX_PACKET {
  bench.packet.nx_packet_append_ptr = bench.packet.nx_packet_data_end + 1;
  return bench.packet;
}

const create = (ip: nx.NX_IP | null, socket: nx.NX_UDP_SOCKET | null, tos = 0, fragment = 0, ttl = 128): Op<number> =>
  nx.nx_udp_socket_create(ip, socket, 's', tos, fragment, ttl, 4);

const cases: Readonly<Record<string, readonly Case[]>> = {
  nx_udp_enable: [
    ['NULL', () => nx.nx_udp_enable(null), NX_PTR_ERROR],
    ['no instance', () => nx.nx_udp_enable(new nx.NX_IP()), NX_PTR_ERROR],
    ['twice', ({ ip }) => nx.nx_udp_enable(ip), nx.NX_ALREADY_ENABLED],
    ['twice, in an ISR', ({ ip }) => nx.nx_udp_enable(ip), nx.NX_ALREADY_ENABLED, 'isr'],
    ['in an ISR', (bench) => without(bench, () => nx.nx_udp_enable(bench.ip)), NX_CALLER_ERROR, 'isr'],
    ['in a timer', (bench) => without(bench, () => nx.nx_udp_enable(bench.ip)), NX_SUCCESS, 'timer'],
  ],
  nx_udp_socket_create: [
    ['NULL instance', ({ fresh }) => create(null, fresh), NX_PTR_ERROR],
    ['no instance', ({ fresh }) => create(new nx.NX_IP(), fresh), NX_PTR_ERROR],
    ['NULL socket', ({ ip }) => create(ip, null), NX_PTR_ERROR],
    ['twice', ({ ip, bound }) => create(ip, bound), NX_PTR_ERROR],
    ['in a timer', ({ ip, fresh }) => create(ip, fresh), NX_CALLER_ERROR, 'timer'],
    ['in an ISR', ({ ip, fresh }) => create(ip, fresh), NX_CALLER_ERROR, 'isr'],
    ['without UDP', (bench) => without(bench, () => create(bench.ip, bench.fresh)), NX_NOT_ENABLED],
    ['bad type of service', ({ ip, fresh }) => create(ip, fresh, 1), nx.NX_OPTION_ERROR],
    ['bad fragment option', ({ ip, fresh }) => create(ip, fresh, 0, 77), nx.NX_OPTION_ERROR],
    ['bad time to live', ({ ip, fresh }) => create(ip, fresh, 0, 0, 0xff000001), nx.NX_OPTION_ERROR],
    ['all options', ({ ip, fresh }) => create(ip, fresh, nx.NX_IP_MIN_DELAY, nx.NX_DONT_FRAGMENT), NX_SUCCESS],
    ['in initialisation', ({ ip, fresh }) => create(ip, fresh), NX_SUCCESS, 'init'],
  ],
  nx_udp_socket_bind: [
    ['NULL', () => nx.nx_udp_socket_bind(null, 8, 0), NX_PTR_ERROR],
    ['not created', ({ fresh }) => nx.nx_udp_socket_bind(fresh, 8, 0), NX_PTR_ERROR],
    ['without UDP', (bench) => without(bench, () => nx.nx_udp_socket_bind(bench.unbound, 8, 0)), NX_NOT_ENABLED],
    ['port above 65,535', ({ unbound }) => nx.nx_udp_socket_bind(unbound, 65_536, 0), NX_INVALID_PORT],
    ['in initialisation', ({ unbound }) => nx.nx_udp_socket_bind(unbound, 8, 0), NX_CALLER_ERROR, 'init'],
    ['in a timer', ({ unbound }) => nx.nx_udp_socket_bind(unbound, 8, 0), NX_CALLER_ERROR, 'timer'],
    ['twice', ({ bound }) => nx.nx_udp_socket_bind(bound, 8, 0), nx.NX_ALREADY_BOUND],
    ['taken', ({ unbound }) => nx.nx_udp_socket_bind(unbound, 7, 0), nx.NX_PORT_UNAVAILABLE],
    ['taken, after a wait', ({ unbound }) => nx.nx_udp_socket_bind(unbound, 7, 3), nx.NX_PORT_UNAVAILABLE],
    ['any port', ({ unbound }) => nx.nx_udp_socket_bind(unbound, 0, 0), NX_SUCCESS],
    ['65,535', ({ unbound }) => nx.nx_udp_socket_bind(unbound, 65_535, 0), NX_SUCCESS],
    [
      'no port is left',
      ({ ip, bound, unbound }) => {
        for (let port = 0xc000; port <= 0xffff; port++) ip.udpPorts.set(port, bound);
        return nx.nx_udp_socket_bind(unbound, 0, 0);
      },
      nx.NX_NO_FREE_PORTS,
    ],
  ],
  nx_udp_socket_unbind: [
    ['NULL', () => nx.nx_udp_socket_unbind(null), NX_PTR_ERROR],
    ['not created', ({ fresh }) => nx.nx_udp_socket_unbind(fresh), NX_PTR_ERROR],
    ['without UDP', (bench) => without(bench, () => nx.nx_udp_socket_unbind(bench.bound)), NX_NOT_ENABLED],
    ['in an ISR', ({ bound }) => nx.nx_udp_socket_unbind(bound), NX_CALLER_ERROR, 'isr'],
    ['not bound', ({ unbound }) => nx.nx_udp_socket_unbind(unbound), NX_NOT_BOUND],
    ['bound', ({ bound }) => nx.nx_udp_socket_unbind(bound), NX_SUCCESS],
  ],
  nx_udp_socket_delete: [
    ['NULL', () => nx.nx_udp_socket_delete(null), NX_PTR_ERROR],
    ['not created', ({ fresh }) => nx.nx_udp_socket_delete(fresh), NX_PTR_ERROR],
    ['without UDP', (bench) => without(bench, () => nx.nx_udp_socket_delete(bench.unbound)), NX_NOT_ENABLED],
    ['in initialisation', ({ unbound }) => nx.nx_udp_socket_delete(unbound), NX_CALLER_ERROR, 'init'],
    ['bound', ({ bound }) => nx.nx_udp_socket_delete(bound), nx.NX_STILL_BOUND],
    ['not bound', ({ unbound }) => nx.nx_udp_socket_delete(unbound), NX_SUCCESS],
  ],
  nx_udp_socket_send: [
    ['NULL socket', ({ packet }) => nx.nx_udp_socket_send(null, packet, NEIGHBOUR, 9), NX_PTR_ERROR],
    ['not created', ({ fresh, packet }) => nx.nx_udp_socket_send(fresh, packet, NEIGHBOUR, 9), NX_PTR_ERROR],
    ['NULL packet', ({ bound }) => nx.nx_udp_socket_send(bound, null, NEIGHBOUR, 9), NX_PTR_ERROR],
    [
      'without UDP',
      (bench) => without(bench, () => nx.nx_udp_socket_send(bench.bound, bench.packet, 0, 9)),
      NX_NOT_ENABLED,
    ],
    ['address 0', ({ bound, packet }) => nx.nx_udp_socket_send(bound, packet, 0, 65_536), NX_IP_ADDRESS_ERROR],
    ['bad port', (b) => nx.nx_udp_socket_send(b.bound, withoutRoom(b), NEIGHBOUR, 65_536), NX_INVALID_PORT],
    ['no room', (b) => nx.nx_udp_socket_send(b.unbound, withoutRoom(b), NEIGHBOUR, 9), NX_UNDERFLOW],
    ['beyond its end', (b) => nx.nx_udp_socket_send(b.unbound, beyondEnd(b), NEIGHBOUR, 9), NX_OVERFLOW],
    ['in a timer', (b) => nx.nx_udp_socket_send(b.bound, b.packet, NEIGHBOUR, 9), NX_CALLER_ERROR, 'timer'],
    ['not bound', (b) => nx.nx_udp_socket_send(b.unbound, b.packet, NOWHERE, 9), NX_NOT_BOUND],
    ['no way there', (b) => nx.nx_udp_socket_send(b.bound, b.packet, NOWHERE, 9), NX_IP_ADDRESS_ERROR],
    ['a neighbour', (b) => nx.nx_udp_socket_send(b.bound, b.packet, NEIGHBOUR, 9), NX_SUCCESS],
    ['everybody', (b) => nx.nx_udp_socket_send(b.bound, b.packet, 0xffffffff, 9), NX_SUCCESS],
  ],
  nxd_udp_socket_send: [
    ['NULL address', (b) => nx.nxd_udp_socket_send(b.bound, b.packet, null, 9), NX_PTR_ERROR],
    ['NULL packet', (b) => nx.nxd_udp_socket_send(b.bound, null, address(NEIGHBOUR), 9), NX_PTR_ERROR],
    ['no version', (b) => nx.nxd_udp_socket_send(b.bound, b.packet, address(NEIGHBOUR, 5), 9), NX_IP_ADDRESS_ERROR],
    ['address 0', (b) => nx.nxd_udp_socket_send(b.bound, b.packet, address(0), 9), NX_IP_ADDRESS_ERROR],
    ['bad port', (b) => nx.nxd_udp_socket_send(b.bound, b.packet, address(NEIGHBOUR), 65_536), NX_INVALID_PORT],
    ['not bound', (b) => nx.nxd_udp_socket_send(b.unbound, b.packet, address(NEIGHBOUR), 9), NX_NOT_BOUND],
    ['a neighbour', (b) => nx.nxd_udp_socket_send(b.bound, b.packet, address(NEIGHBOUR), 9), NX_SUCCESS],
  ],
  nx_udp_socket_source_send: [
    ['NULL packet', (b) => nx.nx_udp_socket_source_send(b.bound, null, 0, 9, 0), NX_PTR_ERROR],
    ['address 0', (b) => nx.nx_udp_socket_source_send(b.bound, b.packet, 0, 65_536, 9), NX_IP_ADDRESS_ERROR],
    ['bad port', (b) => nx.nx_udp_socket_source_send(b.bound, b.packet, NEIGHBOUR, 65_536, 9), NX_INVALID_PORT],
    [
      'without UDP',
      (b) => without(b, () => nx.nx_udp_socket_source_send(b.bound, b.packet, NEIGHBOUR, 9, 9)),
      NX_NOT_ENABLED,
    ],
    [
      'no such interface',
      (b) => nx.nx_udp_socket_source_send(b.bound, withoutRoom(b), NEIGHBOUR, 9, 9),
      NX_INVALID_INTERFACE,
    ],
    ['no room', (b) => nx.nx_udp_socket_source_send(b.bound, withoutRoom(b), NEIGHBOUR, 9, 0), NX_UNDERFLOW],
    ['beyond its end', (b) => nx.nx_udp_socket_source_send(b.bound, beyondEnd(b), NEIGHBOUR, 9, 0), NX_OVERFLOW],
    ['in an ISR', (b) => nx.nx_udp_socket_source_send(b.bound, b.packet, NEIGHBOUR, 9, 0), NX_CALLER_ERROR, 'isr'],
    ['not bound', (b) => nx.nx_udp_socket_source_send(b.unbound, b.packet, NOWHERE, 9, 0), NX_NOT_BOUND],
    ['no way there', (b) => nx.nx_udp_socket_source_send(b.bound, b.packet, NOWHERE, 9, 0), NX_IP_ADDRESS_ERROR],
    ['a neighbour', (b) => nx.nx_udp_socket_interface_send(b.bound, b.packet, NEIGHBOUR, 9, 0), NX_SUCCESS],
  ],
  nxd_udp_socket_source_send: [
    ['NULL address', (b) => nx.nxd_udp_socket_source_send(b.bound, b.packet, null, 9, 0), NX_PTR_ERROR],
    ['no version', (b) => nx.nxd_udp_socket_source_send(b.bound, b.packet, address(0, 0), 9, 9), NX_IP_ADDRESS_ERROR],
    [
      'no such interface',
      (b) => nx.nxd_udp_socket_source_send(b.bound, b.packet, address(0), 9, 9),
      NX_INVALID_INTERFACE,
    ],
    ['address 0', (b) => nx.nxd_udp_socket_source_send(b.bound, withoutRoom(b), address(0), 9, 0), NX_IP_ADDRESS_ERROR],
    [
      'no room',
      (b) => nx.nxd_udp_socket_source_send(b.bound, withoutRoom(b), address(NEIGHBOUR), 65_536, 0),
      NX_UNDERFLOW,
    ],
    [
      'bad port',
      (b) => nx.nxd_udp_socket_source_send(b.bound, b.packet, address(NEIGHBOUR), 65_536, 0),
      NX_INVALID_PORT,
    ],
    ['a neighbour', (b) => nx.nxd_udp_socket_interface_send(b.bound, b.packet, address(NEIGHBOUR), 9, 0), NX_SUCCESS],
  ],
  nx_udp_socket_receive: [
    ['NULL socket', () => nx.nx_udp_socket_receive(null, out(), 0), NX_PTR_ERROR],
    ['NULL packet', ({ bound }) => nx.nx_udp_socket_receive(bound, null, 0), NX_PTR_ERROR],
    ['not created', ({ fresh }) => nx.nx_udp_socket_receive(fresh, out(), 0), NX_PTR_ERROR],
    ['without UDP', (b) => without(b, () => nx.nx_udp_socket_receive(b.bound, out(), 0)), NX_NOT_ENABLED],
    ['in a timer, without a wait', (b) => nx.nx_udp_socket_receive(b.bound, out(), 0), NX_CALLER_ERROR, 'timer'],
    ['in an ISR', (b) => nx.nx_udp_socket_receive(b.bound, out(), 0), NX_CALLER_ERROR, 'isr'],
    ['not bound', ({ unbound }) => nx.nx_udp_socket_receive(unbound, out(), 0), NX_NOT_BOUND],
    ['nothing there', ({ bound }) => nx.nx_udp_socket_receive(bound, out(), 0), nx.NX_NO_PACKET],
    ['time runs out', ({ bound }) => nx.nx_udp_socket_receive(bound, out(), 3), nx.NX_NO_PACKET],
  ],
  nx_udp_socket_receive_notify: [
    ['NULL', () => nx.nx_udp_socket_receive_notify(null, null), NX_PTR_ERROR],
    ['not created', ({ fresh }) => nx.nx_udp_socket_receive_notify(fresh, null), NX_PTR_ERROR],
    ['in an ISR', ({ bound }) => nx.nx_udp_socket_receive_notify(bound, null), NX_SUCCESS, 'isr'],
  ],
  nx_udp_socket_bytes_available: [
    ['NULL output', ({ bound }) => nx.nx_udp_socket_bytes_available(bound, null), NX_PTR_ERROR],
    ['not created', ({ fresh }) => nx.nx_udp_socket_bytes_available(fresh, out()), NX_PTR_ERROR],
    ['without UDP', (b) => without(b, () => nx.nx_udp_socket_bytes_available(b.bound, out())), NX_NOT_ENABLED],
    ['in a timer', ({ bound }) => nx.nx_udp_socket_bytes_available(bound, out()), NX_CALLER_ERROR, 'timer'],
    ['not bound', ({ unbound }) => nx.nx_udp_socket_bytes_available(unbound, out()), NX_NOT_SUCCESSFUL],
    ['bound', ({ bound }) => nx.nx_udp_socket_bytes_available(bound, out()), NX_SUCCESS],
  ],
  nx_udp_socket_port_get: [
    ['NULL output', ({ bound }) => nx.nx_udp_socket_port_get(bound, null), NX_PTR_ERROR],
    ['not created', ({ fresh }) => nx.nx_udp_socket_port_get(fresh, out()), NX_PTR_ERROR],
    ['without UDP', (b) => without(b, () => nx.nx_udp_socket_port_get(b.bound, out())), NX_NOT_ENABLED],
    ['in an ISR', ({ bound }) => nx.nx_udp_socket_port_get(bound, out()), NX_CALLER_ERROR, 'isr'],
    ['not bound', ({ unbound }) => nx.nx_udp_socket_port_get(unbound, out()), NX_NOT_BOUND],
    ['bound', ({ bound }) => nx.nx_udp_socket_port_get(bound, out()), NX_SUCCESS],
  ],
  nx_udp_free_port_find: [
    ['NULL output', ({ ip }) => nx.nx_udp_free_port_find(ip, 1, null), NX_PTR_ERROR],
    ['no instance', () => nx.nx_udp_free_port_find(new nx.NX_IP(), 1, out()), NX_PTR_ERROR],
    ['without UDP', (b) => without(b, () => nx.nx_udp_free_port_find(b.ip, 0, out())), NX_NOT_ENABLED],
    ['port 0', ({ ip }) => nx.nx_udp_free_port_find(ip, 0, out()), NX_INVALID_PORT],
    ['port above 65,535', ({ ip }) => nx.nx_udp_free_port_find(ip, 65_536, out()), NX_INVALID_PORT, 'isr'],
    ['in an ISR', ({ ip }) => nx.nx_udp_free_port_find(ip, 1, out()), NX_CALLER_ERROR, 'isr'],
    ['one', ({ ip }) => nx.nx_udp_free_port_find(ip, 7, out()), NX_SUCCESS],
    [
      'none is left',
      ({ ip, bound }) => {
        for (let port = 0xc000; port <= 0xffff; port++) ip.udpPorts.set(port, bound);
        return nx.nx_udp_free_port_find(ip, 0xf000, out());
      },
      nx.NX_NO_FREE_PORTS,
    ],
  ],
  nx_udp_info_get: [
    ['NULL', () => nx.nx_udp_info_get(null, out(), null, null, null, null, null, null), NX_PTR_ERROR],
    [
      'without UDP',
      (b) => without(b, () => nx.nx_udp_info_get(b.ip, null, null, null, null, null, null, null)),
      NX_NOT_ENABLED,
    ],
    ['in an ISR', ({ ip }) => nx.nx_udp_info_get(ip, null, null, null, null, null, null, null), NX_CALLER_ERROR, 'isr'],
    ['in a timer', ({ ip }) => nx.nx_udp_info_get(ip, null, null, null, null, null, null, null), NX_SUCCESS, 'timer'],
  ],
  nx_udp_socket_info_get: [
    [
      'not created',
      ({ fresh }) => nx.nx_udp_socket_info_get(fresh, null, null, null, null, null, null, null),
      NX_PTR_ERROR,
    ],
    [
      'without UDP',
      (b) => without(b, () => nx.nx_udp_socket_info_get(b.bound, null, null, null, null, null, null, null)),
      NX_NOT_ENABLED,
    ],
    [
      'in an ISR',
      ({ bound }) => nx.nx_udp_socket_info_get(bound, null, null, null, null, null, null, null),
      NX_CALLER_ERROR,
      'isr',
    ],
    [
      'not bound',
      ({ unbound }) => nx.nx_udp_socket_info_get(unbound, null, null, null, null, null, null, null),
      NX_SUCCESS,
    ],
  ],
  nx_udp_socket_checksum_enable: [
    ['NULL', () => nx.nx_udp_socket_checksum_enable(null), NX_PTR_ERROR],
    ['without UDP', (b) => without(b, () => nx.nx_udp_socket_checksum_enable(b.bound)), NX_NOT_ENABLED],
    ['in an ISR', ({ bound }) => nx.nx_udp_socket_checksum_enable(bound), NX_CALLER_ERROR, 'isr'],
    ['in a timer', ({ bound }) => nx.nx_udp_socket_checksum_enable(bound), NX_SUCCESS, 'timer'],
  ],
  nx_udp_socket_checksum_disable: [
    ['not created', ({ fresh }) => nx.nx_udp_socket_checksum_disable(fresh), NX_PTR_ERROR],
    ['without UDP', (b) => without(b, () => nx.nx_udp_socket_checksum_disable(b.bound)), NX_NOT_ENABLED],
    ['in an ISR', ({ bound }) => nx.nx_udp_socket_checksum_disable(bound), NX_CALLER_ERROR, 'isr'],
    ['in a timer', ({ bound }) => nx.nx_udp_socket_checksum_disable(bound), NX_SUCCESS, 'timer'],
  ],
  nx_udp_source_extract: [
    ['NULL packet', () => nx.nx_udp_source_extract(null, out(), out()), NX_PTR_ERROR],
    ['NULL address', ({ packet }) => nx.nx_udp_source_extract(packet, null, out()), NX_PTR_ERROR],
    ['NULL port', ({ packet }) => nx.nx_udp_source_extract(packet, out(), null), NX_PTR_ERROR],
    ['not received', ({ packet }) => nx.nx_udp_source_extract(packet, out(), out()), NX_INVALID_PACKET, 'isr'],
  ],
  nxd_udp_source_extract: [
    ['NULL address', ({ packet }) => nx.nxd_udp_source_extract(packet, null, out()), NX_PTR_ERROR],
    ['not received', ({ packet }) => nx.nxd_udp_source_extract(packet, address(0), out()), NX_INVALID_PACKET, 'isr'],
  ],
  nx_udp_packet_info_extract: [
    ['NULL', () => nx.nx_udp_packet_info_extract(null, null, null, null, null), NX_PTR_ERROR],
    ['in an ISR', (b) => nx.nx_udp_packet_info_extract(b.packet, null, null, null, null), NX_CALLER_ERROR, 'isr'],
    ['not received', (b) => nx.nx_udp_packet_info_extract(b.packet, out(), null, null, null), NX_INVALID_PACKET],
    ['no address wanted', (b) => nx.nx_udp_packet_info_extract(b.packet, null, out(), null, out()), NX_SUCCESS],
  ],
  nxd_udp_packet_info_extract: [
    ['NULL', () => nx.nxd_udp_packet_info_extract(null, null, null, null, null), NX_PTR_ERROR],
    ['in a timer', (b) => nx.nxd_udp_packet_info_extract(b.packet, null, null, null, null), NX_CALLER_ERROR, 'timer'],
    ['not received', (b) => nx.nxd_udp_packet_info_extract(b.packet, address(0), null, null, null), NX_INVALID_PACKET],
  ],
};

for (const [service, rows] of Object.entries(cases)) {
  describe(service, () => {
    for (const [name, call, status, caller] of rows) {
      it(`${name}: 0x${status.toString(16)}`, () => {
        assert.equal(callWithUdp(caller ?? 'thread', call), status);
      });
    }
  });
}

describe('sends that are refused', () => {
  it('count as invalid, and leave the packet with the caller', () => {
    const counted = callWithUdp('thread', function* (bench) {
      const { ip, bound, network } = bench;
      yield* nx.nx_udp_socket_send(bound, withoutRoom(bench), NEIGHBOUR, 9);
      const before = network.pool.nx_packet_pool_available;
      yield* nx.nx_packet_release(bench.packet);
      return [
        ip.nx_ip_udp_invalid_packets,
        bound.nx_udp_socket_invalid_packets,
        network.pool.nx_packet_pool_available - before,
      ];
    });
    assert.deepEqual(counted, [1, 1, 1]);
  });
});

describe('a socket that a thread waits to bind', () => {
  function* waiting({ ip, network, unbound }: UdpBench, log: (status: number) => void): Thread {
    const thread = new TX_THREAD();
    const bind = function* (): Thread {
      log(yield* nx.nx_udp_socket_bind(unbound, 7, 50));
    };
    yield* createSocket(ip, new nx.NX_UDP_SOCKET());
    yield* tx_thread_create(thread, 'binder', bind, 0, network.take(512), 512, 3, 3, 0, TX_AUTO_START);
  }

  it('cannot be bound a second time', () => {
    const result = callWithUdp('thread', function* (bench) {
      yield* waiting(bench, () => {});
      assert.notEqual(bench.unbound.nx_udp_socket_bind_in_progress, null);
      return yield* nx.nx_udp_socket_bind(bench.unbound, 9, nx.NX_NO_WAIT);
    });
    assert.equal(result, nx.NX_ALREADY_BOUND);
  });

  it('is let go by an unbind, which ends the wait', () => {
    const statuses: number[] = [];
    const result = callWithUdp('thread', function* (bench) {
      yield* waiting(bench, (status) => statuses.push(status));
      const unbound = yield* nx.nx_udp_socket_unbind(bench.unbound);
      assert.equal(bench.unbound.nx_udp_socket_bind_in_progress, null);
      return unbound;
    });
    assert.equal(result, NX_SUCCESS);
    assert.deepEqual(statuses, [nx.NX_PORT_UNAVAILABLE]);
  });
});
