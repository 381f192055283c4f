import { ETHERTYPE_ARP, parseEthernet, type HardwareAddress } from '../../netx/wire/ethernet.ts';
import type { Frame } from '../network/frame.ts';
import type { Attachment, Lan } from '../network/lan.ts';
import type { NetworkPort } from '../network/port.ts';
import type { IpAddress } from './ip-address.ts';
import { buildFrames, parseFrame, type IpPacket, type ReceivedPacket } from './ip-packet.ts';
import { StandIns } from './neighbors.ts';
import { FragmentReassembly } from './reassembly.ts';

/** Hardware address of the gateway: locally administered, and no device's. */
const HARDWARE: HardwareAddress = { msw: 0x02ff, lsw: 0xfffffffe };

/**
 * The port of one network through which the world outside is reached: it answers ARP and neighbor solicitations for the
 * addresses of real peers, hands on whole what devices send to them, and divides what is too long for a frame.
 */
export class Gateway implements NetworkPort {
  readonly name = 'host';
  readonly lan: Lan;
  readonly #attachment: Attachment;
  readonly #standIns = new StandIns(HARDWARE);
  readonly #fragments = new FragmentReassembly();
  readonly #now: () => number;
  readonly #leave: (packet: ReceivedPacket, gateway: Gateway) => void;
  #identification = 0;

  /** @param leave - called with every IP packet that a device sends to the gateway's hardware address */
  constructor(lan: Lan, now: () => number, leave: (packet: ReceivedPacket, gateway: Gateway) => void) {
    this.lan = lan;
    this.#attachment = lan.attach(this);
    this.#now = now;
    this.#leave = leave;
  }

  /** Answers for an address from now on. */
  answerFor(address: IpAddress): void {
    this.#standIns.add(address);
  }

  /** Sends a packet of the outside to a device. */
  enter(packet: IpPacket, to: HardwareAddress): void {
    this.#identification = (this.#identification + 1) & 0xffff;
    for (const frame of buildFrames(packet, HARDWARE, to, this.#identification, this.lan.mtu)) {
      this.#attachment.transmit(frame);
    }
  }

  deliver({ bytes }: Frame): void {
    const ethernet = parseEthernet(bytes);
    if (ethernet?.etherType === ETHERTYPE_ARP) {
      const answer = this.#standIns.answerArp(bytes);
      if (answer !== null) this.#attachment.transmit(answer);
      return;
    }
    const part = parseFrame(bytes);
    if (part === null) return;
    const answer = this.#standIns.answerSolicitation(part);
    if (answer !== null) {
      this.enter(answer.packet, answer.to);
      return;
    }
    if (ethernet?.destination.msw !== HARDWARE.msw || ethernet.destination.lsw !== HARDWARE.lsw) return;
    const packet = this.#fragments.add(part, this.#now());
    if (packet !== null) this.#leave(packet, this);
  }
}
