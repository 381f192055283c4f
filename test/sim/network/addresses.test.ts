import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineFirmware, World, type Board, type Device, type DeviceOptions, type Lan, type LanOptions } from 'txsim';
import { formatIpv4 } from '../../../netx/nxd-address.ts';

/** A firmware that only tells its board. */
function teller(): { readonly firmware: DeviceOptions['firmware']; readonly boards: Board[] } {
  const boards: Board[] = [];
  const firmware = defineFirmware((board) => {
    boards.push(board);
    return { tx_application_define: () => undefined };
  });
  return { firmware, boards };
}

/** The boards of a world's devices, once it has run. */
function boardsOf(build: (world: World, add: (options: Omit<DeviceOptions, 'firmware'>) => Device) => void): Board[] {
  const world = new World();
  const { firmware, boards } = teller();
  build(world, (options) => world.device(`d${world.devices.size}`, { firmware, ...options }));
  world.run();
  return boards;
}

const tellPlan = ({ ip_address, network_mask, gateway_address }: Board | Board['interfaces'][number]): string =>
  [ip_address, network_mask, gateway_address].map(formatIpv4).join(' ');

const usual = (address: string): string => `${address} 255.255.255.0 ${address.replace(/\d+$/, '1')}`;

describe('planned addresses', () => {
  it('of one network begin at 192.168.1.10', () => {
    const boards = boardsOf((world, add) => {
      const lan = world.lan();
      add({ lan });
      add({ lan, address: '192.168.1.11' });
      add({ lan });
      add({ lan, address: '10.7.7.7' });
      add({ lan, address: '10.7.7.7/8' });
    });
    assert.deepEqual(boards.map(tellPlan), [
      usual('192.168.1.10'),
      usual('192.168.1.11'),
      usual('192.168.1.12'),
      usual('10.7.7.7'),
      '10.7.7.7 255.0.0.0 10.0.0.1',
    ]);
  });

  it('of several networks are apart, whatever the others asked for', () => {
    const boards = boardsOf((world, add) => {
      const options: readonly LanOptions[] = [{}, { subnet: '192.168.2.0/24' }, {}, { subnet: '10.1.0.0/30' }];
      for (const lan of options.map((one) => world.lan(one))) add({ lan });
      add({});
    });
    assert.deepEqual(boards.map(tellPlan), [
      usual('192.168.1.10'),
      usual('192.168.2.10'),
      usual('192.168.3.10'),
      '10.1.0.2 255.255.255.252 10.1.0.1',
      usual('192.168.1.10'),
    ]);
  });

  for (const count of [245, 246, 1000, 10_000]) {
    it(`are there for ${count} devices on one network`, () => {
      const boards = boardsOf((world, add) => {
        const lan = world.lan();
        for (let number = 0; number < count; number++) add({ lan, memory: 64 });
      });
      const mask = count <= 245 ? 0xffffff00 : 0xffff0000;
      assert.equal(new Set(boards.map(({ ip_address }) => ip_address)).size, count);
      for (const { ip_address, network_mask, gateway_address } of boards) {
        assert.equal(network_mask, mask);
        assert.equal(gateway_address, 0xc0a80101);
        assert.equal((ip_address & mask) >>> 0, (gateway_address & mask) >>> 0);
        assert((ip_address & 255) !== 0 && (ip_address & 255) !== 255);
      }
    });
  }

  it('run out with a word on what to do', () => {
    const fill = (count: number, ...networks: readonly LanOptions[]): void => {
      boardsOf((world, add) => {
        const [lan] = networks.map((options) => world.lan(options));
        for (let number = 0; number < count; number++) add({ ...(lan && { lan }), memory: 64 });
      });
    };
    fill(13, { subnet: '10.0.0.0/28' });
    assert.throws(() => fill(14, { subnet: '10.0.0.0/28' }), /network 'lan' has no address left in 10.0.0.0\/28/);
    // Another network has part of what this one could grow to.
    assert.throws(() => fill(246, {}, {}), /network 'lan' has no address left in 192.168.1.0\/24/);
    fill(1000, { subnet: '10.0.0.0/16' }, {});
  });

  for (const [subnet, expected] of [
    ['10.0.0.0', /'10.0.0.0' is no IPv4 address with a prefix/],
    ['10.0.0.5/24', /'10.0.0.5\/24' is an address, and no subnet/],
    ['10.0.0.0/33', /is no IPv4 address with a prefix/],
    ['10.0.0.0/31', /network 'lan': '10.0.0.0\/31' has no room for a gateway and a host/],
  ] as const) {
    it(`refuse the subnet ${subnet}`, () => assert.throws(() => new World().lan({ subnet }), expected));
  }

  it('make a router the gateway, wherever it is', () => {
    const boards = boardsOf((world, add) => {
      const [one, two, three] = [world.lan(), world.lan(), world.lan()];
      add({ lan: one });
      world.router('r', {
        interfaces: [{ lan: one }, { lan: two, address: '10.0.2.254/24' }, { lan: three, address: '10.3.0.1/16' }],
      });
      for (const lan of [two, three]) add({ lan });
    });
    assert.deepEqual(boards.map(tellPlan), [
      usual('192.168.1.10'),
      '10.0.2.10 255.255.255.0 10.0.2.254',
      '10.3.0.10 255.255.0.0 10.3.0.1',
    ]);
  });

  it('are shared by networks that a trunk joins', () => {
    const join = (before: boolean): readonly string[] =>
      boardsOf((world, add) => {
        const [one, two] = [world.switch(), world.switch()] as [Lan, Lan];
        if (before) world.trunk(one, two);
        for (const lan of [one, two]) add({ lan });
        if (!before) world.trunk(one, two);
      }).map(tellPlan);
    assert.deepEqual(join(true), [usual('192.168.1.10'), usual('192.168.1.11')]);
    assert.throws(() => join(false), /networks 'switch' and 'switch2' are to be joined/);
  });
});

