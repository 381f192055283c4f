import { inspect } from 'node:util';
import { TX_THREAD } from '../../../kernel/thread.ts';
import { createThread, startThread } from '../../../kernel/thread-life.ts';
import { ScriptSyntaxError } from '../compile/script-error.ts';
import { SimulationError } from '../../../kernel/simulation-error.ts';
import { installDeterminism } from './determinism.ts';
import { EXIT } from './exit.ts';
import { resolvePath } from './files.ts';
import { installGlobals } from './globals.ts';
import { copyInto } from './message.ts';
import type { Suspending } from './native.ts';
import { boot, type JsreProcess } from './process.ts';
import { Realm } from './realm.ts';
import { ScriptLoader } from './require.ts';
import { JsreTask } from './task.ts';

/** The priority of tasks: below the threads of the network. */
export const TASK_PRIORITY = 20;
/** What the statistics show of a task's stack, in bytes. */
const STACK_SIZE = 64 * 1024;
/** How long a task computes before another of its priority has its turn, in seconds. */
const SLICE = 0.01;

/**
 * Starts a task for another one.
 *
 * @returns the new task's number
 */
export function startTask(parent: JsreTask, file: string, argument: unknown): number {
  const { process } = parent;
  const path = resolvePath(process.folder, file);
  if (process.files.stat(path)?.kind !== 'file') {
    throw new parent.realm.intrinsics.Error(`new Task('${file}'): there is no such file`);
  }
  return createTask(process, path, parent.id, (realm) => copyInto(realm, argument ?? '')).id;
}

/** Starts the main task of a device. */
export function startMain(process: JsreProcess, path: string): JsreTask {
  return createTask(process, path, 0, () => process.board.params['ARGUMENT'] ?? '');
}

function createTask(process: JsreProcess, path: string, parent: number, argument: (realm: Realm) => unknown): JsreTask {
  const { kernel } = process;
  const id = process.nextTaskId();
  const thread = new TX_THREAD();
  const realm = new Realm();
  const file = path.slice(1);
  const name = id === 1 ? file : `${file}#${id}`;
  const task = new JsreTask({ process, id, name, parent, thread, realm });
  process.tasks.set(id, task);
  installDeterminism(realm, process);
  installGlobals(task, argument(realm));
  createThread(kernel, thread, {
    name,
    entry: () => runTask(task, path),
    stack: new Uint8Array(0),
    stackSize: STACK_SIZE,
    priority: TASK_PRIORITY,
    timeSlice: Math.max(1, Math.round(SLICE * kernel.config.TX_TIMER_TICKS_PER_SECOND)),
  });
  startThread(kernel, thread);
  return task;
}

/** The thread of a task. */
function* runTask(task: JsreTask, path: string): Suspending<void> {
  const { process, realm } = task;
  try {
    if (task.id === 1) yield* boot(process);
    yield* untilExit(new ScriptLoader(task).load(path));
    realm.drainPromises();
  } catch (error) {
    report(task, error);
  } finally {
    process.tasks.delete(task.id);
    task.poller.removeAll();
    process.descriptors.closeAllOf(task);
    if (process.tasks.size === 0) process.endedAt = process.kernel.now;
  }
}

/** Runs a script until it ends or calls for its end. */
function* untilExit(script: Suspending<unknown>): Suspending<void> {
  for (let step = script.next(); step.done !== true; step = script.next()) {
    if (step.value === EXIT) {
      script.return(undefined);
      return;
    }
    yield step.value;
  }
}

/** What nobody caught: the main task's ends the run, any other's ends that task. */
function report(task: JsreTask, error: unknown): void {
  if (error instanceof SimulationError) throw error;
  const text =
    error instanceof ScriptSyntaxError ? `SyntaxError: ${error.message}` : describe(task.realm.adoptError(error));
  if (task.id === 1) {
    throw new SimulationError({
      kind: 'firmware-exception',
      what: `uncaught ${text}`,
      onTarget: 'the main task would end here',
    });
  }
  for (const line of `task ${task.id} ended by an uncaught ${text}`.split('\n')) task.process.board.print(line);
}

function describe(error: unknown): string {
  const stack = typeof error === 'object' && error !== null && 'stack' in error ? error.stack : undefined;
  if (typeof stack === 'string') return stack;
  try {
    const text = String(error);
    return text === '[object Object]' ? inspect(error, { customInspect: false }) : text;
  } catch {
    return 'value that has no text';
  }
}
