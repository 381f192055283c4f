import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { out, tx_thread_sleep, type Op, type Suspension, type ULONG } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { emitIgmp, IGMP_QUERY, IGMP_V1_REPORT, IGMP_V2_REPORT, parseIgmp } from '../../netx/wire/igmp.ts';
import { buildUdpFrame } from '../../sim/host/udp-frame.ts';
import type { IpStation, SeenPacket } from '../support/ip-station.ts';
import {
  DEVICE,
  DEVICE_HARDWARE,
  runNetwork,
  STATION,
  STATION_HARDWARE,
  type BenchOptions,
} from '../support/network-bench.ts';

const GROUP = nx.IP_ADDRESS(239, 129, 2, 3);
const GROUP_HARDWARE = { msw: 0x0100, lsw: 0x5e010203 };
const ALL_HOSTS_HARDWARE = { msw: 0x0100, lsw: 0x5e000001 };

const withIgmp: BenchOptions = {
  *define({ ip }) {
    assert.equal(yield* nx.nx_igmp_enable(ip), nx.NX_SUCCESS);
  },
};

/** The IGMP messages that a station has seen: type and group, in hex. */
function reports(packets: readonly SeenPacket[]): string[] {
  return packets
    .filter(({ ip }) => ip.protocol === 2)
    .map(({ payload }) => {
      const message = parseIgmp(payload, 0, payload.length);
      assert(message !== null);
      return `${message.type.toString(16)} ${message.group.toString(16)}`;
    });
}

function query(station: IpStation, maxResponseTime: number, group = 0): void {
  const payload = new Uint8Array(8);
  emitIgmp({ type: IGMP_QUERY, maxResponseTime, group }, payload, 0);
  station.ip(2, payload, ALL_HOSTS_HARDWARE, { destination: nx.NX_ALL_HOSTS_ADDRESS, ttl: 1 });
}

/** Somebody else reports a group. */
function report(station: IpStation, type: number, group: ULONG): void {
  const payload = new Uint8Array(8);
  emitIgmp({ type, maxResponseTime: 0, group }, payload, 0);
  station.ip(2, payload, GROUP_HARDWARE, { destination: group, ttl: 1 });
}

describe('IGMP statuses', () => {
  type Case = readonly [name: string, call: (ip: nx.NX_IP) => Op<number>, expected: number];
  const cases: readonly Case[] = [
    ['enable twice', (ip) => nx.nx_igmp_enable(ip), nx.NX_ALREADY_ENABLED],
    ['enable, NULL', () => nx.nx_igmp_enable(null), nx.NX_PTR_ERROR],
    ['join, not created', () => nx.nx_igmp_multicast_join(new nx.NX_IP(), GROUP), nx.NX_PTR_ERROR],
    ['join, no group', (ip) => nx.nx_igmp_multicast_join(ip, STATION), nx.NX_IP_ADDRESS_ERROR],
    ['join', (ip) => nx.nx_igmp_multicast_join(ip, GROUP), nx.NX_SUCCESS],
    ['leave, never joined', (ip) => nx.nx_igmp_multicast_leave(ip, GROUP), nx.NX_ENTRY_NOT_FOUND],
    ['leave, no group', (ip) => nx.nx_igmp_multicast_leave(ip, STATION), nx.NX_IP_ADDRESS_ERROR],
    ['interface join', (ip) => nx.nx_igmp_multicast_interface_join(ip, GROUP, 0), nx.NX_SUCCESS],
    ['interface join, none', (ip) => nx.nx_igmp_multicast_interface_join(ip, GROUP, 7), nx.NX_INVALID_INTERFACE],
    ['interface leave, none', (ip) => nx.nx_igmp_multicast_interface_leave(ip, GROUP, 7), nx.NX_INVALID_INTERFACE],
    ['local join', (ip) => nx.nx_ipv4_multicast_interface_join(ip, GROUP, 0), nx.NX_SUCCESS],
    ['local join, no group', (ip) => nx.nx_ipv4_multicast_interface_join(ip, 5, 0), nx.NX_IP_ADDRESS_ERROR],
    ['local leave', (ip) => nx.nx_ipv4_multicast_interface_leave(ip, GROUP, 0), nx.NX_ENTRY_NOT_FOUND],
    ['local leave, none', (ip) => nx.nx_ipv4_multicast_interface_leave(ip, GROUP, 2), nx.NX_INVALID_INTERFACE],
    ['loopback', (ip) => nx.nx_igmp_loopback_enable(ip), nx.NX_SUCCESS],
    ['no loopback', (ip) => nx.nx_igmp_loopback_disable(ip), nx.NX_SUCCESS],
    ['info, NULLs', (ip) => nx.nx_igmp_info_get(ip, null, null, null, null), nx.NX_SUCCESS],
    ['info, NULL', () => nx.nx_igmp_info_get(null, null, null, null, null), nx.NX_PTR_ERROR],
  ];
  for (const [name, call, expected] of cases) {
    it(name, () => {
      let status = -1;
      runNetwork(
        function* ({ network }) {
          status = yield* call(network.ip);
        },
        { ...withIgmp, until: '500ms' },
      );
      assert.equal(status, expected);
    });
  }

  it('without IGMP, and during initialisation', () => {
    const statuses: number[] = [];
    runNetwork(
      function* ({ network: { ip } }) {
        statuses.push(
          yield* nx.nx_igmp_multicast_join(ip, GROUP),
          yield* nx.nx_igmp_multicast_leave(ip, GROUP),
          yield* nx.nx_igmp_loopback_enable(ip),
          yield* nx.nx_igmp_info_get(ip, null, null, null, null),
          yield* nx.nx_ipv4_multicast_interface_join(ip, GROUP, 0),
        );
      },
      {
        until: '500ms',
        *define({ ip }) {
          statuses.push(yield* nx.nx_ipv4_multicast_interface_join(ip, GROUP, 0));
        },
      },
    );
    assert.deepEqual(statuses, [0x11, 0x14, 0x14, 0x14, 0x14, 0]);
  });

  it('seven groups, unless NX_MAX_MULTICAST_GROUPS is another', () => {
    for (const [config, most] of [
      [{}, 7],
      [{ NX_MAX_MULTICAST_GROUPS: 2 }, 2],
    ] as const) {
      const statuses: number[] = [];
      runNetwork(
        function* ({ network: { ip } }) {
          for (let group = 0; group <= most; group++)
            statuses.push(yield* nx.nx_igmp_multicast_join(ip, GROUP + group));
          statuses.push(yield* nx.nx_igmp_multicast_join(ip, GROUP));
        },
        { ...withIgmp, config, until: '500ms' },
      );
      assert.deepEqual(statuses, [...new Array<number>(most).fill(0), nx.NX_NO_MORE_ENTRIES, 0]);
    }
  });
});