describe('a device with several interfaces', () => {
  it('has a driver and a plan for each', () => {
    const world = new World();
    const { firmware, boards } = teller();
    const [one, two] = [world.lan(), world.lan({ mtu: 1280 })];
    world.device('first', { firmware, lan: one, link: { mtu: 1400 } });
    const interfaces = [
      { lan: one },
      { lan: two, name: 'radio', address: '192.168.2.99' },
      { lan: two, mtu: 9000 },
      {},
    ];
    const gateway = world.device('gw', { firmware, interfaces });
    world.device('last', { firmware, lan: one });
    world.run();
    const [, board] = boards;
    assert.deepEqual(
      board?.interfaces.map((each) => `${each.name} ${tellPlan(each)}`),
      [
        `eth0 ${usual('192.168.1.11')}`,
        `radio ${usual('192.168.2.99')}`,
        `eth2 ${usual('192.168.2.10')}`,
        `eth3 ${usual('192.168.1.10')}`,
      ],
    );
    assert.equal(new Set(board.network_drivers).size, 4);
    assert.equal(board.network_driver, board.network_drivers[0]);
    assert.equal(board.ip_address, board.interfaces[0]?.ip_address);
    assert.deepEqual(
      [...world.devices.values()].flatMap((device) => device.interfaces.map(({ address }) => address.lsw)),
      [1, 2, 3, 4, 5, 6],
    );
    assert.deepEqual(
      gateway.interfaces.map(({ mtu, linkUp }) => [mtu, linkUp]),
      [
        [1500, true],
        [1280, true],
        [9000, true],
        [1500, false],
      ],
    );
    assert.equal(world.devices.get('first')?.nic.mtu, 1400);
    assert.deepEqual(
      [one.ports, two.ports],
      [
        ['first', 'gw', 'last'],
        ['gw', 'gw.2'],
      ],
    );
  });

  it('is told which way its links are', () => {
    const world = new World();
    const lan = world.lan();
    const { nic } = world.device('d', { firmware: teller().firmware, lan });
    const heard: boolean[] = [];
    nic.linkChanged = (isUp) => void heard.push(isUp);
    nic.link?.down();
    assert.equal(nic.linkUp, false);
    lan.link('d').up();
    assert.equal(nic.linkUp, true);
    assert.deepEqual(heard, [false, true]);
  });

  it('lets in only what is meant for it', () => {
    const world = new World();
    const lan = world.lan();
    const { nic } = world.device('d', { firmware: teller().firmware, lan });
    const heard: number[] = [];
    nic.receive = (frame) => void heard.push(frame[5] ?? 0);
    const frame = (...address: readonly number[]): { readonly bytes: Uint8Array; readonly from: string } => {
      const bytes = new Uint8Array(60);
      bytes.set(address);
      return { bytes, from: 'x' };
    };
    const all = [
      [2, 0, 0, 0, 0, 1],
      [2, 0, 0, 0, 0, 2],
      [1, 0, 0x5e, 0, 0, 3],
      [2, 1, 0, 0, 0, 1],
    ];
    for (const address of all) nic.deliver(frame(...address));
    assert.deepEqual(heard, [1, 3]);
    nic.isPromiscuous = true;
    for (const address of all) nic.deliver(frame(...address));
    assert.deepEqual(heard, [1, 3, 1, 2, 3, 1]);
  });

  for (const [what, options, expected] of [
    [
      'both ways of saying it',
      { address: '10.0.0.1', interfaces: [{}] },
      /device 'd' has both 'interfaces' and 'address'/,
    ],
    ['an MTU that is none', { mtu: 1.5 }, /device 'd': mtu is 1.5/],
    ['an address that is none', { address: '10.0.0' }, /'10.0.0' is no IPv4 address/],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => new World().device('d', { firmware: teller().firmware, ...options }), expected);
    });
  }
});
