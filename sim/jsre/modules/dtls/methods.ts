import { ListenerDescriptor, SecureDescriptor } from '../../net/descriptors.ts';
import { localName } from '../../net/local-address.ts';
import { sockaddrOf, type Sockaddr } from '../../net/net-address.ts';
import type { SecureSocket, Transfer } from '../../net/secure-socket.ts';
import type { UdpEndpoint } from '../../net/udp-endpoint.ts';
import { ERRNO } from '../../runtime/errno.ts';
import { blocking, type Suspending } from '../../runtime/native.ts';
import { error, ok, partOf, settle, ticksOf, wrong, type Result } from '../arguments.ts';
import { bindToDevice, setBufferSize, setIPv6Only, setTTL } from '../endpoint-options.ts';
import { accept } from './accept.ts';
import { endpointOf, type DtlsHandle, type DtlsObjects } from './dtls-objects.ts';
import { addedCertificate } from './options.ts';

/** What is to be sent, and for how long that is tried. */
interface Message {
  readonly bytes: Uint8Array;
  readonly ticks: number;
}

/** The methods of Dtls objects that transfer data, and those that end them. */
export function connectionMethods(objects: DtlsObjects): object {
  const { task, network } = objects;

  /** The connection behind an object, or the error number for one that has none. */
  const connection = ({ descriptor }: DtlsHandle): SecureSocket | number => {
    if (descriptor === null) return ERRNO.EBADF;
    return descriptor instanceof SecureDescriptor ? descriptor.socket : ERRNO.ENOTCONN;
  };

  /** What is to be sent, and until when. */
  const message = (data: unknown, rest: readonly unknown[]): Result<Message> => {
    const what = 'dtls.send';
    if (typeof data === 'string') {
      const ticks = ticksOf(network, `${what}: timeout`, rest[0]);
      return ticks.ok ? { ok: true, value: { bytes: new TextEncoder().encode(data), ticks: ticks.value } } : ticks;
    }
    const bytes = task.bytes(data);
    if (bytes === null) throw wrong(`${what}: data`, 'a string or a buffer', data);
    const [offset, length, timeout] = rest;
    const part = partOf(what, bytes, offset, length);
    const ticks = ticksOf(network, `${what}: timeout`, timeout);
    if (!part.ok) return part;
    return ticks.ok ? { ok: true, value: { bytes: part.value.slice(), ticks: ticks.value } } : ticks;
  };

  const counted = (transfer: Transfer): number => (transfer.ok ? transfer.bytes : task.fail(transfer.errno, -1));

  return {
    send: blocking('dtls.send', function* (this: unknown, data: unknown, ...rest: readonly unknown[]) {
      const socket = connection(objects.of(this, 'send'));
      const wanted = message(data, rest);
      if (!wanted.ok) return task.fail(wanted.errno, -1);
      if (typeof socket === 'number') return task.fail(socket, -1);
      return counted(yield* socket.send(wanted.value.bytes, wanted.value.ticks));
    }),

    recv: blocking(
      'dtls.recv',
      function* (this: unknown, buffer: unknown, offset?: unknown, length?: unknown, timeout?: unknown) {
        const socket = connection(objects.of(this, 'recv'));
        const bytes = task.bytes(buffer);
        if (bytes === null) throw wrong('dtls.recv: buffer', 'a buffer', buffer);
        const part = partOf('dtls.recv', bytes, offset, length);
        const ticks = ticksOf(network, 'dtls.recv: timeout', timeout);
        if (!part.ok) return task.fail(part.errno, -1);
        if (!ticks.ok) return task.fail(ticks.errno, -1);
        if (typeof socket === 'number') return task.fail(socket, -1);
        const transfer = yield* socket.receive(part.value, ticks.value);
        // Nothing has come, and more may: that is no error.
        return !transfer.ok && transfer.again ? task.fail(transfer.errno, 0) : counted(transfer);
      },
    ),

    pending(this: unknown): number {
      const socket = connection(objects.of(this, 'pending'));
      if (typeof socket === 'number') return 0;
      socket.begin();
      return socket.pending;
    },

    error(this: unknown): number {
      const socket = connection(objects.of(this, 'error'));
      if (typeof socket !== 'number') return socket.takeError();
      return socket === ERRNO.EBADF ? socket : 0;
    },

    close: blocking('dtls.close', function* (this: unknown): Suspending<void> {
      const handle = objects.of(this, 'close');
      const { descriptor, fd } = handle;
      if (descriptor === null) return;
      handle.descriptor = null;
      handle.fd = -1;
      task.process.descriptors.release(fd);
      if (descriptor instanceof SecureDescriptor) {
        yield* descriptor.socket.close();
        return;
      }
      yield* descriptor.listener.close();
    }),

    flyAway(this: unknown): void {
      const handle = objects.of(this, 'flyAway');
      if (handle.descriptor !== null) task.process.descriptors.give(handle.fd, null);
      handle.descriptor = null;
      handle.fd = -1;
    },
  };
}

