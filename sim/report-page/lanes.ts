import type { LaneKind, ReportLane } from './data.ts';

/** The lane of a device's frames. */
export const WIRE = 'frames';
const WORLD = 'world';

/** The device, or other owner, of a port: a second port of one device on one network is called `device.1`. */
export const ownerOf = (port: string): string => port.replace(/\.\d+$/, '');

function kindOf(thread: string): LaneKind {
  switch (thread) {
    case 'init':
      return 'init';
    case 'isr':
      return 'isr';
    case '':
      return 'idle';
    case 'System Timer Thread':
      return 'timer';
    default:
      return 'thread';
  }
}

/** Gives lanes their numbers as they come up. */
export class Lanes {
  readonly #declare: (lane: ReportLane) => void;
  readonly #byOwner = new Map<string, Map<string, ReportLane>>();
  #next = 0;

  /** @param declare - told of every lane that is new or changed */
  constructor(declare: (lane: ReportLane) => void) {
    this.#declare = declare;
  }

  /** The lane of a thread, or of a context, of a device. */
  thread(device: string, thread: string): ReportLane {
    return this.#lane(device, thread, kindOf(thread));
  }

  /** The lane of the frames of a port's owner. */
  wire(port: string): number {
    return this.#lane(ownerOf(port), WIRE, 'wire').id;
  }

  /** The lane of what belongs to no device. */
  world(): number {
    return this.#lane('', WORLD, 'world').id;
  }

  /** A thread's priority, or what it turned out to be. */
  change(device: string, thread: string, change: { readonly kind?: LaneKind; readonly priority?: number }): ReportLane {
    const lane = { ...this.thread(device, thread), ...change };
    this.#byOwner.get(device)?.set(thread, lane);
    this.#declare(lane);
    return lane;
  }

  #lane(owner: string, name: string, kind: LaneKind): ReportLane {
    let lanes = this.#byOwner.get(owner);
    if (lanes === undefined) {
      lanes = new Map();
      this.#byOwner.set(owner, lanes);
    }
    // A thread may be called what the lane of the frames is called.
    const key = kind === 'wire' ? '\n' : name;
    const known = lanes.get(key);
    if (known !== undefined) return known;
    const lane: ReportLane = { id: this.#next++, owner, name, kind, priority: -1 };
    lanes.set(key, lane);
    this.#declare(lane);
    return lane;
  }
}
