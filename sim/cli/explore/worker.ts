/** Where a thread of `txsim explore` begins. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ExploreWorker } from './task.ts';
import type { ExploreSetting, Task } from './setting.ts';

/** What a worker answers: what it found, or why the exploration makes no sense. */
export type Answer<Result> = { readonly result: Result } | { readonly usage: string };

/** What a worker sends at the begin of every run. */
export interface Beat {
  readonly id: number;
}

let opening: Promise<ExploreWorker> | null = null;
let present = 0;

function isSetting(value: unknown): value is ExploreSetting {
  return typeof value === 'object' && value !== null && 'file' in value && 'checkDeterminism' in value;
}

/**
 * Makes sure that this thread loads TypeScript where the command itself does: threads of Node 20 do not take tsx over. A
 * module that failed to load once stays so, which is why another one than the one in question is tried.
 */
async function loadTypeScript(): Promise<void> {
  try {
    await import('./typescript-probe.ts');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION')) throw error;
    const { register } = await import('tsx/esm/api');
    register();
  }
}

async function open(): Promise<ExploreWorker> {
  const setting: unknown = workerData;
  if (!isSetting(setting)) throw new Error('a worker of txsim explore was started without its setting');
  await loadTypeScript();
  // Always as a module, however this file was loaded.
  const { ExploreWorker } = await import('./task.ts');
  return ExploreWorker.open(setting, () => parentPort?.postMessage({ id: present }));
}

/** Does one task. Called by the pool. */
export default async function perform({ id, task }: { id: number; task: Task }): Promise<Answer<unknown>> {
  present = id;
  try {
    opening ??= open();
    const worker = await opening;
    return { result: await worker.perform(task) };
  } catch (error) {
    if (error instanceof Error && error.name === 'UsageError') return { usage: error.message };
    throw error;
  }
}
