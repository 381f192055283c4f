/** The `socket` module, as far as it is about UDP: `require('socket')`. */
import { isNetworkDescriptor } from '../../net/descriptors.ts';
import { localName } from '../../net/local-address.ts';
import { AF_INET, AF_INET6, domainOf, sockaddrOf, type Sockaddr } from '../../net/net-address.ts';
import type { UdpEndpoint } from '../../net/udp-endpoint.ts';
import { ERRNO } from '../../runtime/errno.ts';
import { defineModule } from '../../runtime/module-registry.ts';
import { blocking, type Suspending } from '../../runtime/native.ts';
import { booleanOf, error, integerOf, ok, settle, sockaddrArgument, stringOf, type Result } from '../arguments.ts';
import { bindToDevice, setBufferSize, setIPv6Only, setTTL } from '../endpoint-options.ts';
import { sockaddrFunctions } from '../sockaddr.ts';
import { SOCKET_CONSTANTS } from './constants.ts';
import { Sockets } from './sockets.ts';
import { transferFunctions } from './transfer.ts';

defineModule('socket', (task) => {
  const sockets = new Sockets(task);

  const orMinusOne = (result: Result<number>): number => (result.ok ? result.value : task.fail(result.errno, -1));

  /** Does something to a socket; false and an error number where it cannot be done. */
  const change = (name: string, sockFd: unknown, set: (what: string, endpoint: UdpEndpoint) => number): boolean => {
    const endpoint = sockets.any(`socket.${name}`, sockFd);
    const errno = endpoint.ok ? set(`socket.${name}`, endpoint.value) : endpoint.errno;
    return errno === 0 || task.fail(errno, false);
  };

  const size = (name: string, sockFd: unknown, which: 'recvBufferSize' | 'sendBufferSize'): number => {
    const endpoint = sockets.any(`socket.${name}`, sockFd);
    return orMinusOne(endpoint.ok ? ok(endpoint.value.options[which]) : endpoint);
  };

  return {
    ...SOCKET_CONSTANTS,
    ...sockaddrFunctions('socket'),
    ...transferFunctions(sockets),

    domain(of: unknown): number {
      if (typeof of === 'string') return domainOf(of) ?? task.fail(ERRNO.EINVAL, -1);
      const endpoint = sockets.any('socket.domain', of);
      return orMinusOne(endpoint.ok ? ok(endpoint.value.domain) : endpoint);
    },

    socket(domain: unknown, type: unknown): number {
      const family = integerOf('socket.socket: domain', domain);
      const kind = integerOf('socket.socket: type', type);
      if (family !== AF_INET && family !== AF_INET6) return task.fail(ERRNO.EAFNOSUPPORT, -1);
      return orMinusOne(sockets.open(family, kind));
    },

    bind: blocking('socket.bind', function* (sockFd: unknown, sockaddr: unknown): Suspending<boolean> {
      const endpoint = sockets.plain('socket.bind', sockFd);
      const local = sockaddrArgument('socket.bind: sockaddr', sockaddr);
      if (!endpoint.ok) return task.fail(endpoint.errno, false);
      if (!local.ok) return task.fail(local.errno, false);
      const { domain, ip, port } = local.value;
      if (domain !== endpoint.value.domain) return task.fail(ERRNO.EAFNOSUPPORT, false);
      if (endpoint.value.port !== null) return task.fail(ERRNO.EINVAL, false);
      endpoint.value.local = ip;
      const errno = yield* sockets.network.bind(endpoint.value, port);
      return errno === 0 || task.fail(errno, false);
    }),

    close: blocking('socket.close', function* (sockFd: unknown): Suspending<void> {
      const endpoint = sockets.any('socket.close', sockFd);
      if (!endpoint.ok) {
        task.errno = endpoint.errno;
        return;
      }
      const descriptor = task.process.descriptors.release(integerOf('socket.close: sockFd', sockFd));
      if (isNetworkDescriptor(descriptor)) yield* descriptor.shut();
    }),

    error(sockFd: unknown): number {
      const endpoint = sockets.any('socket.error', sockFd);
      return endpoint.ok ? 0 : endpoint.errno;
    },

    sockName(sockFd: unknown): Sockaddr | undefined {
      const endpoint = sockets.any('socket.sockName', sockFd);
      return settle(task, endpoint.ok ? ok(localName(endpoint.value)) : endpoint);
    },

    peerName(sockFd: unknown): Sockaddr | undefined {
      const endpoint = sockets.any('socket.peerName', sockFd);
      if (!endpoint.ok) return settle(task, endpoint);
      const { domain, peer } = endpoint.value;
      return settle(task, peer === null ? error(ERRNO.ENOTCONN) : ok(sockaddrOf(domain, peer)));
    },

    bindToDevice(sockFd: unknown, ifname?: unknown): boolean {
      return change('bindToDevice', sockFd, (what, endpoint) => bindToDevice(what, endpoint, ifname));
    },

    setTTL(sockFd: unknown, timeToLive: unknown): boolean {
      return change('setTTL', sockFd, (what, endpoint) => setTTL(what, endpoint, timeToLive));
    },

    setBroadcast(sockFd: unknown, enable: unknown): boolean {
      return change('setBroadcast', sockFd, (what, endpoint) => {
        endpoint.options.broadcast = booleanOf(`${what}: enable`, enable);
        return 0;
      });
    },

    setIPv6Only(sockFd: unknown, enable: unknown): boolean {
      return change('setIPv6Only', sockFd, (what, endpoint) => setIPv6Only(what, endpoint, enable));
    },

    getRecvBufferSize: (sockFd: unknown) => size('getRecvBufferSize', sockFd, 'recvBufferSize'),
    getSendBufferSize: (sockFd: unknown) => size('getSendBufferSize', sockFd, 'sendBufferSize'),

    setRecvBufferSize(sockFd: unknown, bytes: unknown): boolean {
      return change('setRecvBufferSize', sockFd, (what, at) => setBufferSize(what, at, 'recvBufferSize', bytes));
    },

    setSendBufferSize(sockFd: unknown, bytes: unknown): boolean {
      return change('setSendBufferSize', sockFd, (what, at) => setBufferSize(what, at, 'sendBufferSize', bytes));
    },

    addrIsIPv4: (addr: unknown) => domainOf(stringOf('socket.addrIsIPv4: addr', addr)) === AF_INET,
    addrIsIPv6: (addr: unknown) => domainOf(stringOf('socket.addrIsIPv6: addr', addr)) === AF_INET6,
  };
});
