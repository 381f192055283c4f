import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as nx from 'txsim/nx_api';
import { formatIpv6 } from '../../../netx/nxd-address.ts';
import { echoServer6, ipv6, ipv6Firmware, receiveText6, sendText6, twoDevices6 } from '../../support/ipv6-firmware.ts';

describe('UDP over IPv6 between two devices', () => {
  for (const [kind, to] of [
    ['global', '2001:db8::1'],
    ['link-local', 'fe80::ff:fe00:1'],
  ] as const) {
    it(`datagrams to a ${kind} address come back as they were`, () => {
      const lengths = [1, 2, 3, 63, 999, 1452];
      const world = twoDevices6(
        echoServer6({ addresses: ['2001:db8::1'] }),
        ipv6Firmware(
          function* (network, socket) {
            yield* nx.nx_udp_socket_bind(socket, 0, nx.NX_NO_WAIT);
            for (const length of lengths) {
              const text = 'x'.repeat(length);
              const status = yield* sendText6(network, socket, text, ipv6(to), 7);
              const answer = yield* receiveText6(socket, 100);
              const sender = formatIpv6(answer.from.nxd_ip_address.v6);
              network.board.print(`${status} ${answer.text === text} ${sender} ${answer.port}`);
            }
          },
          { addresses: ['2001:db8::2'] },
        ),
      );
      assert.deepEqual(
        world.devices.get('client')?.output.lines.map(({ text }) => text),
        lengths.map(() => `0 true ${to} 7`),
      );
    });
  }
});
