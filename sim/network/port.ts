import type { Frame } from './frame.ts';

/** What can be plugged into a network: a device's interface, a router's, the gateway to the host, or a test's own. */
export interface NetworkPort {
  readonly name: string;
  /** Whether it is there at all: frames to a port without power are lost. Default: it is. */
  readonly isPowered?: boolean;
  /** Called at the virtual time at which a frame arrives. */
  deliver(frame: Frame): void;
  /** Called when its link goes down or comes up again; every link is up at first. */
  plugged?(isUp: boolean): void;
}
