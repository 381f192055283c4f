import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { out, type Op, type Suspension, type ULONG } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { ipStage, PEER, US, type IpBench, type IpBenchOptions } from '../support/ip-bench.ts';

const MASK = 0xffffff00;
const ip4 = nx.IP_ADDRESS;
const GROUP = ip4(224, 0, 0, 1);
const NOT_CREATED = new nx.NX_IP();

function v4(address: ULONG, version = 4): nx.NXD_ADDRESS {
  const made = new nx.NXD_ADDRESS();
  made.nxd_ip_version = version;
  made.nxd_ip_address.v4 = address;
  return made;
}

function* packetOf({ pool }: IpBench, type = nx.NX_IP_PACKET): Generator<Suspension, nx.NX_PACKET> {
  const cell = out<nx.NX_PACKET>();
  yield* nx.nx_packet_allocate(pool, cell, type, nx.NX_NO_WAIT);
  yield* nx.nx_packet_data_append(cell.value, new Uint8Array(4), 4, pool, nx.NX_NO_WAIT);
  return cell.value;
}

type Call = (bench: IpBench) => Op<number>;
type Row = readonly [name: string, call: Call, expected: number];

const withPacket = (send: (bench: IpBench, packet: nx.NX_PACKET) => Op<number>, type?: number): Call =>
  function* (bench) {
    yield* nx.nx_ip_raw_packet_enable(bench.ip);
    const packet = yield* packetOf(bench, type);
    const status = yield* send(bench, packet);
    if (status !== nx.NX_SUCCESS) yield* nx.nx_packet_release(packet);
    return status;
  };

const create = (
  { pool, take, links }: IpBench,
  change: {
    ip?: nx.NX_IP | null;
    address?: ULONG;
    pool?: nx.NX_PACKET_POOL | null;
    driver?: nx.NetworkDriver | null;
    memory?: Uint8Array | null;
    size?: number;
    priority?: number;
  } = {},
): Op<number> =>
  nx.nx_ip_create(
    change.ip === undefined ? new nx.NX_IP() : change.ip,
    'another',
    change.address ?? ip4(10, 9, 9, 9),
    MASK,
    change.pool === undefined ? pool : change.pool,
    change.driver === undefined ? (links[0]?.entry ?? null) : change.driver,
    change.memory === undefined ? take(1024) : change.memory,
    change.size ?? 1024,
    change.priority ?? 1,
  );

const NULLS = [null, null, null, null, null, null, null, null, null, null] as const;

