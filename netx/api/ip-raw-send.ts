import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op, Suspension } from '../../kernel/op.ts';
import {
  NX_CALLER_ERROR,
  NX_FRAGMENT_OKAY,
  NX_INVALID_INTERFACE,
  NX_INVALID_PARAMETERS,
  NX_IP_ADDRESS_ERROR,
  NX_IP_TIME_TO_LIVE,
  NX_IP_TOS_MASK,
  NX_IP_VERSION_V4,
  NX_IP_VERSION_V6,
  NX_NOT_ENABLED,
  NX_OPTION_ERROR,
  NX_OVERFLOW,
  NX_PTR_ERROR,
  NX_SUCCESS,
  NX_UNDERFLOW,
} from '../constants.ts';
import { NX_IP_RAW } from '../constants-ip.ts';
import type { NX_INTERFACE } from '../interface.ts';
import type { NX_IP } from '../ip.ts';
import { dropSent } from '../ipv4-output.ts';
import { route } from '../ipv4-route.ts';
import { ipv4Send, type Ipv4Options } from '../ipv4-send.ts';
import type { NXD_ADDRESS } from '../nxd-address.ts';
import type { NX_PACKET } from '../packet.ts';
import { passTo } from '../packet-pool.ts';
import { IPV4_HEADER } from '../wire/ipv4.ts';
import { isIp } from './checks.ts';
import { locked } from './ip-locked.ts';
import { rawSend6 } from './ipv6-raw.ts';

/** What the header of a raw packet says. */
interface RawHeader {
  readonly destination: ULONG;
  readonly options: Ipv4Options;
}

/** The options of packets that the older services send: protocol 255, and the type of service where C has it. */
const plain = (typeOfService: ULONG): Ipv4Options => ({
  tos: (typeOfService >>> 16) & 0xff,
  ttl: NX_IP_TIME_TO_LIVE,
  fragment: NX_FRAGMENT_OKAY,
  protocol: NX_IP_RAW >>> 16,
});

/** No room for the header, or a packet that ends beyond its payload; `NX_SUCCESS` where neither is so. */
function roomStatus(packet: NX_PACKET): number {
  if (packet.nx_packet_prepend_ptr - IPV4_HEADER < packet.nx_packet_data_start) return NX_UNDERFLOW;
  return packet.nx_packet_append_ptr > packet.nx_packet_data_end ? NX_OVERFLOW : NX_SUCCESS;
}

/**
 * Sends a raw packet by an interface, or by whichever has a route. Where there is none, the packet is given up if the
 * service hands it over for good (`always`), and stays the caller's if not.
 */
function send(
  kernel: Kernel,
  ip: NX_IP,
  packet: NX_PACKET,
  { destination, options }: RawHeader,
  from: NX_INTERFACE | null,
  always: boolean,
): Op<UINT> {
  return locked(kernel, ip, function* (): Generator<Suspension, number, unknown> {
    const way = route(ip, destination, from);
    if (way === null && !always) return NX_IP_ADDRESS_ERROR;
    passTo(packet, 'stack');
    if (way === null) {
      ip.nx_ip_transmit_no_route_errors++;
      dropSent(kernel, ip, packet, 'no-route');
      return NX_SUCCESS;
    }
    const source = (from ?? way.networkInterface).nx_interface_ip_address;
    const pending = ipv4Send(kernel, ip, packet, way, source, destination, options);
    if (pending !== null) yield* pending;
    return NX_SUCCESS;
  });
}

/**
 * Sends a packet as it is behind an IP header of protocol 255 (C: `nx_ip_raw_packet_send`). On success the stack owns the
 * packet.
 *
 * @param type_of_service - `NX_IP_NORMAL`, `NX_IP_MIN_DELAY` and the like
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`, also for a packet that was released; `NX_NOT_ENABLED`; `NX_IP_ADDRESS_ERROR` for
 *   address 0 or one to which there is no way; `NX_OPTION_ERROR`; `NX_UNDERFLOW` where the packet has no room for the header;
 *   `NX_OVERFLOW`; `NX_CALLER_ERROR` unless called from a thread
 */
export function nx_ip_raw_packet_send(
  ip_ptr: NX_IP | null,
  packet_ptr: NX_PACKET | null,
  destination_ip: ULONG,
  type_of_service: ULONG,
): Op<UINT> {
  const kernel = enter('nx_ip_raw_packet_send');
  if (!isIp(ip_ptr) || packet_ptr === null || packet_ptr.holder === 'free') return kernel.finish(NX_PTR_ERROR);
  const status = plainStatus(ip_ptr, packet_ptr, destination_ip, type_of_service);
  if (status !== NX_SUCCESS) return kernel.finish(status);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const header = { destination: destination_ip, options: plain(type_of_service) };
  return send(kernel, ip_ptr, packet_ptr, header, null, false);
}

/** The checks that both older services have in common, in C's order. */
function plainStatus(ip: NX_IP, packet: NX_PACKET, destination: ULONG, typeOfService: ULONG): number {
  if (!ip.rawEnabled) return NX_NOT_ENABLED;
  if (destination === 0) return NX_IP_ADDRESS_ERROR;
  if ((typeOfService & ~NX_IP_TOS_MASK) !== 0) return NX_OPTION_ERROR;
  return roomStatus(packet);
}

/**
 * As `nx_ip_raw_packet_send`, by an interface of the caller's choice (C: `nx_ip_raw_packet_source_send`).
 *
 * @param address_index - the interface whose address is the source
 * @returns as `nx_ip_raw_packet_send`; `NX_INVALID_INTERFACE`; and `NX_SUCCESS` too where there is no way there by that
 *   interface: the packet is dropped and counted
 */
