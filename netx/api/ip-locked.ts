import { TX_WAIT_FOREVER } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { mutexGet } from '../../kernel/mutex.ts';
import { compound, type Op, type Suspension } from '../../kernel/op.ts';
import type { NX_IP } from '../ip.ts';
import { unlockIp } from '../ip-seconds.ts';

/** The body of a service that runs with the IP mutex held. */
export type LockedBody = () => number | Generator<Suspension, number, unknown>;

/**
 * A service that holds the instance's mutex. Initialisation cannot wait for one: there it runs without, as in C, where nobody
 * else runs yet.
 *
 * @param after - runs once the mutex is given up: a callback into the firmware
 */
export function locked(
  kernel: Kernel,
  ip: NX_IP,
  body: LockedBody,
  after: ((status: number) => Generator<Suspension, void, unknown> | null) | null = null,
): Op<number> {
  return compound(kernel.op, run(kernel, ip, body, after));
}

function* run(
  kernel: Kernel,
  ip: NX_IP,
  body: LockedBody,
  after: ((status: number) => Generator<Suspension, void, unknown> | null) | null,
): Generator<Suspension, number, unknown> {
  const locks = kernel.context === 'thread';
  if (locks) yield* mutexGet(kernel, ip.nx_ip_protection, TX_WAIT_FOREVER);
  const result = body();
  const status = typeof result === 'number' ? result : yield* result;
  if (locks) unlockIp(kernel, ip);
  const callback = after?.(status) ?? null;
  if (callback !== null) yield* callback;
  return yield* kernel.finish(status);
}