const rows: Readonly<Record<string, readonly Row[]>> = {
  nx_ip_create: [
    ['no block', (bench) => create(bench, { ip: null }), nx.NX_PTR_ERROR],
    ['one that exists', (bench) => create(bench, { ip: bench.ip }), nx.NX_PTR_ERROR],
    ['no pool', (bench) => create(bench, { pool: null }), nx.NX_PTR_ERROR],
    ['a pool that was not created', (bench) => create(bench, { pool: new nx.NX_PACKET_POOL() }), nx.NX_PTR_ERROR],
    ['no driver', (bench) => create(bench, { driver: null }), nx.NX_PTR_ERROR],
    ['no stack', (bench) => create(bench, { memory: null }), nx.NX_PTR_ERROR],
    [
      'the stack of another instance',
      (bench) => create(bench, { memory: bench.ip.nx_ip_thread.tx_thread_stack_start }),
      nx.NX_PTR_ERROR,
    ],
    ['a small stack', (bench) => create(bench, { size: 100 }), nx.NX_SIZE_ERROR],
    ['a bad priority', (bench) => create(bench, { priority: 32 }), nx.NX_OPTION_ERROR],
    ['a group as address', (bench) => create(bench, { address: GROUP }), nx.NX_IP_ADDRESS_ERROR],
    ['no address yet', (bench) => create(bench, { address: 0 }), nx.NX_SUCCESS],
    ['the stack size comes before the priority', (bench) => create(bench, { size: 1, priority: 99 }), nx.NX_SIZE_ERROR],
  ],
  nx_ip_delete: [
    ['not created', () => nx.nx_ip_delete(NOT_CREATED), nx.NX_PTR_ERROR],
    ['NULL', () => nx.nx_ip_delete(null), nx.NX_PTR_ERROR],
    ['good', ({ ip }) => nx.nx_ip_delete(ip), nx.NX_SUCCESS],
    [
      'while a socket exists',
      function* ({ ip }) {
        yield* nx.nx_udp_socket_create(ip, new nx.NX_UDP_SOCKET(), 's', 0, 0, 1, 1);
        return yield* nx.nx_ip_delete(ip);
      },
      nx.NX_SOCKETS_BOUND,
    ],
  ],
  nx_ip_address: [
    ['get', ({ ip }) => nx.nx_ip_address_get(ip, out(), out()), nx.NX_SUCCESS],
    ['get, no place', ({ ip }) => nx.nx_ip_address_get(ip, null, out()), nx.NX_PTR_ERROR],
    ['set', ({ ip }) => nx.nx_ip_address_set(ip, ip4(10, 5, 5, 5), MASK), nx.NX_SUCCESS],
    ['set a group', ({ ip }) => nx.nx_ip_address_set(ip, GROUP, MASK), nx.NX_IP_ADDRESS_ERROR],
    ['set, not created', () => nx.nx_ip_address_set(NOT_CREATED, US, MASK), nx.NX_PTR_ERROR],
    ['notify', ({ ip }) => nx.nx_ip_address_change_notify(ip, null, null), nx.NX_SUCCESS],
    ['notify, NULL', () => nx.nx_ip_address_change_notify(null, null, null), nx.NX_PTR_ERROR],
    ['of an interface', ({ ip }) => nx.nx_ip_interface_address_get(ip, 1, out(), out()), nx.NX_SUCCESS],
    ['of no interface', ({ ip }) => nx.nx_ip_interface_address_get(ip, 2, out(), out()), nx.NX_INVALID_INTERFACE],
    ['of an interface, no place', ({ ip }) => nx.nx_ip_interface_address_get(ip, 1, null, null), nx.NX_PTR_ERROR],
    ['set of an interface', ({ ip }) => nx.nx_ip_interface_address_set(ip, 1, ip4(10, 7, 7, 7), MASK), nx.NX_SUCCESS],
    ['set of none', ({ ip }) => nx.nx_ip_interface_address_set(ip, 9, US, MASK), nx.NX_INVALID_INTERFACE],
    [
      'the address is checked first',
      ({ ip }) => nx.nx_ip_interface_address_set(ip, 9, GROUP, 0),
      nx.NX_IP_ADDRESS_ERROR,
    ],
  ],
  nx_ip_gateway_address: [
    ['set', ({ ip }) => nx.nx_ip_gateway_address_set(ip, PEER), nx.NX_SUCCESS],
    ['set 0', ({ ip }) => nx.nx_ip_gateway_address_set(ip, 0), nx.NX_IP_ADDRESS_ERROR],
    ['set, nowhere near', ({ ip }) => nx.nx_ip_gateway_address_set(ip, ip4(9, 9, 9, 9)), nx.NX_IP_ADDRESS_ERROR],
    ['set, NULL', () => nx.nx_ip_gateway_address_set(null, PEER), nx.NX_PTR_ERROR],
    ['get, none', ({ ip }) => nx.nx_ip_gateway_address_get(ip, out()), nx.NX_NOT_FOUND],
    ['get, no place', ({ ip }) => nx.nx_ip_gateway_address_get(ip, null), nx.NX_PTR_ERROR],
    ['clear', ({ ip }) => nx.nx_ip_gateway_address_clear(ip), nx.NX_SUCCESS],
    ['clear, NULL', () => nx.nx_ip_gateway_address_clear(null), nx.NX_PTR_ERROR],
  ],
  'nx_ip_static_route, not built in': [
    ['add', ({ ip }) => nx.nx_ip_static_route_add(ip, ip4(172, 16, 0, 0), 0xffff0000, PEER), nx.NX_NOT_SUPPORTED],
    ['delete', ({ ip }) => nx.nx_ip_static_route_delete(ip, ip4(172, 16, 0, 0), 0xffff0000), nx.NX_NOT_SUPPORTED],
  ],
  nx_ip_interface: [
    [
      'attach beyond',
      ({ ip, links }) => nx.nx_ip_interface_attach(ip, 'x', 0, 0, links[0]?.entry ?? null),
      nx.NX_NO_MORE_ENTRIES,
    ],
    [
      'attach a known address',
      ({ ip, links }) => nx.nx_ip_interface_attach(ip, 'x', US, MASK, links[0]?.entry ?? null),
      nx.NX_DUPLICATED_ENTRY,
    ],
    [
      'attach a group',
      ({ ip, links }) => nx.nx_ip_interface_attach(ip, 'x', GROUP, 0, links[0]?.entry ?? null),
      nx.NX_IP_ADDRESS_ERROR,
    ],
    [
      'attach, no name',
      ({ ip, links }) => nx.nx_ip_interface_attach(ip, null, 0, 0, links[0]?.entry ?? null),
      nx.NX_PTR_ERROR,
    ],
    ['attach, no driver', ({ ip }) => nx.nx_ip_interface_attach(ip, 'x', 0, 0, null), nx.NX_PTR_ERROR],
    ['detach', ({ ip }) => nx.nx_ip_interface_detach(ip, 1), nx.NX_SUCCESS],
    ['detach none', ({ ip }) => nx.nx_ip_interface_detach(ip, 5), nx.NX_INVALID_INTERFACE],
    [
      'detach twice',
      function* ({ ip }) {
        yield* nx.nx_ip_interface_detach(ip, 1);
        return yield* nx.nx_ip_interface_detach(ip, 1);
      },
      nx.NX_INVALID_INTERFACE,
    ],
    [
      'attach after detach',
      function* ({ ip, links }) {
        yield* nx.nx_ip_interface_detach(ip, 1);
        return yield* nx.nx_ip_interface_attach(ip, 'again', ip4(10, 3, 0, 1), MASK, links[1]?.entry ?? null);
      },
      nx.NX_SUCCESS,
    ],
    ['info', ({ ip }) => nx.nx_ip_interface_info_get(ip, 0, null, null, null, null, null, null), nx.NX_SUCCESS],
    [
      'info of none',
      ({ ip }) => nx.nx_ip_interface_info_get(ip, 2, null, null, null, null, null, null),
      nx.NX_INVALID_INTERFACE,
    ],
    ['info, NULL', () => nx.nx_ip_interface_info_get(null, 0, null, null, null, null, null, null), nx.NX_PTR_ERROR],
    ['MTU', ({ ip }) => nx.nx_ip_interface_mtu_set(ip, 0, 576), nx.NX_SUCCESS],
    ['MTU of none', ({ ip }) => nx.nx_ip_interface_mtu_set(ip, 2, 576), nx.NX_INVALID_INTERFACE],
    ['physical address', ({ ip }) => nx.nx_ip_interface_physical_address_get(ip, 0, out(), out()), nx.NX_SUCCESS],
    [
      'physical address, no place',
      ({ ip }) => nx.nx_ip_interface_physical_address_get(ip, 0, out(), null),
      nx.NX_PTR_ERROR,
    ],
    [
      'physical address of none',
      ({ ip }) => nx.nx_ip_interface_physical_address_get(ip, 7, out(), out()),
      nx.NX_INVALID_INTERFACE,
    ],
    ['set it here alone', ({ ip }) => nx.nx_ip_interface_physical_address_set(ip, 0, 1, 2, nx.NX_FALSE), nx.NX_SUCCESS],
    [
      'set it, the driver cannot',
      ({ ip }) => nx.nx_ip_interface_physical_address_set(ip, 0, 1, 2, nx.NX_TRUE),
      nx.NX_UNHANDLED_COMMAND,
    ],
    ['mapping', ({ ip }) => nx.nx_ip_interface_address_mapping_configure(ip, 1, nx.NX_TRUE), nx.NX_SUCCESS],
    ['mapping of none', ({ ip }) => nx.nx_ip_interface_address_mapping_configure(ip, 2, 1), nx.NX_INVALID_INTERFACE],
    ['capability, not built in', ({ ip }) => nx.nx_ip_interface_capability_get(ip, 0, out()), nx.NX_NOT_SUPPORTED],
    ['set capability, not built in', ({ ip }) => nx.nx_ip_interface_capability_set(ip, 0, 1), nx.NX_NOT_SUPPORTED],
  ],
  'nx_ip_status_check and the driver': [
    [
      'up',
      ({ ip }) => nx.nx_ip_status_check(ip, nx.NX_IP_INITIALIZE_DONE | nx.NX_IP_LINK_ENABLED, out(), 5),
      nx.NX_SUCCESS,
    ],
    [
      'UDP and address',
      ({ ip }) => nx.nx_ip_status_check(ip, nx.NX_IP_UDP_ENABLED | nx.NX_IP_ADDRESS_RESOLVED, out(), 0),
      nx.NX_SUCCESS,
    ],
    [
      'RARP counts as done with an address',
      ({ ip }) => nx.nx_ip_status_check(ip, nx.NX_IP_RARP_COMPLETE, out(), 0),
      nx.NX_SUCCESS,
    ],
    ['IGMP, never', ({ ip }) => nx.nx_ip_status_check(ip, nx.NX_IP_IGMP_ENABLED, out(), 3), nx.NX_NOT_SUCCESSFUL],
    ['ARP is not on', ({ ip }) => nx.nx_ip_status_check(ip, nx.NX_IP_ARP_ENABLED, out(), 0), nx.NX_NOT_SUCCESSFUL],
    ['no such state', ({ ip }) => nx.nx_ip_status_check(ip, 0x1000, out(), 0), nx.NX_OPTION_ERROR],
    ['no place', ({ ip }) => nx.nx_ip_status_check(ip, 1, null, 0), nx.NX_PTR_ERROR],
    [
      'of an interface',
      ({ ip }) => nx.nx_ip_interface_status_check(ip, 1, nx.NX_IP_INTERFACE_LINK_ENABLED, out(), 0),
      nx.NX_SUCCESS,
    ],
    ['of none', ({ ip }) => nx.nx_ip_interface_status_check(ip, 2, 1, out(), 0), nx.NX_INVALID_INTERFACE],
    [
      'of an interface, no such state',
      ({ ip }) => nx.nx_ip_interface_status_check(ip, 1, 0x800, out(), 0),
      nx.NX_OPTION_ERROR,
    ],
    ['command', ({ ip }) => nx.nx_ip_driver_direct_command(ip, nx.NX_LINK_GET_STATUS, out()), nx.NX_SUCCESS],
    ['unknown command', ({ ip }) => nx.nx_ip_driver_direct_command(ip, 60, out()), nx.NX_UNHANDLED_COMMAND],
    ['command, no place', ({ ip }) => nx.nx_ip_driver_direct_command(ip, nx.NX_LINK_GET_STATUS, null), nx.NX_PTR_ERROR],
    [
      'command to an interface',
      ({ ip }) => nx.nx_ip_driver_interface_direct_command(ip, nx.NX_LINK_GET_STATUS, 1, out()),
      nx.NX_SUCCESS,
    ],
    [
      'command to none',
      ({ ip }) => nx.nx_ip_driver_interface_direct_command(ip, 10, 2, out()),
      nx.NX_INVALID_INTERFACE,
    ],
    ['link notify, none', ({ ip }) => nx.nx_ip_link_status_change_notify_set(ip, null), nx.NX_PTR_ERROR],
    ['link notify', ({ ip }) => nx.nx_ip_link_status_change_notify_set(ip, () => {}), nx.NX_SUCCESS],
    ['info', ({ ip }) => nx.nx_ip_info_get(ip, ...NULLS), nx.NX_SUCCESS],
    ['info, NULL', () => nx.nx_ip_info_get(null, ...NULLS), nx.NX_PTR_ERROR],
    [
      'payload',
      ({ ip }) => nx.nx_ip_max_payload_size_find(ip, v4(PEER), 0, 1, 2, nx.NX_PROTOCOL_UDP, out(), out()),
      nx.NX_SUCCESS,
    ],
    [
      'payload of ICMP',
      ({ ip }) => nx.nx_ip_max_payload_size_find(ip, v4(PEER), 0, 1, 2, 1, null, null),
      nx.NX_NOT_SUPPORTED,
    ],
    [
      'payload, no version',
      ({ ip }) => nx.nx_ip_max_payload_size_find(ip, v4(PEER, 5), 0, 1, 2, 17, null, null),
      nx.NX_IP_ADDRESS_ERROR,
    ],
    [
      'payload by none',
      ({ ip }) => nx.nx_ip_max_payload_size_find(ip, v4(PEER), 4, 1, 2, 17, null, null),
      nx.NX_INVALID_INTERFACE,
    ],
    [
      'payload, no address',
      ({ ip }) => nx.nx_ip_max_payload_size_find(ip, null, 0, 1, 2, 17, null, null),
      nx.NX_PTR_ERROR,
    ],
  ],
  'forwarding and fragments': [
    ['forwarding on', ({ ip }) => nx.nx_ip_forwarding_enable(ip), nx.NX_SUCCESS],
    ['forwarding off', ({ ip }) => nx.nx_ip_forwarding_disable(ip), nx.NX_SUCCESS],
    ['forwarding, NULL', () => nx.nx_ip_forwarding_enable(null), nx.NX_PTR_ERROR],
    ['fragments on', ({ ip }) => nx.nx_ip_fragment_enable(ip), nx.NX_SUCCESS],
    ['fragments off', ({ ip }) => nx.nx_ip_fragment_disable(ip), nx.NX_SUCCESS],
    ['fragments, NULL', () => nx.nx_ip_fragment_enable(null), nx.NX_PTR_ERROR],
  ],
  'raw packets': [
    ['enable', ({ ip }) => nx.nx_ip_raw_packet_enable(ip), nx.NX_SUCCESS],
    ['disable', ({ ip }) => nx.nx_ip_raw_packet_disable(ip), nx.NX_SUCCESS],
    ['enable, NULL', () => nx.nx_ip_raw_packet_enable(null), nx.NX_PTR_ERROR],
    ['disable, NULL', () => nx.nx_ip_raw_packet_disable(null), nx.NX_PTR_ERROR],
    ['queue', ({ ip }) => nx.nx_ip_raw_receive_queue_max_set(ip, 3), nx.NX_SUCCESS],
    ['queue, NULL', () => nx.nx_ip_raw_receive_queue_max_set(null, 3), nx.NX_PTR_ERROR],
    ['filter, not built in', ({ ip }) => nx.nx_ip_raw_packet_filter_set(ip, null), nx.NX_NOT_SUPPORTED],
    ['receive, not enabled', ({ ip }) => nx.nx_ip_raw_packet_receive(ip, out(), 0), nx.NX_NOT_ENABLED],
    ['receive, no place', ({ ip }) => nx.nx_ip_raw_packet_receive(ip, null, 0), nx.NX_PTR_ERROR],
    [
      'receive, nothing there',
      function* ({ ip }) {
        yield* nx.nx_ip_raw_packet_enable(ip);
        return yield* nx.nx_ip_raw_packet_receive(ip, out(), 2);
      },
      nx.NX_NO_PACKET,
    ],
    [
      'send',
      withPacket(({ ip }, packet) => nx.nx_ip_raw_packet_send(ip, packet, PEER, nx.NX_IP_NORMAL)),
      nx.NX_SUCCESS,
    ],
    ['send, no packet', ({ ip }) => nx.nx_ip_raw_packet_send(ip, null, PEER, 0), nx.NX_PTR_ERROR],
    ['send to 0', withPacket(({ ip }, packet) => nx.nx_ip_raw_packet_send(ip, packet, 0, 0)), nx.NX_IP_ADDRESS_ERROR],
    [
      'send, no way',
      withPacket(({ ip }, packet) => nx.nx_ip_raw_packet_send(ip, packet, ip4(9, 9, 9, 9), 0)),
      nx.NX_IP_ADDRESS_ERROR,
    ],
    [
      'send, bad type of service',
      withPacket(({ ip }, packet) => nx.nx_ip_raw_packet_send(ip, packet, PEER, 1)),
      nx.NX_OPTION_ERROR,
    ],
    [
      'send, no room',
      withPacket(({ ip }, packet) => nx.nx_ip_raw_packet_send(ip, packet, PEER, 0), 0),
      nx.NX_UNDERFLOW,
    ],
    ['send by', withPacket(({ ip }, packet) => nx.nx_ip_raw_packet_source_send(ip, packet, PEER, 0, 0)), nx.NX_SUCCESS],
    [
      'send by the other, no way',
      withPacket(({ ip }, packet) => nx.nx_ip_raw_packet_source_send(ip, packet, PEER, 1, 0)),
      nx.NX_SUCCESS,
    ],
    [
      'send by none',
      withPacket(({ ip }, packet) => nx.nx_ip_raw_packet_source_send(ip, packet, PEER, 9, 0)),
      nx.NX_INVALID_INTERFACE,
    ],
    [
      'nxd send',
      withPacket(({ ip }, packet) => nx.nxd_ip_raw_packet_send(ip, packet, v4(PEER), 200, 5, 0)),
      nx.NX_SUCCESS,
    ],
    [
      'nxd send, bad protocol',
      withPacket(({ ip }, packet) => nx.nxd_ip_raw_packet_send(ip, packet, v4(PEER), 256, 5, 0)),
      nx.NX_INVALID_PARAMETERS,
    ],
    [
      'nxd send, no version',
      withPacket(({ ip }, packet) => nx.nxd_ip_raw_packet_send(ip, packet, v4(PEER, 0), 2, 5, 0)),
      nx.NX_IP_ADDRESS_ERROR,
    ],
    [
      'nxd send by',
      withPacket(({ ip }, packet) => nx.nxd_ip_raw_packet_source_send(ip, packet, v4(PEER), 0, 200, 5, 0)),
      nx.NX_SUCCESS,
    ],
    [
      'nxd send by none',
      withPacket(({ ip }, packet) => nx.nxd_ip_raw_packet_source_send(ip, packet, v4(PEER), 8, 200, 5, 0)),
      nx.NX_INVALID_INTERFACE,
    ],
    [
      'nxd send by, no address',
      withPacket(({ ip }, packet) => nx.nxd_ip_raw_packet_source_send(ip, packet, null, 0, 200, 5, 0)),
      nx.NX_PTR_ERROR,
    ],
  ],
};

