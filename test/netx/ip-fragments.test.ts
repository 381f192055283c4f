import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { defineFirmware, World, type Firmware } from 'txsim';
import { out, TX_AUTO_START, TX_THREAD, tx_thread_create, tx_thread_sleep, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { laterFragmentHeader } from '../../netx/wire/ipv4-fragment.ts';
import { parseIpv4Header } from '../../netx/wire/ipv4.ts';
import { parseIcmpv4Header } from '../../netx/wire/icmpv4.ts';
import { bootNetwork, type TestNetwork } from '../support/dtls-firmware.ts';
import {
  ipPacket,
  ipStage,
  PEER,
  udpDatagram,
  type IpBench,
  type IpBenchOptions,
  type IpStage,
} from '../support/ip-bench.ts';

const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 7) & 0xff);

/** A device that takes fragments and keeps the datagrams that it receives on port 7. */
function receiver(options: IpBenchOptions = {}): IpStage & { readonly received: Uint8Array[] } {
  const received: Uint8Array[] = [];
  const body = function* ({ ip }: IpBench): Thread {
    yield* nx.nx_ip_fragment_enable(ip);
    yield* nx.nx_icmp_enable(ip);
    const socket = new nx.NX_UDP_SOCKET();
    yield* nx.nx_udp_socket_create(ip, socket, 's', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 9, 5);
    yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
    for (;;) {
      const cell = out<nx.NX_PACKET>();
      yield* nx.nx_udp_socket_receive(socket, cell, nx.NX_WAIT_FOREVER);
      received.push(nx.packetBytes(cell.value));
      yield* nx.nx_packet_release(cell.value);
    }
  };
  return { ...ipStage({ body, ...options }), received };
}

/** The fragment of a payload from `start` to before `end`. */
const fragment = (payload: Uint8Array, start: number, end: number, identification = 1): Uint8Array =>
  ipPacket(
    { fragmentOffset: start, moreFragments: end < payload.length, identification },
    payload.subarray(start, end),
  );

