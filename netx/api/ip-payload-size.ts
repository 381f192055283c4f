import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_INTERFACE,
  NX_IP_ADDRESS_ERROR,
  NX_IP_VERSION_V4,
  NX_IP_VERSION_V6,
  NX_IPv4_PACKET,
  NX_IPv6_PACKET,
  NX_NOT_SUPPORTED,
  NX_PHYSICAL_HEADER,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import { NX_PROTOCOL_TCP, NX_PROTOCOL_UDP } from '../constants-ip.ts';
import { physicalInterface } from '../ip-interfaces.ts';
import type { NX_IP } from '../ip.ts';
import type { NXD_ADDRESS } from '../nxd-address.ts';
import { isIp, mayCreate } from './checks.ts';

const TCP_HEADER = 20;
const UDP_HEADER = 8;

/** The MTU of an interface with an IPv4 address; null for any other. */
function mtuOf4(ip: NX_IP, index: UINT): number | null {
  const one = physicalInterface(ip, index);
  return one === null || one.nx_interface_ip_address === 0 ? null : one.nx_interface_ip_mtu_size;
}

/** The MTU of the link that an IPv6 address is on, by its place in the table; null where there is none. */
function mtuOf6({ ipv6 }: NX_IP, index: UINT): number | null {
  const own = ipv6?.addresses[index];
  const one = own?.nxd_ipv6_address_valid === 1 ? own.nxd_ipv6_address_attached : null;
  return ipv6 === null || one === null ? null : ipv6.linkMtu(one);
}

/**
 * The longest payload that goes out without fragments, and where in a packet it begins (C: `nx_ip_max_payload_size_find`).
 *
 * @param if_index - the interface that it goes out by; for IPv6 the place of the address that it is sent from
 * @param protocol - `NX_PROTOCOL_UDP` or `NX_PROTOCOL_TCP`
 * @param start_offset_ptr - receives the bytes that headers take before the payload; may be NULL
 * @param payload_length_ptr - receives the bytes of the longest payload; may be NULL
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_IP_ADDRESS_ERROR` for an address of neither version, or one of IPv6 where that is
 *   not enabled; `NX_NOT_SUPPORTED` for another protocol; `NX_CALLER_ERROR` from timers and ISRs; `NX_INVALID_INTERFACE`, also
 *   for one without an address
 */
export function nx_ip_max_payload_size_find(
  ip_ptr: NX_IP | null,
  dest_address: NXD_ADDRESS | null,
  if_index: UINT,
  _src_port: UINT,
  _dest_port: UINT,
  protocol: ULONG,
  start_offset_ptr: Out<ULONG> | null,
  payload_length_ptr: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_ip_max_payload_size_find');
  if (!isIp(ip_ptr) || dest_address === null) return kernel.finish(NX_PTR_ERROR);
  const { nxd_ip_version: version } = dest_address;
  if (version !== NX_IP_VERSION_V4 && version !== NX_IP_VERSION_V6) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (protocol !== NX_PROTOCOL_UDP && protocol !== NX_PROTOCOL_TCP) return kernel.finish(NX_NOT_SUPPORTED);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  if (version === NX_IP_VERSION_V6 && ip_ptr.ipv6?.enabled !== true) return kernel.finish(NX_IP_ADDRESS_ERROR);
  const mtu = version === NX_IP_VERSION_V6 ? mtuOf6(ip_ptr, if_index) : mtuOf4(ip_ptr, if_index);
  if (mtu === null) return kernel.finish(NX_INVALID_INTERFACE);
  const network = version === NX_IP_VERSION_V6 ? NX_IPv6_PACKET : NX_IPv4_PACKET;
  const offset = network + (protocol === NX_PROTOCOL_TCP ? TCP_HEADER : UDP_HEADER);
  if (start_offset_ptr !== null) start_offset_ptr.value = offset;
  if (payload_length_ptr !== null) {
    payload_length_ptr.value = mtu + NX_PHYSICAL_HEADER - offset;
  }
  return kernel.finish(NX_SUCCESS);
}
