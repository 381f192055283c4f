import type { Kernel } from '../kernel/kernel.ts';
import type { MacPort } from '../netx/ethernet-driver.ts';
import type { Attachment } from './network/lan.ts';
import type { Frame } from './network/frame.ts';
import type { NetworkPort } from './network/port.ts';

/** The simulated Ethernet controller of a device: between its driver and the network it is plugged into. */
export class NetworkInterface implements MacPort, NetworkPort {
  readonly name: string;
  readonly kernel: Kernel;
  readonly address: { readonly msw: number; readonly lsw: number };
  readonly mtu = 1500;
  linkUp = false;
  receive: ((frame: Uint8Array) => void) | null = null;
  /** Set by a driver that wants to know when its link goes down or comes up. */
  onLinkChange: ((isUp: boolean) => void) | null = null;
  #attachment: Attachment | null = null;

  /**
   * @param index - the device's number in its world, from 1; it makes the locally administered hardware address
   *   02:00:00:00:00:01 and so on
   */
  constructor(name: string, index: number, kernel: Kernel) {
    this.name = name;
    this.kernel = kernel;
    this.address = { msw: 0x0200, lsw: index };
  }

  /** Plugs the interface into a network. */
  plug(attachment: Attachment): void {
    this.#attachment = attachment;
    this.linkUp = true;
  }

  transmit(frame: Uint8Array): void {
    if (this.linkUp) this.#attachment?.transmit(frame);
  }

  deliver(frame: Frame): void {
    this.receive?.(frame.bytes);
  }

  linkChanged(isUp: boolean): void {
    this.linkUp = isUp;
    this.onLinkChange?.(isUp);
  }
}
