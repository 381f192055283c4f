import type { ScenarioOutcome, ScenarioRun } from './outcome.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';

/** A scenario's run failed: the message is the whole report, ready to be shown by a test runner. */
export class ScenarioError extends Error {
  readonly outcome: ScenarioOutcome;

  constructor(outcome: ScenarioOutcome) {
    const [first] = outcome.failures;
    super(
      outcome.failures.map(({ report }) => report.join('\n')).join('\n\n'),
      first?.error === undefined ? undefined : { cause: first.error },
    );
    this.name = 'ScenarioError';
    this.outcome = outcome;
  }
}

/**
 * Runs a scenario in a test, of any test library: `checkScenario(scenario, { seed: 7 })`.
 *
 * @returns the outcome of a run without failures, for assertions of one's own
 * @throws ScenarioError with the whole report where the run fails, SimulationError where the scenario itself is wrong
 */
export function checkScenario(scenario: Scenario, run: ScenarioRun = {}): ScenarioOutcome {
  const outcome = runScenario(scenario, run);
  if (outcome.failures.length > 0) throw new ScenarioError(outcome);
  return outcome;
}
