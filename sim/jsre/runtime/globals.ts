import { bufferClass } from './buffer.ts';
import type { JsreTask } from './task.ts';

/** Gives a task the globals of JSRE. Modules have to be defined by then. */
export function installGlobals(task: JsreTask, argument: unknown): void {
  const { realm } = task;
  realm.define('global', realm.global);
  realm.define('Buffer', bufferClass(realm));
  realm.define('ARGUMENT', argument);
  for (const [name, module] of [
    ['console', 'console'],
    ['sys', 'sys'],
    ['EventEmitter', 'events'],
    ['Task', 'task'],
  ] as const) {
    realm.define(name, task.module(module));
  }
  for (const [name, timer] of Object.entries(task.module('timers') ?? {})) realm.define(name, timer);
}
