import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { EXIT, UsageError } from './exit-codes.ts';

/** Bytes that are gathered before they are written: a system call for each frame would cost more than the frame. */
const BUFFER = 256 * 1024;

/** A file that is written piece by piece as a run goes on. */
export interface OutputFile {
  readonly path: string;
  write(chunk: Uint8Array | string): void;
  close(): void;
}

/** Writes to the standard output, and waits where its reader is slow. */
function writeStandard(descriptor: number, bytes: Uint8Array, at: number, length: number): number {
  for (;;) {
    try {
      return writeSync(descriptor, bytes, at, length);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      // Whoever reads has had enough of it, as `head` does: that is no error, and the run need not go on.
      if (code === 'EPIPE') process.exit(EXIT.ok);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/**
 * Begins a file, with the folders it needs; `-` is the standard output.
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
  const isStandard = path === '-';
  // `--trace scenario.ts` is a slip, and the scenario would be gone.
  if (/\.[cm]?[jt]s$/.test(path) && existsSync(path)) {
    throw new UsageError(`--${option} ${path}: expected a file to write to, found a script; name another one`);
  }
  const descriptor = isStandard ? 1 : open();
  const writeOut = isStandard ? writeStandard : writeSync;
  const buffer = Buffer.allocUnsafe(BUFFER);
  let used = 0;
  const flush = (): void => {
    for (let at = 0; at < used;) at += writeOut(descriptor, buffer, at, used - at);
    used = 0;
  };
  return {
    path,
    write: (chunk) => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      if (used + bytes.length > BUFFER) flush();
      if (bytes.length > BUFFER) {
        for (let at = 0; at < bytes.length;) at += writeOut(descriptor, bytes, at, bytes.length - at);
        return;
      }
      buffer.set(bytes, used);
      used += bytes.length;
      // Somebody looks on as it comes.
      if (isStandard) flush();
    },
    close: () => {
      flush();
      if (!isStandard) closeSync(descriptor);
    },
  };
}
