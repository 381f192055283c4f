import { enter } from '../../kernel/caller-context.ts';
import { flagMacro } from '../../kernel/config.ts';
import type { CHAR, UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_INVALID_PARAMETERS, NX_NOT_SUPPORTED, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import type { NX_PACKET } from '../packet.ts';
import { NX_PACKET_ALLOCATED, NX_PACKET_ENQUEUED } from '../packet-marks.ts';
import { isPool, type NX_PACKET_POOL } from '../packet-pool.ts';

/** The mark of a packet as the word it is on the target. */
function statusOf(packet: NX_PACKET): ULONG {
  const { nx_packet_tcp_queue_next: mark } = packet.nx_packet_union_next;
  return typeof mark === 'number' ? mark : NX_PACKET_ENQUEUED;
}

/**
 * Who dealt with a packet of a pool last (C: `nx_packet_debug_info_get`). Every out-parameter may be NULL. In C file and
 * line are those of NetX's own sources; here they are the firmware's: where it called the service.
 *
 * @param packet_index - from 0 on, in the order of the packets in the pool's memory
 * @param packet_status - receives `NX_PACKET_FREE`, `NX_PACKET_ALLOCATED` or `NX_PACKET_ENQUEUED`
 * @param thread_info - receives the name of the thread, or `ISR`
 * @param file_info - receives the file, or the queue in which the packet waits, such as `NX_PACKET_UDP_RECEIVE_QUEUE`
 * @param line - receives the line, or 0
 * @returns `NX_SUCCESS`; `NX_NOT_SUPPORTED` unless the device has `NX_ENABLE_PACKET_DEBUG_INFO` (C does not link then);
 *   `NX_PTR_ERROR`; `NX_INVALID_PARAMETERS` for an index behind the last packet, which C does not check
 */
export function nx_packet_debug_info_get(
  pool_ptr: NX_PACKET_POOL | null,
  packet_index: UINT,
  packet_pptr: Out<NX_PACKET> | null,
  packet_status: Out<ULONG> | null,
  thread_info: Out<CHAR> | null,
  file_info: Out<CHAR> | null,
  line: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_packet_debug_info_get');
  if (!flagMacro(kernel.macros, 'NX_ENABLE_PACKET_DEBUG_INFO')) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isPool(pool_ptr)) return kernel.finish(NX_PTR_ERROR);
  const packet = pool_ptr.packets[packet_index];
  if (packet === undefined) return kernel.finish(NX_INVALID_PARAMETERS);
  const status = statusOf(packet);
  const last = status === NX_PACKET_ALLOCATED && packet.release.service === '' ? packet.allocation : packet.release;
  const [, file = '', lineNumber = '0'] = /^(.*):(\d+)$/.exec(last.site?.text ?? '') ?? [];
  if (packet_pptr !== null) packet_pptr.value = packet;
  if (packet_status !== null) packet_status.value = status;
  if (thread_info !== null) thread_info.value = last.thread === 'isr' || last.thread === 'init' ? 'ISR' : last.thread;
  if (file_info !== null) file_info.value = packet.queuedIn ?? file;
  if (line !== null) line.value = packet.queuedIn === null ? Number(lineNumber) : 0;
  return kernel.finish(NX_SUCCESS);
}
