import { ARP_REPLY, ARP_REQUEST, ARP_LENGTH, emitArp, parseArp } from '../../netx/wire/arp.ts';
import {
  emitEthernet,
  ETHERNET_HEADER,
  ETHERNET_MINIMUM,
  ETHERTYPE_ARP,
  parseEthernet,
  type HardwareAddress,
} from '../../netx/wire/ethernet.ts';
import type { Frame } from '../network/frame.ts';
import type { Attachment, Lan } from '../network/lan.ts';
import type { NetworkPort } from '../network/port.ts';
import { buildUdpFrame, parseUdpFrame, type UdpDatagram } from './udp-frame.ts';

/** Hardware address of the gateway: locally administered, and no device's. */
const HARDWARE: HardwareAddress = { msw: 0x02ff, lsw: 0xfffffffe };

/**
 * The port through which the world outside is reached: it answers ARP for the addresses of real peers, and hands on what
 * devices send to them.
 */
export class Gateway implements NetworkPort {
  readonly name = 'host';
  readonly #attachment: Attachment;
  readonly #addresses = new Set<number>();
  readonly #leave: (datagram: UdpDatagram & { readonly hardware: HardwareAddress }) => void;
  #identification = 0;

  /** @param leave - called with every datagram that a device sends to one of the gateway's addresses, or through it */
  constructor(lan: Lan, leave: (datagram: UdpDatagram & { readonly hardware: HardwareAddress }) => void) {
    this.#attachment = lan.attach(this);
    this.#leave = leave;
  }

  /** Answers for an address from now on. */
  answerFor(address: number): void {
    this.#addresses.add(address);
  }

  /** Sends a datagram of the outside to a device. */
  enter(datagram: UdpDatagram, to: HardwareAddress): void {
    this.#identification = (this.#identification + 1) & 0xffff;
    this.#attachment.transmit(buildUdpFrame(datagram, HARDWARE, to, this.#identification));
  }

  deliver({ bytes }: Frame): void {
    const ethernet = parseEthernet(bytes);
    if (ethernet?.etherType === ETHERTYPE_ARP) {
      this.#answer(bytes);
      return;
    }
    if (ethernet?.destination.msw !== HARDWARE.msw || ethernet.destination.lsw !== HARDWARE.lsw) return;
    const datagram = parseUdpFrame(bytes);
    if (datagram !== null) this.#leave(datagram);
  }

  #answer(bytes: Uint8Array): void {
    const arp = parseArp(bytes, ETHERNET_HEADER, bytes.length);
    if (arp?.operation !== ARP_REQUEST || !this.#addresses.has(arp.targetAddress)) return;
    const frame = new Uint8Array(Math.max(ETHERNET_MINIMUM, ETHERNET_HEADER + ARP_LENGTH));
    emitEthernet({ destination: arp.senderHardware, source: HARDWARE, etherType: ETHERTYPE_ARP }, frame, 0);
    const reply = {
      operation: ARP_REPLY,
      senderHardware: HARDWARE,
      senderAddress: arp.targetAddress,
      targetHardware: arp.senderHardware,
      targetAddress: arp.senderAddress,
    };
    emitArp(reply, frame, ETHERNET_HEADER);
    this.#attachment.transmit(frame);
  }
}
