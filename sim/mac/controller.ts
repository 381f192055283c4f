import type { Kernel } from '../../kernel/kernel.ts';
import type { Op } from '../../kernel/op.ts';
import { SimulationError } from '../../kernel/simulation-error.ts';
import type { NetworkInterface } from '../network-interface.ts';
import { AddressFilter } from './address-filter.ts';
import { InterruptLine } from './interrupt-line.ts';
import { Receiver } from './receiver.ts';
import {
  MAC_CR_PAM,
  MAC_CR_PM,
  MAC_CR_RE,
  MAC_CR_SWR,
  MAC_CR_TE,
  MAC_PHYSR_FULL_DUPLEX,
  MAC_PHYSR_LINK,
  MAC_PHYSR_SPEED_100,
  MAC_SR_LINK,
} from './registers.ts';
import { Transmitter } from './transmitter.ts';

/**
 * A small Ethernet controller with a DMA engine, for drivers of one's own: registers of 32 bits, and rings of descriptors
 * in the device's memory. The firmware reads and writes the registers as it would those of a chip; the controller does its
 * part in virtual time, at 100 Mbit/s, and interrupts.
 *
 * A descriptor is four little-endian words: flags (`MAC_D_OWN`, `MAC_D_FS`, ...), address of a buffer, its size, and a
 * length. Addresses are places in {@link MacController.memory}. A frame has no check sequence; the controller makes it and
 * checks it.
 */
export class MacController {
  /** The memory that the controller reads and writes: rings and buffers lie in it. To be set before it is turned on. */
  memory: Uint8Array = new Uint8Array(0);
  readonly #nic: NetworkInterface;
  readonly #filter: AddressFilter;
  readonly #line: InterruptLine;
  readonly #transmitter: Transmitter;
  readonly #receiver: Receiver;
  readonly #arrived = (frame: Uint8Array): void => this.#receive(frame);
  readonly #linkChanged = (): void => this.#raise(MAC_SR_LINK);
  #control = 0;
  #status = 0;
  #enabled = 0;

