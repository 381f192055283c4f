import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  out,
  tx_thread_sleep,
  tx_thread_wait_abort,
  type Op,
  type Suspension,
  type Thread,
  type ULONG,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { icmpReceive } from '../../netx/icmpv4.ts';
import { appendBytes } from '../../netx/packet-data.ts';
import { takePacket } from '../../netx/packet-pool.ts';
import { emitIcmpv4Header, parseIcmpv4Header } from '../../netx/wire/icmpv4.ts';
import { emitIpv4Header } from '../../netx/wire/ipv4.ts';
import type { IpStation } from '../support/ip-station.ts';
import {
  DEVICE,
  DEVICE_HARDWARE,
  runNetwork,
  STATION,
  type BenchOptions,
  type NetworkBench,
} from '../support/network-bench.ts';

const text = new TextEncoder();
const [HELLO, EMPTY] = [text.encode('hello'), new Uint8Array(0)];

/** With ICMP on. */
const withIcmp: BenchOptions = {
  *define({ ip }) {
    assert.equal(yield* nx.nx_icmp_enable(ip), nx.NX_SUCCESS);
  },
};

/** Answers echo requests with `change` applied to each reply. */
function echo(station: IpStation, change: (reply: Uint8Array) => Uint8Array | null = (reply) => reply): void {
  station.onPacket = ({ ip, payload }) => {
    const request = ip.protocol === 1 ? parseIcmpv4Header(payload, 0, payload.length) : null;
    if (request?.type !== 8) return;
    emitIcmpv4Header({ ...request, type: 0 }, payload, 0, payload.length);
    const reply = change(payload);
    if (reply !== null) station.ip(1, reply, DEVICE_HARDWARE, { destination: ip.source });
  };
}

/** Pings and gives what came back, or the status. */
function* ping(ip: nx.NX_IP, data: Uint8Array, wait: ULONG, to: ULONG = STATION): Generator<Suspension, string> {
  const response = out<nx.NX_PACKET>();
  const status = yield* nx.nx_icmp_ping(ip, to, data, data.length, response, wait);
  if (status !== nx.NX_SUCCESS) return `0x${status.toString(16)}`;
  const bytes = nx.packetBytes(response.value);
  assert.equal(yield* nx.nx_packet_release(response.value), nx.NX_SUCCESS);
  return new TextDecoder().decode(bytes);
}

describe('ICMP statuses', () => {
  type Case = readonly [name: string, call: (ip: nx.NX_IP) => Op<number>, expected: number];
  const cases: readonly Case[] = [
    ['enable twice', (ip) => nx.nx_icmp_enable(ip), nx.NX_ALREADY_ENABLED],
    ['enable, NULL', () => nx.nx_icmp_enable(null), nx.NX_PTR_ERROR],
    ['ping, NULL', (ip) => nx.nx_icmp_ping(ip, STATION, HELLO, 5, null, 1), nx.NX_PTR_ERROR],
    ['ping, no data', (ip) => nx.nx_icmp_ping(ip, STATION, null, 5, out(), 1), nx.NX_PTR_ERROR],
    ['ping, address 0', (ip) => nx.nx_icmp_ping(ip, 0, HELLO, 5, out(), 1), nx.NX_IP_ADDRESS_ERROR],
    [
      'ping, no way',
      (ip) => nx.nx_icmp_ping(ip, nx.IP_ADDRESS(9, 9, 9, 9), HELLO, 5, out(), 1),
      nx.NX_IP_ADDRESS_ERROR,
    ],
    ['ping, no wait', (ip) => nx.nx_icmp_ping(ip, STATION, HELLO, 5, out(), 0), nx.NX_NO_RESPONSE],
    ['ping, nobody answers', (ip) => nx.nx_icmp_ping(ip, STATION, HELLO, 5, out(), 3), nx.NX_NO_RESPONSE],
    ['ping, too much', (ip) => nx.nx_icmp_ping(ip, STATION, new Uint8Array(65_508), 65_508, out(), 3), nx.NX_OVERFLOW],
    [
      'ping, more than the pool has',
      (ip) => nx.nx_icmp_ping(ip, STATION, new Uint8Array(60_000), 60_000, out(), 3),
      nx.NX_NO_PACKET,
    ],
    [
      'interface ping, not ours',
      (ip) => nx.nx_icmp_interface_ping(ip, STATION, new nx.NX_INTERFACE(), STATION, HELLO, 5, out(), 3),
      nx.NX_INVALID_INTERFACE,
    ],
    ['info, NULLs', (ip) => nx.nx_icmp_info_get(ip, null, null, null, null, null, null), nx.NX_SUCCESS],
  ];
  for (const [name, call, expected] of cases) {
    it(name, () => {
      let status = -1;
      runNetwork(function* ({ network }) {
        status = yield* call(network.ip);
      }, withIcmp);
      assert.equal(status, expected);
    });
  }

  it('without ICMP, and from initialisation', () => {
    const statuses: number[] = [];
    runNetwork(
      function* () {
        yield* tx_thread_sleep(1);
      },
      {
        *define({ ip }) {
          statuses.push(
            yield* nx.nx_icmp_ping(ip, STATION, HELLO, 5, out(), 0),
            yield* nx.nx_icmp_info_get(ip, null, null, null, null, null, null),
            yield* nx.nx_icmp_enable(ip),
            yield* nx.nx_icmp_ping(ip, STATION, HELLO, 5, out(), 0),
          );
        },
      },
    );
    assert.deepEqual(statuses, [0x14, 0x14, 0, 0x11]);
  });
});

