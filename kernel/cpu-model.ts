/** What cryptography costs on a simulated processor. Operations that are not listed are free. */
export interface CryptoCosts {
  /**
   * Nanoseconds for one public-key operation: `sign`, `verify`, `keygen` and `derive` of a group (`sign:secp256r1`,
   * `derive:x25519`), `public` and `private` of an RSA modulus in bits (`private:2048`).
   */
  readonly operations: Readonly<Record<string, number>>;
  /** Nanoseconds for a byte, by algorithm: `sha256`, `aes-128-gcm`, `aes-256-cbc`. */
  readonly bytes: Readonly<Record<string, number>>;
}

/** What computing costs on a simulated processor, in nanoseconds. */
export interface CpuModel {
  readonly name: string;
  /** Charged for every service call that {@link CpuModel.services} does not list. */
  readonly service: number;
  /** Charged for particular services, by their C names. */
  readonly services?: Readonly<Record<string, number>>;
  /** Charged to a thread that gets the processor from another. */
  readonly switch?: number;
  /** Charged for an interrupt: entry, handler and exit. */
  readonly interrupt: number;
  readonly crypto?: CryptoCosts;
}

/**
 * The default: each service takes a microsecond and cryptography takes no longer than a service, so that time always
 * moves and nothing depends on a particular board.
 */
export const DEFAULT_CPU: CpuModel = { name: 'default', service: 1_000, interrupt: 1_000 };

/** Every service is free: time moves by timers and events alone. */
export const INSTANT_CPU: CpuModel = { name: 'instant', service: 0, interrupt: 0 };
