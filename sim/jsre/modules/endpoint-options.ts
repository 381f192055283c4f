import { ERRNO } from '../runtime/errno.ts';
import { AF_INET6 } from '../net/net-address.ts';
import type { UdpEndpoint } from '../net/udp-endpoint.ts';
import { booleanOf, integerOf, optional, stringOf } from './arguments.ts';

const SMALLEST_BUFFER = 1024;
const LARGEST_BUFFER = 16 * 1024 * 1024;
const LARGEST_TTL = 255;

/** Binds an endpoint to one interface, or to all where none is named; gives an error number. */
export function bindToDevice(what: string, endpoint: UdpEndpoint, ifname: unknown): number {
  const name = optional(`${what}: ifname`, ifname, stringOf);
  const index = name === undefined ? null : endpoint.network.interfaceIndex(name);
  if (name !== undefined && index === null) return ERRNO.ENODEV;
  endpoint.options.device = index;
  return 0;
}

/** Sets the time to live of what is sent; gives an error number. */
export function setTTL(what: string, endpoint: UdpEndpoint, timeToLive: unknown): number {
  const ttl = integerOf(`${what}: timeToLive`, timeToLive);
  if (ttl < 0 || ttl > LARGEST_TTL) return ERRNO.EINVAL;
  endpoint.options.ttl = ttl;
  return 0;
}

/** Keeps IPv4 away from an IPv6 endpoint, or lets it in; gives an error number. */
export function setIPv6Only(what: string, endpoint: UdpEndpoint, enable: unknown): number {
  const only = booleanOf(`${what}: enable`, enable);
  if (endpoint.domain !== AF_INET6) return ERRNO.EINVAL;
  endpoint.options.ipv6Only = only;
  return 0;
}

/** Sets the size of a buffer, from 1 KiB to 16 MiB; gives an error number. */
export function setBufferSize(
  what: string,
  endpoint: UdpEndpoint,
  which: 'recvBufferSize' | 'sendBufferSize',
  size: unknown,
): number {
  const bytes = integerOf(`${what}: size`, size);
  if (bytes < SMALLEST_BUFFER || bytes > LARGEST_BUFFER) return ERRNO.EINVAL;
  endpoint.options[which] = bytes;
  return 0;
}
