import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { World, type LanOptions, type RouteOptions, type Router } from 'txsim';
import { parseIpv4Header } from '../../../netx/wire/ipv4.ts';
import { fragmentIpv4 } from '../../../sim/network/router/ipv4-fragments.ts';
import { echoRequest, ipv4Packet, tell, TestHost } from '../../support/network-hosts.ts';

interface Stage {
  readonly world: World;
  readonly router: Router;
  readonly left: TestHost;
  readonly right: TestHost;
  /** Why the router dropped what it dropped. */
  readonly drops: string[];
  /** Sends a packet of the left host to the router, and lets everything happen. */
  readonly send: (packet: Uint8Array) => void;
}

/** Two hosts, 10.0.1.10 and 10.0.2.10, with a router between them. */
function stage(right: LanOptions = {}, routes: readonly RouteOptions[] = []): Stage {
  const world = new World();
  const [one, two] = [world.lan(), world.lan(right)];
  const router = world.router('r1', {
    interfaces: [
      { lan: one, address: '10.0.1.1/24' },
      { lan: two, address: '10.0.2.1/24' },
    ],
    routes,
  });
  const drops: string[] = [];
  world.trace.listen(({ event }) => {
    if (event.type === 'router-dropped') drops.push(event.reason);
  });
  const hosts = { left: new TestHost(one, 1, '10.0.1.10'), right: new TestHost(two, 2, '10.0.2.10') };
  const hardware = router.interfaces[0]?.hardware;
  const send = (packet: Uint8Array): void => {
    hosts.left.ask('10.0.1.1');
    hosts.left.send(packet, hardware);
    while (world.clock.runNext());
  };
  return { world, router, drops, send, ...hosts };
}

const data = (length: number): Uint8Array => new Uint8Array(length).map((_, at) => (at * 7) & 255);

