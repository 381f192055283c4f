import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tx_thread_sleep } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { solicitedNode, UNSPECIFIED } from '../../../netx/ipv6/address.ts';
import type { NeighborState } from '../../../netx/ipv6/neighbor-cache.ts';
import { formatIpv6 } from '../../../netx/nxd-address.ts';
import { NO_ND_OPTIONS } from '../../../netx/wire/nd-options.ts';
import { addressText, ipv6, ipv6Firmware, sendText6 } from '../../support/ipv6-firmware.ts';
import {
  advertisementOf,
  DEVICE,
  PEER,
  PEER_HARDWARE,
  peerWorld,
  runFor,
  type NdPeer,
} from '../../support/nd-world.ts';
import type { World } from 'txsim';

const peerAddress = ipv6(formatIpv6(PEER));

/** A device that notes its address changes, and that sends a datagram whenever the test says so. */
function sender(): {
  readonly world: World;
  readonly peer: NdPeer;
  readonly changes: string[];
  readonly send: () => void;
  readonly ip: () => nx.NX_IP;
} {
  const changes: string[] = [];
  let [wanted, instance] = [0, new nx.NX_IP()];
  const firmware = ipv6Firmware(
    function* (network, socket) {
      instance = network.ip;
      yield* nx.nxd_ipv6_address_change_notify(network.ip, (_ip, status, _interface, index, address) => {
        changes.push(`${status} ${index} ${formatIpv6(address)}`);
      });
      yield* nx.nxd_ipv6_address_set(network.ip, 0, null, 10, null);
      yield* nx.nx_udp_socket_bind(socket, 9, 0);
      for (;;) {
        for (; wanted > 0; wanted--) yield* sendText6(network, socket, 'hello', peerAddress, 9);
        yield* tx_thread_sleep(1);
      }
    },
    { linkLocal: false, settle: false },
  );
  const { world, peer } = peerWorld(firmware, { NX_ENABLE_IPV6_ADDRESS_CHANGE_NOTIFY: true });
  const send = (): void => {
    wanted++;
  };
  return { world, peer, changes, send, ip: () => instance };
}

describe('duplicate address detection', () => {
  it('asks three times, a second apart, and then the address is used', () => {
    const { world, peer, changes } = sender();
    runFor(world, 10);
    const probes = peer.of('neighbor-solicitation').filter(({ nd }) => formatIpv6(nd.target) === formatIpv6(DEVICE));
    assert.deepEqual(
      probes.map(({ time, ip, nd }) => [
        Math.round(time / 1e9),
        formatIpv6(ip.source),
        formatIpv6(ip.destination),
        nd.options.sourceLinkLayer,
      ]),
      [1, 2, 3].map((second) => [second, '::', formatIpv6(solicitedNode(DEVICE)), null]),
    );
    assert.deepEqual(changes, ['1 0 fe80::ff:fe00:1', '7 0 fe80::ff:fe00:1']);
  });

  for (const [kind, conflict] of [
    ['somebody has it', (peer: NdPeer) => peer.send({ ...advertisementOf(DEVICE), solicited: false }, ALL)],
    [
      'somebody else wants it at the same time',
      (peer: NdPeer) => {
        const probe = { kind: 'neighbor-solicitation', target: DEVICE, options: NO_ND_OPTIONS } as const;
        peer.send(probe, solicitedNode(DEVICE), UNSPECIFIED);
      },
    ],
  ] as const) {
    it(`gives the address up where ${kind}`, () => {
      const { world, peer, changes, ip } = sender();
      runFor(world, 1.5);
      conflict(peer);
      runFor(world, 10);
      assert.deepEqual(changes, ['1 0 fe80::ff:fe00:1', '8 0 fe80::ff:fe00:1']);
      assert.equal(addressText(ip(), 0), null);
    });
  }

  it('an address in use is defended', () => {
    const { world, peer, changes } = sender();
    runFor(world, 10);
    const probe = { kind: 'neighbor-solicitation', target: DEVICE, options: NO_ND_OPTIONS } as const;
    peer.send(probe, solicitedNode(DEVICE), UNSPECIFIED);
    runFor(world, 1);
    const [answer] = peer.of('neighbor-advertisement');
    assert.deepEqual([formatIpv6(answer?.ip.destination ?? DEVICE), answer?.nd.solicited], ['ff02::1', false]);
    assert.equal(changes.length, 2);
  });
});

const ALL = Uint32Array.of(0xff020000, 0, 0, 1);

