/** The smallest firmware: one thread that blinks. */
import { defineFirmware } from 'txsim';
import {
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_THREAD,
  tx_thread_create,
  tx_thread_sleep,
  type Thread,
} from 'txsim/tx_api';

export default defineFirmware(({ print, config }) => {
  const blinker = new TX_THREAD();

  function* blink(half_period: number): Thread {
    for (let on = true; ; on = !on) {
      print(on ? 'LED on' : 'LED off');
      yield* tx_thread_sleep(half_period);
    }
  }

  return {
    *tx_application_define(first_unused_memory) {
      const stack = first_unused_memory.subarray(0, 1024);
      const half_period = config.TX_TIMER_TICKS_PER_SECOND / 2;
      yield* tx_thread_create(
        blinker,
        'blinker',
        blink,
        half_period,
        stack,
        1024,
        5,
        5,
        TX_NO_TIME_SLICE,
        TX_AUTO_START,
      );
    },
  };
});
