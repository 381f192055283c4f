import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusName, World, type DeviceOptions } from 'txsim';
import { out, TX_TIMER, tx_thread_sleep, tx_timer_create, type Op, type Suspension, type ULONG } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { ipv6, ipv6Firmware, sendText6, words6 } from '../../support/ipv6-firmware.ts';
import type { TestNetwork } from '../../support/dtls-firmware.ts';

const MAC = Uint8Array.of(2, 0, 0, 0, 0, 9);
const ALL_MACROS = {
  NX_ENABLE_IPV6_ADDRESS_CHANGE_NOTIFY: true,
  NX_ENABLE_IPV6_MULTICAST: true,
  NX_IPV6_STATELESS_AUTOCONFIG_CONTROL: true,
};

type Call = (network: TestNetwork, socket: nx.NX_UDP_SOCKET) => Op<number>;

/** Runs services one after the other in a device's thread, once it has its addresses; gives their statuses. */
function statuses(
  calls: readonly Call[],
  config: NonNullable<DeviceOptions['config']> = ALL_MACROS,
): readonly number[] {
  const given: number[] = [];
  const world = new World();
  const firmware = ipv6Firmware(
    function* (network, socket) {
      yield* nx.nx_udp_socket_bind(socket, 9, 0);
      for (const call of calls) given.push(yield* call(network, socket));
    },
    { addresses: config['NX_DISABLE_IPV6'] === true ? [] : ['2001:db8::1'] },
  );
  world.device('device', { firmware, lan: world.lan(), config });
  world.run({ until: '60s' });
  assert.deepEqual(world.leaks(), []);
  return given;
}

const v4 = (): nx.NXD_ADDRESS => {
  const address = new nx.NXD_ADDRESS();
  address.nxd_ip_version = nx.NX_IP_VERSION_V4;
  address.nxd_ip_address.v4 = nx.IP_ADDRESS(192, 168, 1, 1);
  return address;
};
const [group, global, far] = [ipv6('ff02::5'), ipv6('2001:db8::2'), ipv6('2001:db9::1')];
const cell = (): ReturnType<typeof out<nx.NX_PACKET>> => out<nx.NX_PACKET>();
const number = (): ReturnType<typeof out<ULONG>> => out<ULONG>();
const address = new nx.NXD_ADDRESS();