describe('nx_icmp_ping', () => {
  it('brings back the data that was sent, of any length', () => {
    const seen: string[] = [];
    const { station, network } = runNetwork(function* ({ network: { ip }, station: other }) {
      echo(other);
      seen.push(
        yield* ping(ip, HELLO, 100),
        yield* ping(ip, EMPTY, 100),
        yield* ping(ip, text.encode('x'.repeat(1472)), 100),
      );
      const [first] = ip.nx_ip_interface;
      assert(first !== undefined);
      const response = out<nx.NX_PACKET>();
      seen.push(String(yield* nx.nx_icmp_interface_ping(ip, STATION, first, STATION, HELLO, 5, response, 100)));
      yield* nx.nx_packet_release(response.value);
    }, withIcmp);
    assert.deepEqual(seen, ['hello', '', 'x'.repeat(1472), '0']);
    const headers = station.packets.map(({ payload }) => parseIcmpv4Header(payload, 0, payload.length));
    assert.deepEqual(
      headers.map((header) => [header?.identifier, header?.sequence]),
      [0, 1, 2, 3].map((sequence) => [DEVICE & 0xffff, sequence]),
    );
    const { ip } = network;
    assert.deepEqual([ip.nx_ip_pings_sent, ip.nx_ip_ping_responses_received, ip.nx_ip_ping_timeouts], [4, 4, 0]);
  });

  it('answers come to who asked, in whatever order, with packets of any size', () => {
    const held: Uint8Array[] = [];
    const { log } = runNetwork(
      function* ({ network: { ip }, station, spawn, log: lines }) {
        echo(station, (reply) => {
          held.unshift(reply);
          return null;
        });
        for (const name of ['a', 'b', 'c']) {
          yield* spawn(name, function* (): Thread {
            lines.push(`${name}: ${yield* ping(ip, text.encode(name.repeat(150)), 200)}`);
          });
        }
        yield* tx_thread_sleep(20);
        const suspended = out<ULONG>();
        yield* nx.nx_icmp_info_get(ip, null, null, suspended, null, null, null);
        lines.push(`waiting ${suspended.value}`);
        for (const reply of held) station.ip(1, reply, DEVICE_HARDWARE, { destination: DEVICE });
      },
      { ...withIcmp, payload: 128, packets: 60 },
    );
    assert.deepEqual(log, ['waiting 3', `c: ${'c'.repeat(150)}`, `b: ${'b'.repeat(150)}`, `a: ${'a'.repeat(150)}`]);
  });

  it('times out, counts it, and drops what comes too late', () => {
    const { network } = runNetwork(function* ({ network: { ip }, station, log }) {
      let late: Uint8Array = EMPTY;
      echo(station, (reply) => {
        station.onPacket = null;
        late = reply;
        return null;
      });
      log.push(yield* ping(ip, HELLO, 50));
      station.ip(1, late, DEVICE_HARDWARE, { destination: DEVICE });
      yield* tx_thread_sleep(5);
    }, withIcmp);
    const { ip } = network;
    assert.deepEqual(
      [ip.nx_ip_ping_timeouts, ip.nx_ip_ping_responses_received, ip.nx_ip_icmp_invalid_packets],
      [1, 1, 1],
    );
  });

  it('a wait can be aborted', () => {
    const { log } = runNetwork(function* ({ network: { ip }, spawn, log: lines, world }) {
      yield* spawn('pinger', function* (): Thread {
        lines.push(yield* ping(ip, HELLO, nx.NX_WAIT_FOREVER));
      });
      yield* tx_thread_sleep(5);
      const pinger = [...(world.devices.get('device')?.kernel.threads ?? [])].find(
        (one) => one.tx_thread_name === 'pinger',
      );
      assert(pinger !== undefined);
      yield* tx_thread_wait_abort(pinger);
    }, withIcmp);
    assert.deepEqual(log, ['0x1a']);
  });

  it('one’s own address answers too', () => {
    const { log, network } = runNetwork(function* ({ network: { ip }, log: lines }) {
      lines.push(yield* ping(ip, HELLO, 10, DEVICE));
    }, withIcmp);
    assert.deepEqual(log, ['hello']);
    assert.equal(network.ip.nx_ip_pings_responded_to, 1);
  });

  it('waits for packets as long as for the answer', () => {
    const { log } = runNetwork(function* ({ network: { ip, pool }, station, spawn, log: lines }) {
      echo(station);
      const held: nx.NX_PACKET[] = [];
      for (const cell = out<nx.NX_PACKET>(); (yield* nx.nx_packet_allocate(pool, cell, 0, 0)) === nx.NX_SUCCESS;) {
        held.push(cell.value);
      }
      yield* spawn('pinger', function* (): Thread {
        lines.push(yield* ping(ip, HELLO, 0), yield* ping(ip, HELLO, 5), yield* ping(ip, HELLO, 200));
      });
      yield* tx_thread_sleep(50);
      for (const packet of held) yield* nx.nx_packet_release(packet);
    }, withIcmp);
    assert.deepEqual(log, ['0x1', '0x1', 'hello']);
  });
});

