import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from './exit-codes.ts';

/** Bytes that are gathered before they are written: a system call for each frame would cost more than the frame. */
const BUFFER = 256 * 1024;

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
  const buffer = Buffer.allocUnsafe(BUFFER);
  let used = 0;
  const flush = (): void => {
    for (let at = 0; at < used;) at += writeSync(descriptor, buffer, at, used - at);
    used = 0;
  };
  return {
    path,
    write: (chunk) => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      if (used + bytes.length > BUFFER) flush();
      if (bytes.length > BUFFER) {
        for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
        return;
      }
      buffer.set(bytes, used);
      used += bytes.length;
    },
    close: () => {
      flush();
      closeSync(descriptor);
    },
  };
}
