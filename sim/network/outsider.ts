import type { HardwareAddress } from '../../netx/wire/ethernet.ts';
import type { Lan } from './lan.ts';
import type { Link } from './link.ts';
import type { NetworkPort } from './port.ts';

/** A port through which frames enter a network that no device of it has sent; what comes to it is not looked at. */
export class Outsider implements NetworkPort {
  readonly name = 'outside';
  readonly hardware: HardwareAddress = { msw: 0x02ff, lsw: 1 };
  readonly #link: Link;
  #identification = 0;

  constructor(lan: Lan) {
    this.#link = lan.attach(this, null);
  }

  deliver(): void {
    // Nobody is there.
  }

  /** A number of its own for each IP packet. */
  nextIdentification(): number {
    this.#identification = (this.#identification + 1) & 0xffff;
    return this.#identification;
  }

  transmit(frame: Uint8Array): void {
    this.#link.transmit(frame);
  }
}

const outsiders = new WeakMap<Lan, Outsider>();

/** The outsider of a network; null where the network has no room for one. */
export function outsiderOf(lan: Lan): Outsider | null {
  const known = outsiders.get(lan);
  if (known !== undefined) return known;
  if (!lan.hasRoom) return null;
  const made = new Outsider(lan);
  outsiders.set(lan, made);
  return made;
}
