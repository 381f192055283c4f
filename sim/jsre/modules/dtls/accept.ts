import { ListenerDescriptor, SecureDescriptor } from '../../net/descriptors.ts';
import { sockaddrOf, type Sockaddr } from '../../net/net-address.ts';
import { ERRNO } from '../../runtime/errno.ts';
import { isFunction, type ScriptFunction, type Suspending } from '../../runtime/native.ts';
import { error, objectOf, ok, optional, ticksOf, type Result } from '../arguments.ts';
import type { DtlsHandle, DtlsObjects } from './dtls-objects.ts';
import { whileOpen } from './events.ts';

const WHAT = 'dtls.accept';

/**
 * `dtls.accept([remoteAddr[, timeout]])`: the client that has waited longest, or undefined and an error number.
 * `dtls.accept(unused, callback)`: from now on `iosched` calls the callback for every client.
 */
export function* accept(
  objects: DtlsObjects,
  handle: DtlsHandle,
  remoteAddr: unknown,
  last: unknown,
): Suspending<Result<object | undefined>> {
  const { network } = objects;
  if (isFunction(last)) return acceptAll(objects, handle, last);
  const ticks = ticksOf(network, `${WHAT}: timeout`, last);
  const into = optional(`${WHAT}: remoteAddr`, remoteAddr, objectOf);
  if (!ticks.ok) return ticks;
  const { descriptor } = handle;
  if (descriptor === null) return error(ERRNO.EBADF);
  if (!(descriptor instanceof ListenerDescriptor)) return error(ERRNO.EOPNOTSUPP);
  const { endpoint } = descriptor.listener;
  const settled = (): boolean => descriptor.readable || !endpoint.isOpen;
  if (!(yield* endpoint.changed.until(WHAT, ticks.value, settled))) {
    return error(ticks.value === 0 ? ERRNO.EAGAIN : ERRNO.ETIMEDOUT);
  }
  const client = acceptOne(objects, handle);
  if (client === null) return error(ERRNO.EBADF);
  if (into !== undefined) Object.assign(into, client.remote);
  return ok(client.object);
}

/** Has `iosched` call a callback for every client; an object that stays in the task then begins its handshake. */
function acceptAll(objects: DtlsObjects, handle: DtlsHandle, callback: ScriptFunction): Result<undefined> {
  const { task } = objects;
  const { descriptor } = handle;
  if (descriptor === null) return error(ERRNO.EBADF);
  if (!(descriptor instanceof ListenerDescriptor)) return error(ERRNO.EOPNOTSUPP);
  whileOpen(task, handle, function* () {
    const client = acceptOne(objects, handle);
    if (client === null) return;
    yield* task.call(callback, undefined, client.object, client.remote);
    const kept = objects.of(client.object, 'accept').descriptor;
    if (kept instanceof SecureDescriptor) kept.socket.begin();
  });
  return ok(undefined);
}

/**
 * Accepts the client that has waited longest, if there is one. It gets the server's descriptor number, and the server a new
 * one.
 */
function acceptOne(
  objects: DtlsObjects,
  handle: DtlsHandle,
): { readonly object: object; readonly remote: Sockaddr } | null {
  const { descriptor, fd } = handle;
  const { descriptors } = objects.task.process;
  const socket = descriptor instanceof ListenerDescriptor ? descriptor.listener.accept() : null;
  const peer = socket?.endpoint.peer ?? null;
  if (socket === null || descriptor === null || peer === null) return null;
  const accepted = new SecureDescriptor(socket);
  descriptors.replace(fd, accepted);
  handle.fd = descriptors.open(descriptor, objects.task);
  handle.moved?.();
  return { object: objects.make(accepted, fd), remote: sockaddrOf(socket.endpoint.domain, peer) };
}