export function nx_ip_raw_packet_source_send(
  ip_ptr: NX_IP | null,
  packet_ptr: NX_PACKET | null,
  destination_ip: ULONG,
  address_index: UINT,
  type_of_service: ULONG,
): Op<UINT> {
  const kernel = enter('nx_ip_raw_packet_source_send');
  if (!isIp(ip_ptr) || packet_ptr === null || packet_ptr.holder === 'free') return kernel.finish(NX_PTR_ERROR);
  const status = plainStatus(ip_ptr, packet_ptr, destination_ip, type_of_service);
  if (status !== NX_SUCCESS) return kernel.finish(status);
  const from = ip_ptr.nx_ip_interface[address_index];
  if (from === undefined || from.nx_interface_valid === 0) return kernel.finish(NX_INVALID_INTERFACE);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const header = { destination: destination_ip, options: plain(type_of_service) };
  return send(kernel, ip_ptr, packet_ptr, header, from, true);
}

/**
 * Sends a packet as it is behind an IP header of any protocol, by the first interface (C: `nxd_ip_raw_packet_send`).
 *
 * @param protocol - 0 to 255
 * @param tos - the type of service as it stands in the header, 0 to 255
 * @returns `NX_SUCCESS`, also where there is no way there: the packet is dropped and counted, as in C; `NX_PTR_ERROR`;
 *   `NX_NOT_ENABLED`; `NX_IP_ADDRESS_ERROR`; `NX_INVALID_PARAMETERS` for a bad protocol; `NX_UNDERFLOW`; `NX_OVERFLOW`;
 *   `NX_CALLER_ERROR` unless called from a thread; `NX_NO_INTERFACE_ADDRESS` where no IPv6 address can be sent from
 */
export function nxd_ip_raw_packet_send(
  ip_ptr: NX_IP | null,
  packet_ptr: NX_PACKET | null,
  destination_ip: NXD_ADDRESS | null,
  protocol: ULONG,
  ttl: UINT,
  tos: ULONG,
): Op<UINT> {
  const kernel = enter('nxd_ip_raw_packet_send');
  if (!isIp(ip_ptr) || packet_ptr === null || packet_ptr.holder === 'free') return kernel.finish(NX_PTR_ERROR);
  if (!ip_ptr.rawEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (destination_ip?.nxd_ip_version === NX_IP_VERSION_V6) {
    const { v6: destination } = destination_ip.nxd_ip_address;
    const header = { destination, index: null, nextHeader: protocol, hopLimit: ttl, trafficClass: tos };
    return rawSend6(kernel, ip_ptr, packet_ptr, header);
  }
  if (destination_ip?.nxd_ip_version !== NX_IP_VERSION_V4) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if ((protocol & 0xff) !== protocol) return kernel.finish(NX_INVALID_PARAMETERS);
  const room = roomStatus(packet_ptr);
  if (room === NX_UNDERFLOW) return kernel.finish(room);
  if (destination_ip.nxd_ip_address.v4 === 0) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (room !== NX_SUCCESS) return kernel.finish(room);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const [first] = ip_ptr.nx_ip_interface;
  const header = anyProtocol(destination_ip, protocol, ttl, tos);
  return send(kernel, ip_ptr, packet_ptr, header, first ?? null, true);
}

/**
 * As `nxd_ip_raw_packet_send`, by an interface of the caller's choice, or from an IPv6 address by its place in the table (C:
 * `nxd_ip_raw_packet_source_send`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED`; `NX_IP_ADDRESS_ERROR`; `NX_INVALID_INTERFACE`; `NX_UNDERFLOW`;
 *   `NX_OVERFLOW`; `NX_CALLER_ERROR` unless called from a thread
 */
export function nxd_ip_raw_packet_source_send(
  ip_ptr: NX_IP | null,
  packet_ptr: NX_PACKET | null,
  destination_ip: NXD_ADDRESS | null,
  address_index: UINT,
  protocol: ULONG,
  ttl: UINT,
  tos: ULONG,
): Op<UINT> {
  const kernel = enter('nxd_ip_raw_packet_source_send');
  if (!isIp(ip_ptr) || packet_ptr === null || packet_ptr.holder === 'free' || destination_ip === null) {
    return kernel.finish(NX_PTR_ERROR);
  }
  if (!ip_ptr.rawEnabled) return kernel.finish(NX_NOT_ENABLED);
  const { nxd_ip_version: version, nxd_ip_address: address } = destination_ip;
  if (version === NX_IP_VERSION_V6) {
    const { v6: destination } = address;
    const header = { destination, index: address_index, nextHeader: protocol, hopLimit: ttl, trafficClass: tos };
    return rawSend6(kernel, ip_ptr, packet_ptr, header);
  }
  if (version !== NX_IP_VERSION_V4 || address.v4 === 0) return kernel.finish(NX_IP_ADDRESS_ERROR);
  const from = ip_ptr.nx_ip_interface[address_index];
  if (from === undefined || from.nx_interface_valid === 0) return kernel.finish(NX_INVALID_INTERFACE);
  const room = roomStatus(packet_ptr);
  if (room !== NX_SUCCESS) return kernel.finish(room);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  return send(kernel, ip_ptr, packet_ptr, anyProtocol(destination_ip, protocol, ttl, tos), from, true);
}

function anyProtocol({ nxd_ip_address: { v4 } }: NXD_ADDRESS, protocol: ULONG, ttl: UINT, tos: ULONG): RawHeader {
  const options = { tos: tos & 0xff, ttl: ttl & 0xff, fragment: NX_FRAGMENT_OKAY, protocol: protocol & 0xff };
  return { destination: v4, options };
}
