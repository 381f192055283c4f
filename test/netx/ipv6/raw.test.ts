import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { out, tx_thread_sleep, type Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { formatAddress } from '../../../netx/nxd-address.ts';
import { readSource } from '../../../netx/packet-addresses.ts';
import type { TestNetwork } from '../../support/dtls-firmware.ts';
import { ipv6, ipv6Firmware, twoDevices6 } from '../../support/ipv6-firmware.ts';

const SERVER = '2001:db8::1';
const PROTOCOL = 253;

function* packetOf({ pool }: TestNetwork, text: string, room = 56): Generator<Suspension, nx.NX_PACKET> {
  const cell = out<nx.NX_PACKET>();
  yield* nx.nx_packet_allocate(pool, cell, room, nx.NX_WAIT_FOREVER);
  const bytes = new TextEncoder().encode(text);
  yield* nx.nx_packet_data_append(cell.value, bytes, bytes.length, pool, nx.NX_WAIT_FOREVER);
  return cell.value;
}

/** Takes raw packets, and prints what came and from whom. */
const receiver = (enabled = true) =>
  ipv6Firmware(
    function* ({ ip, board }) {
      if (enabled) {
        yield* nx.nx_ip_raw_packet_enable(ip);
        yield* nx.nx_ip_raw_receive_queue_max_set(ip, 4);
      }
      const [cell, from] = [out<nx.NX_PACKET>(), new nx.NXD_ADDRESS()];
      for (;;) {
        if ((yield* nx.nx_ip_raw_packet_receive(ip, cell, nx.NX_WAIT_FOREVER)) !== nx.NX_SUCCESS) return;
        readSource(cell.value, from);
        board.print(`${new TextDecoder().decode(nx.packetBytes(cell.value))} from ${formatAddress(from)}`);
        yield* nx.nx_packet_release(cell.value);
      }
    },
    { addresses: [SERVER] },
  );

/** What a client does with raw packets turned on. */
const sender = (body: (network: TestNetwork) => Generator<Suspension, void>) =>
  ipv6Firmware(
    function* (network) {
      yield* nx.nx_ip_raw_packet_enable(network.ip);
      yield* body(network);
      yield* tx_thread_sleep(10);
    },
    { addresses: ['2001:db8::2'] },
  );

describe('raw packets over IPv6', () => {
  it('come as they were sent, from the address that suits or the one that was chosen', () => {
    const world = twoDevices6(
      receiver(),
      sender(function* (network) {
        const { ip, board } = network;
        const plain = yield* packetOf(network, 'plain');
        const statuses = [yield* nx.nxd_ip_raw_packet_send(ip, plain, ipv6(SERVER), PROTOCOL, 64, 0)];
        const [first] = ip.nx_ipv6_address.filter((own) => own.nxd_ipv6_address[0] === 0xfe800000);
        const index = first?.nxd_ipv6_address_index ?? 0;
        const chosen = yield* packetOf(network, 'chosen');
        statuses.push(yield* nx.nxd_ip_raw_packet_source_send(ip, chosen, ipv6(SERVER), index, PROTOCOL, 64, 0));
        board.print(statuses.join());
      }),
    );
    const printed = (name: string): string => String(world.devices.get(name)?.output);
    assert.equal(printed('client'), '0,0');
    assert.equal(printed('server'), 'plain from 2001:db8::2\nchosen from fe80::ff:fe00:2');
  });

  it('are refused with a parameter problem where nobody takes them', () => {
    const world = twoDevices6(
      receiver(false),
      sender(function* (network) {
        const packet = yield* packetOf(network, 'nobody wants it');
        yield* nx.nxd_ip_raw_packet_send(network.ip, packet, ipv6(SERVER), PROTOCOL, 64, 0);
      }),
    );
    assert.deepEqual(world.leaks(), []);
    assert.equal(String(world.devices.get('server')?.output), '');
  });

  it('have the statuses of IPv4, and 0x50 without an address to send from', () => {
    const world = twoDevices6(
      receiver(),
      sender(function* (network) {
        const { ip, board } = network;
        const [good, narrow] = [yield* packetOf(network, 'x'), yield* packetOf(network, 'x', 16)];
        const statuses = [
          yield* nx.nxd_ip_raw_packet_send(ip, good, ipv6(SERVER), 256, 64, 0),
          yield* nx.nxd_ip_raw_packet_send(ip, good, ipv6('::'), PROTOCOL, 64, 0),
          yield* nx.nxd_ip_raw_packet_send(ip, narrow, ipv6(SERVER), PROTOCOL, 64, 0),
          yield* nx.nxd_ip_raw_packet_source_send(ip, good, ipv6(SERVER), 99, PROTOCOL, 64, 0),
        ];
        yield* nx.nxd_ipv6_disable(ip);
        statuses.push(yield* nx.nxd_ip_raw_packet_send(ip, good, ipv6(SERVER), PROTOCOL, 64, 0));
        board.print(statuses.map((status) => status.toString(16)).join());
        yield* nx.nx_packet_release(good);
        yield* nx.nx_packet_release(narrow);
      }),
    );
    assert.equal(String(world.devices.get('client')?.output), '4d,21,2,4c,50');
    assert.deepEqual(world.leaks(), []);
  });
});
