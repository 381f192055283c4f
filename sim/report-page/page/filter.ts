import type { Comparison, Filter, FilterTerm } from './filter-syntax.ts';
import type { Model } from './model.ts';

/** Whether an event meets a condition. */
type Test = (event: number) => boolean;

/**
 * The events that a filter lets through, as a mark for each event. What is found in a string is looked for once, whatever
 * the number of events that have it.
 *
 * @param from - events before it have been looked at already, in `mask`
 */
export function applyFilter(model: Model, { terms }: Filter, mask: Uint8Array, from = 0): Uint8Array {
  const tests = terms.map((one) => testOf(model, one));
  const marks = mask.length >= model.count ? mask : grown(mask, model.count);
  for (let event = from; event < model.count; event++) marks[event] = tests.every((test) => test(event)) ? 1 : 0;
  return marks;
}

function grown(mask: Uint8Array, length: number): Uint8Array {
  const larger = new Uint8Array(Math.ceil(length * 1.5));
  larger.set(mask);
  return larger;
}

function testOf(model: Model, term: FilterTerm): Test {
  const { negated } = term;
  const test = positive(model, term);
  return negated ? (event) => !test(event) : test;
}

function positive(model: Model, { key, words, compare }: FilterTerm): Test {
  const holds = (text: string): boolean => words.some((word) => text.toLowerCase().includes(word));
  const inString = remembered(model, holds);
  const inLane = (part: (lane: number) => string): Test => {
    const known = new Map<number, boolean>();
    return (event) => {
      const lane = model.lane.at(event);
      let found = known.get(lane);
      if (found === undefined) {
        found = holds(part(lane));
        known.set(lane, found);
      }
      return found;
    };
  };
  const device = inLane((lane) => model.lanes[lane]?.info.owner ?? '');
  const thread = inLane((lane) => model.lanes[lane]?.info.name ?? '');
  switch (key) {
    case 'device':
      return device;
    case 'thread':
      return thread;
    case 'type':
      return (event) => inString(model.type.at(event));
    case 'name':
      return (event) => inString(model.name.at(event));
    case 'text':
      return (event) => inString(model.text.at(event));
    case 'status': {
      const isText = compare === null;
      return (event) => {
        const status = model.status.at(event);
        if (status < 0) return false;
        return isText ? inString(model.text.at(event)) : compares(status, compare.how, compare.number);
      };
    }
    case 'time':
      return (event) => compare !== null && compares(model.time(event), compare.how, compare.number);
    case 'duration':
      return (event) => compare !== null && compares(model.duration.at(event), compare.how, compare.number);
    case 'any':
      return (event) =>
        inString(model.text.at(event)) ||
        inString(model.name.at(event)) ||
        inString(model.type.at(event)) ||
        device(event) ||
        thread(event);
  }
}

/** A test of strings by their numbers, each done once. */
function remembered(model: Model, holds: (text: string) => boolean): (string: number) => boolean {
  const known = new Map<number, boolean>();
  return (string) => {
    let found = known.get(string);
    if (found === undefined) {
      found = holds(model.string(string));
      known.set(string, found);
    }
    return found;
  };
}

function compares(value: number, how: Comparison, number: number): boolean {
  switch (how) {
    case '=':
      return value === number;
    case '!=':
      return value !== number;
    case '<':
      return value < number;
    case '<=':
      return value <= number;
    case '>':
      return value > number;
    case '>=':
      return value >= number;
  }
}
