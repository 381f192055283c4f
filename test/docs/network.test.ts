import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  burstLoss,
  buildWorld,
  defineFirmware,
  defineScenario,
  DROP,
  onEtherType,
  onUdpPort,
  PASS,
  World,
  type Board,
} from 'txsim';
import { formatIpv4 } from '../../netx/nxd-address.ts';
import { LINK_OPTIONS } from '../../sim/network/link-options.ts';
import { Ipv6Host, ipv6Packet } from '../support/ipv6-host.ts';
import { echoRequest, ipv4Packet, TestHost } from '../support/network-hosts.ts';
import { bare, readDocument } from './document.ts';

const document = readDocument('docs/network.md');
const boards: Board[] = [];
const firmware = defineFirmware((board) => {
  boards.push(board);
  return { tx_application_define: () => undefined };
});

/** The addresses that the devices of a world find on their boards. */
function planned(world: World): Readonly<Record<string, readonly string[]>> {
  boards.length = 0;
  world.run({ until: '1s' });
  return Object.fromEntries(
    boards.map(({ name, interfaces }) => [name, interfaces.map(({ ip_address }) => formatIpv4(ip_address))]),
  );
}

const scenario = defineScenario({
  networks: {
    office: { latency: '1ms', loss: 0.01 },
    hall: { kind: 'switch', bandwidth: '100Mbit/s', subnet: '10.2.0.0/16' },
    attic: { kind: 'switch', bandwidth: '100Mbit/s' },
    uplink: { kind: 'link', latency: '5ms', subnet: '10.9.0.0/30' },
  },
  trunks: [{ between: ['hall', 'attic'], latency: '20us' }],
  routers: {
    r1: {
      interfaces: [{ network: 'office' }, { network: 'uplink', address: '10.9.0.1/30' }],
      routes: [{ to: '10.2.0.0/16', via: '10.9.0.2' }],
    },
    r2: {
      interfaces: [{ network: 'uplink', address: '10.9.0.2/30' }, { network: 'hall' }],
      routes: [{ to: '0.0.0.0/0', via: '10.9.0.1' }],
    },
  },
  devices: {
    client: { firmware, network: 'office', link: { jitter: '3ms' } },
    server: { firmware, interfaces: [{ network: 'attic', address: '10.2.0.77' }, { network: 'hall' }] },
  },
  timeline: [
    { at: '2s', do: (world) => world.network('uplink').set({ loss: 1 }) },
    { at: '3s', do: (world) => world.network('uplink').set({ loss: 0 }) },
  ],
});

