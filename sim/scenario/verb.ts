import type { World } from '../world.ts';

const VERB = Symbol.for('txsim.verb');

/** Something that can be done to a world at a time: see the functions that make them, such as `reboot`. */
export interface Verb {
  readonly kind: typeof VERB;
  /** What it does, for people: `reboot server`. */
  readonly text: string;
  /** The devices that it is done to. */
  readonly devices: readonly string[];
  /** Throws where it names something that the world does not have. */
  readonly check: (world: World) => void;
  readonly perform: (world: World) => void;
}

/** What can be planned: a verb, or any function. */
export type TimelineAction = Verb | ((world: World) => void);

/** Makes a verb. */
export function verb(parts: Omit<Verb, 'kind'>): Verb {
  return { kind: VERB, ...parts };
}

/** Whether a value is a verb, also one that was made by another copy of this library. */
export function isVerb(value: unknown): value is Verb {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === VERB;
}

/** @throws SimulationError where a verb names something that the world does not have */
export function checkVerb(world: World, action: TimelineAction): void {
  if (isVerb(action)) action.check(world);
}

/** Does it now, and puts verbs into the trace. */
export function performVerb(world: World, action: TimelineAction): void {
  if (!isVerb(action)) {
    action(world);
    return;
  }
  const { text, devices } = action;
  world.trace.emit(world.clock.now, null, '', { type: 'world-event', text, devices });
  action.perform(world);
}