/** Calls that stand alone, with their status. */
const CASES: readonly (readonly [string, Call, number])[] = [
  ['enable twice', ({ ip }) => nx.nxd_ipv6_enable(ip), nx.NX_ALREADY_ENABLED],
  ['enable, not created', () => nx.nxd_ipv6_enable(new nx.NX_IP()), nx.NX_PTR_ERROR],
  ['disable', ({ ip }) => nx.nxd_ipv6_disable(ip), nx.NX_SUCCESS],
  ['disable, NULL', () => nx.nxd_ipv6_disable(null), nx.NX_PTR_ERROR],
  ['address set, NULL', () => nx.nxd_ipv6_address_set(null, 0, global, 64, null), nx.NX_PTR_ERROR],
  ['address set, IPv4', ({ ip }) => nx.nxd_ipv6_address_set(ip, 0, v4(), 64, null), nx.NX_IP_ADDRESS_ERROR],
  ['address set, group', ({ ip }) => nx.nxd_ipv6_address_set(ip, 0, group, 64, null), nx.NX_IP_ADDRESS_ERROR],
  ['address set, ::', ({ ip }) => nx.nxd_ipv6_address_set(ip, 0, ipv6('::'), 64, null), nx.NX_IP_ADDRESS_ERROR],
  ['address set, none', ({ ip }) => nx.nxd_ipv6_address_set(ip, 0, null, 64, null), nx.NX_IP_ADDRESS_ERROR],
  ['address set, interface', ({ ip }) => nx.nxd_ipv6_address_set(ip, 1, global, 64, null), nx.NX_INVALID_INTERFACE],
  [
    'address set, again',
    ({ ip }) => nx.nxd_ipv6_address_set(ip, 0, ipv6('2001:db8::1'), 64, null),
    nx.NX_DUPLICATED_ENTRY,
  ],
  ['address set, link-local again', ({ ip }) => nx.nxd_ipv6_address_set(ip, 0, null, 10, null), nx.NX_DUPLICATED_ENTRY],
  ['address get', ({ ip }) => nx.nxd_ipv6_address_get(ip, 1, address, number(), number()), nx.NX_SUCCESS],
  ['address get, loopback', ({ ip }) => nx.nxd_ipv6_address_get(ip, 3, address, number(), number()), nx.NX_SUCCESS],
  [
    'address get, empty',
    ({ ip }) => nx.nxd_ipv6_address_get(ip, 2, address, number(), number()),
    nx.NX_NO_INTERFACE_ADDRESS,
  ],
  [
    'address get, beyond',
    ({ ip }) => nx.nxd_ipv6_address_get(ip, 4, address, number(), number()),
    nx.NX_NO_INTERFACE_ADDRESS,
  ],
  ['address get, NULL', ({ ip }) => nx.nxd_ipv6_address_get(ip, 0, null, number(), number()), nx.NX_PTR_ERROR],
  ['address delete', ({ ip }) => nx.nxd_ipv6_address_delete(ip, 1), nx.NX_SUCCESS],
  ['address delete, empty', ({ ip }) => nx.nxd_ipv6_address_delete(ip, 2), nx.NX_NO_INTERFACE_ADDRESS],
  ['address delete, loopback', ({ ip }) => nx.nxd_ipv6_address_delete(ip, 3), nx.NX_NO_INTERFACE_ADDRESS],
  ['address delete, NULL', () => nx.nxd_ipv6_address_delete(null, 0), nx.NX_PTR_ERROR],
  ['change notify', ({ ip }) => nx.nxd_ipv6_address_change_notify(ip, null), nx.NX_SUCCESS],
  ['change notify, NULL', () => nx.nxd_ipv6_address_change_notify(null, null), nx.NX_PTR_ERROR],
  ['router add', ({ ip }) => nx.nxd_ipv6_default_router_add(ip, global, 100, 0), nx.NX_SUCCESS],
  ['router add, elsewhere', ({ ip }) => nx.nxd_ipv6_default_router_add(ip, far, 100, 0), nx.NX_IP_ADDRESS_ERROR],
  ['router add, group', ({ ip }) => nx.nxd_ipv6_default_router_add(ip, group, 100, 0), nx.NX_IP_ADDRESS_ERROR],
  ['router add, IPv4', ({ ip }) => nx.nxd_ipv6_default_router_add(ip, v4(), 100, 0), nx.NX_INVALID_PARAMETERS],
  ['router add, interface', ({ ip }) => nx.nxd_ipv6_default_router_add(ip, global, 100, 1), nx.NX_INVALID_INTERFACE],
  ['router add, NULL', ({ ip }) => nx.nxd_ipv6_default_router_add(ip, null, 100, 0), nx.NX_PTR_ERROR],
  ['router delete, none', ({ ip }) => nx.nxd_ipv6_default_router_delete(ip, global), nx.NX_SUCCESS],
  ['router delete, NULL', ({ ip }) => nx.nxd_ipv6_default_router_delete(ip, null), nx.NX_PTR_ERROR],
  ['router delete, IPv4', ({ ip }) => nx.nxd_ipv6_default_router_delete(ip, v4()), nx.NX_INVALID_PARAMETERS],
  ['router get, none', ({ ip }) => nx.nxd_ipv6_default_router_get(ip, 0, address, number(), number()), nx.NX_NOT_FOUND],
  ['router get, NULL', ({ ip }) => nx.nxd_ipv6_default_router_get(ip, 0, null, number(), number()), nx.NX_PTR_ERROR],
  [
    'router get, interface',
    ({ ip }) => nx.nxd_ipv6_default_router_get(ip, 1, address, number(), number()),
    nx.NX_INVALID_INTERFACE,
  ],
  [
    'router entry, none',
    ({ ip }) => nx.nxd_ipv6_default_router_entry_get(ip, 0, 0, null, null, null, null),
    nx.NX_NOT_FOUND,
  ],
  [
    'router entry, beyond',
    ({ ip }) => nx.nxd_ipv6_default_router_entry_get(ip, 0, 8, null, null, null, null),
    nx.NX_INVALID_INTERFACE,
  ],
  ['router count', ({ ip }) => nx.nxd_ipv6_default_router_number_of_entries_get(ip, 0, number()), nx.NX_SUCCESS],
  ['router count, NULL', ({ ip }) => nx.nxd_ipv6_default_router_number_of_entries_get(ip, 0, null), nx.NX_PTR_ERROR],
  [
    'router count, interface',
    ({ ip }) => nx.nxd_ipv6_default_router_number_of_entries_get(ip, 1, number()),
    nx.NX_INVALID_INTERFACE,
  ],
  ['autoconfig enable, on', ({ ip }) => nx.nxd_ipv6_stateless_address_autoconfig_enable(ip, 0), nx.NX_ALREADY_ENABLED],
  [
    'autoconfig enable, interface',
    ({ ip }) => nx.nxd_ipv6_stateless_address_autoconfig_enable(ip, 1),
    nx.NX_INVALID_INTERFACE,
  ],
  ['autoconfig disable', ({ ip }) => nx.nxd_ipv6_stateless_address_autoconfig_disable(ip, 0), nx.NX_SUCCESS],
  ['autoconfig disable, NULL', () => nx.nxd_ipv6_stateless_address_autoconfig_disable(null, 0), nx.NX_PTR_ERROR],
  ['join', ({ ip }) => nx.nxd_ipv6_multicast_interface_join(ip, group, 0), nx.NX_SUCCESS],
  ['join, no group', ({ ip }) => nx.nxd_ipv6_multicast_interface_join(ip, global, 0), nx.NX_IP_ADDRESS_ERROR],
  ['join, interface', ({ ip }) => nx.nxd_ipv6_multicast_interface_join(ip, group, 1), nx.NX_INVALID_INTERFACE],
  ['join, NULL', ({ ip }) => nx.nxd_ipv6_multicast_interface_join(ip, null, 0), nx.NX_PTR_ERROR],
  ['leave, not joined', ({ ip }) => nx.nxd_ipv6_multicast_interface_leave(ip, group, 0), nx.NX_ENTRY_NOT_FOUND],
  ['neighbor set', ({ ip }) => nx.nxd_nd_cache_entry_set(ip, words6('fe80::9'), 0, MAC), nx.NX_SUCCESS],
  ['neighbor set, NULL', ({ ip }) => nx.nxd_nd_cache_entry_set(ip, null, 0, MAC), nx.NX_PTR_ERROR],
  [
    'neighbor set, interface',
    ({ ip }) => nx.nxd_nd_cache_entry_set(ip, words6('fe80::9'), 1, MAC),
    nx.NX_INVALID_INTERFACE,
  ],
  ['neighbor delete, none', ({ ip }) => nx.nxd_nd_cache_entry_delete(ip, words6('fe80::9')), nx.NX_ENTRY_NOT_FOUND],
  ['neighbor delete, NULL', ({ ip }) => nx.nxd_nd_cache_entry_delete(ip, null), nx.NX_PTR_ERROR],
  ['neighbors invalidate', ({ ip }) => nx.nxd_nd_cache_invalidate(ip), nx.NX_SUCCESS],
  ['neighbors invalidate, NULL', () => nx.nxd_nd_cache_invalidate(null), nx.NX_PTR_ERROR],
  [
    'hardware find, none',
    ({ ip }) => nx.nxd_nd_cache_hardware_address_find(ip, global, number(), number(), number()),
    nx.NX_ENTRY_NOT_FOUND,
  ],
  [
    'hardware find, IPv4',
    ({ ip }) => nx.nxd_nd_cache_hardware_address_find(ip, v4(), number(), number(), number()),
    nx.NX_INVALID_PARAMETERS,
  ],
  [
    'hardware find, NULL',
    ({ ip }) => nx.nxd_nd_cache_hardware_address_find(ip, global, null, number(), number()),
    nx.NX_PTR_ERROR,
  ],
  [
    'address find, none',
    ({ ip }) => nx.nxd_nd_cache_ip_address_find(ip, address, 2, 9, number()),
    nx.NX_ENTRY_NOT_FOUND,
  ],
  [
    'address find, 0',
    ({ ip }) => nx.nxd_nd_cache_ip_address_find(ip, address, 0, 0, number()),
    nx.NX_INVALID_PARAMETERS,
  ],
  ['address find, NULL', ({ ip }) => nx.nxd_nd_cache_ip_address_find(ip, null, 2, 9, number()), nx.NX_PTR_ERROR],
  ['icmp enable twice', ({ ip }) => nx.nxd_icmp_enable(ip), nx.NX_SUCCESS],
  ['icmp enable, NULL', () => nx.nxd_icmp_enable(null), nx.NX_PTR_ERROR],
  ['ping, nobody there', ({ ip }) => nx.nxd_icmp_ping(ip, global, 'x', 1, cell(), 50), nx.NX_NO_RESPONSE],
  ['ping, without a wait', ({ ip }) => nx.nxd_icmp_ping(ip, global, 'x', 1, cell(), 0), nx.NX_NO_RESPONSE],
  ['ping, no way', ({ ip }) => nx.nxd_icmp_ping(ip, far, 'x', 1, cell(), 50), nx.NX_NO_INTERFACE_ADDRESS],
  ['ping, no address', ({ ip }) => nx.nxd_icmp_ping(ip, null, 'x', 1, cell(), 50), nx.NX_IP_ADDRESS_ERROR],
  [
    'ping, no version',
    ({ ip }) => nx.nxd_icmp_ping(ip, new nx.NXD_ADDRESS(), 'x', 1, cell(), 50),
    nx.NX_IP_ADDRESS_ERROR,
  ],
  ['ping, NULL', ({ ip }) => nx.nxd_icmp_ping(ip, global, 'x', 1, null, 50), nx.NX_PTR_ERROR],
  ['ping, too long', ({ ip }) => nx.nxd_icmp_ping(ip, global, 'x', 70_000, cell(), 50), nx.NX_OVERFLOW],
  [
    'ping from an empty place',
    ({ ip }) => nx.nxd_icmp_source_ping(ip, global, 2, 'x', 1, cell(), 50),
    nx.NX_INVALID_INTERFACE,
  ],
  ['ping oneself', ({ ip }) => pingAndRelease(ip, ipv6('2001:db8::1')), nx.NX_SUCCESS],
  ['ping ::1', ({ ip }) => pingAndRelease(ip, ipv6('::1')), nx.NX_SUCCESS],
  ['send, no way', (network, socket) => sendText6(network, socket, 'x', far, 7), nx.NX_NO_INTERFACE_ADDRESS],
  ['send to ::', (network, socket) => sendText6(network, socket, 'x', ipv6('::'), 7), nx.NX_IP_ADDRESS_ERROR],
  [
    'send to a port beyond 65,535',
    (network, socket) => sendText6(network, socket, 'x', global, 0x10000),
    nx.NX_INVALID_PORT,
  ],
  ['send', (network, socket) => sendText6(network, socket, 'x', global, 7), nx.NX_SUCCESS],
  ['send to a group', (network, socket) => sendText6(network, socket, 'x', group, 7), nx.NX_SUCCESS],
];