describe('IGMP', () => {
  it('a join is reported twice and a leave once, with the router alert option, to those it is for', () => {
    const { station, network } = runNetwork(
      function* ({ network: { ip } }) {
        yield* nx.nx_igmp_multicast_join(ip, GROUP);
        yield* nx.nx_igmp_multicast_join(ip, GROUP);
        yield* tx_thread_sleep(1500);
        yield* nx.nx_igmp_multicast_leave(ip, GROUP);
        yield* tx_thread_sleep(100);
        yield* nx.nx_igmp_multicast_leave(ip, GROUP);
      },
      { ...withIgmp, until: '30s' },
    );
    assert.deepEqual(reports(station.packets), ['16 ef810203', '16 ef810203', '17 ef810203']);
    const [joined, , left] = station.packets;
    assert.deepEqual(joined?.to, GROUP_HARDWARE);
    assert.deepEqual([joined.ip.destination, joined.ip.ttl, joined.ip.source], [GROUP, 1, DEVICE]);
    assert.deepEqual(joined.header.slice(20), Uint8Array.of(0x94, 4, 0, 0));
    assert.deepEqual([left?.to.lsw, left?.ip.destination], [0x5e000002, nx.NX_ALL_ROUTERS_ADDRESS]);
    assert.deepEqual([network.ip.nx_ip_igmp_reports_sent, network.ip.nx_ip_igmp_groups_joined], [2, 0]);
  });

  it('the second report comes after a delay from the device’s own random stream', () => {
    const delays = new Set<number>();
    for (let seed = 1; seed <= 8; seed++) {
      const times: number[] = [];
      runNetwork(
        function* ({ network: { ip }, station, world }) {
          station.onPacket = () => times.push(Math.round(world.clock.now / 1e9));
          yield* nx.nx_igmp_multicast_join(ip, GROUP);
        },
        { ...withIgmp, until: '30s', seed },
      );
      assert.equal(times.length, 2);
      const delay = (times[1] ?? 0) - (times[0] ?? 0);
      assert(delay >= 1 && delay <= 10, `after ${delay} s`);
      delays.add(delay);
    }
    assert(delays.size > 2);
  });

  /** What the device reports after a query, long after its groups were joined. */
  function answersTo(ask: (station: IpStation) => void, groups = 1): string[] {
    const seen: string[] = [];
    runNetwork(
      function* ({ network: { ip }, station }) {
        for (let group = 0; group < groups; group++) yield* nx.nx_igmp_multicast_join(ip, GROUP + group);
        yield* tx_thread_sleep(2950);
        const from = station.packets.length;
        ask(station);
        yield* tx_thread_sleep(1200);
        seen.push(...reports(station.packets.slice(from)));
        assert.equal(ip.nx_ip_igmp_queries_received, 1);
      },
      { ...withIgmp, until: '60s' },
    );
    return seen;
  }

  it('queries are answered: general ones for every group, others for theirs', () => {
    const all = answersTo((station) => query(station, 100), 3);
    assert.deepEqual(all.sort(), ['16 ef810203', '16 ef810204', '16 ef810205']);
    assert.deepEqual(
      answersTo((station) => query(station, 30, GROUP + 1), 3),
      ['16 ef810204'],
    );
    assert.deepEqual(
      answersTo((station) => query(station, 30, GROUP + 9), 3),
      [],
    );
  });

  it('an answer comes before the longest time that the query allows', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { station } = runNetwork(
        function* ({ network: { ip }, station: router }) {
          yield* nx.nx_igmp_multicast_join(ip, GROUP);
          yield* tx_thread_sleep(2000);
          router.packets.length = 0;
          query(router, 30);
          yield* tx_thread_sleep(305);
          assert.equal(router.packets.length, 1);
        },
        { ...withIgmp, until: '60s', seed },
      );
      assert.equal(station.packets.length, 1);
    }
  });

  it('a router of version 1 gets reports of version 1, without router alert and leave', () => {
    const { station, network } = runNetwork(
      function* ({ network: { ip }, station: router }) {
        yield* nx.nx_igmp_multicast_join(ip, GROUP);
        yield* tx_thread_sleep(1500);
        router.packets.length = 0;
        query(router, 0);
        yield* tx_thread_sleep(1200);
        yield* nx.nx_igmp_multicast_leave(ip, GROUP);
      },
      { ...withIgmp, until: '40s' },
    );
    assert.deepEqual(reports(station.packets), ['12 ef810203']);
    assert.equal(station.packets[0]?.header.length, 20);
    assert.equal(network.ip.nx_ip_igmp_router_version, 1);
  });

  it('a report of another member, of either version, makes one’s own unnecessary', () => {
    for (const type of [IGMP_V1_REPORT, IGMP_V2_REPORT]) {
      assert.deepEqual(
        answersTo((station) => {
          query(station, 100);
          report(station, type, GROUP);
        }),
        [],
      );
    }
  });

  it('a group that was joined without IGMP is never reported', () => {
    const { station } = runNetwork(
      function* ({ network: { ip }, station: router }) {
        yield* nx.nx_ipv4_multicast_interface_join(ip, GROUP, 0);
        query(router, 10);
        yield* tx_thread_sleep(1500);
        yield* nx.nx_ipv4_multicast_interface_leave(ip, GROUP, 0);
      },
      { ...withIgmp, until: '30s' },
    );
    assert.deepEqual(station.packets, []);
  });

  it('damaged and short messages are counted', () => {
    const { network } = runNetwork(
      function* ({ station }) {
        yield* tx_thread_sleep(1);
        const to = { destination: nx.NX_ALL_HOSTS_ADDRESS };
        station.ip(2, Uint8Array.of(0x11, 0, 1, 2, 0, 0, 0, 0), ALL_HOSTS_HARDWARE, to);
        station.ip(2, Uint8Array.of(0x11, 0), ALL_HOSTS_HARDWARE, to);
        yield* tx_thread_sleep(5);
      },
      { ...withIgmp, until: '1s' },
    );
    const { ip } = network;
    assert.deepEqual(
      [ip.nx_ip_igmp_invalid_packets, ip.nx_ip_igmp_checksum_errors, ip.nx_ip_igmp_queries_received],
      [2, 1, 0],
    );
  });
});

