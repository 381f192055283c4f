import { DURATION_UNITS } from './duration-units.ts';
import { SimulationError } from '../kernel/simulation-error.ts';

/**
 * A duration in nanoseconds, from a number of them or a text: `'10s'`, `'5ms'`, `'200us'`, `'1.5h'`.
 *
 * @throws SimulationError where it is neither
 */
export function parseDuration(duration: number | string): number {
  if (typeof duration === 'number') {
    if (Number.isFinite(duration) && duration >= 0) return Math.round(duration);
    throw badDuration(String(duration));
  }
  // A scenario in JavaScript may hold anything.
  if (typeof duration !== 'string') throw badDuration(String(duration));
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|m|h|d)$/.exec(duration.trim()) ?? [];
  const factor = DURATION_UNITS[unit];
  if (factor === undefined) throw badDuration(`'${duration}'`);
  return Math.round(Number(digits) * factor);
}

/**
 * A duration that may be negative, in nanoseconds: `'90s'`, `'-1h'`.
 *
 * @throws SimulationError where it is none
 */
export function parseSignedDuration(duration: number | string): number {
  if (typeof duration === 'number') return duration < 0 ? -parseDuration(-duration) : parseDuration(duration);
  if (typeof duration !== 'string') throw badDuration(String(duration));
  const text = duration.trim();
  return text.startsWith('-') ? -parseDuration(text.slice(1)) : parseDuration(text);
}

function badDuration(found: string): SimulationError {
  return new SimulationError({
    kind: 'world',
    what: `${found} is no duration`,
    fix: "write nanoseconds as a number, or a text such as '10s', '5ms', '200us', '1.5h'",
  });
}

/** A time or duration for people: `12.345678 s`. */
export function formatTime(nanoseconds: number): string {
  return `${(nanoseconds / 1e9).toFixed(6)} s`;
}

/** A duration for people, as short as it can be said: `10s`, `1.5ms`, `90s`, `1h`. */
export function formatDuration(nanoseconds: number): string {
  const long = (['d', 'h', 'm'] as const).find(
    (unit) => nanoseconds > 0 && nanoseconds % (DURATION_UNITS[unit] ?? 1) === 0,
  );
  const short = (['s', 'ms', 'us'] as const).find((unit) => nanoseconds >= (DURATION_UNITS[unit] ?? 1));
  const unit = long ?? short ?? 'ns';
  return `${Number((nanoseconds / (DURATION_UNITS[unit] ?? 1)).toFixed(6))}${unit}`;
}

const RATES: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

/**
 * A bandwidth in bits per second, from a number of them or a text: `'10Mbit/s'`, `'250kbit/s'`.
 *
 * @throws SimulationError where it is neither
 */
export function parseBandwidth(bandwidth: number | string): number {
  if (typeof bandwidth === 'number' && bandwidth > 0) return bandwidth;
  const [, digits = '', prefix = '-'] = /^(\d+(?:\.\d+)?)\s*([kMG]?)bit\/s$/.exec(String(bandwidth).trim()) ?? [];
  const factor = RATES[prefix];
  if (factor !== undefined && Number(digits) > 0) return Number(digits) * factor;
  throw new SimulationError({
    kind: 'world',
    what: `'${bandwidth}' is no bandwidth`,
    fix: "write bits per second as a number, or a text such as '10Mbit/s', '250kbit/s'",
  });
}