describe('a router', () => {
  it('forwards, with one less to live and a checksum that is right', () => {
    const { right, left, drops, send } = stage();
    send(ipv4Packet('10.0.1.10', '10.0.2.10', data(40), { ttl: 9, tos: 0x28 }));
    assert.deepEqual(right.heard, ['10.0.1.10 > 10.0.2.10 protocol 17 ttl 8']);
    assert.deepEqual(right.packets[0]?.subarray(20), data(40));
    assert.equal(right.packets[0][1], 0x28);
    assert.deepEqual([left.heard, drops], [[], []]);
  });

  it('keeps every checksum right while it counts down', () => {
    const { right, send } = stage();
    const every = Array.from({ length: 300 }, (_, number) => number * 217);
    for (const identification of every) send(ipv4Packet('10.0.1.10', '10.0.2.10', data(8), { identification }));
    assert.deepEqual(new Set(right.heard), new Set(['10.0.1.10 > 10.0.2.10 protocol 17 ttl 63']));
    assert.equal(right.packets.length, 300);
  });

  it('answers echo requests to any of its addresses', () => {
    const { left, send } = stage();
    send(ipv4Packet('10.0.1.10', '10.0.1.1', echoRequest(30), { protocol: 1 }));
    send(ipv4Packet('10.0.1.10', '10.0.2.1', echoRequest(30), { protocol: 1 }));
    assert.deepEqual(left.heard, ['10.0.1.1 > 10.0.1.10 icmp 0/0 4', '10.0.2.1 > 10.0.1.10 icmp 0/0 4']);
    assert.deepEqual(left.packets[0]?.subarray(28), echoRequest(30).subarray(8));
  });

  for (const { what, packet, answer, reason } of [
    {
      what: 'a time to live that is over',
      packet: ipv4Packet('10.0.1.10', '10.0.2.10', data(8), { ttl: 1 }),
      answer: 'icmp 11/0 0',
      reason: 'ttl',
    },
    {
      what: 'a network that nobody knows the way to',
      packet: ipv4Packet('10.0.1.10', '10.9.9.9', data(8)),
      answer: 'icmp 3/0 0',
      reason: 'no-route',
    },
    {
      what: 'a host that does not answer',
      packet: ipv4Packet('10.0.1.10', '10.0.2.77', data(8)),
      answer: 'icmp 3/1 0',
      reason: 'no-neighbour',
    },
    {
      what: 'a packet that is too long and must not be cut',
      packet: ipv4Packet('10.0.1.10', '10.0.2.10', data(700), { dontFragment: true }),
      answer: 'icmp 3/4 600',
      reason: 'too-big',
    },
    {
      what: 'a port of the router that nobody has',
      packet: ipv4Packet('10.0.1.10', '10.0.1.1', data(8)),
      answer: 'icmp 3/3 0',
      reason: 'not-for-routers',
    },
    {
      what: 'a protocol that the router does not speak',
      packet: ipv4Packet('10.0.1.10', '10.0.1.1', data(8), { protocol: 6 }),
      answer: 'icmp 3/2 0',
      reason: 'not-for-routers',
    },
  ]) {
    it(`tells the sender of ${what}`, () => {
      const { left, right, drops, send } = stage({ mtu: 600 });
      send(packet);
      assert.deepEqual(left.heard, [`10.0.1.1 > 10.0.1.10 ${answer}`]);
      const quoted = left.packets[0]?.slice(28) ?? new Uint8Array();
      // What is quoted is the packet, as far as 576 bytes reach; its time to live may have been counted down.
      assert.equal(quoted.length, Math.min(packet.length, 548));
      assert.deepEqual(quoted.subarray(12), packet.subarray(12, 548));
      assert.deepEqual([right.heard, drops], [[], [reason]]);
    });
  }

  for (const [what, packet, reason] of [
    ['errors', ipv4Packet('10.0.1.10', '10.9.9.9', Uint8Array.of(3, 1, 0, 0, 0, 0, 0, 0), { protocol: 1 }), 'no-route'],
    ['fragments after the first', ipv4Packet('10.0.1.10', '10.9.9.9', data(8), { fragmentOffset: 64 }), 'no-route'],
    ['senders that are nobody', ipv4Packet('0.0.0.0', '10.0.2.10', data(8), { ttl: 1 }), 'martian'],
    ['senders that are many', ipv4Packet('224.0.0.9', '10.0.2.10', data(8)), 'martian'],
    ['loopback addresses', ipv4Packet('10.0.1.10', '127.0.0.1', data(8)), 'martian'],
    ['packets for everybody', ipv4Packet('10.0.1.10', '255.255.255.255', data(8)), 'broadcast'],
    ['broadcasts of another network', ipv4Packet('10.0.1.10', '10.0.2.255', data(8)), 'broadcast'],
    ['multicasts', ipv4Packet('10.0.1.10', '239.1.2.3', data(8)), 'broadcast'],
    ['damaged headers', ipv4Packet('10.0.1.10', '10.0.2.10', data(8)).fill(1, 10, 12), 'malformed'],
    ['nothing', new Uint8Array(0), 'malformed'],
  ] as const) {
    it(`keeps silent about ${what}`, () => {
      const { left, right, drops, send } = stage();
      send(packet);
      assert.deepEqual([left.heard, right.heard, drops], [[], [], [reason]]);
    });
  }

  it('does not forward what came to everybody on a link', () => {
    const { left, right, drops, world } = stage();
    left.send(ipv4Packet('10.0.1.10', '10.0.2.10', data(8)));
    while (world.clock.runNext());
    assert.deepEqual([right.heard, drops], [[], ['broadcast']]);
  });

  it('cuts what is too long for the next link', () => {
    const { right, send } = stage({ mtu: 600 });
    const packet = ipv4Packet('10.0.1.10', '10.0.2.10', data(1480));
    send(packet);
    assert.deepEqual(
      right.packets.map(({ length }) => length),
      [596, 596, 348],
    );
    assert.deepEqual(reassemble(right.packets), packet.subarray(20));
    assert.deepEqual(new Set(right.heard), new Set(['10.0.1.10 > 10.0.2.10 protocol 17 ttl 63']));
  });

  it('holds back a few packets while it asks for a neighbour, and asks three times', () => {
    const { world, router, left, right, drops } = stage();
    let asked = 0;
    world.trace.listen(({ event }) => {
      if (event.type === 'frame-sent' && event.from === 'r1' && event.bytes[13] === 6 && event.bytes[21] === 1) asked++;
    });
    left.ask('10.0.1.1');
    for (let count = 0; count < 20; count++) {
      left.send(ipv4Packet('10.0.1.10', '10.0.2.10', data(8)), router.interfaces[0]?.hardware);
      left.send(ipv4Packet('10.0.1.10', '10.0.2.78', data(8)), router.interfaces[0]?.hardware);
    }
    while (world.clock.runNext());
    assert.equal(right.packets.length, 8);
    assert.equal(left.heard.filter((line) => line.endsWith('icmp 3/1 0')).length, 8);
    assert.equal(drops.filter((reason) => reason === 'neighbour-queue').length, 24);
    assert.equal(asked, 1 + 3);
    assert(world.clock.now >= 3e9 && world.clock.now < 3.1e9, String(world.clock.now));
  });

  it('takes the longest prefix, and another way when a link is down', () => {
    const world = new World();
    const [one, two, three] = [world.lan(), world.lan(), world.lan()];
    const router = world.router('r1', {
      interfaces: [
        { lan: one, address: '10.0.1.1/24' },
        { lan: two, address: '10.0.2.1/24' },
        { lan: three, address: '10.0.3.1/24' },
      ],
      routes: [
        { to: '0.0.0.0/0', via: '10.0.2.10' },
        { to: '172.16.0.0/12', via: '10.0.3.10' },
      ],
    });
    const left = new TestHost(one, 1, '10.0.1.10');
    const hosts = [new TestHost(two, 2, '10.0.2.10'), new TestHost(three, 3, '10.0.3.10')];
    const heard = (destination: string): readonly number[] => {
      left.send(ipv4Packet('10.0.1.10', destination, data(8)), router.interfaces[0]?.hardware);
      while (world.clock.runNext());
      return hosts.map(({ packets }) => packets.splice(0).length);
    };
    assert.deepEqual(heard('8.8.8.8'), [1, 0]);
    assert.deepEqual(heard('172.20.0.1'), [0, 1]);
    router.route({ to: '172.20.0.0/16', via: '10.0.2.10' });
    assert.deepEqual(heard('172.20.0.1'), [1, 0]);
    assert.deepEqual(heard('172.21.0.1'), [0, 1]);
    router.interfaces[2]?.link?.down();
    assert.deepEqual(heard('172.21.0.1'), [1, 0]);
    router.interfaces[2]?.link?.up();
    assert.deepEqual(heard('172.21.0.1'), [0, 1]);
  });

  it('survives any packet', () => {
    const { send } = stage({ mtu: 100 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isPlausible) => {
        const packet = isPlausible ? ipv4Packet('10.0.1.10', '10.0.2.10', bytes, { ttl: bytes[0] ?? 0 }) : bytes;
        send(packet);
      }),
    );
  });
});