describe('the examples of docs/network.md', () => {
  it('are those that are tested here', () => {
    const source = bare(readFileSync('test/docs/network.test.ts', 'utf8'));
    const blocks = document.blocks('ts');
    assert(blocks.length >= 8);
    for (const block of blocks) assert(source.includes(bare(block).replace('exportdefault', 'constscenario=')), block);
  });

  it('a router with IPv6', () => {
    const world = new World();
    const [floor, lab] = [world.lan(), world.lan({ mtu: 1280 })];
    world.router('r2', {
      interfaces: [
        { lan: floor, address6: 'fd00:1::1/64' },
        { lan: lab, address6: 'fd00:2::1/64', advertise: { routerLifetime: '10m', mtu: 1280 } },
      ],
      routes: [{ to: '::/0', via: 'fd00:2::fe' }],
    });
    const [left, right] = [new Ipv6Host(floor, 1, 'fd00:1::10'), new Ipv6Host(lab, 2, 'fd00:2::fe')];
    const packet = ipv6Packet('fd00:1::10', '2001:db8::1', new Uint8Array(8));
    left.send(packet, world.routers.get('r2')?.interfaces[0]?.hardware ?? { msw: 0, lsw: 0 });
    world.run({ until: '1s' });
    assert.deepEqual(right.heard, ['fd00:1::10 > 2001:db8::1 next 17 hops 63']);
    const advertised = right.nd.find(({ kind }) => kind === 'router-advertisement');
    assert(advertised?.kind === 'router-advertisement');
    assert.deepEqual([advertised.routerLifetime, advertised.options.mtu], [600, 1280]);
  });

  it('a LAN', () => {
    const world = new World({ seed: 42 });
    const lan = world.lan({ latency: '1ms', jitter: '200us', loss: 0.05, bandwidth: '10Mbit/s' });
    world.device('server', { firmware, lan, address: '192.168.1.150' });
    world.device('client', { firmware, lan });
    assert.deepEqual(planned(world), { server: ['192.168.1.150'], client: ['192.168.1.10'] });
  });

  it('a link of a device', () => {
    const world = new World();
    const lan = world.lan();
    world.device('gateway', { firmware, lan });
    world.device('sensor', {
      firmware,
      lan,
      link: { latency: '40ms', mtu: 1280, up: { bandwidth: '250kbit/s', queue: 4 }, down: { bandwidth: '1Mbit/s' } },
    });
    assert.deepEqual(planned(world), { gateway: ['192.168.1.10'], sensor: ['192.168.1.11'] });
    assert.equal(world.devices.get('sensor')?.nic.mtu, 1280);
  });

  it('switches and a trunk', () => {
    const world = new World();
    const hall = world.switch({ name: 'hall', bandwidth: '100Mbit/s', latency: '5us', queue: 64 });
    const attic = world.switch({ name: 'attic', bandwidth: '100Mbit/s', latency: '5us' });
    const trunk = world.trunk(hall, attic, { latency: '50us', bandwidth: '1Gbit/s' });
    assert.equal(trunk.isUp, true);
    world.device('below', { firmware, lan: hall });
    world.device('above', { firmware, lan: attic });
    assert.deepEqual(planned(world), { below: ['192.168.1.10'], above: ['192.168.1.11'] });
  });

  it('several interfaces', () => {
    const world = new World();
    const [inside, outside] = [world.lan(), world.lan({ subnet: '10.0.0.0/24' })];
    world.device('gateway', {
      firmware,
      interfaces: [
        { lan: inside, name: 'inside' },
        { lan: outside, name: 'outside', address: '10.0.0.2', mtu: 1280, link: { loss: 0.01 } },
      ],
    });
    assert.deepEqual(planned(world), { gateway: ['192.168.1.10', '10.0.0.2'] });
  });

  it('a router', () => {
    const world = new World();
    const [office, plant] = [world.lan(), world.lan({ mtu: 1280 })];
    const router = world.router('r1', {
      interfaces: [
        { lan: office, address: '10.0.1.1/24' },
        { lan: plant, address: '10.0.2.1/24' },
      ],
      routes: [{ to: '0.0.0.0/0', via: '10.0.2.254' }],
    });
    world.device('client', { firmware, lan: office });
    world.device('server', { firmware, lan: plant, address: '10.0.2.77' });
    assert.deepEqual(planned(world), { client: ['10.0.1.10'], server: ['10.0.2.77'] });
    const [one, other] = [new TestHost(office, 1, '10.0.1.5'), new TestHost(plant, 2, '10.0.2.254')];
    one.send(ipv4Packet('10.0.1.5', '8.8.8.8', echoRequest(8), { protocol: 1 }), router.interfaces[0]?.hardware);
    world.run({ until: '2s' });
    assert.deepEqual(other.heard, ['10.0.1.5 > 8.8.8.8 icmp 8/0 4']);
  });

  it('loss in bursts', () => {
    const world = new World();
    const radio = world.lan({ loss: { goodToBad: 0.01, badToGood: 0.2, lossInBad: 0.9, lossInGood: 0.001 } });
    const wifi = world.lan({ loss: burstLoss(0.05, 8) });
    assert.deepEqual([radio.name, wifi.name], ['lan', 'lan2']);
    const { goodToBad, badToGood } = burstLoss(0.05, 8);
    assert.equal(badToGood, 1 / 8);
    assert(Math.abs(goodToBad / (goodToBad + badToGood) - 0.05) < 1e-12);
  });

  it('rules', () => {
    const world = new World();
    let hellos = 0;
    const lan = world.lan({
      rules: [
        onUdpPort(4443, ({ to }) => (to === 'server' && ++hellos === 1 ? DROP : PASS)),
        onEtherType(0x0806, () => ({ action: 'delay', by: 5e6 })),
        ({ from, to, time }) => (from === 'client' && to === 'server' && time < 2e9 ? { action: 'corrupt' } : PASS),
      ],
    });
    const happened: string[] = [];
    world.trace.listen(({ event }) => {
      if (event.type === 'frame-dropped') happened.push(event.reason);
      if (event.type === 'frame-fault') happened.push(event.fault);
    });
    const client = lan.attach({ name: 'client', deliver: () => undefined });
    lan.attach({ name: 'server', deliver: () => undefined });
    const packet = ipv4Packet('10.0.0.1', '10.0.0.2', Uint8Array.of(0, 9, 0x11, 0x5b, 0, 8, 0, 0));
    const hello = new Uint8Array(60).fill(2, 0, 6);
    hello.set([8, 0], 12);
    hello.set(packet, 14);
    client.transmit(hello);
    client.transmit(hello);
    client.transmit(new Uint8Array(60).fill(2, 0, 6).fill(8, 12, 13).fill(6, 13, 14));
    assert.deepEqual(happened, ['rule', 'corrupted', 'delayed']);
  });

  it('changes while the world runs', () => {
    const world = new World();
    const lan = world.lan();
    for (const name of ['client', 'sensor', 'server']) world.device(name, { firmware, lan });
    world.run({ until: '10s' });
    lan.set({ loss: 0.5, latency: '200ms' });
    lan.link('server').set({ down: { bandwidth: '64kbit/s' } });
    const cut = lan.partition(['client', 'sensor'], 'server');
    world.run({ until: '20s' });
    cut.heal();
    lan.partition('server', 'client', true);
    world.run({ until: '30s' });
    lan.heal();
    lan.link('server').down();
    world.at('35s', () => lan.link('server').up());
    world.run({ until: '40s' });
    assert.equal(lan.link('server').isUp, true);
    assert.equal(cut.isActive, false);
  });

  it('a scenario', () => {
    assert.deepEqual(planned(buildWorld(scenario)), {
      client: ['192.168.1.10'],
      server: ['10.2.0.77', '10.2.0.10'],
    });
  });
});

describe('the tables of docs/network.md', () => {
  it('name every option of a link', () => {
    assert.deepEqual(
      document
        .table('## Faults')
        .map(([option]) => option)
        .toSorted(),
      LINK_OPTIONS.toSorted(),
    );
  });
});
