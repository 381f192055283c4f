import type { Kernel } from '../../../kernel/kernel.ts';
import type { Board } from '../../firmware.ts';
import { DescriptorTable } from './descriptor.ts';
import type { DeviceFiles } from './files.ts';
import type { Suspending } from './native.ts';
import type { JsreTask } from './task.ts';

/** What a program may do: an ordinary application, or one with the system's rights. */
export type Permission = 'user' | 'privilege';

/** What all tasks of a device share. */
export class JsreProcess {
  readonly kernel: Kernel;
  readonly board: Board;
  readonly files: DeviceFiles;
  readonly permission: Permission;
  /** Where relative paths begin: the main script's folder, `/` for most. */
  readonly folder: string;
  readonly descriptors = new DescriptorTable();
  /** The tasks that run, by number; the first one is the main task. */
  readonly tasks = new Map<number, JsreTask>();
  /** When its last task ended, in nanoseconds; null while one runs. */
  endedAt: number | null = null;
  #lastId = 0;

  constructor(parts: { kernel: Kernel; board: Board; files: DeviceFiles; permission: Permission; folder?: string }) {
    this.kernel = parts.kernel;
    this.board = parts.board;
    this.files = parts.files;
    this.permission = parts.permission;
    this.folder = parts.folder ?? '/';
  }

  get privileged(): boolean {
    return this.permission === 'privilege';
  }

  /** A number for a new task. */
  nextTaskId(): number {
    return ++this.#lastId;
  }
}

/** Something that a device has one of: its network stack, say. Made when it is first asked for. */
export class PerProcess<T> {
  readonly #make: (process: JsreProcess) => T;
  readonly #of = new WeakMap<JsreProcess, { readonly value: T }>();

  constructor(make: (process: JsreProcess) => T) {
    this.#make = make;
  }

  of(process: JsreProcess): T {
    const known = this.#of.get(process);
    if (known !== undefined) return known.value;
    const value = this.#make(process);
    this.#of.set(process, { value });
    return value;
  }
}

/** What has to be done on a device before its main script starts; it runs in the main task's thread and may wait. */
export type BootStep = (process: JsreProcess) => Suspending<void>;

const bootSteps = new Map<string, BootStep>();

/** Adds a step to the boot of every device that runs scripts. */
export function defineBootStep(name: string, step: BootStep): void {
  bootSteps.set(name, step);
}

/** Boots a device: all steps, in the order in which they were defined. */
export function* boot(process: JsreProcess): Suspending<void> {
  for (const step of bootSteps.values()) yield* step(process);
}
