import { errnoText, ERRNO } from '../runtime/errno.ts';
import { defineModule } from '../runtime/module-registry.ts';
import { blocking } from '../runtime/native.ts';
import { Signal } from '../runtime/signal.ts';
import type { JsreTask } from '../runtime/task.ts';
import { select, setsOf, timeoutOf } from './iosched.ts';

/** JSRE's sys: sleeping, errors, and what the device tells of itself. */
function makeSys(task: JsreTask): object {
  const { process } = task;
  const { kernel } = process;
  const never = new Signal(kernel, 'the end of its sleep');
  const milliseconds = (): number => Math.floor(kernel.now / 1e6);
  return {
    sleep: blocking('sys.sleep', function* (ms?: unknown) {
      yield* never.wait('sys.sleep', timeoutOf(task, ms, 'sys.sleep()') ?? 0);
      return 0;
    }),
    msleep: blocking('sys.msleep', function* (ms?: unknown) {
      yield* never.wait('sys.msleep', timeoutOf(task, ms, 'sys.msleep()') ?? 0);
      return 0;
    }),
    nanosleep: blocking('sys.nanosleep', function* (ns?: unknown) {
      yield* never.wait('sys.nanosleep', (timeoutOf(task, ns, 'sys.nanosleep()') ?? 0) / 1e6);
      return 0;
    }),
    select: blocking('sys.select', function* (fds?: unknown, timeout?: unknown) {
      if (!Array.isArray(fds)) throw task.typeError('sys.select() needs [[read], [write], [except]]');
      return yield* select(task, setsOf(fds), timeoutOf(task, timeout, 'sys.select()'));
    }),
    error: (errno?: unknown): string => errnoText(errno === undefined ? task.errno : Number(errno)),
    errno: (): number => task.errno,
    setErrno(errno: unknown): void {
      task.errno = Number(errno);
    },
    clearErrno(): void {
      task.errno = 0;
    },
    version: (): readonly number[] => [0, 1, 0],
    kernName: (): string => 'ThreadX (txsim)',
    kernVersion: (): readonly number[] => [6, 4, 0],
    engineName: (): string => 'txsim',
    hostName: (): string => process.board.name,
    hz: (): number => kernel.config.TX_TIMER_TICKS_PER_SECOND,
    monoTime: milliseconds,
    uptime: milliseconds,
    hrtime: (): readonly number[] => [Math.floor(kernel.now / 1e9), kernel.now % 1e9],
    perm: (): number => (process.privileged ? 1 : 0),
    maxFds: (): number => 1024,
    maxTasks: (): number => 64,
    cpuBits: (): number => 32,
    cpuEndian: (): number => 0,
    cpuTotal: (): number => 1,
    cpuOnline: (): number => 1,
    gc: (): void => undefined,
    assert(condition?: unknown): boolean {
      const holds = Boolean(condition);
      if (holds) return true;
      throw new task.realm.intrinsics.Error('sys.assert() did not hold');
    },
    ...ERRNO,
  };
}

defineModule('sys', makeSys);
