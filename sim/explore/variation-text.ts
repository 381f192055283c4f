import { SimulationError } from '../../kernel/simulation-error.ts';
import { parseDuration } from '../duration.ts';
import type { FrameFaultMark, RandomFault } from '../network/lan.ts';
import { isTime, isVariedOption, VARIED_OPTIONS, type VariedOption } from './limits.ts';
import type { NetworkVariation, Variation } from './variation.ts';

/** What stands on the command line for the variation that a seed is explored with. */
export const DRAWN = 'drawn';

const LETTERS: Readonly<Record<RandomFault, string>> = { lost: '', corrupted: 'c', duplicated: 'd', reordered: 'r' };
const FAULTS = new Map<string, RandomFault>([
  ['', 'lost'],
  ['c', 'corrupted'],
  ['d', 'duplicated'],
  ['r', 'reordered'],
]);
const UNITS: readonly (readonly [name: string, size: number])[] = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
];

/** A duration as short as it can be read back: `1.5ms`. */
export function durationText(nanoseconds: number): string {
  for (const [name, size] of UNITS) {
    const count = nanoseconds / size;
    if (count >= 1 && Math.round(Number(count.toFixed(6)) * size) === nanoseconds)
      return `${Number(count.toFixed(6))}${name}`;
  }
  return `${nanoseconds}ns`;
}

const escaped = (name: string): string => encodeURIComponent(name).replaceAll('.', '%2E');

const faultText = ({ frame, copy = 0, fault, to }: FrameFaultMark): string =>
  `${frame}${copy === 0 ? '' : `.${copy}`}${LETTERS[fault]}${to === null ? '' : `@${escaped(to)}`}`;

const perDevice = (values: Readonly<Record<string, number>>, text: (value: number) => string): string =>
  Object.entries(values)
    .map(([device, value]) => `${escaped(device)}:${text(value)}`)
    .join('+');

function networkItems(name: string, { options = {}, faults }: NetworkVariation): readonly string[] {
  const items = VARIED_OPTIONS.flatMap((option) => {
    const value = options[option];
    return value === undefined
      ? []
      : [`${escaped(name)}.${option}=${isTime(option) ? durationText(value) : String(value)}`];
  });
  if (faults !== undefined) items.push(`${escaped(name)}.faults=${faults.map(faultText).join('+')}`);
  return items;
}

/** A variation as a text that {@link parseVariation} reads: `order=5,lan.loss=0.12,lan.faults=14+17c`. */
export function formatVariation(variation: Variation): string {
  const { order, timing, boot, networks = {}, params = {}, without } = variation;
  return [
    ...(order === undefined ? [] : [`order=${order}`]),
    ...(timing === undefined ? [] : [`timing=${perDevice(timing, String)}`]),
    ...(boot === undefined ? [] : [`boot=${perDevice(boot, durationText)}`]),
    ...Object.entries(networks).flatMap(([name, network]) => networkItems(name, network)),
    ...Object.entries(params).map(([name, value]) => `param:${escaped(name)}=${escaped(value)}`),
    ...(without === undefined || without.length === 0 ? [] : [`without=${without.join('+')}`]),
  ].join(',');
}

const wrong = (item: string, expected: string): SimulationError =>
  new SimulationError({ kind: 'world', what: `variation '${item}'`, fix: `expected ${expected}` });

const parts = (text: string): readonly string[] => (text === '' ? [] : text.split('+'));

function perDeviceOf(item: string, text: string, parse: (value: string) => number): Record<string, number> {
  return Object.fromEntries(
    parts(text).map((part) => {
      const at = part.indexOf(':');
      const value = at < 1 ? NaN : parse(part.slice(at + 1));
      if (Number.isNaN(value)) throw wrong(item, 'device:value pairs, joined by +');
      return [decodeURIComponent(part.slice(0, at)), value];
    }),
  );
}

function faultOf(item: string, text: string): FrameFaultMark {
  const [, frame = '', copy, letter = '', to] = /^([1-9]\d*)(?:\.([1-9]\d*))?([cdr]?)(?:@(.+))?$/.exec(text) ?? [];
  const fault = FAULTS.get(letter);
  if (frame === '' || fault === undefined) throw wrong(item, 'frame numbers such as 14, 17c (corrupted), 20d@server');
  return {
    frame: Number(frame),
    ...(copy === undefined ? {} : { copy: Number(copy) }),
    fault,
    to: to === undefined ? null : decodeURIComponent(to),
  };
}

function wholeNumber(item: string, text: string): number {
  if (!/^\d+$/.test(text)) throw wrong(item, 'a whole number');
  return Number(text);
}

/** Reads one option of a network into what is known of it. */
function networkItem(item: string, before: NetworkVariation, name: string, text: string): NetworkVariation {
  if (name === 'faults') return { ...before, faults: parts(text).map((part) => faultOf(item, part)) };
  if (!isVariedOption(name)) throw wrong(item, `one of: ${[...VARIED_OPTIONS, 'faults'].join(', ')}`);
  return { ...before, options: { ...before.options, [name]: optionValue(item, name, text) } };
}

function optionValue(item: string, option: VariedOption, text: string): number {
  if (isTime(option)) return parseDuration(text);
  const value = text === '' ? NaN : Number(text);
  if (!(value >= 0 && value <= 1)) throw wrong(item, 'a probability from 0 to 1');
  return value;
}

/**
 * Reads what {@link formatVariation} writes.
 *
 * @throws SimulationError that names the item and what was expected
 */
export function parseVariation(text: string): Variation {
  let variation: Variation = {};
  for (const item of text.split(',').filter((one) => one !== '')) {
    const at = item.indexOf('=');
    if (at < 1) throw wrong(item, 'name=value, as the line reproduce with: prints it');
    const [name, value] = [item.slice(0, at), item.slice(at + 1)];
    const dot = name.lastIndexOf('.');
    if (name === 'order') variation = { ...variation, order: wholeNumber(item, value) };
    else if (name === 'timing') variation = { ...variation, timing: perDeviceOf(item, value, Number) };
    else if (name === 'boot') variation = { ...variation, boot: perDeviceOf(item, value, parseDuration) };
    else if (name === 'without')
      variation = { ...variation, without: parts(value).map((one) => wholeNumber(item, one)) };
    else if (name.startsWith('param:')) {
      const params = { ...variation.params, [decodeURIComponent(name.slice(6))]: decodeURIComponent(value) };
      variation = { ...variation, params };
    } else if (dot > 0) {
      const network = decodeURIComponent(name.slice(0, dot));
      const own = networkItem(item, variation.networks?.[network] ?? {}, name.slice(dot + 1), value);
      variation = { ...variation, networks: { ...variation.networks, [network]: own } };
    } else throw wrong(item, 'order, timing, boot, without, param:<name> or <network>.<option>');
  }
  return variation;
}
