import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { capturePcapng } from 'txsim';
import { out, tx_thread_sleep } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { emitIcmpv4Header, parseIcmpv4Header } from '../../netx/wire/icmpv4.ts';
import { DEVICE_HARDWARE, runNetwork, STATION } from '../support/network-bench.ts';
import { hasProgram } from '../support/process.ts';

const GROUP = nx.IP_ADDRESS(239, 1, 1, 1);

/** A run with ARP, pings in both directions, an unreachable port, and a group that is joined and left. */
function capture(): string {
  const chunks: Uint8Array[] = [];
  runNetwork(
    function* ({ network: { ip }, station }) {
      station.onPacket = ({ ip: { protocol, source }, payload }) => {
        const request = protocol === 1 ? parseIcmpv4Header(payload, 0, payload.length) : null;
        if (request?.type !== 8) return;
        emitIcmpv4Header({ ...request, type: 0 }, payload, 0, payload.length);
        station.ip(1, payload, DEVICE_HARDWARE, { destination: source });
      };
      yield* nx.nx_arp_gratuitous_send(ip, null);
      yield* nx.nx_igmp_multicast_join(ip, GROUP);
      const response = out<nx.NX_PACKET>();
      for (const size of [0, 5, 1001]) {
        const status = yield* nx.nx_icmp_ping(ip, STATION, new Uint8Array(size).fill(7), size, response, 100);
        assert.equal(status, nx.NX_SUCCESS);
        yield* nx.nx_packet_release(response.value);
      }
      const own = nx.IP_ADDRESS(192, 168, 1, 10);
      station.icmp({ type: 8, code: 0, identifier: 1, sequence: 2 }, Uint8Array.of(1, 2, 3), DEVICE_HARDWARE, own);
      station.ip(17, Uint8Array.of(0, 5, 0, 99, 0, 9, 0, 0, 1), DEVICE_HARDWARE, { destination: own });
      yield* tx_thread_sleep(200);
      yield* nx.nx_igmp_multicast_leave(ip, GROUP);
    },
    {
      until: '10s',
      onWorld: ({ world }) => {
        capturePcapng(world.trace, ['lan'], (chunk) => chunks.push(chunk));
      },
      *define({ ip }) {
        yield* nx.nx_icmp_enable(ip);
        yield* nx.nx_igmp_enable(ip);
      },
    },
  );
  const file = join(mkdtempSync(join(tmpdir(), 'txsim-icmp-')), 'run.pcapng');
  writeFileSync(file, Buffer.concat(chunks));
  return file;
}

const skip = hasProgram('tshark') ? false : 'tshark is not installed';

describe('ARP, ICMP and IGMP in Wireshark’s eyes', { skip }, () => {
  const file = skip === false ? capture() : '';
  const lines = (filter: string, ...fields: string[]): string[] => {
    const options = ['-o', 'ip.check_checksum:TRUE', '-Y', filter, '-T', 'fields', ...fields.flatMap((f) => ['-e', f])];
    const result = spawnSync('tshark', ['-r', file, ...options], { encoding: 'latin1' });
    assert.equal(result.status, 0, result.stderr);
    return result.stdout.split('\n').filter((line) => line !== '');
  };

  it('nothing is malformed, and every checksum is right', () => {
    const wrong = '_ws.malformed || ip.checksum.status == 0 || icmp.checksum.status == 0 || igmp.checksum.status == 0';
    assert.deepEqual(lines(wrong, 'frame.number', '_ws.col.Info'), []);
    assert.deepEqual(lines('_ws.expert.severity >= 6291456', 'frame.number', '_ws.expert.message'), []);
  });

  it('each message is what it is meant to be', () => {
    assert.deepEqual(lines('arp.isgratuitous == 1', 'arp.opcode'), ['1']);
    // The error quotes the datagram's headers; Wireshark lists what it finds there too.
    const types = lines('icmp && ip.src == 192.168.1.10', 'icmp.type', 'icmp.code').map((line) => line.split(/[\t,]/));
    assert.deepEqual(
      types.map(([type]) => type),
      ['8', '8', '8', '0', '3'],
    );
    assert.deepEqual(lines('icmp.type == 3', 'icmp.code', 'udp.dstport'), ['3\t99']);
    assert.deepEqual(lines('igmp', 'igmp.type', 'igmp.maddr', 'ip.dst', 'ip.ttl'), [
      '0x16\t239.1.1.1\t239.1.1.1\t1',
      '0x17\t239.1.1.1\t224.0.0.2\t1',
    ]);
    assert.equal(lines('ip.opt.ra == 0', 'frame.number').length, 2);
  });
});
