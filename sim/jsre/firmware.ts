import { SimulationError } from '../../kernel/simulation-error.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { executingKernel } from '../../kernel/caller-context.ts';
import { defineFirmware, type Firmware } from '../firmware.ts';
import { hostFolder, memoryFiles } from './device-files.ts';
import './modules/index.ts';
import { directoryOf, resolvePath } from './runtime/files.ts';
import { JsreProcess } from './runtime/process.ts';
import { startMain } from './runtime/start-task.ts';

/** A JSRE program, and how it runs. */
export interface JsreOptions {
  /** The main script's path in the device's files: `main.js`. */
  readonly main: string;
  /** The device's files: a folder of the host, or texts and bytes by path. */
  readonly fs: string | Readonly<Record<string, string | Uint8Array>>;
  /** Whether the program has the system's rights (JSRE's privilege mode). Default: an ordinary application's. */
  readonly privileged?: boolean;
}

const processes = new WeakMap<Kernel, JsreProcess>();

/** When the last task of a device's program ended, in nanoseconds; null while one runs. */
export function endOfProgram(kernel: Kernel): number | null {
  return processes.get(kernel)?.endedAt ?? null;
}

/**
 * A firmware that runs a JSRE program: scripts as they are, each task a thread of the device.
 *
 * @throws SimulationError where the main script or the folder is not there
 */
export function jsreFirmware(options: JsreOptions): Firmware {
  const files = typeof options.fs === 'string' ? hostFolder(options.fs) : memoryFiles(options.fs);
  const main = resolvePath('/', options.main);
  if (files.stat(main)?.kind !== 'file') {
    throw new SimulationError({
      kind: 'world',
      what: `jsreFirmware: there is no script '${options.main}' among the device's files`,
      fix: `main is a path in fs, which has: ${files.list('/')?.join(', ') ?? 'nothing'}`,
    });
  }
  return defineFirmware((board) => ({
    tx_application_define(): void {
      const permission = options.privileged === true ? 'privilege' : 'user';
      const kernel = executingKernel();
      const process = new JsreProcess({ kernel, board, files, permission, folder: directoryOf(main) });
      processes.set(kernel, process);
      startMain(process, main);
    },
  }));
}