describe('what a router cannot do is said in one line', () => {
  const world = new World();
  const lan = world.lan({ subnet: '10.1.0.0/16' });
  const interfaces = [{ lan, address: '10.1.0.1/16' }];
  world.router('taken', { interfaces });
  for (const [what, make, expected] of [
    ['name', () => world.router('taken', { interfaces }), /there is a router 'taken' already/],
    [
      'address',
      () => world.router('a', { interfaces: [{ lan, address: '10.1.0.1' }] }),
      /'10.1.0.1' is no IPv4 address with a prefix/,
    ],
    [
      'subnet',
      () => world.router('b', { interfaces: [{ lan, address: '10.2.0.1/16' }] }),
      /network 'lan' has the addresses 10.1.0.0\/16/,
    ],
    [
      'way',
      () => world.router('c', { interfaces, routes: [{ to: '0.0.0.0/0', via: '10.3.0.1' }] }),
      /router 'c': 10.3.0.1 is on none of its networks/,
    ],
    [
      'destination',
      () => world.router('d', { interfaces, routes: [{ to: '10.9.1.1/16', via: '10.1.0.2' }] }),
      /'10.9.1.1\/16' is an address, and no subnet/,
    ],
    [
      'world',
      () => world.router('e', { interfaces: [{ lan: new World().lan() }] }),
      /its lan belongs to another world/,
    ],
  ] as const) {
    it(what, () => assert.throws(make, expected));
  }
});

