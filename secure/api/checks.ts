import type { UINT } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op } from '../../kernel/op.ts';
import { brokenContract } from '../../kernel/report.ts';
import { secureState } from '../device-state.ts';

/**
 * Ends a service that was given what its error checking refuses: a NULL pointer, a control block that was not created.
 *
 * @throws SimulationError on a device that is built with `NX_SECURE_DISABLE_ERROR_CHECKING`: the target would go on, and
 *   corrupt memory or fault
 */
export function refuse(kernel: Kernel, status: UINT): Op<UINT> {
  if (secureState(kernel).config.checked) return kernel.finish(status);
  throw brokenContract(kernel.op.service, status, 'NX_SECURE_DISABLE_ERROR_CHECKING');
}

/** Whether a service for threads may run here; a device without error checking does not ask. */
export const inThread = (kernel: Kernel): boolean => kernel.context === 'thread' || !secureState(kernel).config.checked;
