import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import {
  NX_ALREADY_ENABLED,
  NX_CALLER_ERROR,
  NX_IP_ADDRESS_ERROR,
  NX_NOT_ENABLED,
  NX_PTR_ERROR,
  NX_SUCCESS,
} from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import { rarpModule } from '../rarp.ts';
import { countSeconds } from '../ip-seconds.ts';
import { physicalInterfaces } from '../ip-interfaces.ts';
import { isIp, mayCreate } from './checks.ts';

/**
 * Has every interface without an address ask for its own once a second, until a server answers (C: `nx_rarp_enable`). Unlike
 * in C it may be called before the IP thread has brought the interfaces up.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs; `NX_IP_ADDRESS_ERROR` where every interface
 *   has an address; `NX_ALREADY_ENABLED`
 */
export function nx_rarp_enable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_rarp_enable');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  if (physicalInterfaces(ip_ptr).every((one) => one.nx_interface_ip_address !== 0)) {
    return kernel.finish(NX_IP_ADDRESS_ERROR);
  }
  if (ip_ptr.rarp !== null) return kernel.finish(NX_ALREADY_ENABLED);
  ip_ptr.rarp = rarpModule(kernel, ip_ptr);
  countSeconds(kernel, ip_ptr);
  return kernel.finish(NX_SUCCESS);
}

/**
 * Ends the asking (C: `nx_rarp_disable`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` from timers and ISRs; `NX_NOT_ENABLED`, also once every interface
 *   has got its address
 */
export function nx_rarp_disable(ip_ptr: NX_IP | null): Op<UINT> {
  const kernel = enter('nx_rarp_disable');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  if (ip_ptr.rarp === null) return kernel.finish(NX_NOT_ENABLED);
  ip_ptr.rarp = null;
  return kernel.finish(NX_SUCCESS);
}

/**
 * What RARP has counted (C: `nx_rarp_info_get`); every out-parameter may be NULL.
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED` where it is off and no answer ever came; `NX_CALLER_ERROR` from
 *   timers and ISRs
 */
export function nx_rarp_info_get(
  ip_ptr: NX_IP | null,
  rarp_requests_sent: Out<ULONG> | null,
  rarp_responses_received: Out<ULONG> | null,
  rarp_invalid_messages: Out<ULONG> | null,
): Op<UINT> {
  const kernel = enter('nx_rarp_info_get');
  if (!isIp(ip_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (ip_ptr.rarp === null && ip_ptr.nx_ip_rarp_responses_received === 0) return kernel.finish(NX_NOT_ENABLED);
  if (!mayCreate(kernel)) return kernel.finish(NX_CALLER_ERROR);
  if (rarp_requests_sent !== null) rarp_requests_sent.value = ip_ptr.nx_ip_rarp_requests_sent;
  if (rarp_responses_received !== null) rarp_responses_received.value = ip_ptr.nx_ip_rarp_responses_received;
  if (rarp_invalid_messages !== null) rarp_invalid_messages.value = ip_ptr.nx_ip_rarp_invalid_messages;
  return kernel.finish(NX_SUCCESS);
}
