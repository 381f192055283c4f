import type { Op } from '../kernel/op.ts';
import type { ULONG, UINT } from '../kernel/constants.ts';
import type { NetworkDriver } from '../netx/driver.ts';
import type { DeviceConfig } from './device-config.ts';
import type { MacController } from './mac/controller.ts';

/** A network interface of a board, as it is planned. */
export interface BoardInterface {
  /** `eth0`, `eth1` and so on, unless the device names it. */
  readonly name: string;
  /** The interface's driver, to hand to `nx_ip_create` or `nx_ip_interface_attach`. */
  readonly network_driver: NetworkDriver;
  readonly ip_address: ULONG;
  readonly network_mask: ULONG;
  readonly gateway_address: ULONG;
}

/** What a firmware finds on the board it runs on: everything that is neither ThreadX nor NetX. */
export interface Board {
  /** The device's name in its world. */
  readonly name: string;
  /** Prints one line on the device's console; it appears with device, thread and virtual time. */
  readonly print: (text: string) => void;
  /** Parameters of this device, from the scenario or from `--param name=value`. */
  readonly params: Readonly<Record<string, string>>;
  /** The device's macros (`tx_user.h`, `nx_user.h`, `nx_secure_user.h`) as they are in force. */
  readonly config: DeviceConfig;
  /** The driver of the board's network interface, to hand to `nx_ip_create`. */
  readonly network_driver: NetworkDriver;
  /** The drivers of all network interfaces; the first one is {@link Board.network_driver}. */
  readonly network_drivers: readonly NetworkDriver[];
  /** All network interfaces, each with the address planned for it on its network. */
  readonly interfaces: readonly BoardInterface[];
  /** The board's Ethernet controller, for a driver of one's own in place of {@link Board.network_driver}. */
  readonly mac: MacController;
  /** The address planned for this device, as `IP_ADDRESS` gives it. */
  readonly ip_address: ULONG;
  /** The network mask of the device's network. */
  readonly network_mask: ULONG;
  /** The address of the network's gateway: where everything outside the network goes. */
  readonly gateway_address: ULONG;
  /** What a control block takes on a 32-bit target, in bytes. */
  readonly sizeof: (type: { readonly sizeof: number }) => number;
  /** Spends CPU time on the firmware's own computing: nanoseconds, or `'5ms'`. Call it with `yield*`. */
  readonly consume: (duration: number | string) => Op<UINT>;
  /** A 32-bit random number from the device's own seeded stream (C: `NX_RAND`). */
  readonly random: () => ULONG;
  /** The device's clock: seconds since 1970, or 0 on a device that has none. */
  readonly unix_time: () => ULONG;
  /** The bytes of a file given to the device by name (a path on the host, for the command line). */
  readonly file: (name: string) => Uint8Array;
}

/** What a firmware hands to the simulator: the function in which ThreadX lets an application create its objects. */
export interface FirmwareImage {
  /**
   * Runs once at boot, in the initialisation context: it creates threads and other objects and must not wait.
   *
   * @param first_unused_memory - the RAM that is left for stacks, pools and the like
   */
  tx_application_define(first_unused_memory: Uint8Array): void | Op<unknown>;

  /**
   * The firmware's `main`, for one that sets its hardware up before it enters the kernel; it ends with
   * `yield* tx_kernel_enter()`. Without it the kernel is entered at once.
   */
  main?(): void | Op<unknown>;
}

const FIRMWARE = Symbol.for('txsim.firmware');

/** A firmware: every device that runs it calls it once at boot, so what it declares inside is that device's own. */
export interface Firmware {
  readonly kind: typeof FIRMWARE;
  readonly boot: (board: Board) => FirmwareImage;
}

/** Declares a firmware. What C keeps in static storage goes into the function's closure. */
export function defineFirmware(boot: (board: Board) => FirmwareImage): Firmware {
  return { kind: FIRMWARE, boot };
}

/** Whether a module's export is a firmware, also one that was made by another copy of this library. */
export function isFirmware(value: unknown): value is Firmware {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === FIRMWARE;
}
