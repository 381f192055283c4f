import { ListenerDescriptor } from '../../net/descriptors.ts';
import { SecureListener } from '../../net/secure-listener.ts';
import { UdpEndpoint } from '../../net/udp-endpoint.ts';
import type { Suspending } from '../../runtime/native.ts';
import { error, ok, sockaddrArgument, type Result } from '../arguments.ts';
import type { DtlsObjects } from './dtls-objects.ts';
import { serverOptions } from './options.ts';

/** `Dtls.createServer(opt, sockaddr)`: a server, or undefined and an error number. */
export function* createServer(objects: DtlsObjects, opt: unknown, sockaddr: unknown): Suspending<Result<object>> {
  const { task, network } = objects;
  const settings = serverOptions(task.process, 'Dtls.createServer: opt', opt);
  const local = sockaddrArgument('Dtls.createServer: sockaddr', sockaddr);
  if (!settings.ok) return settings;
  if (!local.ok) return local;
  const { domain, ip, port } = local.value;
  const endpoint = new UdpEndpoint(network, domain, ip);
  const errno = yield* network.bind(endpoint, port);
  if (errno !== 0) return error(errno);
  const { name } = settings.value;
  // The last server of a name is the one that other tasks find.
  if (name !== null) network.servers.set(name, settings.value);
  return ok(objects.open(new ListenerDescriptor(new SecureListener(endpoint, settings.value))));
}