/** Sends a datagram of some length by UDP, and notes the status. */
const sender = (lengths: readonly number[], fragment: number, enable = true, arp = false) =>
  function* ({ ip, pool, take }: IpBench): Thread {
    if (enable) yield* nx.nx_ip_fragment_enable(ip);
    if (arp) {
      yield* nx.nx_arp_enable(ip, take(520), 520);
      yield* nx.nx_ip_interface_address_mapping_configure(ip, 0, nx.NX_TRUE);
    }
    const socket = new nx.NX_UDP_SOCKET();
    yield* nx.nx_udp_socket_create(ip, socket, 's', nx.NX_IP_NORMAL, fragment, 9, 5);
    yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
    for (const length of lengths) {
      const cell = out<nx.NX_PACKET>();
      yield* nx.nx_packet_allocate(pool, cell, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
      yield* nx.nx_packet_data_append(cell.value, counting(length), length, pool, nx.NX_NO_WAIT);
      assert.equal(yield* nx.nx_udp_socket_send(socket, cell.value, PEER, 7), nx.NX_SUCCESS);
      yield* tx_thread_sleep(1);
    }
  };

describe('sending fragments', () => {
  it('cuts a datagram at multiples of 8 bytes, none longer than the link takes', () => {
    const stage = ipStage({ mtu: 577, body: sender([1500], nx.NX_FRAGMENT_OKAY) });
    const sent = stage.links[0]?.sent ?? [];
    const headers = sent.map((packet) => parseIpv4Header(packet, 0, packet.length));
    assert.deepEqual(
      headers.map((header) => [header?.fragmentOffset, header?.moreFragments, header?.totalLength]),
      [
        [0, true, 572],
        [552, true, 572],
        [1104, false, 424],
      ],
    );
    assert.equal(new Set(headers.map((header) => header?.identification)).size, 1);
    const whole = Uint8Array.from(sent.flatMap((packet) => [...packet.subarray(20)]));
    assert.deepEqual(whole.subarray(8), counting(1500));
    const { ip } = stage;
    assert.deepEqual(
      [ip.nx_ip_total_fragment_requests, ip.nx_ip_successful_fragment_requests, ip.nx_ip_total_fragments_sent],
      [1, 1, 3],
    );
    assert.equal(ip.nx_ip_total_bytes_sent, 1508);
    stage.assertAllFree();
  });

  const dropped: readonly (readonly [string, IpBenchOptions])[] = [
    ['that may not be cut', { body: sender([1500], nx.NX_DONT_FRAGMENT) }],
    ['while fragments are off', { body: sender([1500], nx.NX_FRAGMENT_OKAY, false) }],
    ['over a link too short for any', { mtu: 24, body: sender([1500], nx.NX_FRAGMENT_OKAY) }],
  ];
  for (const [name, options] of dropped) {
    it(`drops a long datagram ${name}, and tells nobody`, () => {
      const stage = ipStage({ mtu: 600, ...options });
      assert.deepEqual(stage.links[0]?.sent, []);
      assert.equal(stage.ip.nx_ip_send_packets_dropped, 1);
      stage.assertAllFree();
    });
  }

  it('gives the rest up where the pool runs dry, and leaks nothing', () => {
    // 400 bytes in packets of 128 take four of six; the link holds on to what it is given.
    const held: nx.NX_PACKET[] = [];
    const stage = ipStage({
      packets: 6,
      payload: 128,
      mtu: 120,
      *body(bench) {
        const one = bench.ip.nx_ip_interface[0];
        if (one !== undefined) one.nx_interface_link_driver_entry = (request) => void held.push(...given(request));
        yield* sender([400], nx.NX_FRAGMENT_OKAY)(bench);
        for (const packet of held) yield* nx.nx_packet_release(packet);
      },
    });
    assert.equal(stage.ip.nx_ip_fragment_failures, 1);
    assert(held.length >= 1 && held.length < 5, `${held.length} fragments went out`);
    stage.assertAllFree();
  });

  it('lets a datagram wait for ARP as one', () => {
    const stage = ipStage({ mtu: 200, packets: 60, body: sender([1400], nx.NX_FRAGMENT_OKAY, true, true) });
    assert.equal(stage.links[0]?.sent.length, 1, 'the ARP request alone');
    assert.equal(stage.ip.nx_ip_total_fragments_sent, 0);
    assert.equal(stage.pool.nx_packet_pool_total - stage.pool.nx_packet_pool_available, 1);
  });

  it('keeps options that are to be copied in all fragments, others in the first only (RFC 791)', () => {
    const header = new Uint8Array(32);
    header[0] = 0x48;
    // Record route (not copied), no operation, loose source route (copied).
    header.set([7, 4, 4, 0, 1, 0x83, 3, 4], 20);
    assert.deepEqual([...laterFragmentHeader(header).subarray(20)], [0x83, 3, 4, 0]);
    assert.equal(laterFragmentHeader(header)[0], 0x46);
  });
});

const given = ({ nx_ip_driver_packet: packet }: nx.NX_IP_DRIVER): nx.NX_PACKET[] => (packet === null ? [] : [packet]);

/** A payload's places of cutting, as multiples of 8. */
const cuts = fc.tuple(
  fc.integer({ min: 1, max: 5000 }),
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
  fc.array(fc.nat(1000), { minLength: 26, maxLength: 26 }),
  fc.array(fc.nat(11), { maxLength: 6 }),
);

describe('putting fragments together', () => {
  it('gives any datagram back as it was, split anywhere, in any order, with duplicates', () => {
    const stage = receiver({ packets: 80, payload: 256 });
    let identification = 0;
    fc.assert(
      fc.property(cuts, ([length, places, order, repeats]) => {
        identification = (identification + 1) & 0xffff;
        const datagram = udpDatagram(counting(length));
        const inner = places.map((place) => Math.floor((place * datagram.length) / 8) * 8);
        const at = [...new Set([0, ...inner, datagram.length])].sort((a, b) => a - b);
        const parts = at.slice(1).map((end, index) => fragment(datagram, at[index] ?? 0, end, identification));
        if (parts.length === 1) return;
        // Duplicates come while the datagram is incomplete: its last part is not among them.
        const shuffled = parts
          .map((part, index) => ({ part, rank: order[index] ?? 0 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ part }) => part);
        const last = shuffled.pop();
        for (const repeat of repeats) {
          const copy = shuffled[repeat % Math.max(1, shuffled.length)];
          if (copy !== undefined) shuffled.splice(repeat % shuffled.length, 0, copy);
        }
        stage.received.length = 0;
        for (const part of [...shuffled, ...(last === undefined ? [] : [last])]) stage.inject(part);
        assert.deepEqual(stage.received, [counting(length)]);
        stage.assertAllFree();
      }),
      { numRuns: 60, seed: 791 },
    );
    assert.equal(stage.ip.nx_ip_reassembly_failures, 0);
  });

  it('takes any fragments without a leak or an exception', () => {
    const stage = receiver({ packets: 40 });
    const any = fc.record({
      fragmentOffset: fc.nat(8191).map((units) => units * 8),
      moreFragments: fc.boolean(),
      identification: fc.nat(3),
      protocol: fc.constantFrom(17, 6, 1, 99),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(any, fc.uint8Array({ maxLength: 64 })), { maxLength: 40 }), (fragments) => {
        for (const [fields, payload] of fragments) stage.inject(ipPacket(fields, payload));
      }),
      { numRuns: 30, seed: 5722 },
    );
    stage.wait('16s');
    stage.assertAllFree();
  });

  const datagram = udpDatagram(counting(48));
  const other = datagram.map((byte) => byte ^ 1);
  const part = (start: number, end: number, of = datagram): Uint8Array => fragment(of, start, end);
  const overlaps: readonly (readonly [string, readonly Uint8Array[], number])[] = [
    ['whole', [part(0, 24), part(24, 56)], 1],
    ['the same twice', [part(0, 24), part(0, 24), part(24, 56)], 1],
    ['a piece of what is there', [part(0, 24), part(8, 16), part(24, 56)], 1],
    ['the same place, other bytes', [part(0, 24), part(0, 24, other), part(24, 56)], 0],
    ['over an edge', [part(0, 24), part(16, 40), part(40, 56), part(24, 56)], 0],
    ['around what is there', [part(8, 16), part(0, 24), part(24, 56)], 0],
    ['two ends', [part(24, 56), ipPacket({ fragmentOffset: 64 }, new Uint8Array(8)), part(0, 24)], 0],
    [
      'beyond its end',
      [part(24, 56), ipPacket({ fragmentOffset: 64, moreFragments: true }, new Uint8Array(8)), part(0, 24)],
      0,
    ],
    ['an end before what is there', [part(16, 24), ipPacket({ fragmentOffset: 8 }, new Uint8Array(8)), part(0, 8)], 0],
  ];
  for (const [name, fragments, expected] of overlaps) {
    it(`${name}: ${expected === 1 ? 'delivered' : 'given up, with what comes later'}`, () => {
      const stage = receiver();
      for (const one of fragments) stage.inject(one);
      assert.equal(stage.received.length, expected);
      assert.equal(stage.ip.nx_ip_reassembly_failures, 1 - expected);
      stage.assertAllFree();
    });
  }

  const refused: readonly (readonly [string, Uint8Array])[] = [
    ['a datagram beyond 65535 bytes', ipPacket({ fragmentOffset: 65_528 }, new Uint8Array(100))],
    ['a part that is no multiple of 8', ipPacket({ moreFragments: true }, new Uint8Array(15))],
    ['a tiny fragment of TCP (RFC 1858)', ipPacket({ protocol: 6, fragmentOffset: 8 }, new Uint8Array(16))],
  ];
  for (const [name, packet] of refused) {
    it(`refuses ${name}`, () => {
      const stage = receiver();
      stage.inject(packet);
      assert.equal(stage.ip.nx_ip_receive_packets_dropped, 1);
      stage.assertAllFree();
    });
  }

  it('gives a datagram up after 15 s, and tells its sender where the first fragment has come', () => {
    const stage = receiver();
    stage.inject(fragment(datagram, 0, 24, 1));
    stage.inject(fragment(datagram, 24, 56, 2));
    stage.wait('13s');
    assert.equal(stage.pool.nx_packet_pool_total - stage.pool.nx_packet_pool_available, 2);
    stage.wait('3s');
    stage.assertAllFree();
    assert.equal(stage.ip.nx_ip_reassembly_failures, 2);
    const sent = stage.links[0]?.sent ?? [];
    assert.deepEqual(
      sent.map((packet) => parseIcmpv4Header(packet, 20, packet.length)).map((icmp) => [icmp?.type, icmp?.code]),
      [[11, 1]],
    );
    assert.deepEqual(sent[0]?.subarray(28 + 20), datagram.subarray(0, 8));
  });

  it('NX_IPV4_MAX_REASSEMBLY_TIME sets another time', () => {
    const stage = receiver({ macros: { NX_IPV4_MAX_REASSEMBLY_TIME: 3 } });
    stage.inject(fragment(datagram, 24, 56));
    stage.wait('4s');
    stage.assertAllFree();
  });

  it('holds three quarters of the pool at most, and gives the oldest up first', () => {
    const stage = receiver({ packets: 20 });
    const held = (): number => stage.pool.nx_packet_pool_total - stage.pool.nx_packet_pool_available;
    for (let count = 0; count < 12; count++) {
      for (let piece = 0; piece < 3; piece++) {
        stage.inject(
          ipPacket({ identification: count, fragmentOffset: piece * 16, moreFragments: true }, new Uint8Array(8)),
        );
        assert(held() <= 15, `${held()} held`);
      }
    }
    // The youngest is still there to be completed.
    const whole = udpDatagram(counting(40));
    stage.inject(fragment(whole, 0, 24, 500));
    stage.inject(fragment(whole, 24, 48, 500));
    assert.deepEqual(stage.received, [counting(40)]);
  });

  it('has sixteen incomplete datagrams at most', () => {
    const stage = receiver({ packets: 100 });
    for (let identification = 0; identification < 40; identification++) {
      stage.inject(fragment(datagram, 0, 24, identification));
    }
    assert.equal(stage.pool.nx_packet_pool_total - stage.pool.nx_packet_pool_available, 16);
    assert.equal(stage.ip.nx_ip_reassembly_failures, 24);
  });

  it('tells datagrams apart by source, destination, protocol and identification', () => {
    const stage = receiver();
    const broadcast = 0xffffffff;
    stage.inject(fragment(datagram, 0, 24));
    for (const fields of [{ source: PEER + 1 }, { destination: broadcast }, { protocol: 99 }, { identification: 2 }]) {
      stage.inject(ipPacket({ fragmentOffset: 24, ...fields }, datagram.subarray(24)));
    }
    assert.equal(stage.received.length, 0);
    stage.inject(fragment(datagram, 24, 56));
    assert.equal(stage.received.length, 1);
  });

  it('releases what waits when fragments are disabled', () => {
    const stage = ipStage({
      *body({ ip }) {
        yield* nx.nx_ip_fragment_enable(ip);
        yield* tx_thread_sleep(50);
        yield* nx.nx_ip_fragment_disable(ip);
      },
    });
    stage.inject(fragment(datagram, 0, 24));
    assert.equal(stage.pool.nx_packet_pool_total - stage.pool.nx_packet_pool_available, 1);
    stage.wait('1s');
    stage.assertAllFree();
  });
});