describe('received ICMP messages', () => {
  /** What a device sends back, and what it has counted. */
  function reaction(
    send: (bench: NetworkBench) => void,
    options: BenchOptions = {},
  ): { answers: IpStation['packets']; ip: nx.NX_IP; bench: NetworkBench } {
    const bench = runNetwork(
      function* (one) {
        send(one);
        yield* tx_thread_sleep(10);
      },
      { ...withIcmp, until: '500ms', ...options },
    );
    return { answers: bench.station.packets, ip: bench.network.ip, bench };
  }
  const request = { type: 8, code: 0, identifier: 5, sequence: 6 };

  it('an echo request that lies in several packets is answered as it is', () => {
    const data = text.encode('long '.repeat(200));
    const { answers } = reaction(({ station }) => station.icmp(request, data, DEVICE_HARDWARE, DEVICE), {
      payload: 128,
      packets: 60,
    });
    const [answer] = answers;
    assert(answer !== undefined);
    assert.deepEqual(parseIcmpv4Header(answer.payload, 0, answer.payload.length), { ...request, type: 0 });
    assert.deepEqual(answer.payload.slice(8), data);
  });

  it('an echo request to everybody, or to a group, is not', () => {
    for (const destination of [0xffffffff, nx.IP_ADDRESS(192, 168, 1, 255), nx.NX_ALL_HOSTS_ADDRESS]) {
      const { answers, ip } = reaction(({ station }) => station.icmp(request, HELLO, DEVICE_HARDWARE, destination));
      assert.deepEqual([answers, ip.nx_ip_pings_received, ip.nx_ip_icmp_invalid_packets], [[], 1, 1]);
    }
  });

  it('too short ones, wrong checksums and unknown types are counted apart', () => {
    const { answers, ip } = reaction(({ station }) => {
      const damaged = new Uint8Array(16);
      emitIcmpv4Header(request, damaged, 0, 16);
      damaged[12] = 1;
      station.ip(1, damaged, DEVICE_HARDWARE, { destination: DEVICE });
      station.ip(1, new Uint8Array(7), DEVICE_HARDWARE, { destination: DEVICE });
      station.icmp({ ...request, type: 13 }, HELLO, DEVICE_HARDWARE, DEVICE);
    });
    assert.deepEqual(answers, []);
    assert.deepEqual(
      [
        ip.nx_ip_icmp_total_messages_received,
        ip.nx_ip_icmp_invalid_packets,
        ip.nx_ip_icmp_checksum_errors,
        ip.nx_ip_icmp_unhandled_messages,
      ],
      [3, 2, 1, 1],
    );
  });

  it('an error of somebody is traced, and not answered', () => {
    const quoted = new Uint8Array(28);
    const header = {
      tos: 0,
      totalLength: 28,
      identification: 1,
      dontFragment: false,
      moreFragments: false,
      fragmentOffset: 0,
      ttl: 1,
      protocol: 17,
      source: DEVICE,
      destination: nx.IP_ADDRESS(10, 0, 0, 1),
    };
    emitIpv4Header(header, quoted, 0);
    const { answers, bench } = reaction(({ station }) => {
      for (const [type, code] of [
        [11, 0],
        [3, 3],
        [3, 4],
      ] as const) {
        station.icmp({ type, code, identifier: 0, sequence: 0 }, quoted, DEVICE_HARDWARE, DEVICE);
      }
    });
    assert.deepEqual(answers, []);
    const errors = bench.events.filter((event) => event.type === 'icmp-error-received');
    assert.deepEqual(
      errors.map(({ error, from, about }) => [error, from, about]),
      ['time exceeded in transit', 'port unreachable', 'fragmentation needed'].map((error) => [
        error,
        '192.168.1.20',
        '10.0.0.1',
      ]),
    );
  });

  it('errors go only where RFC 1122 lets them: to one host, about a packet for one host', () => {
    const datagram = Uint8Array.of(0, 5, 0, 99, 0, 9, 0, 0, 1);
    const from = (source: number, destination: number) => (): number =>
      reaction(({ station }) => station.ip(17, datagram, DEVICE_HARDWARE, { source, destination })).answers.length;
    assert.equal(from(STATION, DEVICE)(), 1);
    assert.equal(from(STATION, 0xffffffff)(), 0);
    assert.equal(from(0, DEVICE)(), 0);
    assert.equal(from(nx.IP_ADDRESS(127, 0, 0, 1), DEVICE)(), 0);
    assert.equal(from(nx.IP_ADDRESS(224, 0, 0, 5), DEVICE)(), 0);
    assert.equal(from(nx.IP_ADDRESS(192, 168, 1, 255), DEVICE)(), 0);
  });

  it('a message that comes in outside of the IP thread waits for that thread', () => {
    const { answers } = reaction(({ network: { ip, pool }, world }) => {
      const kernel = world.devices.get('device')?.kernel;
      const packet = kernel === undefined ? null : takePacket(kernel, pool, nx.NX_IPv4_ICMP_PACKET);
      assert(kernel !== undefined && packet !== null);
      packet.holder = 'stack';
      const bytes = new Uint8Array(36);
      const parts = { tos: 0, totalLength: 36, identification: 1, dontFragment: false, moreFragments: false };
      const rest = { fragmentOffset: 0, ttl: 9, protocol: 1, source: STATION, destination: DEVICE };
      emitIpv4Header({ ...parts, ...rest }, bytes, 0);
      emitIcmpv4Header(request, bytes, 20, 36);
      appendBytes(kernel, packet, bytes, pool);
      packet.nx_packet_ip_header = packet.nx_packet_prepend_ptr;
      packet.nx_packet_ip_version = 4;
      packet.nx_packet_prepend_ptr += 20;
      packet.nx_packet_length -= 20;
      packet.nx_packet_ip_interface = ip.nx_ip_interface[0] ?? null;
      assert.equal(icmpReceive(kernel, ip, packet), null);
      assert.equal(ip.deferredIcmp.length, 1);
    });
    assert.equal(answers.length, 1);
  });
});
