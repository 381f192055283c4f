import { readFileSync } from 'node:fs';
import { parseDuration } from '../duration.ts';
import type { Duration } from '../world.ts';
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
export function duration(text: Duration, option: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new UsageError(`--${option} ${text}: expected a duration such as 30s, 500ms or 200us`);
  }
}

/** The file's bytes, or null where there is none to read. */
export function readHostFile(name: string): Uint8Array | null {
  try {
    return new Uint8Array(readFileSync(name));
  } catch {
    return null;
  }
}
