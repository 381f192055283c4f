import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { out, tx_thread_sleep, type Op, type Out, type Suspension, type ULONG } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { arpProbe } from '../../netx/arp-send.ts';
import {
  DEVICE,
  DEVICE_HARDWARE,
  runNetwork,
  STATION,
  STATION_HARDWARE,
  type NetworkBench,
} from '../support/network-bench.ts';

const [MSW, LSW] = [STATION_HARDWARE.msw, STATION_HARDWARE.lsw];
const host = (last: number): ULONG => nx.IP_ADDRESS(192, 168, 1, last);

function* lookUp(ip: nx.NX_IP, address: ULONG): Generator<Suspension, string> {
  const [msw, lsw] = [out<ULONG>(), out<ULONG>()];
  const status = yield* nx.nx_arp_hardware_address_find(ip, address, msw, lsw);
  return status === nx.NX_SUCCESS ? `${msw.value.toString(16)}:${lsw.value.toString(16)}` : `0x${status.toString(16)}`;
}

/** Counters of `nx_arp_info_get`, in its order. */
function* info(ip: nx.NX_IP): Generator<Suspension, number[]> {
  const cell = (): Out<ULONG> => out<ULONG>();
  const [a, b, c, d] = [cell(), cell(), cell(), cell()];
  const [e, f, g, h] = [cell(), cell(), cell(), cell()];
  assert.equal(yield* nx.nx_arp_info_get(ip, a, b, c, d, e, f, g, h), nx.NX_SUCCESS);
  return [a, b, c, d, e, f, g, h].map(({ value }) => value);
}

/** Sends a small datagram to an address; gives the status. */
function* sendTo(bench: NetworkBench, socket: nx.NX_UDP_SOCKET, address: ULONG): Generator<Suspension, number> {
  const cell = out<nx.NX_PACKET>();
  assert.equal(yield* nx.nx_packet_allocate(bench.network.pool, cell, nx.NX_UDP_PACKET, 0), nx.NX_SUCCESS);
  return yield* nx.nx_udp_socket_send(socket, cell.value, address, 9);
}

function* openSocket(ip: nx.NX_IP): Generator<Suspension, nx.NX_UDP_SOCKET> {
  const socket = new nx.NX_UDP_SOCKET();
  yield* nx.nx_udp_socket_create(ip, socket, 's', nx.NX_IP_NORMAL, nx.NX_FRAGMENT_OKAY, 128, 5);
  yield* nx.nx_udp_socket_bind(socket, 0, nx.NX_NO_WAIT);
  return socket;
}

