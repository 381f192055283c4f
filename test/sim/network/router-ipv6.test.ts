import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  buildWorld,
  SimulationError,
  World,
  type LanOptions,
  type RouteOptions,
  type Router,
  type RouterAdvertiserOptions,
  type RouterInterfaceOptions,
  type Scenario,
} from 'txsim';
import { out, tx_thread_sleep, type Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { solicitedNode, UNSPECIFIED, ALL_ROUTERS } from '../../../netx/ipv6/address.ts';
import { formatIpv6 } from '../../../netx/nxd-address.ts';
import { NO_ND_OPTIONS } from '../../../netx/wire/nd-options.ts';
import type { Lan } from '../../../sim/network/lan.ts';
import type { TestNetwork } from '../../support/dtls-firmware.ts';
import { addressText, echoServer6, ipv6, ipv6Firmware, receiveText6, words6 } from '../../support/ipv6-firmware.ts';
import { Ipv6Host, ipv6Packet } from '../../support/ipv6-host.ts';

interface Stage {
  readonly world: World;
  readonly router: Router;
  readonly left: Ipv6Host;
  readonly right: Ipv6Host;
  readonly drops: string[];
  /** Sends a packet of the left host to the router, and lets ten seconds pass. */
  readonly send: (packet: Uint8Array) => void;
}

/** Two hosts, fd00:1::10 and fd00:2::10, with a router between them that advertises nothing. */
function stage(right: LanOptions = {}, routes: readonly RouteOptions[] = []): Stage {
  const world = new World();
  const [one, two] = [world.lan(), world.lan(right)];
  const router = world.router('r1', {
    interfaces: [
      { lan: one, address6: 'fd00:1::1/64', advertise: false },
      { lan: two, address6: 'fd00:2::1/64', advertise: false },
    ],
    routes,
  });
  const drops: string[] = [];
  world.trace.listen(({ event }) => {
    if (event.type === 'router-dropped') drops.push(event.reason);
  });
  const hosts = { left: new Ipv6Host(one, 1, 'fd00:1::10'), right: new Ipv6Host(two, 2, 'fd00:2::10') };
  const send = (packet: Uint8Array): void => {
    hosts.left.send(packet, router.interfaces[0]?.hardware ?? { msw: 0, lsw: 0 });
    world.run({ until: world.clock.now + 10e9 });
  };
  return { world, router, drops, send, ...hosts };
}

const data = (length: number): Uint8Array => new Uint8Array(length).map((_, at) => (at * 7) & 255);
const echo = (length: number): Uint8Array => Uint8Array.of(128, 0, 0, 0, 0, 3, 0, 4, ...data(length));
const [LEFT, RIGHT] = ['fd00:1::10', 'fd00:2::10'];
const LEFT_LOCAL = 'fe80::aa:ff:fe00:1';
const ROUTER_LOCAL = 'fe80::1:ff:fe00:1';

describe('a router with IPv6', () => {
  it('forwards, with one hop less, and nothing else changed', () => {
    const { right, left, drops, send } = stage();
    const packet = ipv6Packet(LEFT, RIGHT, data(40), { hopLimit: 9, trafficClass: 0x28, flowLabel: 0x12345 });
    send(packet);
    assert.deepEqual(right.heard, ['fd00:1::10 > fd00:2::10 next 17 hops 8']);
    packet[7] = 8;
    assert.deepEqual(right.packets[0], packet);
    assert.deepEqual([left.heard, drops], [[], []]);
  });

  it('asks for a neighbor once, and forwards what waited in order', () => {
    const { world, router, left, right } = stage();
    const hardware = router.interfaces[0]?.hardware ?? { msw: 0, lsw: 0 };
    for (let nth = 0; nth < 6; nth++) left.send(ipv6Packet(LEFT, RIGHT, Uint8Array.of(nth)), hardware);
    world.run({ until: '10s' });
    assert.deepEqual(
      right.packets.map((packet) => packet[40]),
      [0, 1, 2, 3, 4, 5],
    );
    assert.equal(right.nd.filter(({ kind }) => kind === 'neighbor-solicitation').length, 1);
  });

  for (const [address, from] of [
    ['fd00:1::1', LEFT],
    ['fd00:2::1', LEFT],
    [ROUTER_LOCAL, LEFT_LOCAL],
  ] as const) {
    it(`answers echo requests to ${address}`, () => {
      const { left, send } = stage();
      send(ipv6Packet(from, address, echo(30), { nextHeader: 58 }));
      assert.deepEqual(left.heard, [`${address} > ${from} icmp 129/0 196612`]);
      assert.deepEqual(left.packets[0]?.subarray(48), data(30));
    });
  }

  it('answers solicitations for its addresses, and probes with an advertisement to all', () => {
    const { world, left } = stage();
    for (const [text, source] of [
      ['fd00:1::1', left.linkLocal],
      [ROUTER_LOCAL, UNSPECIFIED],
      ['fd00:2::1', left.linkLocal],
    ] as const) {
      const target = words6(text);
      left.tell({ kind: 'neighbor-solicitation', target, options: NO_ND_OPTIONS }, solicitedNode(target), source);
    }
    world.run({ until: '1s' });
    assert.deepEqual(
      left.nd.map((nd) =>
        nd.kind === 'neighbor-advertisement' ? [formatIpv6(nd.target), nd.router, nd.solicited] : nd,
      ),
      [
        ['fd00:1::1', true, true],
        [ROUTER_LOCAL, true, false],
      ],
    );
  });

  for (const { what, packet, answer, reason } of [
    {
      what: 'a hop limit that is over',
      packet: ipv6Packet(LEFT, RIGHT, data(8), { hopLimit: 1 }),
      answer: '3/0 0',
      reason: 'ttl',
    },
    {
      what: 'a prefix that nobody knows the way to',
      packet: ipv6Packet(LEFT, 'fd00:9::1', data(8)),
      answer: '1/0 0',
      reason: 'no-route',
    },
    {
      what: 'a host that does not answer',
      packet: ipv6Packet(LEFT, 'fd00:2::77', data(8)),
      answer: '1/3 0',
      reason: 'no-neighbour',
    },
    {
      what: 'a packet that is too long',
      packet: ipv6Packet(LEFT, RIGHT, data(1300)),
      answer: '2/0 1280',
      reason: 'too-big',
    },
    {
      what: 'a port of the router',
      packet: ipv6Packet(LEFT, 'fd00:1::1', data(8)),
      answer: '1/4 0',
      reason: 'not-for-routers',
    },
    {
      what: 'a protocol that the router does not speak',
      packet: ipv6Packet(LEFT, 'fd00:1::1', data(8), { nextHeader: 6 }),
      answer: '4/1 6',
      reason: 'not-for-routers',
    },
  ]) {
    it(`tells the sender of ${what}`, () => {
      const { left, right, drops, send } = stage({ mtu: 1280 });
      send(packet);
      assert.deepEqual(left.heard, [`fd00:1::1 > fd00:1::10 icmp ${answer}`]);
      const quoted = left.packets[0]?.slice(48) ?? new Uint8Array();
      // What is quoted is the packet, as far as 1280 bytes reach; its hop limit may have been counted down.
      assert.equal(quoted.length, Math.min(packet.length, 1232));
      assert.deepEqual(quoted.subarray(8), packet.subarray(8, 1232));
      assert.deepEqual([right.heard, drops], [[], [reason]]);
    });
  }

  it('tells a sender whose address reaches no further than the link', () => {
    const { left, right, drops, send } = stage();
    send(ipv6Packet(LEFT_LOCAL, RIGHT, data(8)));
    assert.deepEqual(left.heard, [`${ROUTER_LOCAL} > ${LEFT_LOCAL} icmp 1/2 0`]);
    assert.deepEqual([right.heard, drops], [[], ['martian']]);
  });

  for (const [what, packet, reason] of [
    ['errors', ipv6Packet(LEFT, 'fd00:9::1', Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), { nextHeader: 58 }), 'no-route'],
    [
      'errors behind other headers',
      ipv6Packet(LEFT, 'fd00:9::1', Uint8Array.of(58, 0, 1, 4, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0), { nextHeader: 60 }),
      'no-route',
    ],
    ['senders that are nobody', ipv6Packet('::', RIGHT, data(8), { hopLimit: 1 }), 'martian'],
    ['senders that are many', ipv6Packet('ff02::1', RIGHT, data(8)), 'martian'],
    ['the loopback address', ipv6Packet(LEFT, '::1', data(8)), 'martian'],
    ['link-local addresses of others', ipv6Packet(LEFT, 'fe80::77', data(8)), 'martian'],
    ['groups beyond the link', ipv6Packet(LEFT, 'ff05::1:3', data(8)), 'broadcast'],
    ['damaged messages', ipv6Packet(LEFT, 'fd00:1::1', echo(8), { nextHeader: 58 }).fill(1, 42, 44), 'malformed'],
    ['another version', ipv6Packet(LEFT, RIGHT, data(8)).fill(0x45, 0, 1), 'malformed'],
    ['less than was announced', ipv6Packet(LEFT, RIGHT, data(8)).subarray(0, 44), 'malformed'],
    [
      'headers that do not end',
      ipv6Packet(LEFT, 'fd00:1::1', Uint8Array.of(0, 200, 0, 0, 0, 0, 0, 0), { nextHeader: 60 }),
      'not-for-routers',
    ],
    ['nothing', new Uint8Array(0), 'malformed'],
  ] as const) {
    it(`keeps silent about ${what}`, () => {
      const { left, right, drops, send } = stage();
      send(packet);
      assert.deepEqual([left.heard, right.heard, drops], [[], [], [reason]]);
    });
  }

  it('learns nothing from neighbor discovery that came through another router', () => {
    const { left, drops, send } = stage();
    const target = ipv6Packet('::', 'fd00:1::1', data(0)).subarray(24, 40);
    const solicitation = Uint8Array.of(135, 0, 0, 0, 0, 0, 0, 0, ...target);
    send(ipv6Packet(LEFT, 'fd00:1::1', solicitation, { nextHeader: 58, hopLimit: 254 }));
    assert.deepEqual([left.nd, drops], [[], ['not-for-routers']]);
    send(ipv6Packet(LEFT, 'fd00:1::1', solicitation, { nextHeader: 58, hopLimit: 255 }));
    assert.deepEqual([left.nd.map(({ kind }) => kind), drops.length], [['neighbor-advertisement'], 1]);
  });

  it('goes the way of the longest prefix, and of none over a link that is down', () => {
    const routes = [
      { to: '::/0', via: 'fd00:2::10' },
      { to: 'fd00:9::/32', via: 'fd00:1::10' },
    ];
    const { router, left, right, drops, send } = stage({}, routes);
    send(ipv6Packet(LEFT, '2001:db8::1', data(8)));
    assert.deepEqual(right.heard, ['fd00:1::10 > 2001:db8::1 next 17 hops 63']);
    send(ipv6Packet(LEFT, 'fd00:9::1', data(8)));
    assert.deepEqual(left.heard, ['fd00:1::10 > fd00:9::1 next 17 hops 63']);
    router.interfaces[1]?.link?.down();
    send(ipv6Packet(LEFT, '2001:db8::1', data(8)));
    assert.deepEqual(drops, ['no-route']);
    router.interfaces[1]?.link?.up();
    send(ipv6Packet(LEFT, '2001:db8::1', data(8)));
    assert.equal(right.heard.length, 2);
  });

  it('keeps eight packets for a neighbor, and no more', () => {
    const { world, router, left, drops } = stage();
    const hardware = router.interfaces[0]?.hardware ?? { msw: 0, lsw: 0 };
    for (let nth = 0; nth < 10; nth++) left.send(ipv6Packet(LEFT, 'fd00:2::77', data(8)), hardware);
    world.run({ until: '10s' });
    const counted = (reason: string): number => drops.filter((one) => one === reason).length;
    assert.deepEqual([counted('neighbour-queue'), counted('no-neighbour')], [2, 8]);
  });

  it('speaks no IPv6 on an interface without an address of it', () => {
    const world = new World();
    const [one, two] = [world.lan(), world.lan()];
    const router = world.router('r1', { interfaces: [{ lan: one }, { lan: two, address6: 'fd00:2::1/64' }] });
    const left = new Ipv6Host(one, 1, LEFT);
    left.send(ipv6Packet(LEFT, RIGHT, data(8)), router.interfaces[0]?.hardware ?? { msw: 0, lsw: 0 });
    world.run({ until: '10s' });
    assert.deepEqual([left.heard, left.nd], [[], []]);
  });
});

