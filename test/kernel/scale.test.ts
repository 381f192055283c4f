import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TX_TIMER, tx_thread_sleep, tx_timer_create } from 'txsim/tx_api';
import { runOnDevice } from '../support/one-device.ts';

/** How many events a device with sleeping threads takes for ten seconds of a timer of ten ticks. */
function eventsWith(sleepers: number): number {
  let events = 0;
  runOnDevice(
    function* ({ thread }) {
      for (let index = 0; index < sleepers; index++) {
        yield* thread(`sleeper ${index}`, 5, function* () {
          yield* tx_thread_sleep(1_000_000);
        });
      }
      yield* tx_timer_create(new TX_TIMER(), 'pulse', null, 0, 10, 10, 1);
    },
    {
      until: '10s',
      memory: 512 * (sleepers + 1),
      // Asked after every event.
      stopWhen: () => {
        events++;
        return false;
      },
    },
  );
  return events;
}

it('ten thousand sleeping threads add no event to any tick', () => {
  assert.equal(eventsWith(10_000), eventsWith(0));
});