describe('ARP statuses', () => {
  type Case = readonly [name: string, call: (ip: nx.NX_IP) => Op<number>, expected: number];
  const strange = new nx.NX_IP();
  const group = nx.IP_ADDRESS(224, 1, 2, 3);
  const everybody = nx.IP_ADDRESS(255, 255, 255, 255);
  const outside = nx.IP_ADDRESS(10, 0, 0, 1);
  const inThread: readonly Case[] = [
    ['enable twice', (ip) => nx.nx_arp_enable(ip, new Uint8Array(52), 52), nx.NX_ALREADY_ENABLED],
    ['enable, no memory', (ip) => nx.nx_arp_enable(ip, null, 52), nx.NX_PTR_ERROR],
    ['dynamic set, not created', () => nx.nx_arp_dynamic_entry_set(strange, STATION, 1, 2), nx.NX_PTR_ERROR],
    ['dynamic set, 0', (ip) => nx.nx_arp_dynamic_entry_set(ip, 0, 1, 2), nx.NX_IP_ADDRESS_ERROR],
    ['dynamic set, a group', (ip) => nx.nx_arp_dynamic_entry_set(ip, group, 1, 2), nx.NX_IP_ADDRESS_ERROR],
    ['dynamic set, everybody', (ip) => nx.nx_arp_dynamic_entry_set(ip, everybody, 1, 2), nx.NX_IP_ADDRESS_ERROR],
    ['dynamic set, outside', (ip) => nx.nx_arp_dynamic_entry_set(ip, outside, 1, 2), nx.NX_IP_ADDRESS_ERROR],
    ['dynamic set', (ip) => nx.nx_arp_dynamic_entry_set(ip, STATION, 1, 2), nx.NX_SUCCESS],
    ['invalidate, NULL', () => nx.nx_arp_dynamic_entries_invalidate(null), nx.NX_PTR_ERROR],
    ['invalidate', (ip) => nx.nx_arp_dynamic_entries_invalidate(ip), nx.NX_SUCCESS],
    ['entry delete, 0', (ip) => nx.nx_arp_entry_delete(ip, 0), nx.NX_IP_ADDRESS_ERROR],
    ['entry delete, none', (ip) => nx.nx_arp_entry_delete(ip, STATION), nx.NX_ENTRY_NOT_FOUND],
    ['static create, no hardware', (ip) => nx.nx_arp_static_entry_create(ip, STATION, 0, 0), nx.NX_INVALID_PARAMETERS],
    ['static create, outside', (ip) => nx.nx_arp_static_entry_create(ip, outside, 1, 2), nx.NX_IP_ADDRESS_ERROR],
    ['static create', (ip) => nx.nx_arp_static_entry_create(ip, STATION, 1, 2), nx.NX_SUCCESS],
    ['static delete, no hardware', (ip) => nx.nx_arp_static_entry_delete(ip, STATION, 0, 0), nx.NX_INVALID_PARAMETERS],
    ['static delete, none', (ip) => nx.nx_arp_static_entry_delete(ip, STATION, 1, 2), nx.NX_ENTRY_NOT_FOUND],
    ['statics delete', (ip) => nx.nx_arp_static_entries_delete(ip), nx.NX_SUCCESS],
    ['gratuitous', (ip) => nx.nx_arp_gratuitous_send(ip, null), nx.NX_SUCCESS],
    ['find, NULL', (ip) => nx.nx_arp_hardware_address_find(ip, STATION, null, out()), nx.NX_PTR_ERROR],
    ['find, 0', (ip) => nx.nx_arp_hardware_address_find(ip, 0, out(), out()), nx.NX_IP_ADDRESS_ERROR],
    ['find, none', (ip) => nx.nx_arp_hardware_address_find(ip, STATION, out(), out()), nx.NX_ENTRY_NOT_FOUND],
    ['find address, 0', (ip) => nx.nx_arp_ip_address_find(ip, out(), 0, 0), nx.NX_INVALID_PARAMETERS],
    ['find address, none', (ip) => nx.nx_arp_ip_address_find(ip, out(), 1, 2), nx.NX_ENTRY_NOT_FOUND],
    ['info, NULLs', (ip) => nx.nx_arp_info_get(ip, null, null, null, null, null, null, null, null), nx.NX_SUCCESS],
  ];
  for (const [name, call, expected] of inThread) {
    it(name, () => {
      let status = -1;
      runNetwork(
        function* ({ network }) {
          status = yield* call(network.ip);
        },
        { until: '500ms' },
      );
      assert.equal(status, expected);
    });
  }

  const withoutArp: readonly Case[] = [
    ['enable, too little memory', (ip) => nx.nx_arp_enable(ip, new Uint8Array(51), 51), nx.NX_SIZE_ERROR],
    ['dynamic set', (ip) => nx.nx_arp_dynamic_entry_set(ip, STATION, 1, 2), nx.NX_NOT_ENABLED],
    ['static create', (ip) => nx.nx_arp_static_entry_create(ip, STATION, 1, 2), nx.NX_NOT_ENABLED],
    ['gratuitous, no address', (ip) => nx.nx_arp_gratuitous_send(ip, null), nx.NX_IP_ADDRESS_ERROR],
    ['entry delete', (ip) => nx.nx_arp_entry_delete(ip, STATION), nx.NX_ENTRY_NOT_FOUND],
    ['find', (ip) => nx.nx_arp_hardware_address_find(ip, STATION, out(), out()), nx.NX_NOT_ENABLED],
  ];
  for (const [name, call, expected] of withoutArp) {
    it(`without ARP: ${name}`, () => {
      let status = -1;
      runNetwork(
        function* ({ network: { board, pool, take } }) {
          const bare = new nx.NX_IP();
          const driver: nx.NetworkDriver = () => undefined;
          const mask = board.network_mask;
          yield* nx.nx_ip_create(bare, 'bare', 0, mask, pool, driver, take(1024), 1024, 2);
          status = yield* call(bare);
        },
        { until: '500ms' },
      );
      assert.equal(status, expected);
    });
  }

  it('during initialisation only static entries are made and deleted', () => {
    const statuses: number[] = [];
    runNetwork(
      function* () {
        yield* tx_thread_sleep(1);
      },
      {
        until: '500ms',
        *define({ ip }) {
          statuses.push(
            yield* nx.nx_arp_static_entry_create(ip, STATION, 1, 2),
            yield* nx.nx_arp_entry_delete(ip, STATION),
            yield* nx.nx_arp_static_entries_delete(ip),
            yield* nx.nx_arp_dynamic_entry_set(ip, STATION, 1, 2),
            yield* nx.nx_arp_static_entry_delete(ip, STATION, 1, 2),
            yield* nx.nx_arp_gratuitous_send(ip, null),
            yield* nx.nx_arp_dynamic_entries_invalidate(ip),
            yield* nx.nx_arp_hardware_address_find(ip, STATION, out(), out()),
          );
        },
      },
    );
    assert.deepEqual(statuses, [0, 0, 0, 0x11, 0x11, 0x11, 0x11, 0x11]);
  });
});