describe('what a router advertises', () => {
  const advertised = (options: Omit<RouterInterfaceOptions<Lan>, 'lan'>): Ipv6Host => {
    const world = new World();
    const lan = world.lan();
    world.router('r1', { interfaces: [{ lan, ...options }] });
    const host = new Ipv6Host(lan, 1, LEFT);
    world.run({ until: '1s' });
    host.tell({ kind: 'router-solicitation', options: NO_ND_OPTIONS }, ALL_ROUTERS);
    world.run({ until: '2s' });
    return host;
  };

  it('is itself and its prefix, to all at first and to who asks', () => {
    const [first, second, ...more] = advertised({ address6: 'fd00:1::1/64' }).nd.filter(
      ({ kind }) => kind === 'router-advertisement',
    );
    assert(first?.kind === 'router-advertisement');
    assert.deepEqual([first, more], [second, []]);
    const [prefix] = first.options.prefixes;
    assert.deepEqual(
      [first.routerLifetime, first.hopLimit, first.options.mtu, first.options.sourceLinkLayer],
      [1800, 64, null, { msw: 0x0201, lsw: 1 }],
    );
    assert.deepEqual(
      [
        formatIpv6(prefix?.prefix ?? new Uint32Array(4)),
        prefix?.prefixLength,
        prefix?.validLifetime,
        prefix?.preferredLifetime,
      ],
      ['fd00:1::', 64, 2_592_000, 604_800],
    );
  });

  it('is what its options say', () => {
    const advertise = { validLifetime: '90s', preferredLifetime: '60s', routerLifetime: 0, mtu: 1400, hopLimit: 9 };
    const [nd] = advertised({ address6: 'fd00:1::1/64', advertise }).nd;
    assert(nd?.kind === 'router-advertisement');
    const [prefix] = nd.options.prefixes;
    assert.deepEqual(
      [nd.routerLifetime, nd.hopLimit, nd.options.mtu, prefix?.validLifetime, prefix?.preferredLifetime],
      [0, 9, 1400, 90, 60],
    );
  });

  it('is nothing where it is told so', () => {
    const kinds = advertised({ address6: 'fd00:1::1/64', advertise: false }).nd.map(({ kind }) => kind);
    assert.equal(kinds.includes('router-advertisement'), false);
  });
});

