import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeLeak } from 'txsim';
import { out, tx_thread_sleep, type Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { runDriver, type DriverBench } from '../support/driver-bench.ts';

type Entry = (request: nx.NX_IP_DRIVER) => Generator<Suspension, void, unknown>;

/** A driver that comes up and does what a test says with the other commands. */
function driver(more: Entry): (bench: DriverBench) => Entry {
  return () =>
    function* (request) {
      const { nx_ip_driver_interface: one } = request;
      if (request.nx_ip_driver_command === nx.NX_LINK_INITIALIZE) one.nx_interface_ip_mtu_size = 1500;
      if (request.nx_ip_driver_command === nx.NX_LINK_ENABLE) one.nx_interface_link_up = 1;
      yield* more(request);
    };
}

/** An IPv4 datagram to the device, as its payload lies in a packet. */
function* datagram(pool: nx.NX_PACKET_POOL): Generator<Suspension, nx.NX_PACKET, unknown> {
  const packet = out<nx.NX_PACKET>();
  yield* nx.nx_packet_allocate(pool, packet, nx.NX_RECEIVE_PACKET, nx.NX_NO_WAIT);
  const bytes = Uint8Array.of(0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 192, 168, 1, 20, 192, 168, 1, 10);
  const sum = bytes.reduce((total, byte, index) => total + (index % 2 === 0 ? byte << 8 : byte), 0);
  const checksum = ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
  bytes.set([checksum >> 8, checksum & 255], 10);
  yield* nx.nx_packet_data_append(packet.value, bytes, 20, pool, nx.NX_NO_WAIT);
  const udp = Uint8Array.of(0, 5, 0, 9, 0, 8, 0, 0);
  yield* nx.nx_packet_data_append(packet.value, udp, 8, pool, nx.NX_NO_WAIT);
  return packet.value;
}

describe('what a driver hands to the stack', () => {
  for (const [name, receive] of [
    ['_nx_ip_packet_deferred_receive', nx._nx_ip_packet_deferred_receive],
    ['_nx_ip_packet_receive', nx._nx_ip_packet_receive],
  ] as const) {
    it(`${name}, from an interrupt, reaches the socket`, () => {
      const { log, device, world, bench } = runDriver({
        driver: driver(function* () {}),
        until: '50ms',
        *main(bench) {
          const socket = new nx.NX_UDP_SOCKET();
          yield* nx.nx_udp_socket_create(bench.ip, socket, 's', 0, 0, 64, 5);
          yield* nx.nx_udp_socket_bind(socket, 9, nx.NX_NO_WAIT);
          yield* nx.nx_udp_socket_receive_notify(socket, () => bench.log('notified'));
          const packet = out<nx.NX_PACKET>();
          bench.log(`status ${yield* nx.nx_udp_socket_receive(socket, packet, 100)}`);
          assert.equal(packet.value.nx_packet_ip_interface, bench.ip.nx_ip_interface[0]);
          yield* nx.nx_packet_release(packet.value);
        },
      });
      device.interrupt(function* () {
        const packet = yield* datagram(bench.pool);
        yield* receive(bench.ip, packet);
      });
      world.run({ until: '1s' });
      assert.deepEqual(log, ['notified', 'status 0']);
      assert.deepEqual(world.leaks(), []);
    });
  }

  it('ARP and RARP packets of an instance that has neither are released', () => {
    const { device, world, bench } = runDriver({ driver: driver(function* () {}) });
    bench.ip.arp = null;
    for (const receive of [nx._nx_arp_packet_deferred_receive, nx._nx_rarp_packet_deferred_receive]) {
      device.interrupt(function* () {
        yield* receive(bench.ip, yield* datagram(bench.pool));
      });
    }
    world.run({ until: '4s' });
    assert.equal(bench.pool.nx_packet_pool_available, bench.pool.nx_packet_pool_total);
  });
});

describe('what a driver leaves for the IP thread', () => {
  it('_nx_ip_driver_deferred_processing: the driver is called there, and may wait', () => {
    const { log, device, world, bench } = runDriver({
      driver: (bench) =>
        driver(function* (request) {
          if (request.nx_ip_driver_command !== nx.NX_LINK_DEFERRED_PROCESSING) return;
          yield* tx_thread_sleep(1);
          bench.log(`${world.devices.get('device')?.running}`);
        })(bench),
    });
    device.interrupt(() => nx._nx_ip_driver_deferred_processing(bench.ip));
    world.run({ until: '4s' });
    assert.deepEqual(log, ['IP']);
  });

  for (const [name, macro, expected] of [
    ['with NX_DRIVER_DEFERRED_PROCESSING its handler gets the packet', true, ['IP: 28 bytes', 'IP: 28 bytes']],
    ['without the macro the packet is released', false, []],
  ] as const) {
    it(`_nx_ip_driver_deferred_receive: ${name}`, () => {
      const { log, device, world, bench } = runDriver({
        config: { NX_DRIVER_DEFERRED_PROCESSING: macro },
        driver: driver(function* () {}),
        *main(bench) {
          yield* nx._nx_ip_driver_deferred_enable(bench.ip, function* (_ip, packet) {
            bench.log(`${world.devices.get('device')?.running}: ${packet.nx_packet_length} bytes`);
            yield* nx.nx_packet_release(packet);
          });
        },
      });
      device.interrupt(function* () {
        for (let count = 0; count < 2; count++) {
          yield* nx._nx_ip_driver_deferred_receive(bench.ip, yield* datagram(bench.pool));
        }
      });
      world.run({ until: '4s' });
      assert.deepEqual(log, expected);
      assert.equal(bench.pool.nx_packet_pool_available, bench.pool.nx_packet_pool_total);
    });
  }

  it('_nx_ip_driver_link_status_event: the driver is asked, and the application told', () => {
    let isUp = 1;
    const { log, device, world, bench } = runDriver({
      driver: driver(function* (request) {
        const { nx_ip_driver_return_ptr: answer } = request;
        if (request.nx_ip_driver_command === nx.NX_LINK_GET_STATUS && answer !== null) answer.value = isUp;
      }),
      *main(bench) {
        bench.ip.linkStatusNotify = (_ip, index, up) => bench.log(`${index}: ${up}`);
      },
    });
    for (const state of [0, 1]) {
      isUp = state;
      device.interrupt(() => nx._nx_ip_driver_link_status_event(bench.ip, 0));
      device.interrupt(() => nx._nx_ip_driver_link_status_event(bench.ip, 7));
      world.run({ until: world.clock.now + 1e9 });
    }
    assert.deepEqual(log, ['0: 0', '0: 1']);
  });

  it('the built-in driver reports when its cable is pulled and plugged in again', () => {
    const { log, device, world, bench } = runDriver({
      *main(bench) {
        bench.ip.linkStatusNotify = (_ip, index, up) => bench.log(`${index}: ${up}`);
      },
    });
    for (const isUp of [false, true]) {
      device.nic.plugged(isUp);
      assert.equal(bench.ip.nx_ip_interface[0]?.nx_interface_link_up, isUp ? 1 : 0);
      world.run({ until: world.clock.now + 1e9 });
    }
    assert.deepEqual(log, ['0: 0', '0: 1']);
  });
});

describe('drivers with a mistake', () => {
  /** Sends a broadcast of ten bytes. */
  function* sendOne({ ip, pool }: DriverBench): Generator<Suspension, void, unknown> {
    const socket = new nx.NX_UDP_SOCKET();
    yield* nx.nx_udp_socket_create(ip, socket, 's', 0, 0, 64, 5);
    yield* nx.nx_udp_socket_bind(socket, 9, nx.NX_NO_WAIT);
    const packet = out<nx.NX_PACKET>();
    yield* nx.nx_packet_allocate(pool, packet, nx.NX_UDP_PACKET, nx.NX_NO_WAIT);
    yield* nx.nx_packet_data_append(packet.value, new Uint8Array(10), 10, pool, nx.NX_NO_WAIT);
    yield* nx.nx_udp_socket_send(socket, packet.value, 0xffffffff, 9);
  }

  it('one that does not release what it has sent is in the leak report', () => {
    const { world } = runDriver({ driver: driver(function* () {}), main: sendOne });
    const leaks = world.leaks().map(describeLeak);
    assert.equal(leaks.length, 1);
    assert.match(
      leaks[0] ?? '',
      /^1 packet of pool 'pool' .* nx_packet_allocate\(\) in thread 'main' .*; given to the driver, which has not released/,
    );
  });

  it('one that releases twice is told where it was allocated, released and released again', () => {
    const misuses: string[] = [];
    runDriver({
      driver: driver(function* ({ nx_ip_driver_packet: packet }) {
        yield* nx.nx_packet_transmit_release(packet);
        if (packet !== null) yield* nx.nx_packet_transmit_release(packet);
      }),
      main: sendOne,
      onWorld: (world) => {
        world.trace.listen(({ event }) => {
          if (event.type === 'packet-misuse') misuses.push(`${event.kind}: ${event.allocated}`);
        });
      },
    });
    assert.equal(misuses.length, 1);
    assert.match(misuses[0] ?? '', /^double-release: nx_packet_allocate\(\) in thread 'main'/);
  });

  it('a packet from an interrupt is had without waiting, or not at all', () => {
    const { device, bench } = runDriver({ driver: driver(function* () {}) });
    device.interrupt(function* () {
      const packet = out<nx.NX_PACKET>();
      const allocate = (wait: number) => nx.nx_packet_allocate(bench.pool, packet, nx.NX_RECEIVE_PACKET, wait);
      assert.equal(yield* allocate(1), nx.NX_CALLER_ERROR);
      const { nx_packet_pool_available: free } = bench.pool;
      for (let count = 0; count < free; count++) assert.equal(yield* allocate(nx.NX_NO_WAIT), nx.NX_SUCCESS);
      assert.equal(yield* allocate(nx.NX_NO_WAIT), nx.NX_NO_PACKET);
    });
  });

  it('both drivers for one port are refused', () => {
    assert.throws(
      () =>
        runDriver({
          *main({ board }) {
            board.mac.CR = 1;
          },
        }),
      /board\.mac was turned on, and board\.network_driver has the network interface/,
    );
  });
});
