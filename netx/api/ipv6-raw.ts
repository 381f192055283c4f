import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op, Suspension } from '../../kernel/op.ts';
import {
  NX_CALLER_ERROR,
  NX_INVALID_INTERFACE,
  NX_INVALID_PARAMETERS,
  NX_IP_ADDRESS_ERROR,
  NX_NOT_SUPPORTED,
  NX_NO_INTERFACE_ADDRESS,
  NX_OVERFLOW,
  NX_SUCCESS,
  NX_UNDERFLOW,
} from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { isUnspecified } from '../ipv6/address.ts';
import { ipv6Of } from '../ipv6/ipv6.ts';
import { ipv6Send } from '../ipv6/ipv6-send.ts';
import { sourceFor } from '../ipv6/source-address.ts';
import type { NX_PACKET } from '../packet.ts';
import { passTo } from '../packet-pool.ts';
import { IPV6_HEADER, type Ipv6Address } from '../wire/ipv6.ts';
import { locked } from './ip-locked.ts';
import { isWithoutIpv6 } from './ipv6.ts';

/** What the firmware decides of a raw packet's header. */
export interface RawHeader6 {
  readonly destination: Ipv6Address;
  /** Place of the source in the table of addresses; null for the address that suits the destination. */
  readonly index: UINT | null;
  readonly nextHeader: ULONG;
  readonly hopLimit: UINT;
  readonly trafficClass: ULONG;
}

/** The IPv6 half of `nxd_ip_raw_packet_send` and `nxd_ip_raw_packet_source_send`: their further checks, and the send. */
export function rawSend6(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, header: RawHeader6): Op<UINT> {
  const { destination, index, nextHeader } = header;
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if ((nextHeader & 0xff) !== nextHeader) return kernel.finish(NX_INVALID_PARAMETERS);
  if (isUnspecified(destination)) return kernel.finish(NX_IP_ADDRESS_ERROR);
  if (packet.nx_packet_prepend_ptr - IPV6_HEADER < packet.nx_packet_data_start) return kernel.finish(NX_UNDERFLOW);
  if (packet.nx_packet_append_ptr > packet.nx_packet_data_end) return kernel.finish(NX_OVERFLOW);
  if (kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const ip6 = ipv6Of(kernel, ip);
  const given = index === null ? null : ip6.addresses[index];
  if (given !== null && given?.nxd_ipv6_address_valid !== 1) return kernel.finish(NX_INVALID_INTERFACE);
  const own = ip6.enabled ? (given ?? sourceFor(ip6, destination)) : null;
  const networkInterface = own?.nxd_ipv6_address_attached ?? null;
  if (own === null || networkInterface === null) return kernel.finish(NX_NO_INTERFACE_ADDRESS);
  return locked(kernel, ip, function* (): Generator<Suspension, number, unknown> {
    passTo(packet, 'stack');
    const pending = ipv6Send(ip6, packet, {
      networkInterface,
      source: own.nxd_ipv6_address,
      destination: destination.slice(),
      nextHeader,
      hopLimit: header.hopLimit & 0xff,
      trafficClass: header.trafficClass & 0xff,
      dontFragment: false,
    });
    if (pending !== null) yield* pending;
    return NX_SUCCESS;
  });
}
