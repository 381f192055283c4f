import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  buildWorld,
  defineFirmware,
  exportJsonLines,
  SimulationError,
  World,
  type DefinedScenario,
  type Firmware,
} from 'txsim';
import {
  TX_AUTO_START,
  TX_NO_TIME_SLICE,
  TX_SEMAPHORE,
  TX_THREAD,
  TX_WAIT_FOREVER,
  tx_semaphore_create,
  tx_semaphore_get,
  tx_thread_create,
  tx_thread_sleep,
  type Thread,
} from 'txsim/tx_api';
import dtlsEcho from '../../../apps/dtls-echo/scenario.ts';
import type { StepKind } from '../../../sim/live/messages.ts';
import { Stepper } from '../../../sim/live/stepper.ts';

/** A firmware of one thread. */
const oneThread = (body: () => Thread): Firmware =>
  defineFirmware(() => ({
    *tx_application_define(memory) {
      const thread = new TX_THREAD();
      yield* tx_thread_create(
        thread,
        'main',
        body,
        0,
        memory.subarray(0, 512),
        512,
        5,
        5,
        TX_NO_TIME_SLICE,
        TX_AUTO_START,
      );
    },
  }));

/** Sleeps once and is over. */
const blinky = oneThread(function* () {
  yield* tx_thread_sleep(10);
});

/** Waits for what nobody gives. */
const stuck = oneThread(function* () {
  const semaphore = new TX_SEMAPHORE();
  yield* tx_semaphore_create(semaphore, 'never', 0);
  yield* tx_semaphore_get(semaphore, TX_WAIT_FOREVER);
});

/** A run, and what it left in its trace. */
interface Run {
  readonly trace: readonly string[];
  readonly reason: string;
  readonly time: number;
}

function record(scenario: DefinedScenario, seed: number, run: (world: World) => Pick<Run, 'reason' | 'time'>): Run {
  const world = buildWorld(scenario, { seed });
  const trace: string[] = [];
  exportJsonLines(world.trace, (line) => trace.push(line));
  const { reason, time } = run(world);
  return { trace, reason, time };
}

const optionsOf = (scenario: DefinedScenario, world: World): Parameters<World['run']>[0] => ({
  until: scenario.until ?? '10s',
  stopWhen: () => scenario.stopWhen?.(world) === true,
});

const whole = (scenario: DefinedScenario, seed: number): Run =>
  record(scenario, seed, (world) => world.run(optionsOf(scenario, world)));

type Move = StepKind | number | 'end';

/** The same run in bits: steps, and stretches of so many nanoseconds. */
function stepped(scenario: DefinedScenario, seed: number, moves: readonly Move[]): Run {
  return record(scenario, seed, (world) => {
    const stepper = new Stepper(world, optionsOf(scenario, world));
    for (const move of [...moves, 'end' as const]) {
      if (typeof move === 'number') stepper.runTo(world.clock.now + move);
      else if (move === 'end') stepper.runTo(Infinity);
      else stepper.step(move);
    }
    const { ending } = stepper;
    assert(ending?.kind === 'result', String(ending?.kind === 'error' ? ending.error : ending));
    return ending.result;
  });
}

describe('a run that is stepped through', () => {
  it('is the same as one that is not, event by event', () => {
    assert.deepEqual(stepped(dtlsEcho, 7, Array<Move>(5000).fill('event')), whole(dtlsEcho, 7));
  });

  it('is the same by threads and by frames', () => {
    for (const kind of ['thread', 'frame'] as const) {
      assert.deepEqual(stepped(dtlsEcho, 3, Array<Move>(400).fill(kind)), whole(dtlsEcho, 3), kind);
    }
  });

  it('ends where nothing is left to happen, at the time of the last event', () => {
    const world = new World();
    world.device('board', { firmware: blinky, lan: world.lan() });
    const other = new World();
    other.device('board', { firmware: blinky, lan: other.lan() });
    const stepper = new Stepper(world, { until: '10s' });
    stepper.runTo(9e9);
    assert.deepEqual(stepper.ending, { kind: 'result', result: other.run({ until: '10s' }) });
    assert.equal(stepper.step('event'), false);
  });

  it('ends with the error that ends the run', () => {
    const world = new World();
    world.device('board', { firmware: stuck, lan: world.lan() });
    const stepper = new Stepper(world);
    assert.equal(stepper.runTo(1e9), false);
    assert(stepper.ending?.kind === 'error' && stepper.ending.error instanceof SimulationError);
    assert.equal(stepper.ending.error.kind, 'deadlock');
  });

  it('goes to the next event that passes, and no further', () => {
    const world = buildWorld(dtlsEcho, { seed: 7 });
    const stepper = new Stepper(world, optionsOf(dtlsEcho, world));
    const last: string[] = [];
    world.trace.listen(({ event }) => last.push(event.type));
    assert.equal(
      stepper.stepUntil(
        ({ event }) => event.type === 'dtls-connected',
        () => true,
      ),
      true,
    );
    // What happens in the same instant comes with it.
    assert.equal(last.filter((type) => type === 'dtls-connected').length, 1);
    assert(last.lastIndexOf('dtls-connected') >= last.length - 4);
    const types = (kind: StepKind): string => {
      last.length = 0;
      stepper.step(kind);
      return last.join(' ');
    };
    assert.match(types('frame'), /^((?!frame-)\S+ )*frame-(sent|delivered)/);
    assert.equal(types('frame').match(/frame-(sent|delivered)/g)?.length, 1);
  });

  it('is left in the middle where somebody wants so, and goes on from there', () => {
    const world = buildWorld(dtlsEcho, { seed: 7 });
    const stepper = new Stepper(world, optionsOf(dtlsEcho, world));
    let events = 0;
    assert.equal(
      stepper.runTo(Infinity, () => ++events < 10),
      false,
    );
    assert.equal(stepper.ending, null);
    assert.equal(events, 10);
    stepper.stop();
    assert.equal(stepper.runTo(Infinity), false);
  });

  it('is the same whatever the bits', () => {
    const move = fc.oneof(
      fc.constantFrom<Move>('event', 'thread', 'frame'),
      fc.integer({ min: 0, max: 3_000_000 }),
      fc.integer({ min: 0, max: 500_000_000 }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(move, { maxLength: 60 }), (seed, moves) => {
        assert.deepEqual(stepped(dtlsEcho, seed, moves), whole(dtlsEcho, seed));
      }),
      { numRuns: 15 },
    );
  });
});