function statusOf(call: Call, options: IpBenchOptions = {}): number {
  let status = -1;
  const stage = ipStage({
    links: 2,
    ...options,
    *body(bench) {
      status = yield* call(bench);
    },
  });
  assert.deepEqual(stage.world.leaks(), []);
  return status;
}

for (const [group, cases] of Object.entries(rows)) {
  describe(group, () => {
    for (const [name, call, expected] of cases) {
      it(`${name}: 0x${expected.toString(16)}`, () => assert.equal(statusOf(call), expected));
    }
  });
}

describe('services that a macro builds in', () => {
  const table: readonly (readonly [string, Readonly<Record<string, number | boolean>>, Call, number])[] = [
    [
      'a static route',
      { NX_ENABLE_IP_STATIC_ROUTING: true },
      ({ ip }) => nx.nx_ip_static_route_add(ip, ip4(172, 16, 0, 0), 0xffff0000, PEER),
      nx.NX_SUCCESS,
    ],
    [
      'a next hop nowhere near',
      { NX_ENABLE_IP_STATIC_ROUTING: true },
      ({ ip }) => nx.nx_ip_static_route_add(ip, 0, 0, ip4(9, 9, 9, 9)),
      nx.NX_IP_ADDRESS_ERROR,
    ],
    [
      'a full table',
      { NX_ENABLE_IP_STATIC_ROUTING: true, NX_IP_ROUTING_TABLE_SIZE: 0 },
      ({ ip }) => nx.nx_ip_static_route_add(ip, 0, 0, PEER),
      nx.NX_OVERFLOW,
    ],
    [
      'a static route, NULL',
      { NX_ENABLE_IP_STATIC_ROUTING: true },
      () => nx.nx_ip_static_route_add(null, 0, 0, PEER),
      nx.NX_PTR_ERROR,
    ],
    [
      'no routes to delete',
      { NX_ENABLE_IP_STATIC_ROUTING: true },
      ({ ip }) => nx.nx_ip_static_route_delete(ip, 0, 0),
      nx.NX_SUCCESS,
    ],
    [
      'none of the routes',
      { NX_ENABLE_IP_STATIC_ROUTING: true },
      function* ({ ip }) {
        yield* nx.nx_ip_static_route_add(ip, ip4(172, 16, 0, 0), 0xffff0000, PEER);
        return yield* nx.nx_ip_static_route_delete(ip, ip4(172, 17, 0, 0), 0xffff0000);
      },
      nx.NX_NOT_SUCCESSFUL,
    ],
    [
      'capability',
      { NX_ENABLE_INTERFACE_CAPABILITY: true },
      ({ ip }) => nx.nx_ip_interface_capability_get(ip, 0, out()),
      nx.NX_SUCCESS,
    ],
    [
      'capability of none',
      { NX_ENABLE_INTERFACE_CAPABILITY: true },
      ({ ip }) => nx.nx_ip_interface_capability_get(ip, 3, null),
      nx.NX_INVALID_INTERFACE,
    ],
    [
      'capability, no place',
      { NX_ENABLE_INTERFACE_CAPABILITY: true },
      ({ ip }) => nx.nx_ip_interface_capability_get(ip, 0, null),
      nx.NX_PTR_ERROR,
    ],
    [
      'set capability',
      { NX_ENABLE_INTERFACE_CAPABILITY: true },
      ({ ip }) => nx.nx_ip_interface_capability_set(ip, 0, 3),
      nx.NX_SUCCESS,
    ],
    [
      'no fragmentation',
      { NX_DISABLE_FRAGMENTATION: true },
      ({ ip }) => nx.nx_ip_fragment_enable(ip),
      nx.NX_NOT_ENABLED,
    ],
    [
      'a filter',
      { NX_ENABLE_IP_RAW_PACKET_FILTER: true },
      ({ ip }) => nx.nx_ip_raw_packet_filter_set(ip, () => 0),
      nx.NX_SUCCESS,
    ],
    [
      'a filter, NULL',
      { NX_ENABLE_IP_RAW_PACKET_FILTER: true },
      () => nx.nx_ip_raw_packet_filter_set(null, null),
      nx.NX_PTR_ERROR,
    ],
  ];
  for (const [name, macros, call, expected] of table) {
    it(`${name}: 0x${expected.toString(16)}`, () => {
      assert.equal(statusOf(call, { macros: { ...macros, NX_MAX_PHYSICAL_INTERFACES: 2 } }), expected);
    });
  }
});

