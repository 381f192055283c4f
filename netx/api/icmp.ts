import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_ALREADY_ENABLED, NX_CALLER_ERROR, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { isIp } from './checks.ts';

/**
 * Turns ICMP on: echo requests are answered, and senders are told of ports that nobody has (C: `nx_icmp_enable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_ALREADY_ENABLED`; `NX_CALLER_ERROR` from ISRs
 */
export function nx_icmp_enable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_icmp_enable');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (ip_ptr.icmpEnabled) return kernel.finish(NX_ALREADY_ENABLED);
  if (kernel.context === 'isr') return kernel.finish(NX_CALLER_ERROR);
  ip_ptr.icmpEnabled = true;
  return kernel.finish(NX_SUCCESS);
}
