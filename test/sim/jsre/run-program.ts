import { jsreFirmware, World, type Device, type DeviceOptions } from 'txsim';

/** What a program on one device came to. */
export interface ProgramRun {
  /** What it printed, a line each. */
  readonly lines: readonly string[];
  /** The same with the milliseconds at which it was printed: `12 hello`. */
  readonly timed: readonly string[];
  readonly device: Device;
  /** The message of what ended the run, or ''. */
  readonly error: string;
  /** Virtual seconds. */
  readonly seconds: number;
}

/** Runs a program of scripts on one device. */
export function runProgram(
  scripts: string | Readonly<Record<string, string | Uint8Array>>,
  options: { readonly until?: string; readonly seed?: number; readonly privileged?: boolean } = {},
  device: Omit<DeviceOptions, 'firmware'> = {},
): ProgramRun {
  const fs = typeof scripts === 'string' ? { 'main.js': scripts } : scripts;
  const world = new World({ seed: options.seed ?? 1 });
  const firmware = jsreFirmware({ main: 'main.js', fs, privileged: options.privileged ?? false });
  const made = world.device('board', { ...device, firmware });
  let error = '';
  try {
    world.run({ until: options.until ?? '60s' });
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  return {
    lines: made.output.lines.map(({ text }) => text),
    timed: made.output.lines.map(({ time, text }) => `${Math.round(time / 1e6)} ${text}`),
    device: made,
    error,
    seconds: world.clock.now / 1e9,
  };
}
