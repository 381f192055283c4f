import { TX_WAIT_FOREVER } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { mutexGet } from '../kernel/mutex.ts';
import type { Suspension } from '../kernel/op.ts';
import type { NX_IP } from './ip.ts';
import { unlockIp } from './ip-seconds.ts';

/** Does a piece of work while holding the mutex of an IP instance; the work's status is the service's. */
export function* protectedBy(
  kernel: Kernel,
  ip: NX_IP,
  work: Generator<Suspension, number, unknown>,
): Generator<Suspension, number, unknown> {
  yield* mutexGet(kernel, ip.nx_ip_protection, TX_WAIT_FOREVER);
  const status = yield* work;
  unlockIp(kernel, ip);
  return yield* kernel.finish(status);
}
