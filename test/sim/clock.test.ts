import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ClockEvent } from '../../kernel/ports.ts';
import { WorldClock } from '../../sim/clock.ts';

/** The same clock, done simply: a list that is searched. */
class NaiveClock {
  now = 0;
  pending: { time: number; order: number; name: number }[] = [];
  #order = 0;

  schedule(time: number, name: number): void {
    this.cancel(name);
    this.pending.push({ time, order: this.#order++, name });
  }

  cancel(name: number): void {
    this.pending = this.pending.filter((event) => event.name !== name);
  }

  next(): number | null {
    const [first] = this.pending.toSorted((a, b) => a.time - b.time || a.order - b.order);
    if (first === undefined) return null;
    this.cancel(first.name);
    this.now = first.time;
    return first.name;
  }
}

class Event extends ClockEvent {
  readonly fire: () => void;

  constructor(fire: () => void) {
    super();
    this.fire = fire;
  }
}

describe('the world clock', () => {
  it('does what a simple list does, whatever is scheduled, moved and taken back', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('schedule'), name: fc.nat(9), delay: fc.nat(5) }),
      fc.record({ kind: fc.constant('cancel'), name: fc.nat(9), delay: fc.constant(0) }),
      fc.record({ kind: fc.constant('run'), name: fc.constant(0), delay: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const clock = new WorldClock();
        const naive = new NaiveClock();
        const fired: number[] = [];
        const events = Array.from({ length: 10 }, (_, name) => new Event(() => void fired.push(name)));
        for (const { kind, name, delay } of steps) {
          const event = events[name];
          if (event === undefined) continue;
          if (kind === 'schedule') {
            clock.schedule(clock.now + delay, event);
            naive.schedule(naive.now + delay, name);
          } else if (kind === 'cancel') {
            clock.cancel(event);
            naive.cancel(name);
          } else {
            const expected = naive.next();
            assert.equal(clock.runNext(), expected !== null);
            if (expected !== null) assert.equal(fired.at(-1), expected);
          }
          assert.equal(clock.now, naive.now);
          assert.equal(clock.horizon, Math.min(...naive.pending.map(({ time }) => time), Infinity));
        }
      }),
    );
  });

  it('runs nothing beyond its limit, and refuses the past', () => {
    const clock = new WorldClock();
    let runs = 0;
    const event = new Event(() => {
      runs++;
    });
    clock.schedule(10, event);
    clock.limit = 9;
    assert.equal(clock.runNext(), false);
    clock.limit = 10;
    assert.equal(clock.runNext(), true);
    assert.equal(runs, 1);
    assert.throws(() => clock.schedule(9, event), /an event for 9 ns was scheduled at 10 ns/);
  });

  it('refuses times that never come', () => {
    const clock = new WorldClock();
    const event = new Event(() => undefined);
    for (const time of [NaN, Infinity, -1]) assert.throws(() => clock.schedule(time, event), RangeError);
    assert.equal(clock.pending, false);
  });

  it('lets an event schedule and take back anything, itself too, while it happens', () => {
    const clock = new WorldClock();
    const order: string[] = [];
    const named = (name: string, then: () => void = () => undefined): ClockEvent =>
      new Event(() => {
        order.push(`${name} at ${clock.now}`);
        then();
      });
    const never = named('never');
    const late = named('late');
    const again: ClockEvent = named('again', () => {
      if (order.length === 1) clock.schedule(clock.now, again);
    });
    clock.schedule(5, again);
    clock.schedule(
      5,
      named('canceller', () => {
        clock.cancel(never);
        clock.cancel(late);
        clock.schedule(7, late);
        clock.schedule(7, named('new'));
      }),
    );
    clock.schedule(6, never);
    clock.schedule(6, late);
    while (clock.runNext());
    assert.deepEqual(order, ['again at 5', 'canceller at 5', 'again at 5', 'late at 7', 'new at 7']);
    assert.deepEqual([clock.pending, clock.nextTime, clock.horizon], [false, Infinity, Infinity]);
  });

  it('has its horizon at the next event or the limit, whichever comes first', () => {
    const clock = new WorldClock();
    const event = new Event(() => undefined);
    clock.limit = 20;
    assert.equal(clock.horizon, 20);
    clock.schedule(10, event);
    assert.equal(clock.horizon, 10);
    clock.schedule(30, event);
    assert.equal(clock.horizon, 20);
    clock.limit = 40;
    assert.equal(clock.horizon, 30);
    clock.cancel(event);
    assert.equal(clock.horizon, 40);
  });
});
