import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { World, type Lan, type LanChanges, type Link, type PortLinkOptions } from 'txsim';
import { numberedFrame, type Arrival } from '../../support/network-hosts.ts';

/** Ports by name, plugged into networks, and what arrives at them. */
class Ports {
  readonly arrivals: Arrival[] = [];
  readonly #world: World;
  readonly #links = new Map<string, { readonly link: Link; readonly number: number }>();
  readonly drops: string[] = [];
  readonly changes: string[] = [];

  constructor(world: World) {
    this.#world = world;
    world.trace.listen(({ event }) => {
      if (event.type !== 'frame-dropped') return;
      this.drops.push(event.to === null ? event.reason : `${event.to}: ${event.reason}`);
    });
  }

  plug(name: string, lan: Lan, options?: PortLinkOptions | null): Link {
    const link = lan.attach(
      {
        name,
        deliver: ({ bytes }) => void this.arrivals.push({ at: this.#world.clock.now, port: name, bytes }),
        plugged: (isUp) => void this.changes.push(`${name} ${isUp ? 'up' : 'down'}`),
      },
      options,
    );
    this.#links.set(name, { link, number: this.#links.size + 1 });
    return link;
  }

  /** Sends frames at once, without letting anything happen. */
  send(from: string, to: string, length = 60, count = 1): void {
    const number = to === 'all' ? 'all' : (this.#links.get(to)?.number ?? 99);
    const sender = this.#links.get(from);
    assert(sender !== undefined);
    for (let mark = 0; mark < count; mark++) sender.link.transmit(numberedFrame(sender.number, number, length, mark));
  }

  /** Lets everything happen, and gives what arrived: port and time in microseconds. */
  run(): readonly (readonly [string, number])[] {
    while (this.#world.clock.runNext());
    return this.arrivals.splice(0).map(({ port, at }) => [port, at / 1000] as const);
  }
}

function make(): { readonly world: World; readonly ports: Ports } {
  const world = new World();
  return { world, ports: new Ports(world) };
}

describe('links of ports', () => {
  it('come before and after their network, both ways', () => {
    const { world, ports } = make();
    const lan = world.lan({ latency: '100us' });
    ports.plug('a', lan, { latency: '10us' });
    ports.plug('b', lan, { up: { latency: '1us' }, down: { latency: '5us' } });
    ports.plug('c', lan);
    ports.send('a', 'all');
    assert.deepEqual(ports.run(), [
      ['c', 110],
      ['b', 115],
    ]);
    const began = world.clock.now / 1000;
    ports.send('b', 'a');
    assert.deepEqual(ports.run(), [['a', began + 1 + 100 + 10]]);
  });

  it('are like the links of their switch, but for what they say themselves', () => {
    const { world, ports } = make();
    const lan = world.switch({ latency: '10us', bandwidth: '1Mbit/s' });
    ports.plug('a', lan, { bandwidth: '10Mbit/s' });
    ports.plug('b', lan, { latency: '20us' });
    // 101 bytes and 24 of preamble, check sequence and gap are 1,000 bits.
    ports.send('a', 'b', 101);
    assert.deepEqual(ports.run(), [['b', 100 + 10 + 1000 + 20]]);
  });

  it('drop what comes for a slow port faster than it takes it', () => {
    const { world, ports } = make();
    const lan = world.switch();
    for (const name of ['a', 'b']) ports.plug(name, lan);
    ports.plug('slow', lan, { down: { bandwidth: '1Mbit/s', queue: 2 } });
    ports.send('a', 'slow', 101, 3);
    ports.send('b', 'slow', 101, 3);
    // Nobody has learned where the slow port is: the others get the frames too.
    const times = ports.run().flatMap(([port, at]) => (port === 'slow' ? [at] : []));
    assert.deepEqual(times, [1000, 2000, 3000]);
    assert.deepEqual(ports.drops, ['slow: queue', 'slow: queue', 'slow: queue']);
  });

  it('carry what their MTU allows', () => {
    const { world, ports } = make();
    const lan = world.lan();
    ports.plug('a', lan);
    assert.equal(ports.plug('b', lan, { mtu: 576 }).mtu, 576);
    ports.send('a', 'b', 590);
    ports.send('a', 'b', 591);
    ports.send('b', 'a', 591);
    assert.equal(ports.run().length, 1);
    assert.deepEqual(ports.drops, ['mtu', 'b: mtu']);
  });

  it('change while the world runs, and frames on their way do not', () => {
    const { world, ports } = make();
    const lan = world.lan({ latency: '1ms' });
    const link = ports.plug('a', lan);
    ports.plug('b', lan);
    ports.send('a', 'b');
    lan.set({ latency: '2ms' });
    ports.send('a', 'b');
    link.set({ up: { latency: '3ms' } });
    ports.send('a', 'b');
    assert.deepEqual(ports.run(), [
      ['b', 1000],
      ['b', 2000],
      ['b', 5000],
    ]);
    const changes = [
      () => link.set({ latency: 0, loss: 1 }),
      () => {
        link.set({ loss: 0 });
        lan.set({ loss: 1, corrupt: 1 });
      },
      () => lan.set({ loss: 0, corrupt: 0, rules: [() => ({ action: 'drop' })] }),
      () => lan.set({ rules: [] }),
    ];
    const arrived = changes.map((change) => {
      change();
      ports.send('a', 'b');
      return ports.run().length;
    });
    assert.deepEqual(arrived, [0, 0, 0, 1]);
    assert.deepEqual(ports.drops, ['loss', 'loss', 'b: rule']);
  });

  it('corrupt, duplicate and reorder on their own', () => {
    const { world, ports } = make();
    const lan = world.lan({ latency: 0 });
    const faults: string[] = [];
    world.trace.listen(({ event }) => {
      if (event.type === 'frame-fault') faults.push(`${event.fault} to ${event.to}`);
      if (event.type === 'frame-delivered') faults.push(event.faults.join(', '));
    });
    ports.plug('a', lan, { up: { duplicate: 1 } });
    ports.plug('b', lan, { down: { corrupt: 1, reorder: 1 } });
    ports.send('a', 'b');
    assert.equal(ports.run().length, 2);
    assert.deepEqual(faults.toSorted(), [
      'corrupted to b',
      'corrupted to b',
      'corrupted, reordered',
      'duplicated to lan',
      'duplicated, corrupted, reordered',
      'reordered to b',
      'reordered to b',
    ]);
  });
});

describe('unplugged ports', () => {
  it('neither send nor receive, and are told', () => {
    const { world, ports } = make();
    const lan = world.lan();
    const link = ports.plug('a', lan);
    ports.plug('b', lan);
    ports.send('b', 'a');
    link.down();
    link.down();
    ports.send('a', 'b');
    assert.deepEqual(ports.run(), []);
    assert.deepEqual(ports.drops, ['unplugged', 'a: unplugged']);
    link.up();
    ports.send('a', 'b');
    ports.send('b', 'a');
    assert.deepEqual(
      ports.run().map(([port]) => port),
      ['b', 'a'],
    );
    assert.deepEqual(ports.changes, ['a down', 'a up']);
  });

  it('are no longer where their address was learned', () => {
    const { world, ports } = make();
    const lan = world.lan();
    for (const name of ['a', 'b', 'c']) ports.plug(name, lan);
    ports.send('b', 'all');
    ports.run();
    ports.send('a', 'b');
    assert.deepEqual(
      ports.run().map(([port]) => port),
      ['b'],
    );
    lan.link('b').down();
    ports.send('a', 'b');
    assert.deepEqual(
      ports.run().map(([port]) => port),
      ['c'],
    );
  });
});

describe('cuts', () => {
  it('hold between groups, and are mended one by one', () => {
    const { world, ports } = make();
    const lan = world.lan();
    for (const name of ['a', 'b', 'c', 'd']) ports.plug(name, lan);
    const heard = (from: string): string => {
      ports.send(from, 'all');
      return ports
        .run()
        .map(([port]) => port)
        .join('');
    };
    const groups = lan.partition(['a', 'b'], ['c', 'd']);
    const pair = lan.partition('a', 'b', true);
    const again = lan.partition('a', 'c');
    assert.deepEqual(['a', 'b', 'c', 'd'].map(heard), ['', 'a', 'd', 'c']);
    groups.heal();
    assert.deepEqual(['a', 'b', 'c', 'd'].map(heard), ['d', 'acd', 'bd', 'abc']);
    assert.deepEqual([groups.isActive, pair.isActive], [false, true]);
    pair.heal();
    pair.heal();
    assert.deepEqual(heard('a'), 'bd');
    lan.heal();
    assert.deepEqual(['a', 'b', 'c', 'd'].map(heard), ['bcd', 'acd', 'abd', 'abc']);
    assert.equal(again.isActive, false);
  });
});

describe('networks joined and apart', () => {
  it('a point-to-point link has two ends', () => {
    const { world, ports } = make();
    const lan = world.link({ latency: '3ms', name: 'wire' });
    ports.plug('a', lan);
    ports.plug('b', lan);
    ports.send('a', 'b');
    assert.deepEqual(ports.run(), [['b', 3000]]);
    assert.throws(() => ports.plug('c', lan), /network 'wire': 'c' is one port too many/);
  });

  it('a trunk joins two switches, which learn across it', () => {
    const { world, ports } = make();
    const [one, two] = [world.switch({ latency: '1us' }), world.switch({ latency: '1us' })];
    const trunk = world.trunk(one, two, { latency: '50us' });
    for (const name of ['a', 'b']) ports.plug(name, one);
    for (const name of ['c', 'd']) ports.plug(name, two);
    const names = (): string =>
      ports
        .run()
        .map(([port]) => port)
        .join('');
    ports.send('a', 'c');
    assert.equal(names(), 'bcd');
    ports.send('c', 'a');
    assert.deepEqual(
      ports.run().map(([port]) => port),
      ['a'],
    );
    const began = world.clock.now / 1000;
    ports.send('a', 'c');
    // Up and down a link of a switch, each a microsecond, and the trunk with the port's own down link of none.
    assert.deepEqual(ports.run(), [['c', began + 52]]);
    trunk.down();
    ports.send('a', 'all');
    assert.equal(names(), 'b');
    trunk.up();
    ports.send('a', 'all');
    assert.equal(names(), 'bcd');
  });

  it('loops are refused, which nothing would break', () => {
    const { world } = make();
    const [one, two, three] = [world.lan(), world.lan(), world.lan()];
    world.trunk(one, two);
    world.trunk(two, three);
    assert.throws(() => world.trunk(three, one), /would close a loop/);
    assert.throws(() => world.trunk(one, one), /would close a loop/);
    assert.throws(() => world.trunk(one, new World().lan()), /belongs to another world/);
  });

  it('names are given once', () => {
    const { world } = make();
    world.lan({ name: 'x' });
    assert.throws(() => world.switch({ name: 'x' }), /there is a network 'x' already/);
    assert.equal(world.network('x'), world.lans[0]);
    assert.throws(() => world.network('y'), /there is no network 'y'/);
  });
});

describe('what a link cannot be is said in one line', () => {
  const { world, ports } = make();
  const lan = world.lan();
  const link = ports.plug('a', lan);
  for (const [what, change, expected] of [
    ['loss', () => link.set({ loss: 2 }), /network 'lan', link of 'a', up: loss is 2/],
    ['down', () => link.set({ down: { mtu: 1 } }), /network 'lan', link of 'a', down: mtu is 1/],
    [
      'names',
      () => link.set({ speed: 1 } as PortLinkOptions),
      /network 'lan', link of 'a': there is no option 'speed'/,
    ],
    ['within', () => link.set({ up: { speed: 1 } as PortLinkOptions }), /link of 'a', up: there is no option 'speed'/],
    ['network', () => lan.set({ latency: 'soon' }), /network 'lan': latency: 'soon' is no duration/],
    ['fixed', () => lan.set({ subnet: '10.0.0.0/8' } as LanChanges), /network 'lan': subnet cannot be changed later/],
    ['unknown', () => lan.set({ los: 1 } as LanChanges), /network 'lan': there is no option 'los'/],
    ['nobody', () => lan.link('z'), /network 'lan': nothing named 'z' is plugged in/],
  ] as const) {
    it(what, () => assert.throws(change, expected));
  }
});
