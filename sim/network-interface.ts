import type { Kernel } from '../kernel/kernel.ts';
import { readUint16, readUint32 } from '../netx/wire/bytes.ts';
import type { MacPort } from '../netx/ethernet-driver.ts';
import type { Link } from './network/link.ts';
import type { Frame } from './network/frame.ts';
import type { NetworkPort } from './network/port.ts';

/** Largest IP packet that a controller takes where nothing else is said, in bytes. */
const USUAL_MTU = 1500;

/** The simulated Ethernet controller of a device: between its driver and the network it is plugged into. */
export class NetworkInterface implements MacPort, NetworkPort {
  /** The name of its port: the device's, and the interface's where the device has several on one network. */
  readonly name: string;
  /** Whether its device has power. */
  isPowered = true;
  readonly address: { readonly msw: number; readonly lsw: number };
  linkUp = false;
  receive: ((frame: Uint8Array) => void) | null = null;
  /** Set by a driver that wants to know when its link goes down or comes up. */
  linkChanged: ((isUp: boolean) => void) | null = null;
  /** Whether frames for other hosts come in too, as a bridge or a sniffer wants it. */
  isPromiscuous = false;
  /** The kernel that its driver runs on. */
  kernel: Kernel;
  readonly #mtu: number | null;
  #link: Link | null = null;

  /**
   * @param index - the interface's number in its world, from 1; it makes the locally administered hardware address
   *   02:00:00:00:00:01 and so on
   * @param mtu - null for what its network carries, 1500 bytes at most
   */
  constructor(name: string, index: number, kernel: Kernel, mtu: number | null = null) {
    this.name = name;
    this.kernel = kernel;
    this.address = { msw: 0x0200, lsw: index };
    this.#mtu = mtu;
  }

  /** Largest IP packet that the controller takes, in bytes. */
  get mtu(): number {
    return this.#mtu ?? Math.min(USUAL_MTU, this.#link?.mtu ?? USUAL_MTU);
  }

  /** The link to its network, to change it, unplug it or plug it in again; null where it is plugged into none. */
  get link(): Link | null {
    return this.#link;
  }

  /** Plugs the interface into a network. */
  plug(link: Link): void {
    this.#link = link;
    this.linkUp = link.isUp;
  }

  /** Its device has lost its power. */
  powerOff(): void {
    this.isPowered = false;
    this.receive = null;
    this.linkChanged = null;
    this.isPromiscuous = false;
  }

  transmit(frame: Uint8Array): void {
    this.#link?.transmit(frame);
  }

  deliver({ bytes }: Frame): void {
    if (this.isPromiscuous || this.#isMeant(bytes)) this.receive?.(bytes);
  }

  plugged(isUp: boolean): void {
    this.linkUp = isUp;
    this.linkChanged?.(isUp);
  }

  /** The controller's filter: frames for other hosts cost no interrupt. */
  #isMeant(bytes: Uint8Array): boolean {
    const isGroup = ((bytes[0] ?? 0) & 1) === 1;
    return isGroup || (readUint32(bytes, 2) === this.address.lsw && readUint16(bytes, 0) === this.address.msw);
  }
}
