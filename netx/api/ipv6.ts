import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op, Suspension } from '../../kernel/op.ts';
import { NX_ALREADY_ENABLED, NX_CALLER_ERROR, NX_NOT_SUPPORTED, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { disable, enable } from '../ipv6/enable.ts';
import { ipv6Of } from '../ipv6/ipv6.ts';
import { lacksIpv6 } from '../ipv6/settings.ts';
import { isIp, mayCreate } from './checks.ts';
import { locked } from './ip-locked.ts';

/** Whether the calling device is built without IPv6 (`NX_DISABLE_IPV6`). */
export const isWithoutIpv6 = (kernel: Kernel): boolean => lacksIpv6(kernel.macros);

/**
 * Turns IPv6 on for an IP instance (C: `nxd_ipv6_enable`). It takes `nxd_icmp_enable` too for neighbors to be found.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_ALREADY_ENABLED`; `NX_CALLER_ERROR` from timers and ISRs;
 *   `NX_NOT_SUPPORTED` on a device with `NX_DISABLE_IPV6`
 */
export function nxd_ipv6_enable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nxd_ipv6_enable');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const ip6 = ipv6Of(kernel, ip_ptr);
  if (ip6.enabled) return kernel.finish(NX_ALREADY_ENABLED);
  const work = function* (): Generator<Suspension, number, unknown> {
    yield* enable(ip6);
    return NX_SUCCESS;
  };
  return locked(kernel, ip6.ip, work);
}

/**
 * Turns IPv6 and ICMPv6 off for an IP instance, and forgets its addresses, neighbors and routers (C: `nxd_ipv6_disable`).
 *
 * @returns `NX_SUCCESS`, also where it was off; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs;
 *   `NX_NOT_SUPPORTED` on a device with `NX_DISABLE_IPV6`
 */
export function nxd_ipv6_disable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nxd_ipv6_disable');
  if (isWithoutIpv6(kernel)) return kernel.finish(NX_NOT_SUPPORTED);
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const { ipv6: ip6 } = ip_ptr;
  if (ip6?.enabled !== true) return kernel.finish(NX_SUCCESS);
  const work = function* (): Generator<Suspension, number, unknown> {
    yield* disable(ip6);
    return NX_SUCCESS;
  };
  return locked(kernel, ip6.ip, work);
}