describe('long datagrams between two devices', () => {
  const SERVER = nx.IP_ADDRESS(192, 168, 1, 100);

  /** A firmware that takes fragments, in packets much shorter than a frame. */
  const firmware = (body: (network: TestNetwork, socket: nx.NX_UDP_SOCKET) => Thread): Firmware =>
    defineFirmware((board) => {
      const network = bootNetwork(board, 120, 256);
      return {
        *tx_application_define(memory) {
          yield* network.define(memory);
          yield* nx.nx_ip_fragment_enable(network.ip);
          const socket = new nx.NX_UDP_SOCKET();
          const entry = function* (): Thread {
            yield* nx.nx_udp_socket_create(network.ip, socket, 's', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 9, 5);
            yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
            yield* body(network, socket);
          };
          const stack = network.take(1024);
          yield* tx_thread_create(new TX_THREAD(), 'main', entry, 0, stack, 1024, 4, 4, 0, TX_AUTO_START);
        },
      };
    });

  it('come through with their UDP checksum, to a neighbour that ARP has to find first, and over a bad network', () => {
    const lengths = [1473, 3001, 5000, 9000];
    const received: (readonly [number, boolean])[] = [];
    const world = new World({ seed: 3 });
    const lan = world.lan({ jitter: '2ms', duplicate: 0.2 });
    const server = firmware(function* (_network, socket) {
      for (;;) {
        const cell = out<nx.NX_PACKET>();
        if ((yield* nx.nx_udp_socket_receive(socket, cell, nx.NX_WAIT_FOREVER)) !== nx.NX_SUCCESS) continue;
        const bytes = nx.packetBytes(cell.value);
        received.push([bytes.length, bytes.every((byte, index) => byte === ((index * 7) & 0xff))]);
        yield* nx.nx_packet_release(cell.value);
      }
    });
    const client = firmware(function* ({ pool }, socket) {
      for (const length of lengths) {
        const cell = out<nx.NX_PACKET>();
        yield* nx.nx_packet_allocate(pool, cell, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
        yield* nx.nx_packet_data_append(cell.value, counting(length), length, pool, nx.NX_NO_WAIT);
        yield* nx.nx_udp_socket_send(socket, cell.value, SERVER, 7);
        yield* tx_thread_sleep(20);
      }
    });
    world.device('server', { firmware: server, lan, address: '192.168.1.100' });
    world.device('client', { firmware: client, lan });
    world.run({ until: '20s' });
    assert.deepEqual(
      received,
      lengths.map((length) => [length, true]),
    );
    assert.deepEqual(world.leaks(), []);
  });
});
