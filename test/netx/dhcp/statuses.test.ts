import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { out, type Op } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as dhcp from 'txsim/nxd_dhcp_client';
import { isHostName } from '../../../netx/dhcp/host-name.ts';
import { dhcpWorld, type DhcpDevice } from '../../support/dhcp-bench.ts';

type Case = readonly [name: string, call: (client: dhcp.NX_DHCP, device: DhcpDevice) => Op<number>, status: number];

const size = (value: number): { value: number } => {
  const cell = out<number>();
  cell.value = value;
  return cell;
};
const { NX_SUCCESS, NX_PTR_ERROR, NX_INVALID_INTERFACE } = nx;
const fresh = new dhcp.NX_DHCP();
const retrieve = (client: dhcp.NX_DHCP | null, option: number, bytes: number): Op<number> =>
  dhcp.nx_dhcp_user_option_retrieve(client, option, new Uint8Array(bytes), size(bytes));

/** Before the client is started. */
const idle: readonly Case[] = [
  ['create, NULL client', (_, { network }) => dhcp.nx_dhcp_create(null, network.ip, 'x'), NX_PTR_ERROR],
  ['create, NULL instance', () => dhcp.nx_dhcp_create(new dhcp.NX_DHCP(), null, 'x'), NX_PTR_ERROR],
  ['create, no instance', () => dhcp.nx_dhcp_create(new dhcp.NX_DHCP(), new nx.NX_IP(), 'x'), NX_PTR_ERROR],
  ['create, twice', (client, { network }) => dhcp.nx_dhcp_create(client, network.ip, 'x'), NX_PTR_ERROR],
  ['delete, not created', () => dhcp.nx_dhcp_delete(fresh), NX_PTR_ERROR],
  ['start, NULL', () => dhcp.nx_dhcp_start(null), NX_PTR_ERROR],
  ['start, not created', () => dhcp.nx_dhcp_start(fresh), NX_PTR_ERROR],
  ['start', (client) => dhcp.nx_dhcp_start(client), NX_SUCCESS],
  ['stop, not started', (client) => dhcp.nx_dhcp_stop(client), NX_SUCCESS],
  ['stop, not created', () => dhcp.nx_dhcp_stop(fresh), NX_PTR_ERROR],
  ['release, not bound', (client) => dhcp.nx_dhcp_release(client), NX_SUCCESS],
  ['decline, not bound', (client) => dhcp.nx_dhcp_decline(client), NX_SUCCESS],
  ['force_renew, not created', () => dhcp.nx_dhcp_force_renew(fresh), NX_PTR_ERROR],
  ['reinitialize, NULL', () => dhcp.nx_dhcp_reinitialize(null), NX_PTR_ERROR],
  ['state_change_notify, NULL', () => dhcp.nx_dhcp_state_change_notify(null, null), NX_PTR_ERROR],
  ['request_client_ip, 0', (client) => dhcp.nx_dhcp_request_client_ip(client, 0, 0), dhcp.NX_DHCP_INVALID_IP_REQUEST],
  ['request_client_ip, NULL', () => dhcp.nx_dhcp_request_client_ip(null, 0, 0), NX_PTR_ERROR],
  ['packet_pool_set, NULL', (client) => dhcp.nx_dhcp_packet_pool_set(client, null), NX_PTR_ERROR],
  [
    'packet_pool_set, the client has its own',
    (client, { network }) => dhcp.nx_dhcp_packet_pool_set(client, network.pool),
    nx.NX_NOT_ENABLED,
  ],
  ['server_address_get, NULL', (client) => dhcp.nx_dhcp_server_address_get(client, null), NX_PTR_ERROR],
  [
    'server_address_get, no lease',
    (client) => dhcp.nx_dhcp_server_address_get(client, out()),
    dhcp.NX_DHCP_NO_INTERFACES_ENABLED,
  ],
  ['user_option_retrieve, no lease', (client) => retrieve(client, 1, 4), dhcp.NX_DHCP_NO_INTERFACES_ENABLED],
  ['user_option_retrieve, NULL', () => retrieve(null, 1, 4), NX_PTR_ERROR],
  ['user_option_add_callback_set, NULL', (c) => dhcp.nx_dhcp_user_option_add_callback_set(c, null), NX_PTR_ERROR],
  ['user_option_request, there already', (c) => dhcp.nx_dhcp_user_option_request(c, 3), nx.NX_DUPLICATED_ENTRY],
  [
    'user_option_request, too many',
    function* (client) {
      for (let option = 40; option < 44; option++) yield* dhcp.nx_dhcp_user_option_request(client, option);
      return yield* dhcp.nx_dhcp_user_option_request(client, 44);
    },
    nx.NX_NO_MORE_ENTRIES,
  ],
  ['send_request, no such type', (client) => dhcp.nx_dhcp_send_request(client, 10), NX_PTR_ERROR],
  ['clear_broadcast_flag', (client) => dhcp.nx_dhcp_clear_broadcast_flag(client, 1), NX_SUCCESS],
  ['set_interface_index, no such', (client) => dhcp.nx_dhcp_set_interface_index(client, 1), NX_INVALID_INTERFACE],
  ['interface_enable, twice', (c) => dhcp.nx_dhcp_interface_enable(c, 0), dhcp.NX_DHCP_INTERFACE_ALREADY_ENABLED],
  ['interface_start, no such', (client) => dhcp.nx_dhcp_interface_start(client, 1), NX_INVALID_INTERFACE],
  ['interface_stop, not started', (client) => dhcp.nx_dhcp_interface_stop(client, 0), dhcp.NX_DHCP_NOT_STARTED],
  ['interface_release, not bound', (client) => dhcp.nx_dhcp_interface_release(client, 0), dhcp.NX_DHCP_NOT_BOUND],
  ['interface_decline, not bound', (client) => dhcp.nx_dhcp_interface_decline(client, 0), dhcp.NX_DHCP_NOT_BOUND],
  ['interface_force_renew, not bound', (c) => dhcp.nx_dhcp_interface_force_renew(c, 0), dhcp.NX_DHCP_NOT_BOUND],
  [
    'interface_start, disabled',
    function* (client) {
      yield* dhcp.nx_dhcp_interface_disable(client, 0);
      return yield* dhcp.nx_dhcp_interface_start(client, 0);
    },
    dhcp.NX_DHCP_INTERFACE_NOT_ENABLED,
  ],
  [
    'start, nothing enabled',
    function* (client) {
      yield* dhcp.nx_dhcp_interface_disable(client, 0);
      return yield* dhcp.nx_dhcp_start(client);
    },
    dhcp.NX_DHCP_NO_INTERFACES_STARTED,
  ],
];

