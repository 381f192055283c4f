import { SecureDescriptor, UdpDescriptor } from '../../net/descriptors.ts';
import { SecureSocket } from '../../net/secure-socket.ts';
import { ERRNO } from '../../runtime/errno.ts';
import { isFunction, type Suspending } from '../../runtime/native.ts';
import { error, integerOf, ok, stringOf, ticksOf, type Result } from '../arguments.ts';
import type { DtlsObjects } from './dtls-objects.ts';
import { whenConnected } from './events.ts';

const WHAT = 'Dtls.createByFd';

/**
 * `Dtls.createByFd(name, sockFd[, timeout])`: takes a client over that another task accepted, and makes the handshake with the
 * certificates of the server of that name. Gives the connection, or undefined and an error number; the descriptor is closed
 * then. With a callback in place of the time-out it gives the connection at once, and the callback is called by `iosched`
 * after the handshake.
 */
export function* createByFd(
  objects: DtlsObjects,
  name: unknown,
  sockFd: unknown,
  last: unknown,
): Suspending<Result<object>> {
  const { task, network } = objects;
  const server = stringOf(`${WHAT}: name`, name);
  const fd = integerOf(`${WHAT}: sockFd`, sockFd);
  const ticks = ticksOf(network, `${WHAT}: timeout`, isFunction(last) ? undefined : last);
  if (!ticks.ok) return ticks;
  const settings = network.servers.get(server);
  if (settings === undefined) return error(ERRNO.ENOENT);
  const taken = takeOver(objects, fd);
  if (!taken.ok) return taken;
  const descriptor = taken.value;
  const { socket } = descriptor;
  socket.adopt(settings);
  task.process.descriptors.give(fd, task);
  if (isFunction(last)) {
    const client = objects.make(descriptor, fd);
    socket.begin();
    whenConnected(task, descriptor, fd, () => task.call(last, undefined, client));
    return ok(client);
  }
  const errno = yield* socket.connection(WHAT, ticks.value);
  if (errno === 0) return ok(objects.make(descriptor, fd));
  task.process.descriptors.release(fd);
  yield* socket.close();
  return error(errno === ERRNO.EAGAIN ? ERRNO.ETIMEDOUT : errno);
}

/** The end of a client that no handshake was made with yet: one that was accepted, or a UDP socket that is connected. */
function takeOver({ task }: DtlsObjects, fd: number): Result<SecureDescriptor> {
  const { descriptors } = task.process;
  const descriptor = descriptors.get(fd);
  if (descriptor === null) return error(ERRNO.EBADF);
  if (descriptor instanceof SecureDescriptor) {
    const { role, state, reason } = descriptor.socket;
    if (state === 'over') return error(reason);
    return role === 'server' && state === 'waiting' ? ok(descriptor) : error(ERRNO.EISCONN);
  }
  if (!(descriptor instanceof UdpDescriptor)) return error(ERRNO.ENOTSOCK);
  const { endpoint } = descriptor;
  if (endpoint.peer === null) return error(ERRNO.ENOTCONN);
  const secure = new SecureDescriptor(new SecureSocket(endpoint, { role: 'server', settings: null }));
  descriptors.replace(fd, secure);
  return ok(secure);
}