function* pingAndRelease(ip: nx.NX_IP, to: nx.NXD_ADDRESS): Generator<Suspension, number> {
  const response = cell();
  const status = yield* nx.nxd_icmp_ping(ip, to, 'data', 4, response, 50);
  if (status === nx.NX_SUCCESS) yield* nx.nx_packet_release(response.value);
  return status;
}

describe('services of IPv6', () => {
  for (const [name, call, expected] of CASES) {
    it(`${name}: ${statusName(expected)}`, () => {
      assert.deepEqual(
        statuses([call]).map((status) => statusName(status)),
        [statusName(expected)],
      );
    });
  }

  it('without its macro a service is not there', () => {
    const given = statuses(
      [
        ({ ip }) => nx.nxd_ipv6_address_change_notify(ip, null),
        ({ ip }) => nx.nxd_ipv6_multicast_interface_join(ip, group, 0),
        ({ ip }) => nx.nxd_ipv6_multicast_interface_leave(ip, group, 0),
        ({ ip }) => nx.nxd_ipv6_stateless_address_autoconfig_enable(ip, 0),
        ({ ip }) => nx.nxd_ipv6_stateless_address_autoconfig_disable(ip, 0),
      ],
      {},
    );
    assert.deepEqual(given, Array(5).fill(nx.NX_NOT_SUPPORTED));
  });

  it('a device without IPv6 has none of them', () => {
    const given = statuses(
      [
        ({ ip }) => nx.nxd_ipv6_enable(ip),
        ({ ip }) => nx.nxd_ipv6_disable(ip),
        ({ ip }) => nx.nxd_ipv6_address_set(ip, 0, global, 64, null),
        ({ ip }) => nx.nxd_ipv6_address_get(ip, 0, address, number(), number()),
        ({ ip }) => nx.nxd_ipv6_address_delete(ip, 0),
        ({ ip }) => nx.nxd_ipv6_address_change_notify(ip, null),
        ({ ip }) => nx.nxd_ipv6_default_router_add(ip, global, 1, 0),
        ({ ip }) => nx.nxd_ipv6_default_router_delete(ip, global),
        ({ ip }) => nx.nxd_ipv6_default_router_get(ip, 0, address, number(), number()),
        ({ ip }) => nx.nxd_ipv6_default_router_entry_get(ip, 0, 0, null, null, null, null),
        ({ ip }) => nx.nxd_ipv6_default_router_number_of_entries_get(ip, 0, number()),
        ({ ip }) => nx.nxd_ipv6_stateless_address_autoconfig_enable(ip, 0),
        ({ ip }) => nx.nxd_ipv6_multicast_interface_join(ip, group, 0),
        ({ ip }) => nx.nxd_nd_cache_entry_set(ip, words6('fe80::9'), 0, MAC),
        ({ ip }) => nx.nxd_nd_cache_entry_delete(ip, words6('fe80::9')),
        ({ ip }) => nx.nxd_nd_cache_invalidate(ip),
        ({ ip }) => nx.nxd_nd_cache_hardware_address_find(ip, global, number(), number(), number()),
        ({ ip }) => nx.nxd_nd_cache_ip_address_find(ip, address, 2, 9, number()),
        ({ ip }) => nx.nxd_icmp_ping(ip, global, 'x', 1, cell(), 1),
        (network, socket) => sendText6(network, socket, 'x', global, 7),
      ],
      { ...ALL_MACROS, NX_DISABLE_IPV6: true },
    );
    assert.deepEqual(given, Array(20).fill(nx.NX_NOT_SUPPORTED));
  });

  it('tables fill up: addresses, routers, groups', () => {
    const given = statuses([
      ({ ip }) => nx.nxd_ipv6_address_set(ip, 0, ipv6('2001:db8::5'), 64, null),
      ({ ip }) => nx.nxd_ipv6_address_set(ip, 0, ipv6('2001:db8::6'), 64, null),
      ...Array.from(
        { length: 9 },
        (_, index): Call =>
          ({ ip }) =>
            nx.nxd_ipv6_default_router_add(ip, ipv6(`fe80::${index + 1}`), 9, 0),
      ),
      ({ ip }) => nx.nxd_ipv6_default_router_delete(ip, far),
      ...Array.from(
        { length: 8 },
        (_, index): Call =>
          ({ ip }) =>
            nx.nxd_ipv6_multicast_interface_join(ip, ipv6(`ff02::10${index}`), 0),
      ),
    ]);
    const { NX_NO_MORE_ENTRIES: full, NX_NOT_FOUND } = nx;
    assert.deepEqual(given, [
      0,
      full,
      ...Array<number>(8).fill(0),
      full,
      NX_NOT_FOUND,
      ...Array<number>(7).fill(0),
      full,
    ]);
  });

  it('a neighbor that was set is found both ways, and packets go there unasked', () => {
    const [msw, lsw, index, found] = [number(), number(), number(), new nx.NXD_ADDRESS()];
    const given = statuses([
      ({ ip }) => nx.nxd_nd_cache_entry_set(ip, words6('2001:db8::2'), 0, MAC),
      ({ ip }) => nx.nxd_nd_cache_hardware_address_find(ip, global, msw, lsw, index),
      ({ ip }) => nx.nxd_nd_cache_ip_address_find(ip, found, 0x0200, 9, index),
      ({ ip }) => nx.nxd_nd_cache_entry_delete(ip, words6('2001:db8::2')),
      ({ ip }) => nx.nxd_nd_cache_entry_delete(ip, words6('2001:db8::2')),
    ]);
    assert.deepEqual(given, [0, 0, 0, 0, nx.NX_ENTRY_NOT_FOUND]);
    assert.deepEqual([msw.value, lsw.value, found.equals(global)], [0x0200, 9, true]);
  });

  it('timers and ISRs may not call them', () => {
    const given: number[] = [];
    const world = new World();
    const timer = new TX_TIMER();
    const firmware = ipv6Firmware(function* ({ ip }) {
      const expired = function* (): Generator<Suspension, void> {
        for (const call of [
          () => nx.nxd_ipv6_enable(ip),
          () => nx.nxd_ipv6_disable(ip),
          () => nx.nxd_ipv6_address_set(ip, 0, global, 64, null),
        ]) {
          given.push(yield* call());
        }
      };
      yield* tx_timer_create(timer, 'timer', () => expired(), 0, 5, 0, 1);
      yield* tx_thread_sleep(20);
    });
    world.device('device', { firmware, lan: world.lan() });
    world.run({ until: '20s' });
    assert.deepEqual(given, [nx.NX_CALLER_ERROR, nx.NX_CALLER_ERROR, nx.NX_CALLER_ERROR]);
  });

  it('disabling forgets everything, and enabling begins anew', () => {
    const given = statuses([
      ({ ip }) => nx.nxd_ipv6_disable(ip),
      ({ ip }) => nx.nxd_ipv6_address_get(ip, 1, address, number(), number()),
      (network, socket) => sendText6(network, socket, 'x', global, 7),
      ({ ip }) => nx.nxd_icmp_ping(ip, global, 'x', 1, cell(), 5),
      ({ ip }) => nx.nxd_ipv6_enable(ip),
      ({ ip }) => nx.nxd_ipv6_address_set(ip, 0, ipv6('2001:db8::1'), 64, null),
      // Without ICMPv6 nobody asks whether the address is unique.
      (network, socket) => sendText6(network, socket, 'x', ipv6('2001:db8::1'), 7),
    ]);
    const { NX_NO_INTERFACE_ADDRESS: none, NX_NOT_ENABLED } = nx;
    assert.deepEqual(given, [0, none, none, NX_NOT_ENABLED, 0, 0, 0]);
  });
});
