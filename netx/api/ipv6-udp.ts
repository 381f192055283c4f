import type { Kernel } from '../../kernel/kernel.ts';
import { compound, type Op } from '../../kernel/op.ts';
import type { UINT } from '../../kernel/constants.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_PORT,
  NX_IP_ADDRESS_ERROR,
  NX_NOT_BOUND,
  NX_NOT_ENABLED,
  NX_NOT_SUPPORTED,
  NX_PTR_ERROR,
} from '../constants.ts';
import { isUnspecified } from '../ipv6/address.ts';
import { ipv6Of } from '../ipv6/ipv6.ts';
import { udpSend6 } from '../ipv6/udp-send.ts';
import type { NX_PACKET } from '../packet.ts';
import type { NX_UDP_SOCKET } from '../udp-socket.ts';
import type { Ipv6Address } from '../wire/ipv6.ts';
import { isWithoutIpv6 } from './ipv6.ts';
import { instanceOf } from './udp.ts';

/** The checks of a send to an IPv6 address, in NetX Duo's order, and the send. */
export function send6(
  kernel: Kernel,
  socket: NX_UDP_SOCKET | null,
  packet: NX_PACKET | null,
  address: Ipv6Address,
  port: UINT,
): Op<UINT> {
  const ip = instanceOf(socket);
  if (socket === null || ip === null || packet === null || packet.holder === 'free') return kernel.finish(NX_PTR_ERROR);
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (isUnspecified(address)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (port === 0 || port > 0xffff) return kernel.finish(NX_INVALID_PORT);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (!socket.isBound) return kernel.finish(NX_NOT_BOUND);
  return compound(kernel.op, udpSend6(kernel, socket, ipv6Of(kernel, ip), packet, address, port, null));
}
