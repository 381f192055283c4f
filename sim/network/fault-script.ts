/** What happens to a frame at random. */
export type RandomFault = 'lost' | 'corrupted' | 'duplicated' | 'reordered';

/** A fault of one frame. */
export interface FrameFaultMark {
  /** The frame's number among those sent into its network, from 1. */
  readonly frame: number;
  /** Which copy of it, where it was duplicated before: 0, or not there, for the frame itself. */
  readonly copy?: number;
  readonly fault: RandomFault;
  /**
   * The receiver on whose way it happens, or `link of` a port for a link with options of its own; null where the network
   * loses it for all.
   */
  readonly to: string | null;
}

/** A fault that has happened. */
export interface HappenedFault extends FrameFaultMark {
  readonly network: string;
  /** Name of the sender's port. */
  readonly from: string;
  /** As it was before the fault. */
  readonly bytes: Uint8Array;
}

/** A frame as a script knows it. */
interface NumberedFrame {
  readonly number: number;
  readonly copy: number;
  readonly from: string;
  readonly bytes: Uint8Array;
}

const keyOf = (frame: number, copy: number, fault: RandomFault, to: string | null): string =>
  `${frame}.${copy} ${fault} ${to ?? ''}`;

/**
 * Decides on the random faults of a network: as they are drawn, or as a script has them. A scripted network draws all the
 * same, so that jitter and everything else random is as it would be without the script.
 */
export class FaultScript {
  /** Told of every fault that happens. */
  watcher: ((fault: HappenedFault) => void) | null = null;
  /** Whether it may do more to frames than to lose them. */
  hasDetours = false;
  readonly #network: string;
  #marks: ReadonlySet<string> | null = null;

  constructor(network: string) {
    this.#network = network;
  }

  /** Has these faults happen and no others; null lets chance decide again. */
  set(marks: readonly FrameFaultMark[] | null): void {
    this.#marks =
      marks === null ? null : new Set(marks.map(({ frame, copy = 0, fault, to }) => keyOf(frame, copy, fault, to)));
    this.hasDetours = marks?.some(({ fault }) => fault !== 'lost') ?? false;
  }

  /** Whether a fault happens, where chance has `drawn`. */
  happens(frame: NumberedFrame, fault: RandomFault, to: string | null, drawn: boolean): boolean {
    const { number, copy, from, bytes } = frame;
    const happens = this.#marks === null ? drawn : this.#marks.has(keyOf(number, copy, fault, to));
    if (happens && this.watcher !== null)
      this.watcher({ network: this.#network, frame: number, ...(copy === 0 ? {} : { copy }), fault, to, from, bytes });
    return happens;
  }
}
