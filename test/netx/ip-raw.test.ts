import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { out, tx_thread_sleep, type Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { parseIpv4Header } from '../../netx/wire/ipv4.ts';
import { ipPacket, ipStage, PEER, US, type IpBench, type IpStage } from '../support/ip-bench.ts';

const data = new TextEncoder().encode('raw');
const raw = (text: string, protocol = 99): Uint8Array => ipPacket({ protocol }, new TextEncoder().encode(text));

function* receiveText(ip: nx.NX_IP, wait: number): Generator<Suspension, string> {
  const cell = out<nx.NX_PACKET>();
  const status = yield* nx.nx_ip_raw_packet_receive(ip, cell, wait);
  if (status !== nx.NX_SUCCESS) return `status ${status}`;
  const text = new TextDecoder().decode(nx.packetBytes(cell.value));
  yield* nx.nx_packet_release(cell.value);
  return text;
}

describe('raw packets', () => {
  it('of unknown protocols wait, as many as may, without their IP headers', () => {
    const got: string[] = [];
    const stage = ipStage({
      *body({ ip }) {
        yield* nx.nx_ip_raw_packet_enable(ip);
        yield* nx.nx_ip_raw_receive_queue_max_set(ip, 2);
        yield* tx_thread_sleep(20);
        for (let count = 0; count < 3; count++) got.push(yield* receiveText(ip, nx.NX_NO_WAIT));
      },
    });
    for (const text of ['one', 'two', 'three']) stage.inject(raw(text));
    stage.wait('1s');
    assert.deepEqual(got, ['one', 'two', `status ${nx.NX_NO_PACKET}`]);
    stage.assertAllFree();
  });

  it('go to the thread that waits for one', () => {
    const got: string[] = [];
    const stage = ipStage({
      *body({ ip }) {
        yield* nx.nx_ip_raw_packet_enable(ip);
        got.push(yield* receiveText(ip, nx.NX_WAIT_FOREVER));
      },
    });
    stage.inject(raw('for you', 89));
    assert.deepEqual(got, ['for you']);
    stage.assertAllFree();
  });

  it('that wait are released when raw packets are disabled, and the waits end', () => {
    const got: string[] = [];
    const stage = ipStage({
      *body({ ip }) {
        yield* nx.nx_ip_raw_packet_enable(ip);
        yield* tx_thread_sleep(20);
        yield* nx.nx_ip_raw_packet_disable(ip);
        got.push(yield* receiveText(ip, nx.NX_NO_WAIT));
      },
    });
    stage.inject(raw('too late'));
    stage.wait('1s');
    assert.deepEqual(got, [`status ${nx.NX_NOT_ENABLED}`]);
    stage.assertAllFree();
  });

  it('are for the stack where it has the protocol, enabled or not', () => {
    const stage = ipStage({
      *body({ ip }) {
        yield* nx.nx_ip_raw_packet_enable(ip);
      },
    });
    for (const protocol of [1, 2, 6, 17]) stage.inject(raw('nobody gets it', protocol));
    assert.equal(stage.ip.nx_ip_raw_received_packet_count, 0);
    stage.assertAllFree();
  });

  for (const takes of [true, false]) {
    it(`go to a filter, which ${takes ? 'takes' : 'refuses'} them`, () => {
      const seen: string[] = [];
      const stage = ipStage({
        macros: { NX_ENABLE_IP_RAW_PACKET_FILTER: true },
        *body({ ip }) {
          yield* nx.nx_ip_raw_packet_enable(ip);
          yield* nx.nx_ip_raw_packet_filter_set(ip, function* (_, protocol, packet) {
            seen.push(`${protocol}: ${new TextDecoder().decode(nx.packetBytes(packet))}`);
            if (takes) yield* nx.nx_packet_release(packet);
            return takes ? nx.NX_SUCCESS : nx.NX_NOT_SUCCESSFUL;
          });
        },
      });
      stage.inject(raw('filtered', 77));
      assert.deepEqual(seen, ['77: filtered']);
      assert.equal(stage.ip.nx_ip_unknown_protocols_received, takes ? 0 : 1);
      stage.assertAllFree();
      assert.deepEqual(stage.world.leaks(), []);
    });
  }

  const sent = (send: (bench: IpBench, packet: nx.NX_PACKET) => ReturnType<typeof nx.nx_ip_raw_packet_send>): IpStage =>
    ipStage({
      links: 2,
      *body(bench) {
        yield* nx.nx_ip_raw_packet_enable(bench.ip);
        const cell = out<nx.NX_PACKET>();
        yield* nx.nx_packet_allocate(bench.pool, cell, nx.NX_IP_PACKET, nx.NX_NO_WAIT);
        yield* nx.nx_packet_data_append(cell.value, data, data.length, bench.pool, nx.NX_NO_WAIT);
        yield* send(bench, cell.value);
      },
    });
  const v4 = new nx.NXD_ADDRESS();
  v4.nxd_ip_version = 4;
  v4.nxd_ip_address.v4 = PEER;

  it('are sent behind a header of protocol 255, or of any with the newer services', () => {
    const table = [
      [sent(({ ip }, packet) => nx.nx_ip_raw_packet_send(ip, packet, PEER, nx.NX_IP_MIN_DELAY)), 255, 0x80, 0x10],
      [sent(({ ip }, packet) => nx.nxd_ip_raw_packet_send(ip, packet, v4, 89, 3, 0x42)), 89, 3, 0x42],
    ] as const;
    for (const [stage, protocol, ttl, tos] of table) {
      const packet = stage.links[0]?.sent[0] ?? new Uint8Array(0);
      const header = parseIpv4Header(packet, 0, packet.length);
      assert.deepEqual([header?.protocol, header?.ttl, header?.tos, header?.source], [protocol, ttl, tos, US]);
      assert.deepEqual(packet.subarray(20), data);
      stage.assertAllFree();
    }
  });

  it('are dropped and counted where the chosen interface has no way there', () => {
    const stage = sent(({ ip }, packet) => nx.nx_ip_raw_packet_source_send(ip, packet, PEER, 1, nx.NX_IP_NORMAL));
    assert.deepEqual([stage.links[0]?.sent.length, stage.links[1]?.sent.length], [0, 0]);
    assert.equal(stage.ip.nx_ip_transmit_no_route_errors, 1);
    stage.assertAllFree();
  });
});
