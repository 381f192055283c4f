import type { JsreTask } from './task.ts';

/** Makes what `require` gives: called once per task, when the task first asks for it. */
export type ModuleFactory = (task: JsreTask) => object;

const modules = new Map<string, ModuleFactory>();

/**
 * Offers a module to scripts: `require(name)`.
 *
 * What the factory gives is made part of the task's own realm ({@link JsreTask.adopt}), functions and prototypes included:
 * make functions, classes and objects inside the factory, so that no task shares them with another.
 */
export function defineModule(name: string, factory: ModuleFactory): void {
  modules.set(name, factory);
}

/** The module of that name, or null. */
export function findModule(name: string): ModuleFactory | null {
  return modules.get(name) ?? null;
}

/** The names of all modules, sorted. */
export function moduleNames(): readonly string[] {
  return [...modules.keys()].sort();
}