describe('the ARP cache', () => {
  it('finds a neighbour by either address, once it has answered', () => {
    const seen: string[] = [];
    runNetwork(function* ({ network: { ip } }) {
      yield* nx.nx_arp_dynamic_entry_set(ip, STATION, 0, 0);
      seen.push(yield* lookUp(ip, STATION));
      yield* tx_thread_sleep(2);
      seen.push(yield* lookUp(ip, STATION));
      const address = out<ULONG>();
      seen.push(String(yield* nx.nx_arp_ip_address_find(ip, address, MSW, LSW)), String(address.value === STATION));
      seen.push(String(yield* nx.nx_arp_entry_delete(ip, STATION)), yield* lookUp(ip, STATION));
    });
    assert.deepEqual(seen, ['0x16', '2aa:7', '0', 'true', '0', '0x16']);
  });

  it('asks every 10 seconds, 18 times more, and then gives up what waits', () => {
    const counts: number[][] = [];
    const { station, network, events } = runNetwork(
      function* (bench) {
        const { ip } = bench.network;
        bench.station.answersArp = false;
        const socket = yield* openSocket(ip);
        for (let count = 0; count < 6; count++) yield* sendTo(bench, socket, STATION);
        counts.push(yield* info(ip));
        yield* tx_thread_sleep(18_850);
        counts.push(yield* info(ip));
        yield* tx_thread_sleep(400);
        counts.push(yield* info(ip));
      },
      { until: '250s' },
    );
    const times = station.arpTimes.map((time) => Math.round(time / 1e9));
    assert.deepEqual(times, [0, ...Array.from({ length: 18 }, (_, index) => (index + 1) * 10)]);
    assert.deepEqual(counts, [
      [1, 0, 0, 0, 1, 0, 0, 0],
      [19, 0, 0, 0, 1, 0, 0, 0],
      [19, 0, 0, 0, 0, 0, 1, 0],
    ]);
    assert.equal(network.ip.nx_ip_send_packets_dropped, 6);
    const drops = events.filter((event) => event.type === 'datagram-dropped' && event.reason === 'arp-failed');
    assert.equal(drops.length, 6);
  });

  it('takes other rates, depths and numbers of retries from the macros', () => {
    const { station, network } = runNetwork(
      function* (bench) {
        bench.station.answersArp = false;
        const socket = yield* openSocket(bench.network.ip);
        for (let count = 0; count < 3; count++) yield* sendTo(bench, socket, STATION);
        yield* tx_thread_sleep(50);
        bench.log.push(String(bench.network.ip.nx_ip_send_packets_dropped));
      },
      {
        until: '30s',
        config: { NX_ARP_UPDATE_RATE: 2, NX_ARP_MAXIMUM_RETRIES: 3, NX_ARP_MAX_QUEUE_DEPTH: 1 },
      },
    );
    assert.deepEqual(
      station.arpTimes.map((time) => Math.round(time / 1e9)),
      [0, 2, 4, 6],
    );
    assert.equal(network.ip.nx_ip_send_packets_dropped, 3);
  });

  it('an entry that expires is asked for again and serves meanwhile; an answer renews it, silence ends it', () => {
    const seen: string[] = [];
    const { station } = runNetwork(
      function* ({ network: { ip }, station: other }) {
        yield* nx.nx_arp_dynamic_entry_set(ip, STATION, 0, 0);
        yield* tx_thread_sleep(2500);
        other.answersArp = false;
        yield* tx_thread_sleep(2000);
        seen.push(yield* lookUp(ip, STATION));
        yield* tx_thread_sleep(1500);
        seen.push(yield* lookUp(ip, STATION));
      },
      { until: '70s', config: { NX_ARP_EXPIRATION_RATE: 20, NX_ARP_MAXIMUM_RETRIES: 2, NX_ARP_UPDATE_RATE: 5 } },
    );
    assert.deepEqual(
      station.arpTimes.map((time) => Math.round(time / 1e9)),
      [0, 20, 40, 45],
    );
    assert.deepEqual(seen, ['2aa:7', '0x16']);
  });

  it('the dynamic entry used longest ago makes room, static ones never do', () => {
    const seen: string[] = [];
    runNetwork(function* (bench) {
      const { ip } = bench.network;
      const socket = yield* openSocket(ip);
      // 1024 bytes: 19 entries.
      yield* nx.nx_arp_static_entry_create(ip, host(100), 2, 100);
      for (let last = 101; last < 119; last++) yield* nx.nx_arp_dynamic_entry_set(ip, host(last), 2, last);
      yield* sendTo(bench, socket, host(101));
      yield* nx.nx_arp_dynamic_entry_set(ip, host(119), 2, 119);
      for (const last of [100, 101, 102, 103, 119]) seen.push(`${last} ${yield* lookUp(ip, host(last))}`);
      // Now fill it with static entries.
      for (let last = 101; last < 119; last++) {
        assert.equal(yield* nx.nx_arp_static_entry_create(ip, host(last), 2, last), nx.NX_SUCCESS);
      }
      seen.push(`static ${yield* nx.nx_arp_static_entry_create(ip, host(120), 2, 2)}`);
      seen.push(`dynamic ${yield* nx.nx_arp_dynamic_entry_set(ip, host(121), 2, 2)}`);
      const before = ip.nx_ip_send_packets_dropped;
      seen.push(`send ${yield* sendTo(bench, socket, STATION)}`);
      seen.push(`dropped ${ip.nx_ip_send_packets_dropped - before}`, String(yield* info(ip)));
      yield* nx.nx_arp_dynamic_entry_set(ip, host(100), 9, 9);
      seen.push(yield* lookUp(ip, host(100)));
      seen.push(String(yield* nx.nx_arp_static_entry_delete(ip, host(100), 2, 100)));
      seen.push(String(yield* nx.nx_arp_static_entries_delete(ip)), String((yield* info(ip)).slice(4, 6)));
    });
    assert.deepEqual(seen, [
      '100 2:64',
      '101 2:65',
      '102 0x16',
      '103 2:67',
      '119 2:77',
      'static 23',
      'dynamic 23',
      'send 0',
      'dropped 1',
      '0,0,0,0,0,19,0,0',
      '2:64',
      '0',
      '0',
      '0,0',
    ]);
  });

  it('a static entry sends what has waited, and no answer changes it', () => {
    const seen: string[] = [];
    const { station } = runNetwork(function* (bench) {
      const { ip } = bench.network;
      bench.station.answersArp = false;
      const socket = yield* openSocket(ip);
      yield* sendTo(bench, socket, STATION);
      yield* nx.nx_arp_static_entry_create(ip, STATION, MSW, LSW);
      bench.station.arp({ operation: 2, senderHardware: { msw: 2, lsw: 99 } }, DEVICE_HARDWARE);
      yield* tx_thread_sleep(5);
      seen.push(yield* lookUp(ip, STATION));
      yield* nx.nx_arp_dynamic_entries_invalidate(ip);
      seen.push(yield* lookUp(ip, STATION));
    });
    assert.equal(station.packets.length, 1);
    assert.deepEqual(seen, ['2aa:7', '2aa:7']);
  });

  it('invalidating releases what waits', () => {
    const { network } = runNetwork(function* (bench) {
      bench.station.answersArp = false;
      const socket = yield* openSocket(bench.network.ip);
      yield* sendTo(bench, socket, STATION);
      yield* nx.nx_arp_dynamic_entries_invalidate(bench.network.ip);
      bench.log.push(String(bench.network.pool.nx_packet_pool_available));
    });
    assert.equal(network.ip.nx_ip_send_packets_dropped, 1);
  });
});