describe('bad input', () => {
  for (const [what, options] of [
    ["'fd00:1::1' is no IPv6 prefix", { address6: 'fd00:1::1' }],
    ["'fd00:1::1/129' is no IPv6 prefix", { address6: 'fd00:1::1/129' }],
    ["'10.0.0.1/24' is no IPv6 prefix", { address6: '10.0.0.1/24' }],
    ["'fe80::1/64' is no address that an interface can have", { address6: 'fe80::1/64' }],
    ["'ff02::1/64' is no address that an interface can have", { address6: 'ff02::1/64' }],
    ["router 'r1' has nothing to advertise on network 'lan'", { advertise: { mtu: 1400 } }],
    ["router 'r1' cannot speak IPv6 on network 'lan', which carries 1200 bytes", { address6: 'fd00::1/64', mtu: 1200 }],
    ["'soon' is no duration", { address6: 'fd00::1/64', advertise: { interval: 'soon' } }],
    ['a router advertiser: a hop limit of 256', { address6: 'fd00::1/64', advertise: { hopLimit: 256 } }],
    ['a router advertiser: an MTU of 1000', { address6: 'fd00::1/64', advertise: { mtu: 1000 } }],
    ['a router advertiser: an interval of 0', { address6: 'fd00::1/64', advertise: { interval: 0 } }],
  ] as const) {
    it(`for a router: ${what}`, () => {
      const world = new World();
      const lan = world.lan();
      assert.throws(() => world.router('r1', { interfaces: [{ lan, ...options }] }), refusal(what));
    });
  }

  for (const [what, route] of [
    ["router 'r1': fd00:5::1 is on none of its networks", { to: '::/0', via: 'fd00:5::1' }],
    ["'fd00:1::x' is no IPv6 address", { to: '::/0', via: 'fd00:1::x' }],
    ["'10.0.0.0/8' is no IPv6 prefix", { to: '10.0.0.0/8', via: 'fd00:1::2' }],
  ] as const) {
    it(`for a route: ${what}`, () => {
      const world = new World();
      const interfaces = [{ lan: world.lan(), address6: 'fd00:1::1/64' }];
      assert.throws(() => world.router('r1', { interfaces, routes: [route] }), refusal(what));
    });
  }

  for (const [what, options] of [
    ['a router advertiser has no prefix', {}],
    ["'fd00::' is no IPv6 prefix", { prefix: 'fd00::' }],
    ['a router advertiser: an MTU of 100', { prefix: 'fd00::/64', mtu: 100 }],
  ] as const satisfies readonly (readonly [string, RouterAdvertiserOptions])[]) {
    it(`for an advertiser: ${what}`, () => {
      const world = new World();
      const lan = world.lan();
      assert.throws(() => world.routerAdvertiser(lan, options), refusal(what));
    });
  }

  it('for an advertiser: a network of another world', () => {
    const lan = new World().lan();
    assert.throws(() => new World().routerAdvertiser(lan, { prefix: 'fd00::/64' }), SimulationError);
  });

  it('for a scenario: a network that is not there', () => {
    const scenario: Scenario = { advertisers: { attic: { prefix: 'fd00::/64' } }, devices: {} };
    assert.throws(() => buildWorld(scenario), refusal("a router advertiser: there is no network 'attic'"));
  });

  function refusal(what: string): (error: unknown) => boolean {
    return (error) => {
      assert(error instanceof SimulationError);
      assert.equal(error.what, what);
      return true;
    };
  }
});

