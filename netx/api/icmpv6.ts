import { enter } from '../../kernel/caller-context.ts';
import type { CHAR, UINT, ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { compound, type Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_INTERFACE,
  NX_IP_ADDRESS_ERROR,
  NX_IP_VERSION_V4,
  NX_IP_VERSION_V6,
  NX_NO_INTERFACE_ADDRESS,
  NX_NOT_ENABLED,
  NX_NOT_SUPPORTED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import { icmpModule } from '../icmpv4.ts';
import { icmpv4InterfacePing } from '../icmpv4-ping.ts';
import type { NX_INTERFACE } from '../interface.ts';
import { physicalInterface } from '../ip-interfaces.ts';
import { countSeconds } from '../ip-seconds.ts';
import type { NX_IP } from '../ip.ts';
import { route } from '../ipv4-route.ts';
import { ping6 } from '../ipv6/echo.ts';
import { ipv6Of, type Ipv6 } from '../ipv6/ipv6.ts';
import type { NXD_IPV6_ADDRESS } from '../ipv6/nxd-ipv6-address.ts';
import { sourceFor } from '../ipv6/source-address.ts';
import type { NXD_ADDRESS } from '../nxd-address.ts';
import type { NX_PACKET } from '../packet.ts';
import { isIp, mayCreate } from './checks.ts';
import { isWithoutIpv6 } from './ipv6.ts';

/**
 * Turns ICMP on for both versions of IP, and with it neighbor discovery (C: `nxd_icmp_enable`).
 *
 * @returns `NX_SUCCESS`, also where it was on; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nxd_icmp_enable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nxd_icmp_enable');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  ip_ptr.icmp ??= icmpModule(kernel, ip_ptr);
  if (!isWithoutIpv6(kernel)) ipv6Of(kernel, ip_ptr).icmpEnabled = true;
  countSeconds(kernel, ip_ptr);
  return kernel.finish(NX_SUCCESS);
}

/** The bytes of a request's data. C takes any pointer; here it is a buffer, or a text as it stands in a program. */
function dataOf(data: Uint8Array | CHAR | null, size: ULONG): Uint8Array {
  const bytes = new Uint8Array(size);
  const given = typeof data === 'string' ? Uint8Array.from(data, (one) => one.charCodeAt(0)) : data;
  if (given !== null) bytes.set(given.subarray(0, size));
  return bytes;
}

/** The ping of an IPv4 address, by whichever interface leads there, or by a given one. */
function ping4(
  kernel: Kernel,
  ip: NX_IP,
  only: NX_INTERFACE | null,
  { nxd_ip_address: { v4 } }: NXD_ADDRESS,
  data: Uint8Array,
  response: Out<NX_PACKET>,
  waitOption: ULONG,
): Op<UINT> {
  if (v4 === 0) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (!ip.icmpEnabled) return kernel.finish(NX_NOT_ENABLED);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const way = route(ip, v4, only);
  if (way === null) return kernel.finish(NX_IP_ADDRESS_ERROR);
  const { networkInterface, nextHop } = way;
  const { length } = data;
  const work = icmpv4InterfacePing(kernel, ip, v4, networkInterface, nextHop, data, length, response, waitOption);
  return compound(kernel.op, work);
}

function ping(
  kernel: Kernel,
  ip6: Ipv6,
  from: NXD_IPV6_ADDRESS | null,
  address: NXD_ADDRESS,
  data: Uint8Array,
  response: Out<NX_PACKET>,
  waitOption: ULONG,
): Op<UINT> {
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const destination = address.nxd_ip_address.v6.slice();
  const source = from ?? sourceFor(ip6, destination);
  if (source === null) return kernel.finish(NX_NO_INTERFACE_ADDRESS);
  return compound(kernel.op, ping6(kernel, ip6, source, destination, data, response, waitOption));
}

/**
 * Sends an echo request to an address of either version and waits for the reply (C: `nxd_icmp_ping`).
 *
 * @param response_ptr - receives the reply, without its ICMP header; the caller owns it
 * @param wait_option - how long to wait for the reply, in ticks
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for NULL or an address of no version; `NX_NOT_ENABLED`;
 *   `NX_CALLER_ERROR` unless called from a thread; `NX_NO_INTERFACE_ADDRESS` where no address can be sent from;
 *   `NX_NO_PACKET`; `NX_OVERFLOW` for more data than a packet can have; `NX_NO_RESPONSE`; `NX_WAIT_ABORTED`
 */
export function nxd_icmp_ping(
  ip_ptr: NX_IP | null,
  ip_address: NXD_ADDRESS | null,
  data_ptr: Uint8Array | CHAR | null,
  data_size: ULONG,
  response_ptr: Out<NX_PACKET> | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter('nxd_icmp_ping');
  if (!isIp(ip_ptr) || response_ptr === null) return kernel.finish(NX_PTR_ERROR);
  if (ip_address === null || !isOfSomeVersion(ip_address)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (ip_address.nxd_ip_version === NX_IP_VERSION_V4) {
    return ping4(kernel, ip_ptr, null, ip_address, dataOf(data_ptr, data_size), response_ptr, wait_option);
  }
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  const ip6 = ipv6Of(kernel, ip_ptr);
  if (!ip6.icmpEnabled || !ip6.enabled) return kernel.finish(NX_NOT_ENABLED);
  return ping(kernel, ip6, null, ip_address, dataOf(data_ptr, data_size), response_ptr, wait_option);
}

const isOfSomeVersion = ({ nxd_ip_version: version }: NXD_ADDRESS): boolean =>
  version === NX_IP_VERSION_V4 || version === NX_IP_VERSION_V6;

function pingFrom(
  service: string,
  ip_ptr: NX_IP | null,
  ip_address: NXD_ADDRESS | null,
  address_index: UINT,
  data: Uint8Array | CHAR | null,
  size: ULONG,
  response: Out<NX_PACKET> | null,
  wait_option: ULONG,
): Op<UINT> {
  const kernel = enter(service);
  if (!isIp(ip_ptr) || response === null) return kernel.finish(NX_PTR_ERROR);
  if (ip_address === null || !isOfSomeVersion(ip_address)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (ip_address.nxd_ip_version === NX_IP_VERSION_V4) {
    const one = physicalInterface(ip_ptr, address_index);
    if (one === null) return kernel.finish(NX_INVALID_INTERFACE);
    return ping4(kernel, ip_ptr, one, ip_address, dataOf(data, size), response, wait_option);
  }
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  const ip6 = ipv6Of(kernel, ip_ptr);
  const from = ip6.addresses[address_index];
  if (from?.nxd_ipv6_address_valid !== 1) return kernel.finish(NX_INVALID_INTERFACE);
  if (!ip6.icmpEnabled || !ip6.enabled) return kernel.finish(NX_NOT_ENABLED);
  return ping(kernel, ip6, from, ip_address, dataOf(data, size), response, wait_option);
}

/**
 * Sends an echo request from one of this host's addresses and waits for the reply (C: `nxd_icmp_source_ping`).
 *
 * @param address_index - the place in the table of addresses; for IPv4 the index of the interface
 * @returns as {@link nxd_icmp_ping}; `NX_INVALID_INTERFACE` for a place that is empty or does not exist
 */
export function nxd_icmp_source_ping(
  ip_ptr: NX_IP | null,
  ip_address: NXD_ADDRESS | null,
  address_index: UINT,
  data_ptr: Uint8Array | CHAR | null,
  data_size: ULONG,
  response_ptr: Out<NX_PACKET> | null,
  wait_option: ULONG,
): Op<UINT> {
  const service = 'nxd_icmp_source_ping';
  return pingFrom(service, ip_ptr, ip_address, address_index, data_ptr, data_size, response_ptr, wait_option);
}

/**
 * The older name of {@link nxd_icmp_source_ping} (C: `nxd_icmp_interface_ping`).
 *
 * @returns as {@link nxd_icmp_source_ping}
 */
export function nxd_icmp_interface_ping(
  ip_ptr: NX_IP | null,
  ip_address: NXD_ADDRESS | null,
  address_index: UINT,
  data_ptr: Uint8Array | CHAR | null,
  data_size: ULONG,
  response_ptr: Out<NX_PACKET> | null,
  wait_option: ULONG,
): Op<UINT> {
  const service = 'nxd_icmp_interface_ping';
  return pingFrom(service, ip_ptr, ip_address, address_index, data_ptr, data_size, response_ptr, wait_option);
}
