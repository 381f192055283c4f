import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { out } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { isOp } from '../../kernel/op.ts';
import { ClockEvent } from '../../kernel/ports.ts';
import { buildUdpFrame } from '../../sim/host/udp-frame.ts';
import { requestOf, runDriver, type DriverBench } from '../support/driver-bench.ts';

const US = { msw: 0x02aa, lsw: 7 };
const DEVICE = { msw: 0x0200, lsw: 1 };
const DEVICE_ADDRESS = nx.IP_ADDRESS(192, 168, 1, 10);
/** 224.0.0.5 as a group of Ethernet. */
const GROUP = { msw: 0x0100, lsw: 0x5e000005 };

/** Hands a request to the board's driver; gives `status` and `status/answer` of the GET commands. */
function ask(bench: DriverBench, command: number, parts: Parameters<typeof requestOf>[2] = {}): string {
  const request = requestOf(bench, command, parts);
  const result = bench.board.network_driver(request);
  assert(!isOp(result), 'the built-in driver never waits');
  const answer = request.nx_ip_driver_return_ptr?.value;
  return answer === 0xdead || answer === parts.value
    ? `${request.nx_ip_driver_status}`
    : `${request.nx_ip_driver_status}/${answer}`;
}

/** A datagram to port 9 from outside, to a hardware address. */
function frameTo(hardware: { readonly msw: number; readonly lsw: number }, damage: number | null = null): Uint8Array {
  const datagram = {
    source: nx.IP_ADDRESS(192, 168, 1, 20),
    sourcePort: 5,
    destination: DEVICE_ADDRESS,
    destinationPort: 9,
    payload: new Uint8Array(30),
  };
  const frame = buildUdpFrame(datagram, US, hardware, 1);
  if (damage !== null) frame[damage] = (frame[damage] ?? 0) ^ 0x10;
  return frame;
}

