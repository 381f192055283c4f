/** What a browser and a run that it watches say to each other. */

/** What a step goes to: the next event of the world, a thread that gets a processor, a frame that is sent or arrives. */
export type StepKind = 'event' | 'thread' | 'frame';

/** Which frames a fault by hand is for; those of any network and any port where nothing is said. */
export interface FrameChoice {
  readonly network?: string;
  readonly from?: string;
}

/** What a scenario's timeline could say, by hand. */
export type VerbCommand =
  | { readonly do: 'reboot' | 'linkDown' | 'linkUp'; readonly device: string }
  | { readonly do: 'heal'; readonly network: string }
  /** Cuts the way between two that are plugged into a network. */
  | { readonly do: 'partition'; readonly network: string; readonly one: string; readonly other: string };

/** What somebody who watches a run can ask for. Times are nanoseconds. */
export type LiveCommand =
  | { readonly do: 'pause' | 'play' | 'disarm' }
  /** From the beginning, with the same seed. */
  | { readonly do: 'restart' }
  /** Virtual time to real time; `max` for as fast as it goes. */
  | { readonly do: 'speed'; readonly speed: number | 'max' }
  | { readonly do: 'step'; readonly kind: StepKind }
  /** On to a time. */
  | { readonly do: 'until'; readonly time: number }
  /** On to the next event that a filter lets through. */
  | { readonly do: 'match'; readonly filter: string }
  | ({ readonly do: 'drop' } & FrameChoice)
  | ({ readonly do: 'delay'; readonly by: number } & FrameChoice)
  | VerbCommand;

/** A network, and who is plugged into it. */
export interface LiveNetwork {
  readonly name: string;
  readonly ports: readonly string[];
}

/** How a watched run stands. */
export interface LiveState {
  readonly mode: 'paused' | 'playing' | 'ended';
  /** What it plays for: `until 2.000000 s`; '' where it just plays. */
  readonly goal: string;
  /** Virtual time in nanoseconds. */
  readonly now: number;
  readonly speed: number | 'max';
  /** Faults that wait for their frame, in words. */
  readonly waiting: readonly string[];
  /** Verbs that happen as soon as the run goes on, in words. */
  readonly next: readonly string[];
  /** What was done by hand, as a scenario's timeline has it. */
  readonly done: readonly string[];
  readonly devices: readonly string[];
  readonly networks: readonly LiveNetwork[];
}
