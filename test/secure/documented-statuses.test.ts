import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusName } from 'txsim';
import { play, type Scenarios } from './statuses/bench.ts';
import { clientSessionStart } from './statuses/client-session-start.ts';
import { credentials } from './statuses/credentials.ts';
import { DOCUMENTED } from './statuses/documented.ts';
import { sending } from './statuses/sending.ts';
import { serverLifecycle } from './statuses/server-lifecycle.ts';
import { serverSessionStart } from './statuses/server-session-start.ts';
import { sessionEnd } from './statuses/session-end.ts';
import { sessionLifecycle } from './statuses/session-lifecycle.ts';
import { sessionReceive } from './statuses/session-receive.ts';

const SCENARIOS: Scenarios = {
  ...clientSessionStart,
  ...credentials,
  ...sending,
  ...serverLifecycle,
  ...serverSessionStart,
  ...sessionEnd,
  ...sessionLifecycle,
  ...sessionReceive,
};

const DOCUMENTED_PAIRS = Object.entries(DOCUMENTED).flatMap(([service, statuses]) =>
  Object.entries(statuses).map(([status, code]) => ({ pair: `${service}: ${status}`, status, code })),
);

describe('every documented status of every service', () => {
  for (const { pair, status, code } of DOCUMENTED_PAIRS) {
    const scenario = SCENARIOS[pair];
    if (scenario === undefined) continue;
    it(`${pair}, when ${scenario.when}`, () => {
      const name = statusName(play(scenario));
      assert.equal(name, statusName(code));
      assert(name.startsWith(`${status} (`), name);
    });
  }
});

describe('the table of scenarios', () => {
  it('has one for each of the 129 documented pairs, and no other', () => {
    assert.equal(DOCUMENTED_PAIRS.length, 129);
    assert.deepEqual(Object.keys(SCENARIOS).sort(), DOCUMENTED_PAIRS.map(({ pair }) => pair).sort());
  });
});