  constructor(kernel: Kernel, nic: NetworkInterface) {
    this.#nic = nic;
    this.#filter = new AddressFilter(nic.address);
    const fix = 'let the routine write to SR the bits that it has dealt with, or take them out of IER';
    this.#line = new InterruptLine(kernel, () => (this.#status & this.#enabled) !== 0, fix);
    const memory = (): Uint8Array => this.memory;
    const raise = (bits: number): void => this.#raise(bits);
    const stop = (bit: number): void => void (this.#control &= ~bit);
    this.#transmitter = new Transmitter(kernel.clock, nic, memory, raise, () => stop(MAC_CR_TE));
    this.#receiver = new Receiver(memory, raise, () => stop(MAC_CR_RE));
  }

  /**
   * The interrupt service routine: called in the ISR context while a bit is set in `SR` and in `IER`. It may be a
   * `function*` that calls services which an ISR may call.
   */
  get on_interrupt(): (() => void | Op<unknown>) | null {
    return this.#line.routine;
  }

  set on_interrupt(routine: (() => void | Op<unknown>) | null) {
    this.#line.routine = routine;
    this.#line.update();
  }

  /** Control: `MAC_CR_RE`, `MAC_CR_TE`, `MAC_CR_PM`, `MAC_CR_PAM`, `MAC_CR_SWR`. Reset value 0. */
  get CR(): number {
    return this.#control;
  }

  set CR(value: number) {
    if ((value & MAC_CR_SWR) !== 0) {
      this.#reset();
      return;
    }
    this.#control = value >>> 0;
    if ((value & (MAC_CR_RE | MAC_CR_TE)) !== 0) this.#connect();
    else this.#disconnect();
    this.#transmitter.enable((value & MAC_CR_TE) !== 0);
  }

  /** Status: the `MAC_SR_` bits; a bit is cleared by writing 1 to it. Reset value 0. */
  get SR(): number {
    return this.#status;
  }

  set SR(value: number) {
    this.#status = (this.#status & ~value) >>> 0;
  }

  /** Interrupt enable: the bits of `SR` that interrupt. Reset value 0. */
  get IER(): number {
    return this.#enabled;
  }

  set IER(value: number) {
    this.#enabled = value >>> 0;
    this.#line.update();
  }

  /** The upper 16 bits of the controller's address. Reset value: the factory's. */
  get MAHR(): number {
    return this.#filter.high;
  }

  set MAHR(value: number) {
    this.#filter.high = value & 0xffff;
  }

  /** The lower 32 bits of the controller's address. Reset value: the factory's. */
  get MALR(): number {
    return this.#filter.low;
  }

  set MALR(value: number) {
    this.#filter.low = value >>> 0;
  }

  /**
   * Bits 63 to 32 of the hash table of groups. The upper six bits of the CRC-32 of a group address choose the bit that
   * lets its frames through. Reset value 0.
   */
  get HTHR(): number {
    return this.#filter.hashHigh;
  }

  set HTHR(value: number) {
    this.#filter.hashHigh = value >>> 0;
  }

  /** Bits 31 to 0 of the hash table of groups. Reset value 0. */
  get HTLR(): number {
    return this.#filter.hashLow;
  }

  set HTLR(value: number) {
    this.#filter.hashLow = value >>> 0;
  }

  /** Address of the transmit ring. Writing it lets the transmitter begin with the first descriptor. */
  get TDAR(): number {
    return this.#transmitter.ring.address;
  }

  set TDAR(value: number) {
    this.#transmitter.ring.address = value >>> 0;
    this.#transmitter.ring.current = 0;
  }

  /** Descriptors in the transmit ring. */
  get TDNR(): number {
    return this.#transmitter.ring.count;
  }

  set TDNR(value: number) {
    this.#transmitter.ring.count = value >>> 0;
  }

  /** Index of the descriptor that the transmitter looks at next. Read only. */
  get TDCR(): number {
    return this.#transmitter.ring.current;
  }

  /** Transmit demand: whatever is written, the transmitter looks for descriptors of its own. Reads as 0. */
  get TDPR(): number {
    return 0;
  }

  set TDPR(_value: number) {
    if ((this.#control & MAC_CR_TE) === 0) return;
    this.#connect();
    this.#transmitter.poll();
  }

  /** Address of the receive ring. Writing it lets the receiver begin with the first descriptor. */
  get RDAR(): number {
    return this.#receiver.ring.address;
  }

  set RDAR(value: number) {
    this.#receiver.ring.address = value >>> 0;
    this.#receiver.ring.current = 0;
  }

  /** Descriptors in the receive ring. */
  get RDNR(): number {
    return this.#receiver.ring.count;
  }

  set RDNR(value: number) {
    this.#receiver.ring.count = value >>> 0;
  }

  /** Index of the descriptor that the receiver looks at next. Read only. */
  get RDCR(): number {
    return this.#receiver.ring.current;
  }

  /** PHY status: `MAC_PHYSR_LINK`, `MAC_PHYSR_FULL_DUPLEX`, `MAC_PHYSR_SPEED_100`. Read only. */
  get PHYSR(): number {
    return this.#nic.linkUp ? MAC_PHYSR_LINK | MAC_PHYSR_FULL_DUPLEX | MAC_PHYSR_SPEED_100 : 0;
  }

  /** Frames sent. Read only. */
  get TXGFCR(): number {
    return this.#transmitter.sent;
  }

  /** Frames given up: no link, too long, or empty. Read only. */
  get TXEFCR(): number {
    return this.#transmitter.failed;
  }

  /** Frames received. Read only. */
  get RXGFCR(): number {
    return this.#receiver.received;
  }

  /** Frames lost, as there was no descriptor for them. Read only. */
  get RXMFCR(): number {
    return this.#receiver.missed;
  }

  /** Frames that the address filter kept out. Read only. */
  get RXFFCR(): number {
    return this.#receiver.filtered;
  }

  /** Its device has lost its power: nothing that is planned happens, and no frame is finished. @internal */
  powerOff(): void {
    this.#line.halt();
    this.#reset();
  }

  #raise(bits: number): void {
    this.#status = (this.#status | bits) >>> 0;
    this.#line.update();
  }

  #receive(frame: Uint8Array): void {
    if ((this.#control & MAC_CR_RE) === 0) return;
    const promiscuous = (this.#control & MAC_CR_PM) !== 0;
    if (this.#filter.passes(frame, promiscuous, (this.#control & MAC_CR_PAM) !== 0)) this.#receiver.receive(frame);
    else this.#receiver.filtered++;
  }

  /** Takes the port; a device has one driver for it, and not two. */
  #connect(): void {
    const nic = this.#nic;
    if (nic.receive !== null && nic.receive !== this.#arrived) {
      throw new SimulationError({
        kind: 'world',
        what: `device '${nic.name}': board.mac was turned on, and board.network_driver has the network interface`,
        fix: 'hand to nx_ip_create either board.network_driver or the driver that works board.mac',
      });
    }
    nic.receive = this.#arrived;
    nic.linkChanged = this.#linkChanged;
    // It has filters of its own.
    nic.isPromiscuous = true;
  }

  #disconnect(): void {
    if (this.#nic.receive !== this.#arrived) return;
    this.#nic.receive = null;
    this.#nic.linkChanged = null;
    this.#nic.isPromiscuous = false;
  }

  #reset(): void {
    this.#control = 0;
    this.#status = 0;
    this.#enabled = 0;
    this.#filter.reset();
    this.#transmitter.reset();
    this.#receiver.reset();
    this.#disconnect();
  }
}