/** With a lease. */
const bound: readonly Case[] = [
  ['start, started', (client) => dhcp.nx_dhcp_start(client), NX_SUCCESS],
  ['interface_start, started', (client) => dhcp.nx_dhcp_interface_start(client, 0), dhcp.NX_DHCP_ALREADY_STARTED],
  ['user_option_retrieve', (client) => retrieve(client, dhcp.NX_DHCP_OPTION_SUBNET_MASK, 4), NX_SUCCESS],
  ['user_option_retrieve, not given', (client) => retrieve(client, 200, 4), dhcp.NX_DHCP_PARSE_ERROR],
  ['user_option_retrieve, no room', (client) => retrieve(client, 1, 3), dhcp.NX_DHCP_DEST_TO_SMALL],
  ['interface_server_address_get', (c) => dhcp.nx_dhcp_interface_server_address_get(c, 0, out()), NX_SUCCESS],
  ['interface_stop', (client) => dhcp.nx_dhcp_interface_stop(client, 0), NX_SUCCESS],
  ['delete', (client) => dhcp.nx_dhcp_delete(client), NX_SUCCESS],
];

for (const [when, cases] of [
  ['before it is started', idle],
  ['with a lease', bound],
] as const) {
  describe(`the DHCP client ${when}`, () => {
    for (const [name, call, status] of cases) {
      it(`${name}: 0x${status.toString(16)}`, () => {
        let got = -1;
        const { world } = dhcpWorld({
          body: function* (device) {
            const { client, network } = device;
            if (cases === bound) {
              yield* dhcp.nx_dhcp_start(client);
              yield* nx.nx_ip_status_check(network.ip, nx.NX_IP_ADDRESS_RESOLVED, out(), nx.NX_WAIT_FOREVER);
            }
            got = yield* call(client, device);
          },
        });
        world.run({ until: '5s' });
        assert.equal(got, status);
      });
    }
  });
}

describe('host names', () => {
  it('are checked where the device asks for it', () => {
    const good = ['a', 'host', 'host-1.example', 'a.b.c.'];
    const bad = ['', '1host', 'host-', '-host', 'a..b', `${'x'.repeat(64)}.b`, 'under_score'];
    assert.deepEqual(good.filter(isHostName), good);
    assert.deepEqual(bad.filter(isHostName), []);
  });
});
