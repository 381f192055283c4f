import { SimulationError } from '../../kernel/simulation-error.ts';
import type { Verb } from '../scenario/verb.ts';
import { heal, linkDown, linkUp, partition } from '../scenario/verbs/network.ts';
import { reboot } from '../scenario/verbs/power.ts';
import type { TraceRecord } from '../trace/event.ts';
import type { World } from '../world.ts';
import type { VerbCommand } from './messages.ts';
import { CommandError } from './protocol.ts';
import { quote } from './quote.ts';

interface Planned {
  readonly time: number;
  readonly verb: Verb;
  /** As the timeline of a scenario has it. */
  readonly call: string;
}

/** Verbs of a scenario's timeline that somebody gives by hand while a run goes on. */
export class ManualVerbs {
  readonly #world: World;
  readonly #planned: Planned[] = [];
  readonly #done: (line: string) => void;

  /** @param done - told of each verb that happened, as a step of a scenario's timeline that does the same again */
  constructor(world: World, done: (line: string) => void) {
    this.#world = world;
    this.#done = done;
    world.trace.listen((record) => this.#hear(record), { frames: false });
  }

  /** The verbs that happen as soon as the run goes on, in words. */
  get waiting(): readonly string[] {
    return this.#planned.map(({ verb }) => verb.text);
  }

  /**
   * Has a verb happen next: a nanosecond from now, as a timeline could not have it in the middle of an instant.
   *
   * @throws CommandError where it names something that the world does not have
   */
  plan(command: VerbCommand): void {
    const { verb, call } = verbOf(command);
    const time = this.#world.clock.now + 1;
    try {
      this.#world.at(time, verb);
    } catch (error) {
      if (error instanceof SimulationError) throw new CommandError(error.message.replace(/\s*\n\s*/g, '; '));
      throw error;
    }
    this.#planned.push({ time, verb, call });
  }

  #hear({ time, event }: TraceRecord): void {
    if (event.type !== 'world-event') return;
    const at = this.#planned.findIndex((one) => one.time === time && one.verb.text === event.text);
    // A scenario has verbs of its own.
    if (at < 0) return;
    for (const { call } of this.#planned.splice(at, 1)) this.#done(`{ at: ${time}, do: ${call} },`);
  }
}

function verbOf(command: VerbCommand): Pick<Planned, 'verb' | 'call'> {
  switch (command.do) {
    case 'reboot':
      return { verb: reboot(command.device), call: `reboot(${quote(command.device)})` };
    case 'linkDown':
      return { verb: linkDown(command.device), call: `linkDown(${quote(command.device)})` };
    case 'linkUp':
      return { verb: linkUp(command.device), call: `linkUp(${quote(command.device)})` };
    case 'heal':
      return { verb: heal(command.network), call: `heal(${quote(command.network)})` };
    case 'partition': {
      const { network, one, other } = command;
      if (one === other) throw new CommandError(`partition: expected two devices, found '${one}' twice`);
      return {
        verb: partition(network, one, other),
        call: `partition(${[network, one, other].map(quote).join(', ')})`,
      };
    }
  }
}
