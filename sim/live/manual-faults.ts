import type { Lan } from '../network/lan.ts';
import type { TraceRecord } from '../trace/event.ts';
import type { World } from '../world.ts';
import type { FrameChoice } from './messages.ts';
import { CommandError } from './protocol.ts';
import { quote } from './quote.ts';

/** What is done to a frame by hand: it is lost, or comes so many nanoseconds later. */
export type ManualFault = { readonly kind: 'drop' } | { readonly kind: 'delay'; readonly by: number };

interface Armed {
  readonly fault: ManualFault;
  readonly choice: FrameChoice;
  /** Calls it off on every network on which it waits. */
  readonly cancels: readonly (() => void)[];
}

const milliseconds = (nanoseconds: number): string => `${nanoseconds / 1e6}ms`;

/** Faults that somebody puts into a run while it goes on, and what became of them. */
export class ManualFaults {
  readonly #world: World;
  readonly #armed: Armed[] = [];
  readonly #done: (line: string) => void;

  /** @param done - told of each fault that found its frame, as a step of a scenario's timeline that does the same again */
  constructor(world: World, done: (line: string) => void) {
    this.#world = world;
    this.#done = done;
    world.trace.listen((record) => this.#hear(record));
  }

  /** The faults that wait, in words: `drop the next frame of client`. */
  get waiting(): readonly string[] {
    return this.#armed.map(({ fault, choice }) => {
      const what = fault.kind === 'drop' ? 'drop' : `delay by ${milliseconds(fault.by)}`;
      const whose = choice.from === undefined ? '' : ` of ${choice.from}`;
      const where = choice.network === undefined ? '' : ` on ${choice.network}`;
      return `${what} the next frame${whose}${where}`;
    });
  }

  /**
   * Has a fault wait for the next frame.
   *
   * @throws CommandError for a network or a port that is not there
   */
  arm(fault: ManualFault, choice: FrameChoice): void {
    const networks = this.#networks(choice);
    const cancels = networks.map((lan) =>
      fault.kind === 'drop' ? lan.dropNext(choice.from) : lan.delayNext(fault.by, choice.from),
    );
    this.#armed.push({ fault, choice, cancels });
  }

  /** Calls off every fault that waits. */
  disarm(): void {
    for (const { cancels } of this.#armed.splice(0)) for (const cancel of cancels) cancel();
  }

  #networks({ network, from }: FrameChoice): readonly Lan[] {
    const { lans } = this.#world;
    const named = lans.filter(({ name }) => network === undefined || name === network);
    if (named.length === 0) throw new CommandError(`there is no network '${network ?? ''}'`);
    const found = named.filter(({ ports }) => from === undefined || ports.includes(from));
    if (found.length === 0) throw new CommandError(`nothing named '${from ?? ''}' is plugged in there`);
    return found;
  }

  #hear({ time, event }: TraceRecord): void {
    if (event.type === 'frame-dropped' && event.reason === 'request') {
      this.#found(time, event.network, event.from, { kind: 'drop' });
    } else if (event.type === 'frame-fault' && event.fault === 'delayed' && event.to === event.network) {
      this.#found(time, event.network, event.from, { kind: 'delay', by: event.by });
    }
  }

  /** A fault has found its frame: elsewhere it need not wait any more. */
  #found(time: number, network: string, from: string, fault: ManualFault): void {
    const at = this.#armed.findIndex(
      ({ fault: one, choice }) =>
        one.kind === fault.kind &&
        (one.kind === 'drop' || fault.kind === 'drop' || one.by === fault.by) &&
        (choice.network ?? network) === network &&
        (choice.from ?? from) === from,
    );
    // A scenario asks for such faults as well.
    if (at < 0) return;
    for (const { cancels } of this.#armed.splice(at, 1)) for (const cancel of cancels) cancel();
    const call =
      fault.kind === 'drop'
        ? `dropNext(${quote(from)})`
        : `delayNext(${quote(milliseconds(fault.by))}, ${quote(from)})`;
    this.#done(`{ at: ${time}, do: (world) => world.network(${quote(network)}).${call} },`);
  }
}
