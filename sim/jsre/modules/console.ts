import { formatWithOptions } from 'node:util';
import { bufferClass } from '../runtime/buffer.ts';
import { defineModule } from '../runtime/module-registry.ts';
import type { JsreTask } from '../runtime/task.ts';

/** JSRE's console; its lines are the device's. */
function makeConsole(task: JsreTask): object {
  const Bytes = bufferClass(task.realm);
  const counts = new Map<string, number>();
  const starts = new Map<string, number>();
  let indent = '';
  const settings = { depth: 3 };
  const show = (value: unknown): unknown =>
    value instanceof Bytes
      ? `<Buffer ${Array.from(value.subarray(0, 50), hex).join(' ')}${value.length > 50 ? ' …' : ''}>`
      : value;
  const text = (args: readonly unknown[]): string =>
    formatWithOptions({ depth: settings.depth, customInspect: false, breakLength: 100 }, ...args.map(show));
  const print = (prefix: string, args: readonly unknown[]): void => {
    for (const line of `${prefix}${text(args)}`.split('\n')) task.process.board.print(indent + line);
  };
  const elapsed = (label: string): string => {
    const began = starts.get(label) ?? task.process.kernel.now;
    return `${label}: ${Math.round((task.process.kernel.now - began) / 1e6)}ms`;
  };
  const { Error: Plain } = task.realm.intrinsics;
  const group = (...args: readonly unknown[]): void => {
    if (args.length > 0) print('', args);
    indent += '  ';
  };
  return Object.assign(settings, {
    log: (...args: readonly unknown[]): void => print('', args),
    debug: (...args: readonly unknown[]): void => print('', args),
    info: (...args: readonly unknown[]): void => print('Info: ', args),
    warn: (...args: readonly unknown[]): void => print('Warning: ', args),
    error: (...args: readonly unknown[]): void => print('Error: ', args),
    toString: (...args: readonly unknown[]): string => text(args),
    assert(condition?: unknown, ...args: readonly unknown[]): void {
      const holds = Boolean(condition);
      if (holds) return;
      const message = args.length === 0 ? 'console.assert() did not hold' : text(args);
      print('Error: ', [message]);
      throw new Plain(message);
    },
    trace: (...args: readonly unknown[]): void => {
      const frames = (new Plain('').stack ?? '').split('\n').slice(1);
      print('', [[`Trace: ${text(args)}`, ...frames].join('\n')]);
    },
    count(label: unknown = 'default'): void {
      const next = (counts.get(String(label)) ?? 0) + 1;
      counts.set(String(label), next);
      print('', [`${String(label)}: ${next}`]);
    },
    countReset(label: unknown = 'default'): void {
      counts.delete(String(label));
    },
    group,
    groupCollapsed: group,
    groupEnd(): void {
      indent = indent.slice(2);
    },
    time(label: unknown = 'default'): void {
      starts.set(String(label), task.process.kernel.now);
    },
    timeLog(label: unknown = 'default', ...args: readonly unknown[]): void {
      print('', [elapsed(String(label)), ...args]);
    },
    timeEnd(label: unknown = 'default'): void {
      print('', [elapsed(String(label))]);
      starts.delete(String(label));
    },
    clear: (): void => undefined,
    drain: (): void => undefined,
  });
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

defineModule('console', makeConsole);
