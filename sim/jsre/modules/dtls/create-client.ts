import { SecureDescriptor } from '../../net/descriptors.ts';
import { addressTowards } from '../../net/local-address.ts';
import { AF_INET6, isAny, isV6, parseAddress, sockaddrOf } from '../../net/net-address.ts';
import { SecureSocket } from '../../net/secure-socket.ts';
import { UdpEndpoint } from '../../net/udp-endpoint.ts';
import { ERRNO } from '../../runtime/errno.ts';
import { isFunction, type Suspending } from '../../runtime/native.ts';
import { error, ok, sockaddrArgument, ticksOf, type GivenAddress, type Result } from '../arguments.ts';
import type { DtlsObjects } from './dtls-objects.ts';
import { whenConnected } from './events.ts';
import { clientOptions } from './options.ts';

const WHAT = 'Dtls.createClient';

/**
 * `Dtls.createClient(opt, sockaddr[, timeout])`: a connected client, or undefined and an error number. With a callback in
 * place of the time-out it gives the client at once, and the callback is called by `iosched` once it is connected.
 */
export function* createClient(
  objects: DtlsObjects,
  opt: unknown,
  sockaddr: unknown,
  last: unknown,
): Suspending<Result<object>> {
  const { task, network } = objects;
  const settings = clientOptions(task.process, `${WHAT}: opt`, opt);
  const remote = sockaddrArgument(`${WHAT}: sockaddr`, sockaddr);
  const ticks = ticksOf(network, `${WHAT}: timeout`, isFunction(last) ? undefined : last);
  if (!settings.ok) return settings;
  if (!ticks.ok) return ticks;
  const endpoint = remote.ok ? yield* connectedEndpoint(objects, remote.value) : remote;
  if (!endpoint.ok) return endpoint;
  const { domain, peer } = endpoint.value;
  const socket = new SecureSocket(endpoint.value, { role: 'client', settings: settings.value });
  const descriptor = new SecureDescriptor(socket);
  if (isFunction(last)) {
    const client = objects.open(descriptor);
    socket.begin();
    const { fd } = objects.of(client, 'createClient');
    whenConnected(task, descriptor, fd, () => task.call(last, undefined, client, peer && sockaddrOf(domain, peer)));
    return ok(client);
  }
  const errno = yield* socket.connection(WHAT, ticks.value);
  if (errno === 0) return ok(objects.open(descriptor));
  yield* socket.close();
  return error(errno === ERRNO.EAGAIN ? ERRNO.ETIMEDOUT : errno);
}

/** An endpoint on a free port that talks with one peer only. */
function* connectedEndpoint({ network }: DtlsObjects, remote: GivenAddress): Suspending<Result<UdpEndpoint>> {
  const { domain, ip, port } = remote;
  if (port === 0 || isAny(ip)) return error(ERRNO.EINVAL);
  // An IPv6 address of one's own may still be on its way to being found unique.
  if (!isV6(ip) && addressTowards(network.ip, ip) === null) return error(ERRNO.ENETUNREACH);
  const any = parseAddress(domain, domain === AF_INET6 ? '::' : '0.0.0.0');
  if (any === null) return error(ERRNO.EAFNOSUPPORT);
  const endpoint = new UdpEndpoint(network, domain, any);
  const errno = yield* network.bind(endpoint, 0);
  if (errno !== 0) return error(errno);
  endpoint.peer = { ip, port };
  return ok(endpoint);
}
