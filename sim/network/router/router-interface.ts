import { linkLocalOf } from '../../../netx/ipv6/address.ts';
import {
  emitEthernet,
  ETHERNET_HEADER,
  ETHERNET_MINIMUM,
  parseEthernet,
  writeHardwareAddress,
  type HardwareAddress,
} from '../../../netx/wire/ethernet.ts';
import type { Ipv6Address } from '../../../netx/wire/ipv6.ts';
import type { Ipv6Prefix } from '../../ipv6-text.ts';
import type { Subnet } from '../../subnet.ts';
import type { Frame } from '../frame.ts';
import type { Link } from '../link.ts';
import type { NetworkPort } from '../port.ts';

/** What of a router an interface hands its frames to. */
export interface FrameHandler {
  /**
   * A frame for the router, or for a group, came in.
   *
   * @param isGroup - whether it was for others too
   */
  received(on: RouterInterface, etherType: number, frame: Uint8Array, isGroup: boolean): void;
  /** The link of an interface went down or came up. */
  linkChanged(of: RouterInterface): void;
}

/** The IPv6 addresses of an interface. */
export interface Ipv6Interface {
  readonly address: Ipv6Address;
  readonly prefixLength: number;
  /** Made of the hardware address. */
  readonly linkLocal: Ipv6Address;
}

/** How an interface of a router is built. */
export interface RouterInterfaceParts {
  readonly name: string;
  /** The interface's number in its world, from 1; it makes the hardware address 02:01:00:00:00:01 and so on. */
  readonly index: number;
  readonly address: number;
  readonly subnet: Subnet;
  /** Largest IP packet, or null for what the link carries. */
  readonly mtu: number | null;
  /** Its IPv6 address, or null for none. */
  readonly address6: Ipv6Prefix | null;
}

/** An interface of a router: an Ethernet port with an address. */
export class RouterInterface implements NetworkPort {
  readonly name: string;
  readonly hardware: HardwareAddress;
  readonly address: number;
  readonly subnet: Subnet;
  /** Null where it does not speak IPv6. */
  readonly ipv6: Ipv6Interface | null;
  readonly #mtu: number | null;
  readonly #handler: FrameHandler;
  #link: Link | null = null;

  constructor(parts: RouterInterfaceParts, handler: FrameHandler) {
    this.name = parts.name;
    this.hardware = { msw: 0x0201, lsw: parts.index };
    this.address = parts.address;
    this.subnet = parts.subnet;
    this.ipv6 = parts.address6 === null ? null : { ...parts.address6, linkLocal: linkLocalOf(this.hardware) };
    this.#mtu = parts.mtu;
    this.#handler = handler;
  }

  /** Largest IP packet that it sends, in bytes. */
  get mtu(): number {
    return this.#mtu ?? this.#link?.mtu ?? 0;
  }

  get isUp(): boolean {
    return this.#link?.isUp ?? false;
  }

  /** The link to its network, to change it, unplug it or plug it in again. */
  get link(): Link | null {
    return this.#link;
  }

  plug(link: Link): void {
    this.#link = link;
  }

  /** A frame with room for a packet of so many bytes after its header, from this interface; to nobody yet. */
  frameFor(length: number, etherType: number): Uint8Array {
    const frame = new Uint8Array(Math.max(ETHERNET_MINIMUM, ETHERNET_HEADER + length));
    emitEthernet({ destination: { msw: 0, lsw: 0 }, source: this.hardware, etherType }, frame, 0);
    return frame;
  }

  /** Sends a frame to a hardware address; nobody writes to its bytes from then on. */
  send(frame: Uint8Array, to: HardwareAddress): void {
    writeHardwareAddress(frame, 0, to);
    this.#link?.forward(frame);
  }

  /** Sends a frame that is complete; nobody writes to its bytes from then on. */
  transmit(frame: Uint8Array): void {
    this.#link?.forward(frame);
  }

  deliver({ bytes }: Frame): void {
    const ethernet = parseEthernet(bytes);
    if (ethernet === null) return;
    const { destination, etherType } = ethernet;
    const isGroup = (destination.msw & 0x0100) !== 0;
    const isOurs = destination.msw === this.hardware.msw && destination.lsw === this.hardware.lsw;
    if (isGroup || isOurs) this.#handler.received(this, etherType, bytes, isGroup);
  }

  plugged(): void {
    this.#handler.linkChanged(this);
  }
}