describe('who may call', () => {
  const services: readonly (readonly [string, (ip: nx.NX_IP) => Op<number>])[] = [
    ['nx_ip_delete', (ip) => nx.nx_ip_delete(ip)],
    ['nx_ip_address_set', (ip) => nx.nx_ip_address_set(ip, US, MASK)],
    ['nx_ip_address_get', (ip) => nx.nx_ip_address_get(ip, out(), out())],
    ['nx_ip_address_change_notify', (ip) => nx.nx_ip_address_change_notify(ip, null, null)],
    ['nx_ip_gateway_address_set', (ip) => nx.nx_ip_gateway_address_set(ip, PEER)],
    ['nx_ip_gateway_address_get', (ip) => nx.nx_ip_gateway_address_get(ip, out())],
    ['nx_ip_gateway_address_clear', (ip) => nx.nx_ip_gateway_address_clear(ip)],
    ['nx_ip_interface_attach', (ip) => nx.nx_ip_interface_attach(ip, 'x', 0, 0, () => {})],
    ['nx_ip_interface_detach', (ip) => nx.nx_ip_interface_detach(ip, 0)],
    ['nx_ip_interface_info_get', (ip) => nx.nx_ip_interface_info_get(ip, 0, null, null, null, null, null, null)],
    ['nx_ip_interface_mtu_set', (ip) => nx.nx_ip_interface_mtu_set(ip, 0, 1)],
    ['nx_ip_interface_status_check', (ip) => nx.nx_ip_interface_status_check(ip, 0, 1, out(), 0)],
    ['nx_ip_status_check', (ip) => nx.nx_ip_status_check(ip, 1, out(), 0)],
    ['nx_ip_info_get', (ip) => nx.nx_ip_info_get(ip, ...NULLS)],
    ['nx_ip_max_payload_size_find', (ip) => nx.nx_ip_max_payload_size_find(ip, v4(PEER), 0, 1, 1, 17, null, null)],
    ['nx_ip_driver_direct_command', (ip) => nx.nx_ip_driver_direct_command(ip, 10, out())],
    ['nx_ip_link_status_change_notify_set', (ip) => nx.nx_ip_link_status_change_notify_set(ip, () => {})],
    ['nx_ip_forwarding_enable', (ip) => nx.nx_ip_forwarding_enable(ip)],
    ['nx_ip_fragment_enable', (ip) => nx.nx_ip_fragment_enable(ip)],
    ['nx_ip_fragment_disable', (ip) => nx.nx_ip_fragment_disable(ip)],
    ['nx_ip_raw_packet_enable', (ip) => nx.nx_ip_raw_packet_enable(ip)],
    ['nx_ip_raw_packet_disable', (ip) => nx.nx_ip_raw_packet_disable(ip)],
    ['nx_ip_raw_receive_queue_max_set', (ip) => nx.nx_ip_raw_receive_queue_max_set(ip, 1)],
  ];
  for (const [name, call] of services) {
    it(`${name} from an ISR: NX_CALLER_ERROR`, () => {
      const stage = ipStage();
      let status = -1;
      stage.device.interrupt(function* () {
        status = yield* call(stage.ip);
      });
      assert.equal(status, nx.NX_CALLER_ERROR);
    });
  }
});
