import { describe, it } from 'node:test';
import { RuleTester } from 'eslint';
import { yieldServices } from '../../../sim/lint/yield-services.ts';

RuleTester.describe = (text: string, run: () => void) => describe(text, run);
RuleTester.it = (text: string, run: () => void) => it(text, run);

const IMPORT = "import { tx_thread_sleep as nap, tx_semaphore_get } from 'txsim/tx_api';\n";
const valid = (code: string): string => `${IMPORT}${code}`;
const wrong = (code: string, fixed: string): RuleTester.InvalidTestCase => ({
  code: `${IMPORT}${code}`,
  output: `${IMPORT}${fixed}`,
  errors: [{ messageId: 'forgotten' }],
});

new RuleTester({ languageOptions: { ecmaVersion: 2023, sourceType: 'module' } }).run('yield-services', yieldServices, {
  valid: [
    valid('function* thread() { yield* nap(1); }'),
    valid('function* thread() { if ((yield* tx_semaphore_get(s, 0)) !== 0) return; }'),
    valid('const wait = () => nap(1); function later() { return nap(2); }'),
    valid('function* thread(long) { yield* long ? nap(10) : nap(1); }'),
    valid('function* thread(nap) { nap(1); }'),
    "import { tx_thread_sleep } from './my-own.ts'; tx_thread_sleep(1);",
    "import { IP_ADDRESS } from 'txsim/nx_api'; IP_ADDRESS(192, 168, 1, 1);",
    "import * as nx from 'txsim/nx_api'; function* f() { yield* nx.nx_packet_release(p); nx.IP_ADDRESS(1, 2, 3, 4); }",
  ],
  invalid: [
    wrong('function* thread() { nap(1); }', 'function* thread() { yield* nap(1); }'),
    wrong(
      'function* thread() { const status = tx_semaphore_get(s, 0); }',
      'function* thread() { const status = yield* tx_semaphore_get(s, 0); }',
    ),
    wrong(
      'function* thread() { if (tx_semaphore_get(s, 0) !== 0) return; }',
      'function* thread() { if ((yield* tx_semaphore_get(s, 0)) !== 0) return; }',
    ),
    wrong('function* thread() { yield nap(1); }', 'function* thread() { yield* nap(1); }'),
    wrong('function* thread() { return nap(1); }', 'function* thread() { return yield* nap(1); }'),
    {
      code: valid('function plain() { nap(1); }'),
      output: null,
      errors: [{ messageId: 'plain' }],
    },
    {
      code: "import * as nx from 'txsim/nx_api'; function* f() { nx.nx_packet_release(p); }",
      output: "import * as nx from 'txsim/nx_api'; function* f() { yield* nx.nx_packet_release(p); }",
      errors: [{ messageId: 'forgotten', data: { service: 'nx_packet_release' } }],
    },
  ],
});
