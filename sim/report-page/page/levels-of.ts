import type { Axis } from './axis.ts';
import { Level } from './levels.ts';
import type { Model } from './model.ts';

const PREFIX: Readonly<Record<string, 'pool' | 'queue'>> = {
  'packet-allocated': 'pool',
  'packet-released': 'pool',
  'queue-level': 'queue',
};

/** The levels of every device's pools and queues. */
export class Levels {
  readonly #axis: Axis;
  readonly byOwner = new Map<string, Map<string, Level>>();

  constructor(axis: Axis) {
    this.#axis = axis;
  }

  /** Takes an event; gives whether that was the first of a pool or queue. */
  add(model: Model, event: number, type: string, time: number, owner: string): boolean {
    const kind = PREFIX[type];
    if (kind === undefined) return false;
    const name = model.string(model.name.at(event));
    let levels = this.byOwner.get(owner);
    if (levels === undefined) {
      levels = new Map();
      this.byOwner.set(owner, levels);
    }
    const key = `${kind} ${name}`;
    const known = levels.get(key);
    const level = known ?? new Level(name, kind, this.#axis);
    if (known === undefined) levels.set(key, level);
    const value = model.value.at(event);
    // A pool had one packet more before the first was taken.
    const highest = kind === 'queue' ? model.other.at(event) : type === 'packet-allocated' ? value + 1 : value;
    level.add(time, value, highest);
    return known === undefined;
  }
}
