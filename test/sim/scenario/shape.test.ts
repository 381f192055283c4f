/** What a scenario in JavaScript, or one that no compiler has checked, may hold. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  at,
  check,
  defineScenario,
  eventually,
  expectOutput,
  never,
  reboot,
  runScenario,
  SimulationError,
} from 'txsim';
import { beater } from './firmware.ts';

const devices = { one: { firmware: beater } };

/** Something as the compiler would not let it through. */
const unchecked = (value: unknown): never => value as never;

/** What is wrong with a scenario. */
function mistakeIn(scenario: unknown): string {
  try {
    runScenario(unchecked(scenario));
  } catch (error) {
    assert(error instanceof SimulationError, String(error));
    assert.equal(error.kind, 'world');
    return `${error.what}; ${error.fix ?? ''}`;
  }
  return '';
}

describe('mistakes in the shape of a scenario', () => {
  const wrong: readonly (readonly [scenario: unknown, RegExp])[] = [
    [{ devices, expects: [] }, /^the scenario: there is no option 'expects'; use one of: .*\bexpect\b/],
    [{}, /^devices is undefined/],
    [{ devices: { one: null } }, /^device 'one' is null/],
    [{ devices: { one: beater } }, /^device 'one' is a firmware itself; write { firmware }/],
    [{ devices: { one: {} } }, /^device 'one' has no firmware/],
    [{ devices: { one: { firmwar: beater } } }, /^device 'one': there is no option 'firmwar'/],
    [{ devices: { one: { firmware: {} } } }, /^device 'one' has a firmware that is none/],
    [{ devices: { one: { firmware: beater, adress: '10.0.0.1' } } }, /^device 'one': there is no option 'adress'/],
    [{ devices, expect: expectOutput('one', 'x') }, /^expect is an object; write a list/],
    [{ devices, timeline: 'soon' }, /^timeline is a string; write a list/],
    [{ devices, timeline: [null] }, /^timeline\[0\]: it is no entry/],
    [{ devices, timeline: [at(unchecked(undefined), reboot('one'))] }, /^timeline\[0\]: at: undefined is no duration/],
    [{ devices, expect: [expectOutput('one', unchecked(undefined))] }, /^expect\[0\]: expectOutput: the pattern is/],
    [
      { devices, expect: [never('x', () => true, { after: reboot('two') })] },
      /^expect\[0\]: after: reboot: there is no device 'two'/,
    ],
    [{ devices, make: () => undefined }, /^devices is undefined/],
  ];
  for (const [scenario, message] of wrong) {
    it(message.source, () => {
      assert.match(mistakeIn(scenario), message);
    });
  }

  it('what its function throws', () => {
    const scenario = defineScenario((params) => {
      if (params['clients'] === 'many') throw new RangeError('so many');
      return { devices, until: '1s' };
    });
    assert.throws(
      () => runScenario(scenario, { params: { clients: 'many' } }),
      /the function of defineScenario\(\) threw RangeError: so many/,
    );
  });
});

describe('functions that decide nothing', () => {
  const failureOf = (scenario: object): string =>
    runScenario({ devices, until: '3s', ...scenario }).failures[0]?.report.join('\n') ?? '';

  it('a function in a timeline that only makes a verb', () => {
    const report = failureOf({ timeline: [at('1s', () => reboot('one'))] });
    assert.match(report, /timeline\[0\]: its function gave back the verb 'reboot one', and nothing happened/);
  });

  it('promises, which are neither true nor false, and fail unheard', () => {
    const fails = async (): Promise<never> => Promise.reject(new Error('unheard'));
    assert.match(
      failureOf({ timeline: [at('1s', unchecked(fails))] }),
      /timeline\[0\]: its function gave back a promise/,
    );
    const expectations = [
      eventually('x', unchecked(fails)),
      never('x', unchecked(fails)),
      check('x', unchecked(fails)),
    ];
    for (const expectation of expectations) {
      assert.match(failureOf({ expect: [expectation] }), /seen: it gave back a promise/);
    }
  });

  it('a check that gives back false', () => {
    assert.match(
      failureOf({
        expect: [
          check(
            'x',
            unchecked(() => false),
          ),
        ],
      }),
      /seen: it gave back false/,
    );
  });
});

describe('expectations from something on that does not happen', () => {
  const after = { after: reboot('one') };
  for (const expectation of [
    never('x', () => true, after),
    expectOutput('one', 'x', { times: 0, ...after }),
    expectOutput('one', 'beat', after),
    eventually('x', () => true, after),
  ]) {
    it(`${expectation.title} does not hold for want of it, which is a failure of its own`, () => {
      const [failure] = runScenario({ devices, until: '3s', expect: [expectation] }).failures;
      assert.equal(failure?.title, `${expectation.title}: 'reboot one' has not happened`);
    });
  }
});