/** The methods of Dtls objects that servers have. */
export function serverMethods(objects: DtlsObjects): object {
  const { task } = objects;
  return {
    accept: blocking('dtls.accept', function* (this: unknown, remoteAddr?: unknown, last?: unknown) {
      return settle(task, yield* accept(objects, objects.of(this, 'accept'), remoteAddr, last));
    }),

    addcert(this: unknown, opt: unknown): boolean {
      const { descriptor } = objects.of(this, 'addcert');
      const added = addedCertificate(task.process, 'dtls.addcert: opt', opt);
      if (!added.ok) return task.fail(added.errno, false);
      if (descriptor === null) return task.fail(ERRNO.EBADF, false);
      if (!(descriptor instanceof ListenerDescriptor)) return task.fail(ERRNO.EOPNOTSUPP, false);
      descriptor.listener.settings.names.set(added.value.name, added.value.shown);
      return true;
    },
  };
}

/** The methods of Dtls objects that are about the UDP socket below. */
export function socketMethods(objects: DtlsObjects): object {
  const { task } = objects;

  /** Does something to the endpoint of an object; false and an error number where it cannot be done. */
  const change = (object: unknown, method: string, set: (what: string, endpoint: UdpEndpoint) => number): boolean => {
    const handle = objects.of(object, method);
    const endpoint = endpointOf(handle);
    const errno = endpoint === null ? ERRNO.EBADF : set(`dtls.${method}`, endpoint);
    return errno === 0 || task.fail(errno, false);
  };

  const size = (object: unknown, method: string, which: 'recvBufferSize' | 'sendBufferSize'): number =>
    endpointOf(objects.of(object, method))?.options[which] ?? task.fail(ERRNO.EBADF, -1);

  return {
    get sockFd(): number {
      return this === objects.prototype ? -1 : objects.of(this, 'sockFd').fd;
    },

    sockName(this: unknown): Sockaddr | undefined {
      const endpoint = endpointOf(objects.of(this, 'sockName'));
      return settle(task, endpoint === null ? error(ERRNO.EBADF) : ok(localName(endpoint)));
    },

    peerName(this: unknown): Sockaddr | undefined {
      const endpoint = endpointOf(objects.of(this, 'peerName'));
      if (endpoint === null) return settle(task, error(ERRNO.EBADF));
      const { domain, peer } = endpoint;
      return settle(task, peer === null ? error(ERRNO.ENOTCONN) : ok(sockaddrOf(domain, peer)));
    },

    bindToDevice(this: unknown, ifname?: unknown): boolean {
      return change(this, 'bindToDevice', (what, endpoint) => bindToDevice(what, endpoint, ifname));
    },

    setTTL(this: unknown, timeToLive: unknown): boolean {
      return change(this, 'setTTL', (what, endpoint) => setTTL(what, endpoint, timeToLive));
    },

    setIPv6Only(this: unknown, enable: unknown): boolean {
      return change(this, 'setIPv6Only', (what, endpoint) => setIPv6Only(what, endpoint, enable));
    },

    getRecvBufferSize(this: unknown): number {
      return size(this, 'getRecvBufferSize', 'recvBufferSize');
    },

    getSendBufferSize(this: unknown): number {
      return size(this, 'getSendBufferSize', 'sendBufferSize');
    },

    setRecvBufferSize(this: unknown, bytes: unknown): boolean {
      return change(this, 'setRecvBufferSize', (what, at) => setBufferSize(what, at, 'recvBufferSize', bytes));
    },

    setSendBufferSize(this: unknown, bytes: unknown): boolean {
      return change(this, 'setSendBufferSize', (what, at) => setBufferSize(what, at, 'sendBufferSize', bytes));
    },
  };
}
