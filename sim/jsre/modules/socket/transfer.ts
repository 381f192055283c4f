import { isAny, sockaddrOf } from '../../net/net-address.ts';
import { ERRNO } from '../../runtime/errno.ts';
import { blocking, type Suspending } from '../../runtime/native.ts';
import {
  objectOf,
  ok,
  optional,
  partOf,
  sockaddrArgument,
  ticksOf,
  wrong,
  type GivenAddress,
  type Result,
} from '../arguments.ts';
import type { Sockets } from './sockets.ts';

/** What is to be sent, and for how long that is tried, in ticks. */
interface Message {
  readonly bytes: Uint8Array;
  readonly ticks: number;
}

/** The functions of the `socket` module that send and receive. */
export function transferFunctions(sockets: Sockets): object {
  const { task, network } = sockets;

  const message = (what: string, data: unknown, rest: readonly unknown[]): Result<Message> => {
    const isText = typeof data === 'string';
    const bytes = isText ? new TextEncoder().encode(data) : task.bytes(data);
    if (bytes === null) throw wrong(`${what}: data`, 'a string or a buffer', data);
    const part = isText ? ok(bytes) : partOf(what, bytes, rest[0], rest[1]);
    const ticks = ticksOf(network, `${what}: timeout`, isText ? rest[0] : rest[2]);
    if (!part.ok) return part;
    return ticks.ok ? ok({ bytes: part.value.slice(), ticks: ticks.value }) : ticks;
  };

  function* transmit(
    what: string,
    sockFd: unknown,
    to: GivenAddress | null,
    { bytes, ticks }: Message,
  ): Suspending<number> {
    const endpoint = sockets.plain(what, sockFd);
    if (!endpoint.ok) return task.fail(endpoint.errno, -1);
    if (to !== null && (to.port === 0 || isAny(to.ip))) return task.fail(ERRNO.EINVAL, -1);
    let errno = yield* sockets.bound(endpoint.value);
    if (errno === 0) errno = yield* endpoint.value.send(bytes, to, ticks);
    return errno === 0 ? bytes.length : task.fail(errno, -1);
  }

  function* receive(
    what: string,
    sockFd: unknown,
    from: Record<string, unknown> | undefined,
    buffer: unknown,
    rest: readonly unknown[],
  ): Suspending<number> {
    const endpoint = sockets.plain(what, sockFd);
    const bytes = task.bytes(buffer);
    if (bytes === null) throw wrong(`${what}: buffer`, 'a buffer', buffer);
    const part = partOf(what, bytes, rest[0], rest[1]);
    const ticks = ticksOf(network, `${what}: timeout`, rest[2]);
    if (!endpoint.ok) return task.fail(endpoint.errno, -1);
    if (!part.ok) return task.fail(part.errno, -1);
    if (!ticks.ok) return task.fail(ticks.errno, -1);
    const { value: socket } = endpoint;
    yield* socket.changed.until(what, ticks.value, () => socket.first !== null || !socket.isOpen);
    const datagram = socket.take();
    if (datagram === null) {
      if (!socket.isOpen) return task.fail(ERRNO.EBADF, -1);
      return task.fail(ticks.value === 0 ? ERRNO.EAGAIN : ERRNO.ETIMEDOUT, 0);
    }
    const length = Math.min(datagram.bytes.length, part.value.length);
    // What there is no room for is lost: a datagram is read once.
    part.value.set(datagram.bytes.subarray(0, length));
    if (from !== undefined) Object.assign(from, sockaddrOf(socket.domain, datagram.from));
    return length;
  }

  return {
    send: blocking('socket.send', function* (sockFd: unknown, data: unknown, ...rest: readonly unknown[]) {
      const wanted = message('socket.send', data, rest);
      return wanted.ok ? yield* transmit('socket.send', sockFd, null, wanted.value) : task.fail(wanted.errno, -1);
    }),

    sendto: blocking(
      'socket.sendto',
      function* (sockFd: unknown, remoteAddr: unknown, data: unknown, ...rest: readonly unknown[]) {
        const to = sockaddrArgument('socket.sendto: remoteAddr', remoteAddr);
        const wanted = message('socket.sendto', data, rest);
        if (!to.ok) return task.fail(to.errno, -1);
        return wanted.ok
          ? yield* transmit('socket.sendto', sockFd, to.value, wanted.value)
          : task.fail(wanted.errno, -1);
      },
    ),

    recv: blocking('socket.recv', function* (sockFd: unknown, buffer: unknown, ...rest: readonly unknown[]) {
      return yield* receive('socket.recv', sockFd, undefined, buffer, rest);
    }),

    recvfrom: blocking(
      'socket.recvfrom',
      function* (sockFd: unknown, remoteAddr: unknown, buffer: unknown, ...rest: readonly unknown[]) {
        const from = optional('socket.recvfrom: remoteAddr', remoteAddr, objectOf);
        return yield* receive('socket.recvfrom', sockFd, from, buffer, rest);
      },
    ),

    pending(sockFd: unknown): number {
      const endpoint = sockets.plain('socket.pending', sockFd);
      return endpoint.ok ? (endpoint.value.first?.bytes.length ?? 0) : task.fail(endpoint.errno, -1);
    },

    connect: blocking('socket.connect', function* (sockFd: unknown, remoteAddr: unknown) {
      const endpoint = sockets.plain('socket.connect', sockFd);
      const remote: Result<GivenAddress> = sockaddrArgument('socket.connect: remoteAddr', remoteAddr);
      if (!endpoint.ok) return task.fail(endpoint.errno, false);
      if (!remote.ok) return task.fail(remote.errno, false);
      const { domain, ip, port } = remote.value;
      const wrongPeer = port === 0 || isAny(ip) ? ERRNO.EINVAL : ERRNO.EAFNOSUPPORT;
      if (wrongPeer === ERRNO.EINVAL || domain !== endpoint.value.domain) return task.fail(wrongPeer, false);
      const errno = yield* sockets.bound(endpoint.value);
      if (errno !== 0) return task.fail(errno, false);
      endpoint.value.peer = { ip, port };
      return true;
    }),

    disconnect(sockFd: unknown): boolean {
      const endpoint = sockets.plain('socket.disconnect', sockFd);
      if (!endpoint.ok) return task.fail(endpoint.errno, false);
      endpoint.value.peer = null;
      return true;
    },
  };
}
