import type { Macros } from '../kernel/config.ts';
import type { CpuModel } from '../kernel/cpu-model.ts';
import type { CpuProfileName } from '../kernel/cpu-profiles.ts';
import type { CryptoProvider } from '../secure/crypto/provider.ts';
import type { DeviceClockOptions } from './device-clock.ts';
import type { Firmware } from './firmware.ts';
import type { Lan, PortLinkOptions } from './network/lan.ts';
import type { Order } from './order.ts';

/** A duration: a number of nanoseconds, or a text such as `'10s'`, `'5ms'`, `'200us'`. */
export type Duration = number | string;

export interface WorldOptions {
  /** Everything random in the world follows from it. */
  readonly seed?: number | string;
  /**
   * The order of what happens at one virtual time, where a real system leaves it open: `'fifo'`, as it was scheduled, or
   * `'varied'` by the seed. Default: `'fifo'`. See `docs/ci.md` for what is varied and what is not.
   */
  readonly order?: Order;
  /**
   * What the devices' clocks show at the start: seconds since 1970, or a text such as `'2026-01-01T00:00:00Z'`. Default:
   * 2026-01-01 00:00:00 UTC.
   */
  readonly startTime?: number | string;
  /** Gives firmware the files it asks for by name; null where there is none. */
  readonly readFile?: (name: string) => Uint8Array | null;
  /** The devices' cryptography. Default: `node:crypto`. */
  readonly crypto?: CryptoProvider;
  /** Record the source line of every service call (slow): see {@link World.run}. */
  readonly captureSites?: boolean;
}

/** What a network interface of a device is plugged into. */
export interface InterfaceOptions<Network> {
  readonly lan?: Network;
  /** The planned address (`'192.168.1.150'`, or `'10.0.0.5/16'` for one outside its network). Default: the next free one. */
  readonly address?: string;
  /** How the firmware knows it. Default: `eth0`, `eth1` and so on. */
  readonly name?: string;
  /** Largest IP packet that its controller takes, in bytes. Default: what its network carries, 1500 at most. */
  readonly mtu?: number;
  /** Options of its own link, over those of its network. */
  readonly link?: PortLinkOptions;
}

export interface DeviceOptions {
  readonly firmware: Firmware;
  /** The network the device's interface is plugged into. */
  readonly lan?: Lan;
  /** Options of its own link, over those of its network. */
  readonly link?: PortLinkOptions;
  /** Largest IP packet that its controller takes, in bytes. Default: what its network carries, 1500 at most. */
  readonly mtu?: number;
  /** Several network interfaces, in place of `lan`, `address`, `link` and `mtu`. */
  readonly interfaces?: readonly InterfaceOptions<Lan>[];
  readonly params?: Readonly<Record<string, string>>;
  /** Macros of `tx_user.h`, `nx_user.h` and `nx_secure_user.h`, by name. */
  readonly config?: Macros;
  /** A CPU profile by name (`'default'`, `'instant'`, `'cortex-m4-120mhz'`, `'cortex-m0plus-64mhz'`), or one of your own. */
  readonly cpu?: CpuProfileName | CpuModel;
  /** The planned address (`'192.168.1.150'`), which the firmware reads as `board.ip_address`. Default: the next free one. */
  readonly address?: string;
  /** RAM handed to `tx_application_define`, in bytes. Default: 256 KiB. */
  readonly memory?: number;
  /** The device's cryptography. Default: the world's. */
  readonly crypto?: CryptoProvider;
  /** How its clock goes. Default: as the world's. */
  readonly clock?: DeviceClockOptions;
  /** When the device boots. Default: at the start. */
  readonly bootAt?: Duration;
}

export interface RunOptions {
  /** Virtual time at which the run ends at the latest. Without it a world runs until nothing can happen any more. */
  readonly until?: Duration;
  /** Asked after every event; true ends the run. */
  readonly stopWhen?: () => boolean;
  /**
   * Asked every 1,000 events and every second of virtual time: true ends the run, with reason `expired`. For a limit by
   * the wall clock, which the simulator does not know.
   */
  readonly expired?: () => boolean;
}

export interface RunResult {
  /** `stopped` by stopWhen, `until` the time given, `idle`: nothing is left that could happen, or `expired`. */
  readonly reason: 'stopped' | 'until' | 'idle' | 'expired';
  /** Virtual time at the end, in nanoseconds. */
  readonly time: number;
}
