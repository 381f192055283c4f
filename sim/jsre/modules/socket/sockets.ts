import { ListenerDescriptor, SecureDescriptor, UdpDescriptor } from '../../net/descriptors.ts';
import { networkOf } from '../../net/device-network.ts';
import type { JsreNetwork } from '../../net/network.ts';
import { AF_INET6, parseAddress, type Domain } from '../../net/net-address.ts';
import { UdpEndpoint } from '../../net/udp-endpoint.ts';
import { ERRNO } from '../../runtime/errno.ts';
import type { Suspending } from '../../runtime/native.ts';
import type { JsreTask } from '../../runtime/task.ts';
import { error, integerOf, ok, type Result } from '../arguments.ts';
import { SOCK_DGRAM } from './constants.ts';

/** The sockets that a task can name by their descriptors. */
export class Sockets {
  readonly task: JsreTask;
  readonly network: JsreNetwork;

  constructor(task: JsreTask) {
    this.task = task;
    this.network = networkOf(task.process);
  }

  /** A new UDP socket: its descriptor. */
  open(domain: Domain, type: number): Result<number> {
    if (type !== SOCK_DGRAM) return error(ERRNO.EPROTONOSUPPORT);
    const any = parseAddress(domain, domain === AF_INET6 ? '::' : '0.0.0.0');
    if (any === null) return error(ERRNO.EAFNOSUPPORT);
    const { descriptors } = this.task.process;
    return ok(descriptors.open(new UdpDescriptor(new UdpEndpoint(this.network, domain, any)), this.task));
  }

  /** The endpoint of a descriptor: of a plain socket, or the one below DTLS. */
  any(what: string, sockFd: unknown): Result<UdpEndpoint> {
    const descriptor = this.task.process.descriptors.get(integerOf(`${what}: sockFd`, sockFd));
    if (descriptor === null) return error(ERRNO.EBADF);
    if (descriptor instanceof UdpDescriptor) return ok(descriptor.endpoint);
    if (descriptor instanceof SecureDescriptor) return ok(descriptor.socket.endpoint);
    return descriptor instanceof ListenerDescriptor ? ok(descriptor.listener.endpoint) : error(ERRNO.ENOTSOCK);
  }

  /** The endpoint of a plain socket: what is under DTLS is not to be read or written past it. */
  plain(what: string, sockFd: unknown): Result<UdpEndpoint> {
    const endpoint = this.any(what, sockFd);
    const descriptor = this.task.process.descriptors.get(integerOf(`${what}: sockFd`, sockFd));
    return endpoint.ok && !(descriptor instanceof UdpDescriptor) ? error(ERRNO.EOPNOTSUPP) : endpoint;
  }

  /** Gives an endpoint a free port, unless it has one. */
  *bound(endpoint: UdpEndpoint): Suspending<number> {
    return endpoint.port === null ? yield* this.network.bind(endpoint, 0) : 0;
  }
}