describe('datagrams to groups', () => {
  function* socketAt(ip: nx.NX_IP, port: number): Generator<Suspension, nx.NX_UDP_SOCKET> {
    const socket = new nx.NX_UDP_SOCKET();
    yield* nx.nx_udp_socket_create(ip, socket, 's', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 128, 5);
    yield* nx.nx_udp_socket_bind(socket, port, nx.NX_NO_WAIT);
    return socket;
  }

  function* received(socket: nx.NX_UDP_SOCKET, wait = 5): Generator<Suspension, boolean> {
    const cell = out<nx.NX_PACKET>();
    if ((yield* nx.nx_udp_socket_receive(socket, cell, wait)) !== nx.NX_SUCCESS) return false;
    yield* nx.nx_packet_release(cell.value);
    return true;
  }

  function* send(pool: nx.NX_PACKET_POOL, socket: nx.NX_UDP_SOCKET, to: ULONG): Generator<Suspension, number> {
    const cell = out<nx.NX_PACKET>();
    yield* nx.nx_packet_allocate(pool, cell, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
    yield* nx.nx_packet_data_append(cell.value, Uint8Array.of(1, 2, 3), 3, pool, nx.NX_NO_WAIT);
    return yield* nx.nx_udp_socket_send(socket, cell.value, to, 9);
  }

  it('go out at once, to the hardware address that follows from the group’s', () => {
    const { station } = runNetwork(function* ({ network: { ip, pool } }) {
      const socket = yield* socketAt(ip, 9);
      assert.equal(yield* send(pool, socket, GROUP), nx.NX_SUCCESS);
    });
    assert.deepEqual(station.arps, []);
    assert.deepEqual(
      station.packets.map(({ to, ip }) => [to, ip.destination]),
      [[GROUP_HARDWARE, GROUP]],
    );
  });

  const frameTo = (group: ULONG, hardware = GROUP_HARDWARE): Uint8Array =>
    buildUdpFrame(
      { source: STATION, sourcePort: 5, destination: group, destinationPort: 9, payload: new Uint8Array(4) },
      STATION_HARDWARE,
      hardware,
      1,
    );

  it('get in where the group is joined, until it is left', () => {
    const seen: boolean[] = [];
    runNetwork(function* ({ network: { ip }, station }) {
      const socket = yield* socketAt(ip, 9);
      const arrives = function* (group: ULONG, hardware = GROUP_HARDWARE): Generator<Suspension, void> {
        station.raw(frameTo(group, hardware));
        seen.push(yield* received(socket));
      };
      yield* arrives(GROUP);
      yield* nx.nx_igmp_multicast_join(ip, GROUP);
      yield* arrives(GROUP);
      // Another group with the same hardware address comes as far as IP.
      yield* arrives(nx.IP_ADDRESS(224, 1, 2, 3));
      // To the device's own hardware address, as a careless router sends it.
      yield* arrives(nx.IP_ADDRESS(224, 1, 2, 4), DEVICE_HARDWARE);
      yield* arrives(nx.NX_ALL_HOSTS_ADDRESS, ALL_HOSTS_HARDWARE);
      yield* nx.nx_igmp_multicast_leave(ip, GROUP);
      yield* arrives(GROUP);
    }, withIgmp);
    assert.deepEqual(seen, [false, true, false, false, true, false]);
  });

  it('two groups of one hardware address: the driver lets them in until both are left', () => {
    const seen: boolean[] = [];
    const twin = nx.IP_ADDRESS(224, 1, 2, 3);
    runNetwork(function* ({ network: { ip }, station }) {
      const socket = yield* socketAt(ip, 9);
      yield* nx.nx_igmp_multicast_join(ip, GROUP);
      yield* nx.nx_igmp_multicast_join(ip, twin);
      yield* nx.nx_igmp_multicast_leave(ip, GROUP);
      for (const group of [GROUP, twin]) {
        station.raw(frameTo(group));
        seen.push(yield* received(socket));
      }
    }, withIgmp);
    assert.deepEqual(seen, [false, true]);
  });

  it('come back to the sender where it has joined with loopback', () => {
    const seen: boolean[] = [];
    const { station } = runNetwork(function* ({ network: { ip, pool } }) {
      const socket = yield* socketAt(ip, 9);
      yield* nx.nx_igmp_multicast_join(ip, GROUP);
      for (const change of [nx.nx_igmp_loopback_enable, nx.nx_igmp_loopback_disable]) {
        yield* send(pool, socket, GROUP);
        seen.push(yield* received(socket));
        yield* change(ip);
      }
      yield* nx.nx_igmp_loopback_enable(ip);
      yield* send(pool, socket, GROUP);
      seen.push(yield* received(socket));
      yield* send(pool, socket, GROUP + 1);
      seen.push(yield* received(socket));
    }, withIgmp);
    assert.deepEqual(seen, [false, true, true, false]);
    assert.equal(station.packets.filter(({ ip }) => ip.protocol === 17).length, 4);
  });
});
