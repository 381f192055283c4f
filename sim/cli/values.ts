import { parseDuration } from '../duration.ts';
import { UsageError } from './exit-codes.ts';

/** `name=value` pairs as a record. */
export function parameters(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError(`--param ${pair}: expected name=value`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** A duration in nanoseconds. */
export function duration(text: string, option: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new UsageError(`--${option} ${text}: expected a duration such as 30s, 500ms or 200us`);
  }
}
