import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defineFirmware, World } from 'txsim';
import { TX_TIMER, tx_time_get, tx_timer_create, type Thread } from 'txsim/tx_api';

/** A year takes two minutes; where nobody waits for it (`CI`), the whole of it is simulated, and else two months. */
const DAYS = process.env['CI'] === undefined ? 60 : 365;
const SECONDS = DAYS * 24 * 3600;
const TICKS_PER_SECOND = 1000;

it(`ten devices idle through ${DAYS} days with a timer of one second each, and lose no tick; the count of ticks wraps`, () => {
  const world = new World();
  const counts = Array.from({ length: 10 }, () => 0);
  const times = Array.from({ length: 10 }, () => 0);
  for (const index of counts.keys()) {
    const firmware = defineFirmware(() => ({
      *tx_application_define() {
        const everySecond = (): void => {
          counts[index] = (counts[index] ?? 0) + 1;
        };
        const atTheEnd = function* (): Thread {
          times[index] = yield* tx_time_get();
        };
        const second = TICKS_PER_SECOND;
        yield* tx_timer_create(new TX_TIMER(), 'every second', everySecond, 0, second, second, 1);
        // A timer of a whole year would be longer than 32 bits of ticks; a month is not.
        const month = 30 * 24 * 3600 * second;
        yield* tx_timer_create(new TX_TIMER(), 'every month', atTheEnd, 0, month, month, 1);
      },
    }));
    const config = { TX_TIMER_TICKS_PER_SECOND: TICKS_PER_SECOND };
    world.device(`device ${index}`, { firmware, cpu: 'instant', config });
  }
  world.run({ until: SECONDS * 1e9 });
  assert.deepEqual(counts, new Array(10).fill(SECONDS));
  const lastMonth = Math.floor(DAYS / 30) * 30 * 24 * 3600 * TICKS_PER_SECOND;
  assert.ok(lastMonth > 2 ** 32);
  assert.deepEqual(times, new Array(10).fill(lastMonth % 2 ** 32));
});
