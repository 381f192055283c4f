import type { Kernel } from '../../kernel/kernel.ts';
import { totalOf } from '../../kernel/performance.ts';
import type { TX_THREAD } from '../../kernel/thread.ts';
import type { World } from '../world.ts';

const HEADINGS = [
  'thread',
  'priority',
  'runs',
  'CPU ms',
  'share',
  'waits',
  'time-outs',
  'preempted by threads',
  'by interrupts',
  'slices',
  'longest ready ms',
] as const;

const milliseconds = (nanoseconds: number): string => (nanoseconds / 1e6).toFixed(3);

const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((part / whole) * 100).toFixed(2)} %`);

function row(kernel: Kernel, thread: TX_THREAD): readonly string[] {
  const { performance: counted } = thread;
  return [
    thread.tx_thread_name,
    String(thread.tx_thread_priority),
    String(thread.tx_thread_run_count),
    milliseconds(thread.cpuTime),
    percent(thread.cpuTime, kernel.now),
    String(counted.suspensions),
    String(counted.timeouts),
    String(counted.solicited_preemptions),
    String(counted.interrupt_preemptions),
    String(counted.time_slices),
    milliseconds(thread.longestReady),
  ];
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}

/** What the threads of every device did: a table for each, from the kernels' own counters. */
export function threadStats(world: World): readonly string[] {
  return [...world.devices.values()].flatMap(({ name, kernel }) => {
    const threads = [...kernel.threads];
    const runs = threads.reduce((sum, thread) => sum + thread.tx_thread_run_count, 0);
    const busy = threads.reduce((sum, thread) => sum + thread.cpuTime, 0);
    const total = totalOf(kernel.performance.threads, kernel.threads);
    const preemptions = total.solicited_preemptions + total.interrupt_preemptions;
    const { nonIdleReturns, idleReturns } = kernel.performance;
    return [
      '',
      `device '${name}': CPU ${kernel.cpu.model.name}, busy ${percent(busy, kernel.now)} of the time`,
      `  ${runs} switches, ${preemptions} preemptions; the processor was given up ${nonIdleReturns} times to another thread, ${idleReturns} times to none`,
      ...table([HEADINGS, ...threads.map((thread) => row(kernel, thread))]).map((line) => `  ${line}`),
    ];
  });
}
