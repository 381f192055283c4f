import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_CALLER_ERROR, NX_NOT_ENABLED, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { Ipv4Reassembly } from '../ipv4-reassembly.ts';
import { isIp, mayCreate } from './checks.ts';
import { locked } from './ip-locked.ts';

/**
 * Makes the instance a router: packets for others go on by the interface of their route (C: `nx_ip_forwarding_enable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from ISRs
 */
export function nx_ip_forwarding_enable(ip_ptr: NX_IP | null): Op<UINT> {
  return setForwarding(enter('nx_ip_forwarding_enable'), ip_ptr, true);
}

/**
 * Makes the instance a host again: packets for others are dropped (C: `nx_ip_forwarding_disable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from ISRs
 */
export function nx_ip_forwarding_disable(ip_ptr: NX_IP | null): Op<UINT> {
  return setForwarding(enter('nx_ip_forwarding_disable'), ip_ptr, false);
}

function setForwarding(kernel: Kernel, ip: NX_IP | null, forwarding: boolean): Op<UINT> {
  if (!isIp(ip)) return kernel.finish(NX_PTR_ERROR);
  if (kernel.context === 'isr') return kernel.finish(NX_CALLER_ERROR);
  ip.forwarding = forwarding;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Lets packets that are longer than a link takes be sent in fragments, and received ones be put together (C:
 * `nx_ip_fragment_enable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs; `NX_NOT_ENABLED` on a device with
 *   `NX_DISABLE_FRAGMENTATION`
 */
export function nx_ip_fragment_enable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_ip_fragment_enable');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  if (!ip_ptr.config.fragmentation) return kernel.finish(NX_NOT_ENABLED);
  ip_ptr.reassembly ??= new Ipv4Reassembly(kernel, ip_ptr);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Neither sends nor takes fragments any more; those that wait for others are released (C: `nx_ip_fragment_disable`).
 *
 * @returns as `nx_ip_fragment_enable`
 */
export function nx_ip_fragment_disable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_ip_fragment_disable');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  if (!ip_ptr.config.fragmentation) return kernel.finish(NX_NOT_ENABLED);
  return locked(kernel, ip_ptr, () => {
    ip_ptr.reassembly?.stop();
    ip_ptr.ipv6?.reassembly.clear();
    ip_ptr.reassembly = null;
    return NX_SUCCESS;
  });
}
