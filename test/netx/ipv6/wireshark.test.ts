import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { capturePcapng, describeFrame, World } from 'txsim';
import { out } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { RouterAdvertiser } from '../../../sim/network/router-advertiser.ts';
import { echoServer6, ipv6, ipv6Firmware, receiveText6, sendText6 } from '../../support/ipv6-firmware.ts';
import { runFor } from '../../support/nd-world.ts';
import { hasProgram } from '../../support/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'txsim-ipv6-'));
after(() => rmSync(folder, { recursive: true }));

/** A run with addresses from a router, pings, datagrams in one piece and in several, and a port that nobody has. */
function run(): { readonly file: string; readonly described: readonly string[] } {
  const world = new World();
  const lan = world.lan();
  const chunks: Uint8Array[] = [];
  const described: string[] = [];
  capturePcapng(world.trace, ['lan'], (chunk) => chunks.push(chunk));
  world.trace.listen(({ event }) => {
    if (event.type === 'frame-sent') described.push(describeFrame(event.bytes));
  });
  world.device('server', { firmware: echoServer6({ addresses: ['2001:db8::1'], fragments: true }), lan });
  const client = ipv6Firmware(
    function* (network, socket) {
      yield* nx.nx_udp_socket_bind(socket, 5000, 0);
      const response = out<nx.NX_PACKET>();
      yield* nx.nxd_icmp_ping(network.ip, ipv6('2001:db8::1'), 'ABCDEFGH', 8, response, 100);
      yield* nx.nx_packet_release(response.value);
      for (const text of ['short', 'long'.repeat(700)]) {
        yield* sendText6(network, socket, text, ipv6('2001:db8::1'), 7);
        assert.equal((yield* receiveText6(socket, 100)).text, text);
      }
      yield* sendText6(network, socket, 'nobody', ipv6('2001:db8::1'), 8);
    },
    { fragments: true },
  );
  world.device('client', { firmware: client, lan });
  const router = new RouterAdvertiser(world.clock, { prefixes: ['2001:db8::/64'] });
  // The hosts have asked once in vain by then.
  runFor(world, 1.5);
  router.plug(lan.attach(router));
  runFor(world, 20);
  const file = join(folder, 'run.pcapng');
  writeFileSync(file, Buffer.concat(chunks));
  return { file, described };
}

const { file, described } = run();

describe('a capture of IPv6', () => {
  it('is described in words', () => {
    const global = '2001:db8::ff:fe00:2';
    for (const line of [
      'Neighbor Solicitation: who has fe80::ff:fe00:1?, :: to ff02::1:ff00:1',
      'Router Solicitation, :: to ff02::2',
      'Router Advertisement 2001:db8::/64, fe80::5eff:fe00:1 to ff02::1',
      'Neighbor Advertisement: 2001:db8::1 is here, 2001:db8::1 to 2001:db8::ff:fe00:2',
      `ICMPv6 Echo Request 1, ${global} to 2001:db8::1`,
      `ICMPv6 Echo Reply 1, 2001:db8::1 to ${global}`,
      `UDP, 5 bytes, [${global}]:5000 to [2001:db8::1]:7`,
      `IPv6 fragment at 0, ${global} to 2001:db8::1`,
      `IPv6 fragment at 1448, the last, 2001:db8::1 to ${global}`,
      `ICMPv6 Destination Unreachable, code 4, 2001:db8::1 to ${global}`,
    ]) {
      assert(described.includes(line), `${line}\n\nis not in\n\n${described.join('\n')}`);
    }
  });

  const skip = hasProgram('tshark') ? false : 'tshark is not installed';

  it('has nothing that Wireshark finds wrong', { skip }, () => {
    const read = (filter: string, ...fields: readonly string[]): readonly string[] => {
      const options = ['-o', 'udp.check_checksum:TRUE', '-Y', filter, '-T', 'fields'];
      const result = spawnSync('tshark', ['-r', file, ...options, ...fields.flatMap((field) => ['-e', field])], {
        encoding: 'utf8',
      });
      assert.equal(result.status, 0, result.stderr);
      return result.stdout.split('\n').filter((line) => line !== '');
    };
    const types = new Set(read('icmpv6', 'icmpv6.type').flatMap((line) => line.split(',')));
    assert.deepEqual(
      [...types].map(Number).toSorted((a, b) => a - b),
      [1, 128, 129, 133, 134, 135, 136],
    );
    const wrong =
      '_ws.malformed || icmpv6.checksum.status == 0 || udp.checksum.status == 0 || _ws.expert.severity >= 0x600000';
    assert.deepEqual(read(wrong, 'frame.number', '_ws.expert.message'), []);
    assert.equal(read('ipv6.reassembled.length', 'frame.number').length, 2);
  });
});