describe('the neighbor cache', () => {
  const stateOf = (ip: nx.NX_IP): NeighborState | 'none' => ip.ipv6?.neighbors.find(PEER)?.state ?? 'none';

  it('lives as RFC 4861 says: reachable, stale, delay, probe, and gone', () => {
    const { world, peer, send, ip } = sender();
    runFor(world, 10);
    peer.seen.length = 0;
    const states: string[] = [];
    const step = (seconds: number): void => {
      runFor(world, seconds);
      states.push(stateOf(ip()));
    };
    send();
    step(0.5);
    step(31);
    send();
    step(0.5);
    // The peer is asked, alone, and answers.
    step(6);
    step(31);
    peer.answers = false;
    send();
    step(0.5);
    step(6);
    step(4);
    assert.deepEqual(states, ['reachable', 'stale', 'delay', 'reachable', 'stale', 'delay', 'probe', 'none']);
    const asked = peer.of('neighbor-solicitation').map(({ ip: header }) => formatIpv6(header.destination));
    const [all, alone] = [formatIpv6(solicitedNode(PEER)), formatIpv6(PEER)];
    assert.deepEqual(asked, [all, alone, alone, alone, alone]);
    assert.equal(peer.seen.filter(({ ip: header }) => header.nextHeader === 17).length, 3);
  });

  it('keeps four packets for a neighbor that does not answer, asks it three times, and gives up', () => {
    const { world, peer, send, ip } = sender();
    peer.answers = false;
    runFor(world, 10);
    peer.seen.length = 0;
    for (let count = 0; count < 6; count++) send();
    world.run({ until: world.clock.now + 2e9 });
    assert.equal(ip().ipv6?.neighbors.find(PEER)?.waiting.length, 4);
    runFor(world, 5);
    assert.equal(stateOf(ip()), 'none');
    assert.equal(peer.of('neighbor-solicitation').length, 3);
    assert.equal(ip().nx_ip_send_packets_dropped, 6);
    assert.equal(ip().nx_ip_default_packet_pool?.nx_packet_pool_available, 40);
  });

  it('a solicitation makes a stale entry, and a second address of the neighbor changes it', () => {
    const { world, peer, ip } = sender();
    runFor(world, 10);
    const ask = (lsw: number): void => {
      const options = { ...NO_ND_OPTIONS, sourceLinkLayer: { ...PEER_HARDWARE, lsw } };
      peer.send({ kind: 'neighbor-solicitation', target: DEVICE, options }, solicitedNode(DEVICE));
    };
    ask(7);
    runFor(world, 1);
    assert.equal(peer.of('neighbor-advertisement').at(-1)?.nd.solicited, true);
    ask(8);
    runFor(world, 1);
    const entry = ip().ipv6?.neighbors.find(PEER);
    assert.deepEqual([entry?.hardware?.lsw, entry?.state], [8, 'delay']);
  });

  it('an advertisement without override does not change a reachable entry, but casts doubt on it', () => {
    const { world, peer, send, ip } = sender();
    runFor(world, 10);
    send();
    runFor(world, 0.5);
    const options = { ...NO_ND_OPTIONS, targetLinkLayer: { ...PEER_HARDWARE, lsw: 9 } };
    const nd = { kind: 'neighbor-advertisement', router: false, target: PEER, options } as const;
    peer.send({ ...nd, solicited: false, override: false }, DEVICE);
    runFor(world, 0.2);
    const entry = ip().ipv6?.neighbors.find(PEER);
    assert.deepEqual([entry?.hardware?.lsw, entry?.state], [7, 'stale']);
    peer.send({ ...nd, solicited: true, override: true }, DEVICE);
    runFor(world, 0.2);
    assert.deepEqual([entry?.hardware?.lsw, entry?.state], [9, 'reachable']);
  });

  it('a flood of solicitations fills it and no more, and spares what is reachable', () => {
    const { world, peer, send, ip } = sender();
    runFor(world, 10);
    send();
    runFor(world, 0.5);
    for (let host = 0; host < 200; host++) {
      const options = { ...NO_ND_OPTIONS, sourceLinkLayer: { msw: 2, lsw: host } };
      const source = Uint32Array.of(0xfe800000, 0, 1, host);
      peer.send({ kind: 'neighbor-solicitation', target: DEVICE, options }, solicitedNode(DEVICE), source);
    }
    runFor(world, 1);
    assert.equal(ip().ipv6?.neighbors.entries.length, 16);
    assert.equal(stateOf(ip()), 'reachable');
    runFor(world, 20);
    assert.equal(ip().nx_ip_default_packet_pool?.nx_packet_pool_available, 40);
  });
});
