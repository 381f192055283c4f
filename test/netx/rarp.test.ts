import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { out, tx_thread_sleep, type ULONG } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { ETHERTYPE_RARP } from '../../netx/wire/ethernet.ts';
import { DEVICE_HARDWARE, runNetwork } from '../support/network-bench.ts';

const GIVEN = nx.IP_ADDRESS(192, 168, 1, 77);
const OTHER = nx.IP_ADDRESS(192, 168, 1, 78);

describe('RARP', () => {
  it('asks once a second until a server answers, and then has its address', () => {
    const statuses: number[] = [];
    const { station, network } = runNetwork(
      function* ({ network: { ip }, station: server }) {
        statuses.push(yield* nx.nx_rarp_info_get(ip, null, null, null));
        statuses.push(yield* nx.nx_rarp_enable(ip), yield* nx.nx_rarp_enable(ip));
        const reply = { operation: 4, targetHardware: DEVICE_HARDWARE };
        yield* tx_thread_sleep(250);
        // An answer for somebody else, a question, and then the answer.
        server.arp({ ...reply, targetHardware: { msw: 2, lsw: 9 }, targetAddress: OTHER }, undefined, ETHERTYPE_RARP);
        server.arp({ ...reply, operation: 3, targetAddress: OTHER }, undefined, ETHERTYPE_RARP);
        server.onRarp = (): void => server.arp({ ...reply, targetAddress: GIVEN }, DEVICE_HARDWARE, ETHERTYPE_RARP);
        yield* tx_thread_sleep(300);
        const [address, mask] = [out<ULONG>(), out<ULONG>()];
        yield* nx.nx_ip_address_get(ip, address, mask);
        assert.equal(address.value, GIVEN);
        statuses.push(yield* nx.nx_rarp_disable(ip), yield* nx.nx_rarp_enable(ip));
        const [sent, answered, invalid] = [out<ULONG>(), out<ULONG>(), out<ULONG>()];
        statuses.push(yield* nx.nx_rarp_info_get(ip, sent, answered, invalid));
        assert.deepEqual([sent.value, answered.value, invalid.value], [3, 2, 1]);
      },
      { address: 0, until: '20s' },
    );
    assert.deepEqual(statuses, [0x14, 0, 0x15, 0x14, 0x21, 0]);
    assert.deepEqual(
      station.rarps.map(({ operation, senderHardware, targetHardware, senderAddress, targetAddress }) => [
        operation,
        senderHardware,
        targetHardware,
        senderAddress,
        targetAddress,
      ]),
      new Array(3).fill([3, DEVICE_HARDWARE, DEVICE_HARDWARE, 0, 0]),
    );
    assert.equal(network.ip.rarp, null);
  });

  it('refuses what is no instance, and ends when it is disabled', () => {
    const { station } = runNetwork(
      function* ({ network: { ip } }) {
        const [no] = [new nx.NX_IP()];
        for (const call of [nx.nx_rarp_enable, nx.nx_rarp_disable]) {
          assert.deepEqual([yield* call(no), yield* call(null)], [nx.NX_PTR_ERROR, nx.NX_PTR_ERROR]);
        }
        assert.equal(yield* nx.nx_rarp_info_get(null, null, null, null), nx.NX_PTR_ERROR);
        assert.equal(yield* nx.nx_rarp_enable(ip), nx.NX_SUCCESS);
        yield* tx_thread_sleep(150);
        assert.equal(yield* nx.nx_rarp_disable(ip), nx.NX_SUCCESS);
      },
      { address: 0, until: '20s' },
    );
    assert.equal(station.rarps.length, 1);
  });
});
