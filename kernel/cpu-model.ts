/** What computing costs on a simulated processor, in nanoseconds. */
export interface CpuModel {
  readonly name: string;
  /** Charged for every service call. */
  readonly service: number;
  /** Charged for an interrupt: entry, handler and exit. */
  readonly interrupt: number;
  /** Factor on the times of cryptographic operations, which {@link CpuModel.crypto} gives. */
  readonly crypto: Readonly<Record<string, number>>;
}

/**
 * The default: each service takes a microsecond and cryptography takes no longer than a service, so that time always
 * moves and nothing depends on a particular board.
 */
export const DEFAULT_CPU: CpuModel = { name: 'default', service: 1_000, interrupt: 1_000, crypto: {} };

/** Every service is free: time moves by timers and events alone. */
export const INSTANT_CPU: CpuModel = { name: 'instant', service: 0, interrupt: 0, crypto: {} };