/** The payload of a packet from its fragments. */
function reassemble(fragments: readonly Uint8Array[]): Uint8Array {
  const parts = fragments.map((fragment) => {
    const header = parseIpv4Header(fragment, 0, fragment.length);
    assert(header !== null, tell(fragment));
    return { header, bytes: fragment.subarray(header.headerLength, header.totalLength) };
  });
  const whole = new Uint8Array(Math.max(...parts.map(({ header, bytes }) => header.fragmentOffset + bytes.length)));
  for (const { header, bytes } of parts) whole.set(bytes, header.fragmentOffset);
  const last = parts.filter(({ header }) => !header.moreFragments);
  assert.equal(last.length, 1);
  return whole;
}

describe('fragments', () => {
  it('fit, have valid headers, and make up the packet', () => {
    fc.assert(
      fc.property(fc.integer({ min: 68, max: 700 }), fc.integer({ min: 1, max: 1500 }), (mtu, length) => {
        const packet = ipv4Packet('10.0.1.10', '10.0.2.10', data(length));
        const fragments = fragmentIpv4(packet, mtu) ?? [];
        assert(fragments.every((fragment) => fragment.length <= mtu));
        assert.deepEqual(reassemble(fragments), data(length));
      }),
    );
  });

  it('of fragments go on where those began', () => {
    const packet = ipv4Packet('10.0.1.10', '10.0.2.10', data(800), { fragmentOffset: 1480, moreFragments: true });
    const fragments = (fragmentIpv4(packet, 300) ?? []).map((bytes) => parseIpv4Header(bytes, 0, bytes.length));
    assert.deepEqual(
      fragments.map((header) => [header?.fragmentOffset, header?.moreFragments]),
      [
        [1480, true],
        [1760, true],
        [2040, true],
      ],
    );
  });

  it('carry the options that belong into each of them', () => {
    const plain = ipv4Packet('10.0.1.10', '10.0.2.10', data(100));
    const packet = new Uint8Array(plain.length + 12);
    packet.set(plain.subarray(0, 20));
    packet.set(plain.subarray(20), 32);
    // A record of the route, which stays with the first, and a stream identifier, which does not.
    packet.set([7, 7, 4, 0, 0, 0, 0, 0x88, 4, 1, 2, 0], 20);
    packet[0] = 0x48;
    packet[3] = packet.length;
    const [first, second] = fragmentIpv4(packet, 72) ?? [];
    assert.deepEqual(first?.subarray(20, 32), packet.subarray(20, 32));
    assert.deepEqual([...(second?.subarray(20, 24) ?? [])], [0x88, 4, 1, 2]);
    assert.equal(second?.[0], 0x46);
    assert.equal(parseIpv4Header(second, 0, second.length)?.fragmentOffset, 40);
  });

  it('are none where not even one unit of data fits', () => {
    assert.equal(fragmentIpv4(ipv4Packet('10.0.1.10', '10.0.2.10', data(100)), 27), null);
  });
});