/** Sends datagrams of some lengths to the echo server in `to`, two seconds apart, and prints what comes back. */
const asker = (lengths: readonly number[]) =>
  ipv6Firmware(
    function* (network, socket) {
      const { board, ip } = network;
      board.print(`I am ${addressText(ip, 1) ?? 'nobody'}`);
      yield* nx.nx_udp_socket_bind(socket, 7000, nx.NX_NO_WAIT);
      const to = ipv6(board.params['to'] ?? '');
      for (const length of lengths) {
        const status = yield* sendBytes(network, socket, length, to);
        const { text, from } = yield* receiveText6(socket, 300);
        const { length: back } = text;
        board.print(
          `${length}: ${status}, ${text.startsWith('status') ? text : `${back} of ${formatIpv6(from.nxd_ip_address.v6)}`}`,
        );
      }
    },
    { fragments: true },
  );

function* sendBytes(
  { pool }: TestNetwork,
  socket: nx.NX_UDP_SOCKET,
  length: number,
  to: nx.NXD_ADDRESS,
): Generator<Suspension, number> {
  const cell = out<nx.NX_PACKET>();
  yield* nx.nx_packet_allocate(pool, cell, nx.NX_IPv6_UDP_PACKET, nx.NX_WAIT_FOREVER);
  yield* nx.nx_packet_data_append(cell.value, new Uint8Array(length).fill(97), length, pool, nx.NX_WAIT_FOREVER);
  const status = yield* nx.nxd_udp_socket_send(socket, cell.value, to, 7);
  if (status !== nx.NX_SUCCESS) yield* nx.nx_packet_release(cell.value);
  yield* tx_thread_sleep(200);
  return status;
}

