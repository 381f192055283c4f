import type { Frame } from './frame.ts';

/** What can be plugged into a network: a device's interface, or the gateway to the host. */
export interface NetworkPort {
  readonly name: string;
  /** Called at the virtual time at which a frame arrives. */
  deliver(frame: Frame): void;
}
