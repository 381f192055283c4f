import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runScenario, type DefinedScenario } from 'txsim';
import blocking from '../../../apps/mistakes/blocking-in-connect-notify/scenario.ts';
import oneSessionPointer from '../../../apps/mistakes/one-session-pointer/scenario.ts';
import shortWait from '../../../apps/mistakes/short-wait/scenario.ts';
import smallPool from '../../../apps/mistakes/small-packet-pool/scenario.ts';
import type { ReportProblem } from '../../../sim/report-page/data.ts';
import { ProblemLog } from '../../../sim/report-page/problems.ts';

/** What the page of a run has at its top. */
function problemsOf(scenario: DefinedScenario, seed: number): readonly ReportProblem[] {
  const log = new ProblemLog();
  const { world, failures } = runScenario(scenario, {
    seed,
    prepare: ({ trace }) => void trace.listen(log.listener, { frames: false }),
  });
  const { now: time } = world.clock;
  return log.list({
    failures,
    leaks: world.leaks(),
    stalls: world.stalls(),
    notes: world.notes(),
    time,
    root: process.cwd(),
  });
}

describe('what a report has at its top', () => {
  for (const [name, scenario, seed, kind] of [
    ['blocking-in-connect-notify', blocking, 1, 'stall'],
    ['one-session-pointer', oneSessionPointer, 61, 'session-not-started'],
    ['short-wait', shortWait, 1, 'handshake-given-up'],
    ['small-packet-pool', smallPool, 1, 'pool-empty'],
  ] as const) {
    it(`names the mistake of ${name} before what came of it, with its place on the time line`, () => {
      const problems = problemsOf(scenario, seed);
      const [first, ...others] = problems;
      assert.equal(first?.kind, kind);
      assert(first.time > 0, `${first.text} is at ${first.time}`);
      assert(others.length > 0 && others.every((other) => other.kind === 'expectation'), JSON.stringify(others));
    });
  }

  it('tells the waits of one callback together', () => {
    const stalls = problemsOf(blocking, 1).filter(({ kind }) => kind === 'stall');
    assert.equal(stalls.length, 1);
    assert.match(stalls[0]?.text ?? '', /in 4 waits, the longest 1\.999997 s/);
  });
});
