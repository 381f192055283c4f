import type { CpuModel } from '../kernel/cpu-model.ts';
import { CPU_PROFILES, isCpuProfile } from '../kernel/cpu-profiles.ts';
import { SimulationError } from '../kernel/simulation-error.ts';

/** The CPU model that a device asks for; the name may come from a scenario that no compiler has seen. */
export function cpuModel(device: string, cpu: CpuModel | string): CpuModel {
  if (typeof cpu === 'object') return cpu;
  if (isCpuProfile(cpu)) return CPU_PROFILES[cpu];
  throw new SimulationError({
    kind: 'world',
    what: `device '${device}': there is no CPU profile '${cpu}'`,
    fix: `give one of ${Object.keys(CPU_PROFILES).join(', ')}`,
  });
}
