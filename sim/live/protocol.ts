import { parseDuration } from '../duration.ts';
import type { FrameChoice, LiveCommand } from './messages.ts';

/** Thrown for a command that cannot be understood or done; the message is for whoever gave it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Slowest and fastest pace. */
export const SPEEDS = { least: 0.001, most: 1_000_000 } as const;
const LONGEST_FILTER = 500;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** A time that was sent as a number of nanoseconds or as a text with a unit. */
function timeOf(value: unknown, what: string): number {
  try {
    if (typeof value === 'number' || typeof value === 'string') return parseDuration(value);
  } catch {
    // Said below.
  }
  throw new CommandError(`${what}: expected a time such as 10ms or 2s, found ${JSON.stringify(value)}`);
}

function textOf(value: unknown, what: string): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string' && value.length <= LONGEST_FILTER) return value;
  throw new CommandError(`${what}: expected a text`);
}

/** The name of something that a command is about. */
function nameOf(json: Fields, field: string): string {
  const name = textOf(json[field], field);
  if (name === undefined) throw new CommandError(`${String(json['do'])}: expected the name of a ${field}`);
  return name;
}

function choiceOf({ network, from }: Fields): FrameChoice {
  const [where, who] = [textOf(network, 'network'), textOf(from, 'from')];
  return { ...(where === undefined ? {} : { network: where }), ...(who === undefined ? {} : { from: who }) };
}

function speedOf(value: unknown): number | 'max' {
  if (value === 'max') return value;
  if (typeof value === 'number' && value >= SPEEDS.least && value <= SPEEDS.most) return value;
  throw new CommandError(`speed: expected ${SPEEDS.least} to ${SPEEDS.most}, or max`);
}

/**
 * A command as it came from a browser.
 *
 * @throws CommandError where it is none
 */
export function readCommand(json: unknown): LiveCommand {
  if (!isFields(json)) throw new CommandError('expected a command');
  const { do: verb } = json;
  switch (verb) {
    case 'pause':
    case 'play':
    case 'disarm':
    case 'restart':
      return { do: verb };
    case 'speed':
      return { do: verb, speed: speedOf(json['speed']) };
    case 'step': {
      const { kind } = json;
      if (kind === 'event' || kind === 'thread' || kind === 'frame') return { do: verb, kind };
      throw new CommandError('step: expected event, thread or frame');
    }
    case 'until':
      return { do: verb, time: timeOf(json['time'], 'run to') };
    case 'match': {
      const filter = textOf(json['filter'], 'filter');
      if (filter === undefined) throw new CommandError('filter: expected what to look for');
      return { do: verb, filter };
    }
    case 'drop':
      return { do: verb, ...choiceOf(json) };
    case 'delay':
      return { do: verb, by: timeOf(json['by'], 'delay'), ...choiceOf(json) };
    case 'reboot':
    case 'linkDown':
    case 'linkUp':
      return { do: verb, device: nameOf(json, 'device') };
    case 'heal':
      return { do: verb, network: nameOf(json, 'network') };
    case 'partition': {
      const one = textOf(json['one'], 'one');
      const other = textOf(json['other'], 'other');
      if (one === undefined || other === undefined) throw new CommandError('partition: expected one and the other');
      return { do: verb, network: nameOf(json, 'network'), one, other };
    }
    default:
      throw new CommandError(`there is no command ${JSON.stringify(verb)}`);
  }
}