describe('received ARP messages', () => {
  /** What the cache knows of the station after a message. */
  function after(message: object, config = {}, known = false): { known: string; counts: number[]; answers: number } {
    const result = { known: '', counts: [] as number[], answers: 0 };
    runNetwork(
      function* ({ network: { ip }, station }) {
        if (known) yield* nx.nx_arp_dynamic_entry_set(ip, STATION, 2, 1);
        yield* tx_thread_sleep(1);
        station.arp(message);
        yield* tx_thread_sleep(5);
        result.known = yield* lookUp(ip, STATION);
        result.counts = yield* info(ip);
        result.answers = station.arps.filter(({ operation }) => operation === 2).length;
      },
      { config, until: '500ms' },
    );
    return result;
  }

  it('a request for us is answered, and its sender learned', () => {
    const { known, counts, answers } = after({ targetAddress: DEVICE });
    assert.deepEqual([known, answers], ['2aa:7', 1]);
    assert.deepEqual(counts, [0, 1, 1, 0, 1, 0, 0, 0]);
  });

  it('a request for somebody else teaches nothing new, and refreshes what is known', () => {
    assert.equal(after({ targetAddress: host(77) }).known, '0x16');
    assert.equal(after({ targetAddress: host(77) }, {}, true).known, '2aa:7');
  });

  it('NX_DISABLE_ARP_AUTO_ENTRY: a request for us is answered and not learned', () => {
    const { known, answers } = after({ targetAddress: DEVICE }, { NX_DISABLE_ARP_AUTO_ENTRY: true });
    assert.deepEqual([known, answers], ['0x16', 1]);
  });

  it('a probe (sender 0) is answered and not learned', () => {
    const { counts, answers } = after({ targetAddress: DEVICE, senderAddress: 0 });
    assert.deepEqual([counts[4], answers], [0, 1]);
  });

  it('unknown operations and groups as senders are refused', () => {
    assert.deepEqual(after({ operation: 9, targetAddress: DEVICE }).counts, [0, 0, 0, 0, 0, 0, 0, 1]);
    const group = after({ targetAddress: DEVICE, senderHardware: { msw: 0x0100, lsw: 0x5e000001 } });
    assert.equal(group.counts[4], 0);
  });
});

