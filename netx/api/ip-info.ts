import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_CALLER_ERROR, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { isIp, mayCreate } from './checks.ts';
import { locked } from './ip-locked.ts';

/**
 * What an instance has counted since it was created (C: `nx_ip_info_get`); every out-parameter may be NULL. Bytes are those
 * of payloads: without the IP headers.
 *
 * @param ip_receive_packets_dropped - invalid packets among them, and of those the ones with a wrong header checksum
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs
 */
export function nx_ip_info_get(
  ip_ptr: NX_IP | null,
  ip_total_packets_sent: Out<ULONG> | null,
  ip_total_bytes_sent: Out<ULONG> | null,
  ip_total_packets_received: Out<ULONG> | null,
  ip_total_bytes_received: Out<ULONG> | null,
  ip_invalid_packets: Out<ULONG> | null,
  ip_receive_packets_dropped: Out<ULONG> | null,
  ip_receive_checksum_errors: Out<ULONG> | null,
  ip_send_packets_dropped: Out<ULONG> | null,
  ip_total_fragments_sent: Out<ULONG> | null,
  ip_total_fragments_received: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_ip_info_get');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  return locked(kernel, ip_ptr, () => {
    put(ip_total_packets_sent, ip_ptr.nx_ip_total_packets_sent);
    put(ip_total_bytes_sent, ip_ptr.nx_ip_total_bytes_sent);
    put(ip_total_packets_received, ip_ptr.nx_ip_total_packets_received);
    put(ip_total_bytes_received, ip_ptr.nx_ip_total_bytes_received);
    put(ip_invalid_packets, ip_ptr.nx_ip_invalid_packets);
    put(ip_receive_packets_dropped, ip_ptr.nx_ip_receive_packets_dropped);
    put(ip_receive_checksum_errors, ip_ptr.nx_ip_receive_checksum_errors);
    put(ip_send_packets_dropped, ip_ptr.nx_ip_send_packets_dropped);
    put(ip_total_fragments_sent, ip_ptr.nx_ip_total_fragments_sent);
    put(ip_total_fragments_received, ip_ptr.nx_ip_total_fragments_received);
    return NX_SUCCESS;
  });
}

function put(into: Out<ULONG> | null, count: number): void {
  if (into !== null) into.value = count;
}