describe('what the built-in driver answers', () => {
  for (const [name, command, parts, expected] of [
    ['GET_STATUS', nx.NX_LINK_GET_STATUS, {}, '0/1'],
    ['GET_SPEED', nx.NX_LINK_GET_SPEED, {}, '0/100000000'],
    ['GET_DUPLEX_TYPE', nx.NX_LINK_GET_DUPLEX_TYPE, {}, '0/1'],
    ['GET_ERROR_COUNT', nx.NX_LINK_GET_ERROR_COUNT, {}, '0/0'],
    ['GET_RX_COUNT', nx.NX_LINK_GET_RX_COUNT, {}, '0/0'],
    ['GET_TX_COUNT', nx.NX_LINK_GET_TX_COUNT, {}, '0/0'],
    ['GET_ALLOC_ERRORS', nx.NX_LINK_GET_ALLOC_ERRORS, {}, '0/0'],
    ['GET_INTERFACE_TYPE', nx.NX_LINK_GET_INTERFACE_TYPE, {}, `0/${nx.NX_INTERFACE_TYPE_ETHERNET}`],
    ['DEFERRED_PROCESSING', nx.NX_LINK_DEFERRED_PROCESSING, {}, '0'],
    ['MULTICAST_JOIN', nx.NX_LINK_MULTICAST_JOIN, GROUP, '0'],
    ['MULTICAST_LEAVE of what was not joined', nx.NX_LINK_MULTICAST_LEAVE, GROUP, `${nx.NX_ENTRY_NOT_FOUND}`],
    ['SET_PHYSICAL_ADDRESS', nx.NX_LINK_SET_PHYSICAL_ADDRESS, { msw: 0x0200, lsw: 99 }, '0'],
    ['SET_PHYSICAL_ADDRESS of a group', nx.NX_LINK_SET_PHYSICAL_ADDRESS, GROUP, `${nx.NX_INVALID_PARAMETERS}`],
    ['SET_PHYSICAL_ADDRESS to none', nx.NX_LINK_SET_PHYSICAL_ADDRESS, {}, `${nx.NX_INVALID_PARAMETERS}`],
    ['RX_DISABLE', nx.NX_LINK_RX_DISABLE, {}, '0'],
    ['RX_ENABLE', nx.NX_LINK_RX_ENABLE, {}, '0'],
    ['CAPABILITY_GET without the macro', nx.NX_INTERFACE_CAPABILITY_GET, {}, `${nx.NX_UNHANDLED_COMMAND}`],
    ['CAPABILITY_SET without the macro', nx.NX_INTERFACE_CAPABILITY_SET, { value: 1 }, `${nx.NX_UNHANDLED_COMMAND}`],
    ['a command that does not exist', 27, {}, `${nx.NX_UNHANDLED_COMMAND}`],
    ['a user command', nx.NX_LINK_USER_COMMAND, {}, `${nx.NX_UNHANDLED_COMMAND}`],
    ['the last user command', 0xffff, {}, `${nx.NX_UNHANDLED_COMMAND}`],
  ] as const) {
    it(name, () => {
      const { log } = runDriver({
        *main(bench) {
          bench.log(ask(bench, command, parts));
        },
      });
      assert.deepEqual(log, [expected]);
    });
  }

  it('a GET command without a place for the answer', () => {
    runDriver({
      *main(bench) {
        const request = requestOf(bench, nx.NX_LINK_GET_SPEED);
        request.nx_ip_driver_return_ptr = null;
        bench.board.network_driver(request);
        assert.equal(request.nx_ip_driver_status, nx.NX_PTR_ERROR);
      },
    });
  });

  it('a packet with a command that sends none is released', () => {
    const { log } = runDriver({
      *main(bench) {
        const packet = out<nx.NX_PACKET>();
        yield* nx.nx_packet_allocate(bench.pool, packet, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
        bench.log(ask(bench, nx.NX_LINK_USER_COMMAND, { packet: packet.value }));
        bench.log(`${bench.pool.nx_packet_pool_total - bench.pool.nx_packet_pool_available}`);
      },
    });
    assert.deepEqual(log, [`${nx.NX_UNHANDLED_COMMAND}`, '0']);
  });

  it('an interface that it was not attached to has nothing to say, until the first is detached', () => {
    runDriver({
      *main(bench) {
        const other = new nx.NX_INTERFACE();
        const from = (command: number): number => {
          const request = new nx.NX_IP_DRIVER(command, bench.ip, other);
          bench.board.network_driver(request);
          return request.nx_ip_driver_status;
        };
        assert.equal(from(nx.NX_LINK_INTERFACE_ATTACH), nx.NX_INVALID_INTERFACE);
        assert.equal(from(nx.NX_LINK_ENABLE), nx.NX_INVALID_INTERFACE);
        assert.equal(ask(bench, nx.NX_LINK_INTERFACE_DETACH), '0');
        assert.equal(bench.ip.nx_ip_interface[0]?.nx_interface_link_up, 0);
        assert.equal(from(nx.NX_LINK_INTERFACE_ATTACH), nx.NX_SUCCESS);
        assert.equal(from(nx.NX_LINK_INITIALIZE), nx.NX_SUCCESS);
        assert.equal(other.nx_interface_ip_mtu_size, 1500);
      },
    });
  });

  it('the factory’s address stays what it was', () => {
    runDriver({
      *main(bench) {
        ask(bench, nx.NX_LINK_SET_PHYSICAL_ADDRESS, { msw: 0x0200, lsw: 99 });
        const request = requestOf(bench, nx.NX_LINK_FACTORY_ADDRESS_GET);
        bench.board.network_driver(request);
        const { nx_ip_driver_physical_address_msw: msw, nx_ip_driver_physical_address_lsw: lsw } = request;
        assert.deepEqual({ msw, lsw }, DEVICE);
      },
    });
  });
});

/** Something that happens once. */
class Once extends ClockEvent {
  readonly #run: () => void;

  constructor(run: () => void) {
    super();
    this.#run = run;
  }

  fire(): void {
    this.#run();
  }
}

/** What a device counts of frames that come in, after its thread has set the driver up: received, errors. */
function countsOf(
  frames: readonly Uint8Array[],
  setUp: (bench: DriverBench) => void,
  config: Readonly<Record<string, boolean>> = {},
): { readonly received: number; readonly errors: number; readonly datagrams: number } {
  const { bench, world } = runDriver({
    config,
    until: '1ms',
    *main(bench) {
      setUp(bench);
    },
    onWorld: (world, lan) => {
      const port = lan.attach({ name: 'us', deliver: () => undefined });
      world.clock.schedule(500_000, new Once(() => frames.forEach((frame) => port.transmit(frame))));
    },
  });
  assert.deepEqual(world.leaks(), []);
  const counts = [nx.NX_LINK_GET_RX_COUNT, nx.NX_LINK_GET_ERROR_COUNT].map((command) => ask(bench, command));
  const [received, errors] = counts.map((text) => Number(text.split('/')[1]));
  return { received: received ?? -1, errors: errors ?? -1, datagrams: bench.ip.nx_ip_total_packets_received };
}

describe('which frames the built-in driver takes', () => {
  const join = (bench: DriverBench): void => void ask(bench, nx.NX_LINK_MULTICAST_JOIN, GROUP);
  const nothing = (): void => undefined;
  for (const [name, frame, setUp, datagrams] of [
    ['its own', frameTo(DEVICE), nothing, 1],
    ['somebody else’s: no', frameTo({ msw: 0x0200, lsw: 2 }), nothing, 0],
    ['those to everybody', frameTo({ msw: 0xffff, lsw: 0xffffffff }), nothing, 1],
    ['those to a group: no', frameTo(GROUP), nothing, 0],
    ['those to a group that was joined', frameTo(GROUP), join, 1],
    ['those to another group: no', frameTo({ msw: 0x0100, lsw: 0x5e000006 }), join, 0],
    [
      'those to a group that was joined twice and left once',
      frameTo(GROUP),
      (bench: DriverBench): void => {
        join(bench);
        join(bench);
        ask(bench, nx.NX_LINK_MULTICAST_LEAVE, GROUP);
      },
      1,
    ],
    [
      'those to a group that was left: no',
      frameTo(GROUP),
      (bench: DriverBench): void => {
        join(bench);
        ask(bench, nx.NX_LINK_MULTICAST_LEAVE, GROUP);
      },
      0,
    ],
    [
      'none while receiving is off',
      frameTo(DEVICE),
      (bench: DriverBench): void => void ask(bench, nx.NX_LINK_RX_DISABLE),
      0,
    ],
    [
      'its own while it is on again',
      frameTo(DEVICE),
      (bench: DriverBench): void => {
        ask(bench, nx.NX_LINK_RX_DISABLE);
        ask(bench, nx.NX_LINK_RX_ENABLE);
      },
      1,
    ],
    [
      'none after its address has changed',
      frameTo(DEVICE),
      (bench: DriverBench): void => void ask(bench, nx.NX_LINK_SET_PHYSICAL_ADDRESS, { msw: 0x0200, lsw: 99 }),
      0,
    ],
    [
      'those to its new address',
      frameTo({ msw: 0x0200, lsw: 99 }),
      (bench: DriverBench): void => void ask(bench, nx.NX_LINK_SET_PHYSICAL_ADDRESS, { msw: 0x0200, lsw: 99 }),
      1,
    ],
    ['none once it is disabled', frameTo(DEVICE), (bench: DriverBench): void => void ask(bench, nx.NX_LINK_DISABLE), 0],
  ] as const) {
    it(name, () => assert.equal(countsOf([frame], setUp).datagrams, datagrams));
  }

  it('those that carry a length in place of a type are errors', () => {
    const frame = frameTo(DEVICE);
    frame.fill(0, 12, 14);
    assert.deepEqual(
      countsOf([frame], () => undefined),
      { received: 0, errors: 1, datagrams: 0 },
    );
  });
});

describe('checksums in hardware', () => {
  const config = { NX_ENABLE_INTERFACE_CAPABILITY: true };
  const set = (flags: number) => (bench: DriverBench) => {
    bench.log(ask(bench, nx.NX_INTERFACE_CAPABILITY_SET, { value: flags }));
  };

  it('all are there, and on, with NX_ENABLE_INTERFACE_CAPABILITY', () => {
    runDriver({
      config,
      *main(bench) {
        const [one] = bench.ip.nx_ip_interface;
        assert.equal(one?.nx_interface_capability_flag, nx.NX_INTERFACE_CAPABILITY_CHECKSUM_ALL);
        assert.equal(ask(bench, nx.NX_INTERFACE_CAPABILITY_GET), `0/${nx.NX_INTERFACE_CAPABILITY_CHECKSUM_ALL}`);
        assert.equal(ask(bench, nx.NX_INTERFACE_CAPABILITY_SET, { value: 0x2000 }), `${nx.NX_NOT_SUPPORTED}`);
        assert.equal(ask(bench, nx.NX_INTERFACE_CAPABILITY_SET, { value: 5 }), '0');
        assert.equal(one.nx_interface_capability_flag, 5);
      },
    });
  });

  for (const [name, damage, flags, expected] of [
    ['a wrong IP header', 22, nx.NX_INTERFACE_CAPABILITY_IPV4_RX_CHECKSUM, 0],
    ['a wrong datagram', 50, nx.NX_INTERFACE_CAPABILITY_UDP_RX_CHECKSUM, 0],
    ['a wrong datagram that nobody looks at', 50, nx.NX_INTERFACE_CAPABILITY_IPV4_RX_CHECKSUM, 1],
    ['a right one', null, nx.NX_INTERFACE_CAPABILITY_CHECKSUM_ALL, 1],
  ] as const) {
    it(`${name} ${expected === 0 ? 'never reaches' : 'reaches'} the stack`, () => {
      const { errors, datagrams } = countsOf([frameTo(DEVICE, damage)], set(flags), config);
      assert.deepEqual([datagrams, errors], [expected, 1 - expected]);
    });
  }
});
