import type { Macros } from './config.ts';
import type { CpuModel } from './cpu-model.ts';
import type { Clock, Precedence, Random } from './ports.ts';
import type { KernelEvent, Trace } from './trace.ts';

/** Who is calling: ThreadX's services answer differently in each. */
export type Context = 'idle' | 'init' | 'thread' | 'timer' | 'isr';

export interface KernelOptions {
  /** The device's name, for reports. */
  readonly name: string;
  readonly clock: Clock;
  readonly cpu: CpuModel;
  /** The device's own random stream. */
  readonly random: Random;
  readonly macros?: Macros;
  readonly trace?: Trace<KernelEvent> | null;
  /** Record the source line of every service call (slow): for the repetition of a run that failed. */
  readonly captureSites?: boolean;
  /** Varies the order of threads of equal priority that become ready at one moment; see `VariedScheduler`. */
  readonly precedence?: Precedence | null;
  /** How fast its tick goes against virtual time: 1.00005 for an oscillator that is fast by 50 ppm. Default: 1. */
  readonly oscillator?: number;
}
