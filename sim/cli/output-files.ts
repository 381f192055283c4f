import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from './exit-codes.ts';

/** A file that is written piece by piece as a run goes on. */
export interface OutputFile {
  readonly path: string;
  write(chunk: Uint8Array | string): void;
  close(): void;
}

/**
 * Begins a file, with the folders it needs.
 *
 * @throws UsageError where that is not possible
 */
export function openOutput(path: string, option: string): OutputFile {
  const fail = (error: unknown): never => {
    throw new UsageError(
      `--${option} ${path}: cannot be written (${error instanceof Error ? error.message : 'error'})`,
    );
  };
  const open = (): number => {
    try {
      mkdirSync(dirname(path), { recursive: true });
      return openSync(path, 'w');
    } catch (error) {
      return fail(error);
    }
  };
  const descriptor = open();
  return {
    path,
    write: (chunk) => {
      if (typeof chunk === 'string') writeSync(descriptor, chunk);
      else writeSync(descriptor, chunk);
    },
    close: () => closeSync(descriptor),
  };
}
