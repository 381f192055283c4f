import type { NX_INTERFACE } from '../interface.ts';
import { isAddressAt, type Ipv6Address } from '../wire/ipv6.ts';
import { sameAddress } from './address.ts';

interface Group {
  readonly address: Ipv6Address;
  readonly networkInterface: NX_INTERFACE;
  joins: number;
}

/** The multicast groups that firmware has joined. */
export class Groups {
  readonly #capacity: number;
  readonly #groups: Group[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Joins once more: `first` where the interface was not in the group, `again`, or `full`. */
  join(address: Ipv6Address, networkInterface: NX_INTERFACE): 'first' | 'again' | 'full' {
    const known = this.#find(address, networkInterface);
    if (known !== undefined) {
      known.joins++;
      return 'again';
    }
    if (this.#groups.length >= this.#capacity) return 'full';
    this.#groups.push({ address: address.slice(), networkInterface, joins: 1 });
    return 'first';
  }

  /** Leaves once: `last` where the interface is out of the group now, `still in`, or `absent`. */
  leave(address: Ipv6Address, networkInterface: NX_INTERFACE): 'last' | 'still in' | 'absent' {
    const known = this.#find(address, networkInterface);
    if (known === undefined) return 'absent';
    if (--known.joins > 0) return 'still in';
    this.#groups.splice(this.#groups.indexOf(known), 1);
    return 'last';
  }

  /** Whether an interface is in the group whose address lies in a packet. */
  isMemberAt(bytes: Uint8Array, at: number, networkInterface: NX_INTERFACE): boolean {
    for (const group of this.#groups) {
      if (group.networkInterface === networkInterface && isAddressAt(bytes, at, group.address)) return true;
    }
    return false;
  }

  #find(address: Ipv6Address, networkInterface: NX_INTERFACE): Group | undefined {
    return this.#groups.find(
      (group) => group.networkInterface === networkInterface && sameAddress(group.address, address),
    );
  }
}
