import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { defineFirmware, World } from 'txsim';
import {
  out,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  type Thread,
} from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { parseConnect } from '../../sim/host/endpoints.ts';
import { openBridge } from '../../sim/host/open-bridge.ts';
import { bootNetwork } from '../support/dtls-firmware.ts';
import { ipv6 } from '../support/ipv6-firmware.ts';

const hasPing = spawnSync('ping', ['-V']).status === 0;
const skip = hasPing || process.env['CI'] !== undefined ? false : 'ping is missing';
if (skip !== false) console.log('# SKIPPED: pings through the bridge, because ping is missing');

function ipv4(...[a, b, c, d]: readonly [number, number, number, number]): nx.NXD_ADDRESS {
  const address = new nx.NXD_ADDRESS();
  address.nxd_ip_version = nx.NX_IP_VERSION_V4;
  address.nxd_ip_address.v4 = nx.IP_ADDRESS(a, b, c, d);
  return address;
}

/** Pings each address once, and prints the statuses. */
const pinger = (addresses: readonly nx.NXD_ADDRESS[]) =>
  defineFirmware((board) => {
    const network = bootNetwork(board);
    const { ip } = network;
    const thread = new TX_THREAD();

    function* main(): Thread {
      const reply = out<nx.NX_PACKET>();
      const data = Uint8Array.from({ length: 48 }, (_, index) => index);
      yield* nx.nx_ip_status_check(ip, nx.NX_IP_INITIALIZE_DONE, out(), nx.NX_WAIT_FOREVER);
      yield* nx.nx_ip_gateway_address_set(ip, board.gateway_address);
      yield* nx.nxd_ipv6_address_set(ip, 0, ipv6('fd00::10'), 64, null);
      // An address is of use once it has shown to be unique.
      yield* tx_thread_sleep(400);
      for (const address of addresses) {
        const status = yield* nx.nxd_icmp_ping(ip, address, data, data.length, reply, 300);
        board.print(`status 0x${status.toString(16)}`);
        if (status === nx.NX_SUCCESS) yield* nx.nx_packet_release(reply.value);
      }
      board.print('done');
    }

    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        yield* nx.nxd_ipv6_enable(ip);
        yield* nx.nxd_icmp_enable(ip);
        const stack = network.take(1024);
        yield* tx_thread_create(thread, 'pinger', main, 0, stack, 1024, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
      },
    };
  });

describe('pings of a device through the host', { skip }, () => {
  it('are answered by a host that answers, over both versions of IP, and by no other', async () => {
    const world = new World();
    const lan = world.lan();
    const addresses = [ipv4(10, 0, 0, 9), ipv6('fd00::9'), ipv4(10, 0, 0, 8)];
    const device = world.device('device', { firmware: pinger(addresses), lan });
    const rules = ['10.0.0.9=127.0.0.1', '[fd00::9]=[::1]'].map(parseConnect);
    const bridge = await openBridge(world, [], rules);
    try {
      await world.runRealTime({ until: '20s', stopWhen: () => device.output.includes('done') });
    } finally {
      await bridge.close();
    }
    // 0x29: NX_NO_RESPONSE, as nobody stands behind the third.
    assert.equal(String(device.output), 'status 0x0\nstatus 0x0\nstatus 0x29\ndone');
    assert.deepEqual(world.leaks(), []);
  });
});
