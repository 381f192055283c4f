import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { out, tx_thread_sleep } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { emitArp } from '../../netx/wire/arp.ts';
import { emitEthernet, ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_RARP } from '../../netx/wire/ethernet.ts';
import { emitIcmpv4Header } from '../../netx/wire/icmpv4.ts';
import { emitIgmp } from '../../netx/wire/igmp.ts';
import { emitIpv4Header } from '../../netx/wire/ipv4.ts';
import { RandomSource } from '../../sim/random.ts';
import { DEVICE, DEVICE_HARDWARE, runNetwork, STATION, STATION_HARDWARE } from '../support/network-bench.ts';

const GROUP = nx.IP_ADDRESS(239, 1, 1, 1);
const FLOOD = 2000;

/** Frames with a header that gets in and a body that is right in most places, garbled in some. */
function frames(kind: 'arp' | 'rarp' | 'icmp' | 'igmp'): (count: number) => Uint8Array {
  const random = new RandomSource(`hostile neighbour ${kind}`).stream('test');
  const below = (limit: number): number => random.uint32() % limit;
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => below(256));
  const pick = <T>(...of: readonly [T, ...T[]]): T => of[below(of.length)] ?? of[0];
  const addresses = (): number =>
    pick(STATION, DEVICE, 0, 0xffffffff, GROUP, nx.IP_ADDRESS(192, 168, 1, below(256)), random.uint32());
  const body = (): Uint8Array => {
    if (kind === 'arp' || kind === 'rarp') {
      const message = new Uint8Array(28);
      const hardware = { msw: pick(0x02aa, 0x0100, 0, below(0x10000)), lsw: random.uint32() };
      const [senderAddress, targetAddress] = [addresses(), addresses()];
      const targetHardware = pick(DEVICE_HARDWARE, hardware);
      const operation = pick(1, 2, 3, 4, below(0x10000));
      emitArp({ operation, senderHardware: hardware, senderAddress, targetHardware, targetAddress }, message, 0);
      return message;
    }
    const payload = bytes(kind === 'igmp' ? 8 : pick(0, 4, 8, 28, 36, 60));
    if (kind === 'igmp') {
      const [type, group] = [pick(0x11, 0x12, 0x16, 0x17, below(256)), pick(0, GROUP, random.uint32())];
      emitIgmp({ type, maxResponseTime: below(256), group }, payload, 0);
    } else if (payload.length >= 8 && below(8) > 0) {
      const header = { type: pick(0, 3, 5, 8, 11, 12, below(256)), code: below(6), identifier: 1, sequence: below(4) };
      emitIcmpv4Header(header, payload, 0, payload.length);
    }
    const packet = new Uint8Array(20 + payload.length);
    packet.set(payload, 20);
    const header = {
      tos: below(256),
      totalLength: packet.length,
      identification: below(0x10000),
      dontFragment: below(2) === 0,
      moreFragments: below(20) === 0,
      fragmentOffset: below(20) === 0 ? 8 : 0,
      ttl: below(256),
      protocol: kind === 'icmp' ? 1 : 2,
      source: addresses(),
      destination: pick(DEVICE, 0xffffffff, nx.NX_ALL_HOSTS_ADDRESS, GROUP),
    };
    emitIpv4Header(header, packet, 0);
    return packet;
  };
  return () => {
    const inner = body();
    for (let changes = below(3); changes > 0; changes--) inner[below(inner.length)] = below(256);
    const frame = new Uint8Array(14 + inner.length - (below(10) === 0 ? below(inner.length) : 0));
    const etherType = { arp: ETHERTYPE_ARP, rarp: ETHERTYPE_RARP, icmp: ETHERTYPE_IPV4, igmp: ETHERTYPE_IPV4 }[kind];
    emitEthernet({ destination: DEVICE_HARDWARE, source: STATION_HARDWARE, etherType }, frame, 0);
    frame.set(inner.subarray(0, frame.length - 14), 14);
    return frame;
  };
}

describe('a hostile neighbour', () => {
  for (const kind of ['arp', 'rarp', 'icmp', 'igmp'] as const) {
    for (const payload of [1536, 64]) {
      it(`floods with ${kind}, packets of ${payload} bytes: nothing is lost, and the device still answers`, () => {
        const frame = frames(kind);
        const { station, network } = runNetwork(
          function* ({ network: { ip, pool }, station: neighbour }) {
            yield* nx.nx_igmp_multicast_join(ip, GROUP);
            for (let count = 0; count < FLOOD; count++) {
              neighbour.raw(frame(count));
              if (count % 10 === 9) yield* tx_thread_sleep(1);
            }
            yield* nx.nx_arp_static_entries_delete(ip);
            yield* nx.nx_arp_dynamic_entries_invalidate(ip);
            yield* tx_thread_sleep(100);
            assert.equal(pool.nx_packet_pool_available, pool.nx_packet_pool_total);
            neighbour.packets.length = 0;
            const request = { type: 8, code: 0, identifier: 9, sequence: 9 };
            neighbour.icmp(request, Uint8Array.of(1, 2, 3), DEVICE_HARDWARE, DEVICE);
            yield* tx_thread_sleep(5);
            const response = out<nx.NX_PACKET>();
            yield* nx.nx_icmp_ping(ip, STATION, null, 0, response, 5);
          },
          {
            until: '60s',
            packets: payload < 100 ? 90 : 40,
            payload,
            *define({ ip }) {
              yield* nx.nx_icmp_enable(ip);
              yield* nx.nx_igmp_enable(ip);
            },
          },
        );
        assert(network.ip.arp !== null && network.ip.arp.count(false) <= 19);
        const answers = station.packets.filter(({ ip, payload: message }) => ip.protocol === 1 && message[0] === 0);
        assert.equal(answers.length, 1);
      });
    }
  }
});