describe('address conflicts (RFC 5227)', () => {
  it('an address is defended once in 10 seconds, and the handlers are told each time', () => {
    const told: string[] = [];
    const { station, events } = runNetwork(
      function* ({ network: { ip }, station: other }) {
        const [first] = ip.nx_ip_interface;
        assert(first !== undefined);
        first.nx_interface_ip_conflict_notify_handler = (_ip, index, address, msw, lsw): void => {
          told.push(`${index} ${address === DEVICE ? 'ours' : address} ${msw.toString(16)}:${lsw}`);
        };
        for (let time = 0; time < 3; time++) {
          other.arp({ senderAddress: DEVICE, targetAddress: DEVICE });
          yield* tx_thread_sleep(time === 1 ? 1100 : 100);
        }
      },
      { until: '20s' },
    );
    assert.deepEqual(told, ['0 ours 2aa:7', '0 ours 2aa:7', '0 ours 2aa:7']);
    assert.deepEqual(
      station.arps.map(({ operation, senderAddress, targetAddress }) => [operation, senderAddress, targetAddress]),
      [
        [1, DEVICE, DEVICE],
        [1, DEVICE, DEVICE],
      ],
    );
    const conflicts = events.filter((event) => event.type === 'address-conflict');
    assert.deepEqual(conflicts[0], {
      type: 'address-conflict',
      address: '192.168.1.10',
      hardware: '02:aa:00:00:00:07',
    });
  });

  it('NX_ARP_DEFEND_BY_REPLY and NX_ARP_DEFEND_INTERVAL', () => {
    const { station } = runNetwork(
      function* ({ station: other }) {
        for (let time = 0; time < 2; time++) {
          other.arp({ senderAddress: DEVICE, targetAddress: DEVICE });
          yield* tx_thread_sleep(250);
        }
      },
      { config: { NX_ARP_DEFEND_BY_REPLY: true, NX_ARP_DEFEND_INTERVAL: 1 } },
    );
    assert.deepEqual(
      station.arps.map(({ operation, senderAddress }) => [operation, senderAddress]),
      [
        [1, DEVICE],
        [2, DEVICE],
        [1, DEVICE],
        [2, DEVICE],
      ],
    );
  });

  it('nx_arp_gratuitous_send announces, and its handler gets the packets of others with the address', () => {
    const handled: number[] = [];
    const { station } = runNetwork(function* ({ network: { ip }, station: other }) {
      const handler: nx.ArpGratuitousHandler = function* (_ip, packet) {
        handled.push(packet.nx_packet_length);
        yield* nx.nx_packet_release(packet);
      };
      assert.equal(yield* nx.nx_arp_gratuitous_send(ip, handler), nx.NX_SUCCESS);
      yield* tx_thread_sleep(1);
      other.arp({ operation: 2, senderAddress: DEVICE, targetAddress: DEVICE }, DEVICE_HARDWARE);
      yield* tx_thread_sleep(5);
    });
    const [announcement] = station.arps;
    assert.deepEqual(announcement, {
      operation: 1,
      senderHardware: DEVICE_HARDWARE,
      senderAddress: DEVICE,
      targetHardware: { msw: 0, lsw: 0 },
      targetAddress: DEVICE,
    });
    assert.deepEqual(handled, [46]);
  });

  it('while an address is probed for, whoever has it or probes too is told of', () => {
    const told: string[] = [];
    const wanted = host(200);
    const { station } = runNetwork(
      function* ({ network: { ip }, station: other, world }) {
        const [first] = ip.nx_ip_interface;
        const device = world.devices.get('device');
        assert(first !== undefined && device !== undefined);
        first.nx_interface_ip_probe_address = wanted;
        first.nx_interface_ip_conflict_notify_handler = (_ip, _index, address): void => {
          told.push(address === wanted ? 'wanted' : String(address));
        };
        const pending = arpProbe(device.kernel, ip, first, wanted);
        if (pending !== null) yield* pending;
        yield* tx_thread_sleep(1);
        other.arp({ operation: 2, senderAddress: wanted, targetAddress: 0 }, DEVICE_HARDWARE);
        other.arp({ senderAddress: 0, targetAddress: wanted });
        other.arp({ senderAddress: 0, targetAddress: host(201) });
        yield* tx_thread_sleep(5);
      },
      { address: 0 },
    );
    assert.deepEqual(told, ['wanted', 'wanted']);
    const [probe] = station.arps;
    assert.deepEqual([probe?.operation, probe?.senderAddress, probe?.targetAddress], [1, 0, wanted]);
  });
});
