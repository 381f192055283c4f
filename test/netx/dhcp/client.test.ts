import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { capturePcapng, World, type FrameRule } from 'txsim';
import { out, tx_thread_sleep, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as dhcp from 'txsim/nxd_dhcp_client';
import { ADDRESS, dhcpWorld, isDhcp, type DhcpDevice } from '../../support/dhcp-bench.ts';
import { buildDhcp, word } from '../../../netx/wire/dhcp.ts';
import { BROADCAST } from '../../../netx/wire/ethernet.ts';
import { buildUdpFrame } from '../../../sim/host/udp-frame.ts';
import { hasProgram } from '../../support/process.ts';
import { scratch } from '../../support/scratch.ts';

/** Drops the first message of a type, or all of them. */
function dropping(type: string, first = Infinity): { rule: FrameRule; dropped: () => number } {
  let count = 0;
  const rule: FrameRule = ({ bytes }) => {
    if (count >= first || !isDhcp(bytes, type)) return { action: 'pass' };
    count++;
    return { action: 'drop' };
  };
  return { rule, dropped: () => count };
}

describe('booting by DHCP', () => {
  it('takes four messages, and gives the interface address, mask and gateway', () => {
    const { world, devices, sent, types } = dhcpWorld({ server: { dns: ['10.0.0.53'] } });
    world.run({ until: '10s' });
    const [device] = devices;
    assert(device !== undefined);
    assert.deepEqual(types(), ['DISCOVER', 'OFFER', 'REQUEST', 'ACK']);
    assert.deepEqual(device.states, ['0 init', '1 selecting', '1 requesting', '1 bound']);
    const { ip } = device.network;
    const [one] = ip.nx_ip_interface;
    assert.equal(one?.nx_interface_ip_address, ADDRESS);
    assert.equal(one.nx_interface_ip_network_mask, 0xffffff00);
    assert.equal(ip.nx_ip_gateway_address, nx.IP_ADDRESS(192, 168, 1, 1));
    const [discover, , request] = sent;
    assert.deepEqual([discover?.source, discover?.destination, discover?.message.broadcast], [0, 0xffffffff, true]);
    assert.deepEqual([request?.source, request?.message.clientAddress], [0, 0]);
    assert.deepEqual([...(request?.message.options.get(54) ?? [])], [192, 168, 1, 2]);
    assert.deepEqual([...(discover?.message.options.get(55) ?? [])], [1, 3, 6]);
    assert.deepEqual(world.leaks(), []);
  });

  for (const type of ['DISCOVER', 'OFFER', 'REQUEST', 'ACK']) {
    it(`succeeds although the first ${type} is lost, after about four seconds`, () => {
      const { rule, dropped } = dropping(type, 1);
      const { world, devices } = dhcpWorld({ lan: { rules: [rule] } });
      world.run({ until: '12s' });
      assert.equal(dropped(), 1);
      const bound = devices[0]?.states.find((line) => line.endsWith('bound'));
      assert.match(bound ?? '', /^[4-7] bound$/);
      assert.equal(devices[0]?.address(), ADDRESS);
    });
  }

  it('goes on asking at twice the interval, up to 64 s, each a second more or less', () => {
    const { world, sent } = dhcpWorld({ server: null });
    world.run({ until: '400s' });
    const times = sent.map(({ time }) => time);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    const expected = [4, 8, 16, 32, 64, 64, 64, 64];
    assert(gaps.length >= expected.length);
    expected.forEach((gap, index) => assert(Math.abs(gap - (gaps[index] ?? 0)) <= 2.01, `${index}: ${gaps[index]}`));
  });

  it('gives two devices two addresses, in two transactions', () => {
    const { world, devices, sent } = dhcpWorld({ devices: 2 });
    world.run({ until: '30s' });
    assert.deepEqual(devices.map(({ address }) => address()).sort(), [ADDRESS, ADDRESS + 1]);
    assert.equal(new Set(sent.map(({ message }) => message.xid)).size, 2);
  });

  it('is the same twice for one seed', () => {
    const run = (): unknown => {
      const { world, sent, devices } = dhcpWorld({ seed: 9, devices: 3, lan: { loss: 0.3 } });
      world.run({ until: '200s' });
      return [sent.map(({ time, type }) => `${time} ${type}`), devices.map(({ states }) => states)];
    };
    assert.deepEqual(run(), run());
  });

  it('asks for an address that is wished for, without a DISCOVER where that is skipped', () => {
    const wish = nx.IP_ADDRESS(192, 168, 1, 150);
    for (const [skip, expected] of [
      [nx.NX_FALSE, ['DISCOVER', 'OFFER', 'REQUEST', 'ACK']],
      [nx.NX_TRUE, ['REQUEST', 'ACK']],
    ] as const) {
      const { world, devices, types } = dhcpWorld({
        body: function* ({ client }) {
          yield* dhcp.nx_dhcp_request_client_ip(client, wish, skip);
          yield* dhcp.nx_dhcp_start(client);
        },
      });
      world.run({ until: '10s' });
      assert.deepEqual(types(), expected);
      assert.equal(devices[0]?.address(), wish);
    }
  });

  it('begins anew after a NAK', () => {
    const { world, devices, types } = dhcpWorld({
      body: function* ({ client }) {
        yield* dhcp.nx_dhcp_request_client_ip(client, nx.IP_ADDRESS(10, 1, 1, 1), nx.NX_TRUE);
        yield* dhcp.nx_dhcp_start(client);
      },
    });
    world.run({ until: '20s' });
    assert.deepEqual(types(), ['REQUEST', 'NAK', 'DISCOVER', 'OFFER', 'REQUEST', 'ACK']);
    assert.deepEqual(devices[0]?.states, [
      '0 init',
      '1 requesting',
      '1 init',
      '2 selecting',
      '2 requesting',
      '2 bound',
    ]);
    assert.equal(devices[0].client.nx_dhcp_interface_record[0]?.nx_dhcp_nacks_received, 1);
  });

  it('stays without an address where the pool is empty', () => {
    const { world, devices } = dhcpWorld({ devices: 3, server: { first: '192.168.1.100', last: '192.168.1.101' } });
    world.run({ until: '60s' });
    assert.deepEqual(devices.map(({ address }) => address()).sort(), [0, ADDRESS, ADDRESS + 1]);
  });
});

describe('a lease', () => {
  const lease = { lease: '1000s' };

  it('is extended at T1 by its own server, unicast', () => {
    const { world, devices, sent } = dhcpWorld({ server: lease });
    world.run({ until: '600s' });
    const renewal = sent[4];
    assert.deepEqual(
      sent.slice(4).map(({ type }) => type),
      ['REQUEST', 'ACK'],
    );
    assert(Math.abs((renewal?.time ?? 0) - 501) < 2);
    assert.deepEqual(
      [renewal?.source, renewal?.destination, renewal?.message.clientAddress],
      [ADDRESS, nx.IP_ADDRESS(192, 168, 1, 2), ADDRESS],
    );
    assert(renewal !== undefined && !renewal.message.options.has(50) && !renewal.message.options.has(54));
    assert.deepEqual(devices[0]?.states.slice(4), ['501 renewing', '501 bound']);
  });

  it('is asked for at T2 by broadcast, and another server may grant it', () => {
    const { world, server, devices, sent } = dhcpWorld({ server: { ...lease, renewal: '100s', rebind: '300s' } });
    world.run({ until: '50s' });
    assert(server !== null);
    server.isUp = false;
    world.run({ until: '310s' });
    const before = sent.slice(4);
    assert(before.every(({ type }) => type === 'REQUEST'));
    assert.equal(before.at(-1)?.destination, 0xffffffff);
    assert.equal(before.at(-1)?.source, ADDRESS);
    assert(before.slice(0, -1).every(({ destination }) => destination === nx.IP_ADDRESS(192, 168, 1, 2)));
    assert.match(devices[0]?.states.at(-1) ?? '', /rebinding/);
    world.dhcpServer(world.lans[0] ?? assert.fail(), { address: '192.168.1.3', name: 'other' });
    world.run({ until: '900s' });
    const record = devices[0]?.client.nx_dhcp_interface_record[0];
    assert.equal(record?.nx_dhcp_server_ip, nx.IP_ADDRESS(192, 168, 1, 3));
    assert.equal(record.nx_dhcp_state, dhcp.NX_DHCP_STATE_BOUND);
    assert.equal(devices[0]?.address(), ADDRESS);
  });

  it('runs out where nobody extends it: the address goes, and the client asks anew', () => {
    const { world, server, devices } = dhcpWorld({ server: lease });
    world.run({ until: '50s' });
    assert(server !== null);
    server.isUp = false;
    world.run({ until: '990s' });
    assert.equal(devices[0]?.address(), ADDRESS);
    world.run({ until: '1010s' });
    assert.equal(devices[0].address(), 0);
    assert.equal(devices[0].network.ip.nx_ip_gateway_address, 0);
    server.isUp = true;
    world.run({ until: '1200s' });
    assert.equal(devices[0].address(), ADDRESS);
  });

  it('that a server refuses to extend is given up at once', () => {
    const { world, server, devices } = dhcpWorld({ server: lease });
    world.run({ until: '50s' });
    server?.forget();
    // Somebody else has the address by then.
    const other = dhcpTaker(world);
    world.run({ until: '520s' });
    assert.equal(other(), true);
    assert.notEqual(devices[0]?.address(), ADDRESS);
    assert.equal(devices[0]?.client.nx_dhcp_interface_record[0]?.nx_dhcp_nacks_received, 1);
  });

  it('without an end is never extended', () => {
    const { world, sent } = dhcpWorld({ server: { lease: 0xffffffff * 1e9 } });
    world.run({ until: '30000s' });
    assert.equal(sent.length, 4);
  });
});

/** Takes the first address of the server's pool for a host that is no device. */
function dhcpTaker(world: World): () => boolean {
  const [lan] = world.lans;
  let taken = false;
  const attachment = lan?.attach({ name: 'taker', deliver: ({ bytes }) => void (taken ||= isDhcp(bytes, 'ACK')) });
  attachment?.transmit(requestFrame(ADDRESS));
  return () => taken;
}

describe('the services of a client that runs', () => {
  function bound(body: (device: DhcpDevice) => Thread, until = '60s') {
    const result = dhcpWorld({
      server: { dns: ['10.0.0.53', '10.0.0.54'] },
      body: function* (device) {
        yield* dhcp.nx_dhcp_start(device.client);
        const { ip } = device.network;
        yield* nx.nx_ip_status_check(ip, nx.NX_IP_ADDRESS_RESOLVED, out(), nx.NX_WAIT_FOREVER);
        yield* body(device);
      },
    });
    result.world.run({ until });
    assert.deepEqual(result.world.leaks(), []);
    return result;
  }

  it('release gives the address back, and the client starts again', () => {
    const { devices, types, server, sent } = bound(function* ({ client }) {
      yield* dhcp.nx_dhcp_release(client);
      yield* tx_thread_sleep(500);
      yield* dhcp.nx_dhcp_start(client);
    });
    assert.deepEqual(types().slice(4), ['RELEASE', 'DISCOVER', 'OFFER', 'REQUEST', 'ACK']);
    assert.equal(sent[4]?.destination, nx.IP_ADDRESS(192, 168, 1, 2));
    assert.equal(server?.leases.length, 1);
    assert.equal(devices[0]?.address(), ADDRESS);
  });

  it('stop keeps the address and is silent; reinitialize takes it; start begins anew', () => {
    let [kept, gone] = [0, -1];
    const { types } = bound(function* ({ client, address }) {
      yield* dhcp.nx_dhcp_stop(client);
      kept = address();
      yield* dhcp.nx_dhcp_reinitialize(client);
      gone = address();
      yield* tx_thread_sleep(1000);
      yield* dhcp.nx_dhcp_start(client);
    });
    assert.deepEqual([kept, gone], [ADDRESS, 0]);
    assert.deepEqual(types().slice(4), ['DISCOVER', 'OFFER', 'REQUEST', 'ACK']);
  });

  it('decline gets another address after ten seconds', () => {
    const { devices, sent } = bound(function* ({ client }) {
      yield* dhcp.nx_dhcp_decline(client);
    });
    assert.equal(sent[4]?.type, 'DECLINE');
    assert((sent[5]?.time ?? 0) - sent[4].time >= 9);
    assert.equal(devices[0]?.address(), ADDRESS + 1);
  });

  it('force_renew extends the lease now', () => {
    const { types, devices } = bound(function* ({ client }) {
      yield* dhcp.nx_dhcp_force_renew(client);
    });
    assert.deepEqual(types().slice(4), ['REQUEST', 'ACK']);
    assert.deepEqual(devices[0]?.states.slice(4), ['1 renewing', '1 bound']);
  });

  it('delete leaves nothing behind, and the client can be created again', () => {
    const statuses: number[] = [];
    bound(function* ({ client, network }) {
      statuses.push(yield* dhcp.nx_dhcp_delete(client), yield* dhcp.nx_dhcp_delete(client));
      statuses.push(yield* dhcp.nx_dhcp_create(client, network.ip, 'again'), yield* dhcp.nx_dhcp_start(client));
    });
    assert.deepEqual(statuses, [nx.NX_SUCCESS, nx.NX_PTR_ERROR, nx.NX_SUCCESS, nx.NX_SUCCESS]);
  });

  it('options of the answer are handed out, and options of one’s own are sent', () => {
    let told: unknown = null;
    const { sent } = bound(function* ({ client }) {
      const [buffer, size, server] = [new Uint8Array(8), out<number>(), out<number>()];
      size.value = 8;
      yield* dhcp.nx_dhcp_user_option_retrieve(client, dhcp.NX_DHCP_OPTION_DNS_SVR, buffer, size);
      const first = yield* dhcp.nx_dhcp_user_option_convert(buffer);
      yield* dhcp.nx_dhcp_server_address_get(client, server);
      told = [size.value, first, server.value];
      yield* dhcp.nx_dhcp_user_option_request(client, dhcp.NX_DHCP_OPTION_NTP_SVR);
      yield* dhcp.nx_dhcp_user_option_add_callback_set(client, (_client, _index, _type, bytes, length) => {
        bytes.set([60, 3, 97, 98, 99]);
        length.value = 5;
        return nx.NX_TRUE;
      });
      yield* dhcp.nx_dhcp_send_request(client, dhcp.NX_DHCP_TYPE_DHCPINFORM);
    });
    assert.deepEqual(told, [8, nx.IP_ADDRESS(10, 0, 0, 53), nx.IP_ADDRESS(192, 168, 1, 2)]);
    const inform = sent.find(({ type }) => type === 'INFORM');
    assert.deepEqual([...(inform?.message.options.get(60) ?? [])], [97, 98, 99]);
    assert.deepEqual([...(inform?.message.options.get(55) ?? [])], [1, 3, 6, 42]);
  });
});

describe('the messages on the wire', () => {
  it('are such as Wireshark reads without complaint', { skip: !hasProgram('tshark') }, () => {
    const { world } = dhcpWorld({ devices: 2, server: { dns: ['10.0.0.1'], renewal: '20s', rebind: '30s' } });
    const file = `${scratch}/dhcp.pcapng`;
    const chunks: Uint8Array[] = [];
    capturePcapng(world.trace, ['lan'], (bytes) => void chunks.push(bytes));
    world.run({ until: '60s' });
    writeFileSync(file, Buffer.concat(chunks));
    const checks = ['-o', 'udp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
    const read = (filter: string): string =>
      execFileSync('tshark', ['-r', file, ...checks, '-Y', filter], { encoding: 'utf8', stdio: 'pipe' });
    assert.equal(read('_ws.malformed || _ws.expert.severity >= 4194304'), '');
    assert.match(read('dhcp'), /DHCP Discover[^]*DHCP Offer[^]*DHCP Request[^]*DHCP ACK/);
  });
});

/** A REQUEST for an address from a host that is no device. */
function requestFrame(address: number): Uint8Array {
  const hardware = { msw: 0x02aa, lsw: 5 };
  const payload = buildDhcp({
    op: 1,
    xid: 5,
    secs: 0,
    broadcast: true,
    clientAddress: 0,
    yourAddress: 0,
    serverAddress: 0,
    relayAddress: 0,
    hardware,
    options: new Map([
      [53, Uint8Array.of(3)],
      [50, word(address)],
    ]),
  });
  const addresses = { source: 0, sourcePort: 68, destination: 0xffffffff, destinationPort: 67 };
  return buildUdpFrame({ ...addresses, payload }, hardware, BROADCAST, 1);
}
