import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { out, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { parseIcmpv4Header } from '../../netx/wire/icmpv4.ts';
import { parseIpv4Header, type Ipv4Header } from '../../netx/wire/ipv4.ts';
import { ipPacket, ipStage, PEER, udpDatagram, US, type IpBench, type IpStage } from '../support/ip-bench.ts';

const ip4 = nx.IP_ADDRESS;
const data = new TextEncoder().encode('a datagram');

/** Binds a socket to port 7 and keeps what it receives. */
const listening = (received: string[], more?: (bench: IpBench) => Thread): ((bench: IpBench) => Thread) =>
  function* (bench) {
    if (more !== undefined) yield* more(bench);
    const socket = new nx.NX_UDP_SOCKET();
    yield* nx.nx_udp_socket_create(bench.ip, socket, 's', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 9, 5);
    yield* nx.nx_udp_socket_bind(socket, 7, nx.NX_NO_WAIT);
    for (;;) {
      const cell = out<nx.NX_PACKET>();
      yield* nx.nx_udp_socket_receive(socket, cell, nx.NX_WAIT_FOREVER);
      received.push(new TextDecoder().decode(nx.packetBytes(cell.value)));
      yield* nx.nx_packet_release(cell.value);
    }
  };

const headerOf = (packet: Uint8Array | undefined): Ipv4Header => {
  const header = packet === undefined ? null : parseIpv4Header(packet, 0, packet.length);
  assert(header !== null);
  return header;
};

const withOptions = (packet: Uint8Array): Uint8Array => {
  const longer = new Uint8Array(packet.length + 8);
  longer.set(packet.subarray(0, 20));
  longer.set([1, 1, 0x94, 4, 0, 0, 0, 0], 20);
  longer.set(packet.subarray(20), 28);
  longer[0] = 0x47;
  new DataView(longer.buffer).setUint16(2, longer.length);
  return checksummed(longer, 28);
};

function checksummed(packet: Uint8Array, headerLength: number): Uint8Array {
  const view = new DataView(packet.buffer);
  view.setUint16(10, 0);
  let sum = 0;
  for (let at = 0; at < headerLength; at += 2) sum += view.getUint16(at);
  sum = (sum & 0xffff) + (sum >>> 16);
  view.setUint16(10, ~((sum & 0xffff) + (sum >>> 16)) & 0xffff);
  return packet;
}

const changed = (packet: Uint8Array, at: number, value: number): Uint8Array => {
  const other = packet.slice();
  other[at] = value;
  return other;
};

type Counter = Exclude<{ [K in keyof nx.NX_IP]: nx.NX_IP[K] extends number ? K : never }[keyof nx.NX_IP], undefined>;

describe('a received IPv4 packet', () => {
  const good = ipPacket({}, udpDatagram(data));
  const padded = new Uint8Array(good.length + 10);
  padded.set(good);
  const table: readonly (readonly [string, Uint8Array, string[], Partial<Record<Counter, number>>])[] = [
    ['is delivered', good, ['a datagram'], { nx_ip_total_packets_delivered: 1, nx_ip_total_bytes_received: 18 }],
    ['with padding is cut', padded, ['a datagram'], { nx_ip_total_bytes_received: 18 }],
    ['with options is delivered without', withOptions(good), ['a datagram'], { nx_ip_total_bytes_received: 18 }],
    ['with time to live 0 is delivered', ipPacket({ ttl: 0 }, udpDatagram(data)), ['a datagram'], {}],
    ['to everybody', ipPacket({ destination: 0xffffffff }, udpDatagram(data)), ['a datagram'], {}],
    [
      'to everybody on the network',
      ipPacket({ destination: ip4(10, 0, 0, 255) }, udpDatagram(data)),
      ['a datagram'],
      {},
    ],
    [
      'with a wrong checksum',
      changed(good, 8, 63),
      [],
      { nx_ip_receive_checksum_errors: 1, nx_ip_invalid_packets: 1, nx_ip_receive_packets_dropped: 1 },
    ],
    ['shorter than it says', good.subarray(0, 30), [], { nx_ip_invalid_packets: 1, nx_ip_receive_checksum_errors: 0 }],
    ['with a short header', changed(good, 0, 0x44), [], { nx_ip_invalid_packets: 1, nx_ip_receive_checksum_errors: 0 }],
    ['of nothing but a header', ipPacket({}, new Uint8Array(0)), [], { nx_ip_invalid_packets: 1 }],
    [
      'for somebody else',
      ipPacket({ destination: ip4(10, 0, 0, 77) }, udpDatagram(data)),
      [],
      { nx_ip_invalid_receive_address: 1 },
    ],
    [
      'for a group',
      ipPacket({ destination: ip4(224, 0, 0, 9) }, udpDatagram(data)),
      [],
      { nx_ip_invalid_receive_address: 1 },
    ],
    [
      'from a group',
      ipPacket({ source: ip4(224, 0, 0, 9) }, udpDatagram(data)),
      [],
      { nx_ip_invalid_receive_address: 1 },
    ],
    ['from everybody', ipPacket({ source: 0xffffffff }, udpDatagram(data)), [], { nx_ip_invalid_receive_address: 1 }],
    [
      'from everybody on the network',
      ipPacket({ source: ip4(10, 0, 0, 255) }, udpDatagram(data)),
      [],
      { nx_ip_invalid_receive_address: 1 },
    ],
    [
      'from 127.0.0.1, by the wire',
      ipPacket({ source: ip4(127, 0, 0, 1) }, udpDatagram(data)),
      [],
      { nx_ip_invalid_receive_address: 1 },
    ],
    [
      'for 127.0.0.1, by the wire',
      ipPacket({ destination: ip4(127, 0, 0, 1) }, udpDatagram(data)),
      [],
      { nx_ip_invalid_receive_address: 1 },
    ],
    ['from nobody', ipPacket({ source: 0 }, udpDatagram(data)), ['a datagram'], {}],
    [
      'a fragment, while fragments are off',
      ipPacket({ moreFragments: true }, udpDatagram(data)),
      [],
      { nx_ip_total_fragments_received: 1, nx_ip_receive_packets_dropped: 1 },
    ],
    [
      'of another protocol',
      ipPacket({ protocol: 99 }, data),
      [],
      { nx_ip_unknown_protocols_received: 1, nx_ip_total_packets_delivered: 0 },
    ],
    [
      'of a protocol that is off',
      ipPacket({ protocol: 1 }, data),
      [],
      { nx_ip_receive_packets_dropped: 1, nx_ip_unknown_protocols_received: 0 },
    ],
  ];
  for (const [name, packet, expected, counters] of table) {
    it(name, () => {
      const received: string[] = [];
      const stage = ipStage({ body: listening(received) });
      stage.inject(packet);
      assert.deepEqual(received, expected);
      for (const [counter, count] of Object.entries(counters)) {
        assert.equal(Object.entries(stage.ip).find(([key]) => key === counter)?.[1], count, counter);
      }
      stage.assertAllFree();
    });
  }

  it('for another interface’s address is not received by this one', () => {
    const received: string[] = [];
    const stage = ipStage({ links: 2, body: listening(received) });
    stage.inject(ipPacket({ destination: ip4(10, 0, 1, 1) }, udpDatagram(data)), 0);
    assert.deepEqual(received, []);
    stage.inject(ipPacket({ destination: ip4(10, 0, 1, 1) }, udpDatagram(data)), 1);
    assert.deepEqual(received, ['a datagram']);
  });

  it('comes to an interface without an address where it is for a DHCP client', () => {
    const stage = ipStage({
      *body({ ip }) {
        yield* nx.nx_ip_address_set(ip, 0, 0);
      },
    });
    const offered = ip4(10, 0, 0, 50);
    stage.inject(ipPacket({ destination: offered }, udpDatagram(data, 68)));
    assert.equal(stage.ip.nx_ip_udp_no_port_for_delivery, 1);
    stage.inject(ipPacket({ destination: offered }, udpDatagram(data, 69)));
    assert.equal(stage.ip.nx_ip_udp_no_port_for_delivery, 1);
    assert.equal(stage.ip.nx_ip_invalid_receive_address, 1);
  });

  it('of an unknown protocol is answered by ICMP', () => {
    const stage = ipStage({
      *body({ ip }) {
        yield* nx.nx_icmp_enable(ip);
      },
    });
    stage.inject(ipPacket({ protocol: 99 }, data));
    stage.inject(ipPacket({ protocol: 99, destination: 0xffffffff }, data));
    const [answer, ...others] = stage.links[0]?.sent ?? [];
    assert.equal(others.length, 0);
    assert(answer !== undefined);
    const icmp = parseIcmpv4Header(answer, 20, answer.length);
    assert.deepEqual([icmp?.type, icmp?.code], [3, 2]);
    assert.deepEqual(answer.subarray(28, 48), ipPacket({ protocol: 99 }, data).subarray(0, 20));
  });
});

describe('forwarding', () => {
  const THERE = ip4(10, 0, 1, 9);
  const router = (mtu = 1500, fragments = false): IpStage =>
    ipStage({
      links: 2,
      mtu,
      *body({ ip }) {
        yield* nx.nx_icmp_enable(ip);
        yield* nx.nx_ip_forwarding_enable(ip);
        if (fragments) yield* nx.nx_ip_fragment_enable(ip);
      },
    });

  it('sends a packet on with one hop less to live', () => {
    const stage = router();
    stage.inject(ipPacket({ destination: THERE, ttl: 9 }, udpDatagram(data)));
    const header = headerOf(stage.links[1]?.sent[0]);
    assert.deepEqual([header.ttl, header.source, header.destination], [8, PEER, THERE]);
    assert.deepEqual(stage.links[1]?.sent[0]?.subarray(20), udpDatagram(data));
    assert.equal(stage.ip.nx_ip_packets_forwarded, 1);
    stage.assertAllFree();
  });

  it('stops with forwarding disabled', () => {
    const stage = ipStage({
      links: 2,
      *body({ ip }) {
        yield* nx.nx_ip_forwarding_enable(ip);
        yield* nx.nx_ip_forwarding_disable(ip);
      },
    });
    stage.inject(ipPacket({ destination: THERE }, udpDatagram(data)));
    assert.deepEqual(stage.links[1]?.sent, []);
    stage.assertAllFree();
  });

  it('receives a packet for another interface of its own', () => {
    const stage = router();
    stage.inject(ipPacket({ destination: ip4(10, 0, 1, 1) }, udpDatagram(data)));
    assert.equal(stage.ip.nx_ip_udp_no_port_for_delivery, 1);
    stage.assertAllFree();
  });

  const errors: readonly (readonly [string, Partial<Ipv4Header>, number, readonly [number, number, number] | null])[] =
    [
      ['a time to live that ends here', { destination: THERE, ttl: 1 }, 10, [11, 0, 0]],
      ['a long one that may not be cut', { destination: THERE, dontFragment: true }, 700, [3, 4, 600]],
      ['a time to live that ends here, to no single sender', { destination: THERE, ttl: 1, source: 0 }, 10, null],
      ['no way', { destination: ip4(9, 9, 9, 9) }, 10, null],
      ['everybody on the other network', { destination: ip4(10, 0, 1, 255) }, 10, null],
      ['a group', { destination: ip4(239, 1, 1, 1) }, 10, null],
      ['an address of one link', { destination: ip4(169, 254, 1, 1) }, 10, null],
    ];
  for (const [name, fields, size, answer] of errors) {
    it(`goes nowhere: ${name}`, () => {
      const stage = router(600);
      stage.inject(ipPacket(fields, udpDatagram(new Uint8Array(size))));
      assert.deepEqual(stage.links[1]?.sent, []);
      const sent = stage.links[0]?.sent[0];
      const icmp = sent === undefined ? null : parseIcmpv4Header(sent, 20, sent.length);
      assert.deepEqual(icmp === null ? null : [icmp.type, icmp.code, icmp.sequence], answer);
      if (sent !== undefined) assert.deepEqual([headerOf(sent).source, headerOf(sent).destination], [US, PEER]);
      stage.assertAllFree();
    });
  }

  it('cuts a long packet up, and a fragment again', () => {
    const stage = router(100, true);
    const payload = Uint8Array.from({ length: 200 }, (_, index) => index);
    stage.inject(ipPacket({ destination: THERE, moreFragments: true, fragmentOffset: 800 }, payload));
    const parts = stage.links[1]?.sent ?? [];
    const seen = parts.map((part) => [headerOf(part).fragmentOffset, headerOf(part).moreFragments, part.length - 20]);
    assert.deepEqual(seen, [
      [800, true, 80],
      [880, true, 80],
      [960, true, 40],
    ]);
    assert.deepEqual(Uint8Array.from(parts.flatMap((part) => [...part.subarray(20)])), payload);
    stage.assertAllFree();
  });
});