/** Client and server behind a router, which form their addresses from what it advertises. */
const scenario = (lengths: readonly number[]): Scenario => ({
  networks: { office: {}, plant: { mtu: 1280 } },
  routers: {
    r1: {
      interfaces: [
        { network: 'office', address6: 'fd00:1::1/64' },
        { network: 'plant', address6: 'fd00:2::1/64', advertise: { interval: '30s' } },
      ],
    },
  },
  devices: {
    client: {
      firmware: asker(lengths),
      network: 'office',
      params: { to: 'fd00:2::ff:fe00:2' },
      config: { NX_ENABLE_IPV6_PATH_MTU_DISCOVERY: true },
    },
    server: { firmware: echoServer6({ fragments: true }), network: 'plant' },
  },
});

const printed = (world: World, device: string): string => world.devices.get(device)?.output.toString() ?? '';

describe('firmware on both sides of a router', () => {
  it('forms addresses, and echoes across it', () => {
    const world = buildWorld(scenario([5, 600]));
    world.run({ until: '30s' });
    assert.deepEqual(world.leaks(), []);
    assert.equal(
      printed(world, 'client'),
      'I am fd00:1::ff:fe00:1\n5: 0, 5 of fd00:2::ff:fe00:2\n600: 0, 600 of fd00:2::ff:fe00:2',
    );
  });

  it('learns the MTU of the path from the first packet that is too big', () => {
    const world = buildWorld(scenario([1400, 1400]));
    const drops: string[] = [];
    world.trace.listen(({ event }) => {
      if (event.type === 'router-dropped') drops.push(event.reason);
    });
    world.run({ until: '30s' });
    assert.deepEqual(world.leaks(), []);
    assert.deepEqual(drops, ['too-big']);
    assert.match(printed(world, 'client'), /1400: 0, status 1\n1400: 0, 1400 of fd00:2::ff:fe00:2$/);
  });

  it('loses the way when the router goes silent for longer than it said', () => {
    const { routers: _, ...rest } = scenario(new Array<number>(8).fill(5));
    const world = buildWorld({
      ...rest,
      routers: {
        r1: {
          interfaces: [
            { network: 'office', address6: 'fd00:1::1/64', advertise: { routerLifetime: '10s', interval: '5s' } },
            { network: 'plant', address6: 'fd00:2::1/64' },
          ],
        },
      },
      timeline: [{ at: '6.5s', do: ({ routers }) => routers.get('r1')?.interfaces[0]?.link?.down() }],
    });
    world.run({ until: '60s' });
    assert.deepEqual(world.leaks(), []);
    const lines = printed(world, 'client').trim().split('\n');
    assert.equal(lines[1], '5: 0, 5 of fd00:2::ff:fe00:2');
    assert.match(lines.at(-1) ?? '', /^5: \d+, status 1$/);
  });

  it('gives the same run again, byte for byte', () => {
    const run = (): string => {
      const world = buildWorld(scenario([5, 1400]), { seed: 9 });
      const frames: string[] = [];
      world.trace.listen(({ time, event }) => {
        if (event.type === 'frame-sent') frames.push(`${time} ${Buffer.from(event.bytes).toString('hex')}`);
      });
      world.run({ until: '40s' });
      return frames.join('\n');
    };
    assert.equal(run(), run());
  });
});

