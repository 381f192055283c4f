/** A run that fails is repeated for its report: whoever listens to an exploration's runs is told of each once. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, connected, defineFirmware, defineScenario, expectOutput, faults, heal, partition, reboot } from 'txsim';
import {
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  type Thread,
} from 'txsim/tx_api';
import client from '../../../apps/dtls-echo/client.ts';
import server from '../../../apps/dtls-echo/server.ts';
import { runTwice } from '../../../sim/explore/fingerprint.ts';
import { shrink } from '../../../sim/explore/shrink.ts';
import { runVaried } from '../../../sim/explore/varied-run.ts';

const echo = {
  networks: { lan: { latency: '1ms' } },
  devices: { server: { firmware: server, address: '192.168.1.150' }, client: { firmware: client } },
};

describe('a run that fails', () => {
  it('tells of each fault once', () => {
    const scenario = defineScenario({
      ...echo,
      expect: [expectOutput('client', 'sent', { by: '500ms' })],
      until: '1s',
    });
    const frames: number[] = [];
    const { failures } = runVaried(scenario, {
      seed: 1,
      variation: { networks: { lan: { faults: [{ frame: 3, fault: 'lost', to: null }] } } },
      onFault: ({ frame }) => void frames.push(frame),
    });
    assert.equal(failures.length, 1);
    assert.deepEqual(frames, [3]);
  });

  it('is compared with another one of the seed, and not with its own repetition', () => {
    let runs = 0;
    const firmware = defineFirmware(({ print }) => {
      const mood = ++runs % 3 === 1 ? 'good' : 'bad';
      function* main(): Thread {
        yield* tx_thread_sleep(10);
        print(mood);
      }
      return {
        *tx_application_define(memory) {
          const stack = memory.subarray(0, 1024);
          yield* tx_thread_create(new TX_THREAD(), 'm', main, 0, stack, 1024, 5, 5, TX_NO_TIME_SLICE, TX_AUTO_START);
        },
      };
    });
    const scenario = defineScenario({
      devices: { one: { firmware } },
      expect: [expectOutput('one', 'good')],
      until: '1s',
    });
    const { divergence } = runTwice(scenario, { seed: 1, variation: {} });
    assert.ok((divergence?.time ?? 0) > 0, `${divergence?.first} ${divergence?.second}`);
  });

  it('is not made smaller by leaving out what its expectation waits for', () => {
    const scenario = defineScenario({
      ...echo,
      timeline: [
        at('1s', faults('lan', { jitter: '1ms' })),
        at('9s', partition('lan', 'client', 'server')),
        at('10s', reboot('client')),
        at('25s', heal('lan')),
      ],
      expect: [connected('client', 'server', { after: reboot('client'), within: '3s' })],
      until: '60s',
    });
    const variation = { order: 3 };
    const [failure] = runVaried(scenario, { seed: 1, variation }).failures;
    assert.ok(failure !== undefined);
    const shrunk = shrink(scenario, { seed: 1, variation, failure, budget: 100, setting: {} });
    assert.deepEqual(shrunk.variation, { without: [1, 4] });
  });
});
