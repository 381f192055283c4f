/** The files of a new project, by name; `NAME` and `DEPENDENCY` stand for the project's name and where this package comes from. */
export const TEMPLATE: Readonly<Record<string, string>> = {
  'package.json': `{
  "name": "NAME",
  "version": "0.1.0",
  "private": true,
  "type": "module",
  "scripts": {
    "start": "txsim run scenario.ts",
    "test": "node --import tsx --test firmware.test.ts",
    "typecheck": "tsc --noEmit"
  },
  "dependencies": {
    "txsim": "DEPENDENCY"
  },
  "devDependencies": {
    "@tsconfig/strictest": "^2.0.8",
    "@types/node": "^20.19.0",
    "tsx": "^4.23.0",
    "typescript": "^6.0.0"
  }
}
`,
  'tsconfig.json': `{
  "extends": "@tsconfig/strictest/tsconfig.json",
  "compilerOptions": {
    "target": "ES2023",
    "module": "NodeNext",
    "moduleResolution": "NodeNext",
    "allowImportingTsExtensions": true,
    "noEmit": true,
    "types": ["node"]
  }
}
`,
  '.gitignore': `node_modules/
txsim-out/
`,
  'firmware.ts': `/** A sensor: one thread measures, another one reports what came through the queue. */
import { defineFirmware } from 'txsim';
import {
  TX_1_ULONG,
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_NO_WAIT,
  TX_QUEUE,
  TX_SUCCESS,
  TX_THREAD,
  TX_WAIT_FOREVER,
  tx_queue_create,
  tx_queue_receive,
  tx_queue_send,
  tx_thread_create,
  tx_thread_sleep,
  type Thread,
} from 'txsim/tx_api';

export default defineFirmware((board) => {
  // What C keeps in static storage lives here: every device that runs this firmware has its own.
  const sensor = new TX_THREAD();
  const reporter = new TX_THREAD();
  const readings = new TX_QUEUE();
  const { TX_TIMER_TICKS_PER_SECOND } = board.config;

  function* measure(): Thread {
    for (;;) {
      const reading = Uint32Array.of(20 + (board.random() % 5));
      yield* tx_queue_send(readings, reading, TX_NO_WAIT);
      yield* tx_thread_sleep(TX_TIMER_TICKS_PER_SECOND);
    }
  }

  function* report(): Thread {
    const reading = new Uint32Array(1);
    for (;;) {
      const status = yield* tx_queue_receive(readings, reading, TX_WAIT_FOREVER);
      if (status === TX_SUCCESS) board.print(\`\${reading[0]} degrees\`);
    }
  }

  return {
    *tx_application_define(first_unused_memory) {
      const [stack_a, stack_b] = [first_unused_memory.subarray(0, 1024), first_unused_memory.subarray(1024, 2048)];
      const storage = first_unused_memory.subarray(2048, 2048 + 64);
      yield* tx_queue_create(readings, 'readings', TX_1_ULONG, storage, 64);
      yield* tx_thread_create(sensor, 'sensor', measure, 0, stack_a, 1024, 4, 4, TX_NO_TIME_SLICE, TX_AUTO_START);
      yield* tx_thread_create(reporter, 'reporter', report, 0, stack_b, 1024, 8, 8, TX_NO_TIME_SLICE, TX_AUTO_START);
    },
  };
});
`,
  'scenario.ts': `/** One device for five seconds; add devices, a network and its faults as you need them. */
import { defineScenario } from 'txsim';
import firmware from './firmware.ts';

export default defineScenario({
  description: 'a sensor that reports once a second',
  devices: { sensor: { firmware } },
  until: '5s',
});
`,
  'firmware.test.ts': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World } from 'txsim';
import firmware from './firmware.ts';

test('the sensor reports once a second', () => {
  const world = new World({ seed: 1 });
  const device = world.device('sensor', { firmware });
  world.run({ until: '10s' });
  assert.equal(device.output.lines.length, 10);
  for (const { text } of device.output.lines) assert.match(text, /^2\\d degrees$/);
  assert.deepEqual(world.leaks(), []);
});
`,
  'README.md': `# NAME

ThreadX/NetX firmware that runs on the desktop.

\`\`\`
npm install
npm start          # run the scenario
npm test           # run the test
\`\`\`

Every service (\`tx_*\`, \`nx_*\`) is called with \`yield*\`. \`npx txsim --help\` lists what a run can leave behind: captures, traces,
key logs.
`,
};