describe('an advertiser of a world', () => {
  it('has hosts form addresses, in a scenario too', () => {
    const world = buildWorld({
      advertisers: { lan: { prefix: 'fd00::/64' } },
      devices: {
        client: { firmware: asker([5]), params: { to: 'fd00::ff:fe00:2' } },
        server: { firmware: echoServer6() },
      },
    });
    world.run({ until: '20s' });
    assert.equal(printed(world, 'client'), 'I am fd00::ff:fe00:1\n5: 0, 5 of fd00::ff:fe00:2');
  });

  it('is there when a run is repeated for the place of a leak, and so is a router', () => {
    const leaking = ipv6Firmware(function* ({ ip, pool, board }) {
      const cell = out<nx.NX_PACKET>();
      board.print(addressText(ip, 1) ?? 'nobody');
      if (addressText(ip, 1) === board.params['expected']) {
        yield* nx.nx_packet_allocate(pool, cell, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
      }
    });
    const world = new World();
    const [one, two] = [world.lan(), world.lan()];
    world.routerAdvertiser(one, { prefixes: ['fd00:1::/64'] });
    world.router('r', { interfaces: [{ lan: two, address6: 'fd00:2::1/64' }] });
    world.device('one', { firmware: leaking, lan: one, params: { expected: 'fd00:1::ff:fe00:1' } });
    world.device('two', { firmware: leaking, lan: two, params: { expected: 'fd00:2::ff:fe00:2' } });
    world.run({ until: '20s' });
    const leaks = world.leaks();
    assert.equal(leaks.length, 2);
    for (const { site } of leaks) assert.match(site ?? '', /router-ipv6\.test/);
  });

  it('has a hardware address of its own where there are several', () => {
    const world = new World();
    const lan = world.lan();
    const all = ['fd00:1::/64', 'fd00:2::/64'].map((prefix) => world.routerAdvertiser(lan, { prefix }));
    assert.equal(new Set(all.map(({ address }) => formatIpv6(address))).size, 2);
  });
});
