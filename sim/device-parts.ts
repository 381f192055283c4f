import type { Macros } from '../kernel/config.ts';
import type { CpuModel } from '../kernel/cpu-model.ts';
import type { CryptoProvider } from '../secure/crypto/provider.ts';
import type { PlannedAddress } from './address-plan.ts';
import type { DeviceClockOptions } from './device-clock.ts';
import type { Firmware } from './firmware.ts';

/** A network interface of a device, and the address planned for it. */
export interface InterfaceParts {
  /** As the firmware knows it. */
  readonly name: string;
  /** As its network knows it. */
  readonly port: string;
  /** Its number in the world, from 1. */
  readonly index: number;
  /** Largest IP packet, or null for what its network carries. */
  readonly mtu: number | null;
  readonly planned: PlannedAddress;
}

/** How a device is built; every field is in force from its boot on. */
export interface DeviceParts {
  readonly name: string;
  readonly firmware: Firmware;
  readonly params: Readonly<Record<string, string>>;
  readonly macros: Macros;
  readonly cpu: CpuModel;
  /** RAM handed to `tx_application_define`, in bytes. */
  readonly memory: number;
  /** At least one. */
  readonly interfaces: readonly [InterfaceParts, ...InterfaceParts[]];
  /** How its clock goes, where it differs from the world's. */
  readonly clock: DeviceClockOptions;
  /** Seconds since 1970 at the start of the world, or 0 for a device without a clock. */
  readonly startTime: number;
  readonly captureSites: boolean;
  readonly crypto: CryptoProvider;
}
