import type { Kernel } from '../../kernel/kernel.ts';
import { compound, type Op } from '../../kernel/op.ts';
import type { UINT } from '../../kernel/constants.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_INTERFACE,
  NX_INVALID_PORT,
  NX_IP_ADDRESS_ERROR,
  NX_NOT_BOUND,
  NX_NOT_ENABLED,
  NX_NOT_SUPPORTED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { isUnspecified } from '../ipv6/address.ts';
import { ipv6Of } from '../ipv6/ipv6.ts';
import { udpSend6 } from '../ipv6/udp-send.ts';
import type { NX_PACKET } from '../packet.ts';
import type { NX_UDP_SOCKET } from '../udp-socket.ts';
import { ETHERNET_HEADER } from '../wire/ethernet.ts';
import { IPV6_HEADER, type Ipv6Address } from '../wire/ipv6.ts';
import { UDP_HEADER } from '../wire/udp.ts';
import { isWithoutIpv6 } from './ipv6.ts';
import { isSendable, roomStatus } from './udp-checks.ts';
import { instanceOf } from './udp.ts';

/** Room that the headers of a datagram need before its payload, that of the link included. */
const IPV6_DATAGRAM_HEADERS = UDP_HEADER + IPV6_HEADER + ETHERNET_HEADER;

/** The checks of a send to an IPv6 address, in NetX Duo's order, and the send. */
export function send6(
  kernel: Kernel,
  socket: NX_UDP_SOCKET | null,
  packet: NX_PACKET | null,
  address: Ipv6Address,
  port: UINT,
): Op<UINT> {
  const ip = instanceOf(socket);
  if (socket === null || ip === null || packet === null || !isSendable(kernel, packet))
    return kernel.finish(NX_PTR_ERROR);
  if (!ip.udpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (isUnspecified(address)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (port > 0xffff) return kernel.finish(NX_INVALID_PORT);
  const room = roomStatus(kernel, ip, socket, packet, IPV6_DATAGRAM_HEADERS);
  if (room !== NX_SUCCESS) return kernel.finish(room);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (!socket.isBound) return kernel.finish(NX_NOT_BOUND);
  return compound(kernel.op, udpSend6(kernel, socket, ipv6Of(kernel, ip), packet, address, port, null));
}

/** The further checks of a send from one of the host's own addresses, by its place in the table, and the send. */
export function sourceSend6(
  kernel: Kernel,
  socket: NX_UDP_SOCKET,
  ip: NX_IP,
  packet: NX_PACKET,
  address: Ipv6Address,
  port: UINT,
  index: UINT,
): Op<UINT> {
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  const ip6 = ipv6Of(kernel, ip);
  const from = ip6.addresses[index];
  if (from?.nxd_ipv6_address_valid !== 1) return kernel.finish(NX_INVALID_INTERFACE);
  if (isUnspecified(address)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  const room = roomStatus(kernel, ip, socket, packet, IPV6_DATAGRAM_HEADERS);
  if (room !== NX_SUCCESS) return kernel.finish(room);
  if (port > 0xffff) return kernel.finish(NX_INVALID_PORT);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  if (!socket.isBound) return kernel.finish(NX_NOT_BOUND);
  return compound(kernel.op, udpSend6(kernel, socket, ip6, packet, address, port, from));
}
