import { SimulationError } from '../kernel/simulation-error.ts';
import { contains, formatSubnet, maskOf, overlap, parseInterfaceAddress, parseSubnet, parseWanted } from './subnet.ts';
import type { InterfaceAddress, Subnet } from './subnet.ts';

/** The address of an interface; mask and gateway are those of its network when they are read. */
export interface PlannedAddress {
  readonly address: number;
  readonly mask: number;
  readonly gateway: number;
}

/** Where the addresses of hosts begin in a subnet that has room: lower ones are for routers and the like. */
const FIRST_HOST = 10;
/** And in one that has not: the first one is the gateway's. */
const FIRST_OF_FEW = 2;

/** The addresses of one network. */
export class SubnetPlan {
  readonly #owner: string;
  readonly #widened: () => Subnet | null;
  readonly #taken = new Set<number>();
  #subnet: Subnet;
  #gateway: number;
  #next: number;
  /** Whether the subnet is nobody's wish, and may still become another. */
  #isFree: boolean;

  /**
   * @param owner - the network's name, for messages
   * @param isFree - whether the subnet was chosen because none was asked for
   * @param widened - the larger subnet that may be used when this one is full, or null
   */
  constructor(owner: string, subnet: Subnet, isFree: boolean, widened: () => Subnet | null) {
    this.#owner = owner;
    this.#subnet = subnet;
    this.#isFree = isFree;
    this.#widened = widened;
    this.#gateway = subnet.network + 1;
    this.#next = subnet.network + (subnet.prefix <= 24 ? FIRST_HOST : FIRST_OF_FEW);
  }

  get subnet(): Subnet {
    return this.#subnet;
  }

  /** Whether no address was given away. */
  get isUnused(): boolean {
    return this.#taken.size === 0;
  }

  /** Where everything outside the network goes. */
  get gateway(): number {
    return this.#gateway;
  }

  /**
   * The address asked for (`'192.168.1.150'`, or with a prefix of its own), or the next free one.
   *
   * @throws SimulationError where the text is no address, or none is left
   */
  take(wanted: string | null): PlannedAddress {
    if (wanted === null) return this.#lease(this.#nextFree());
    const { address, prefix } = parseWanted(wanted);
    this.#taken.add(address);
    if (prefix === null && contains(this.#subnet, address)) return this.#lease(address);
    const mask = maskOf(prefix ?? 24);
    const within = contains(this.#subnet, address);
    return { address, mask, gateway: within ? this.#gateway : ((address & mask) >>> 0) + 1 };
  }

  /**
   * The address of a router's interface, which becomes the network's gateway if it is the first one.
   *
   * @param wanted - `'10.0.1.1/24'`; or null for the gateway's address
   * @throws SimulationError where it lies outside the network's subnet
   */
  takeRouter(wanted: string | null): InterfaceAddress {
    const planned = { ...this.#subnet, address: this.#gateway };
    const own = wanted === null ? planned : parseInterfaceAddress(wanted);
    if (this.#isFree && this.isUnused) {
      this.#subnet = { network: own.network, prefix: own.prefix };
      this.#next = own.network + (own.prefix <= 24 ? FIRST_HOST : FIRST_OF_FEW);
    } else if (!contains(this.#subnet, own.address)) {
      throw new SimulationError({
        kind: 'world',
        what: `network '${this.#owner}' has the addresses ${formatSubnet(this.#subnet)}, and '${String(wanted)}' is none of them`,
        fix: `give the network the option subnet: '${formatSubnet(own)}'`,
      });
    }
    if (!this.#taken.has(this.#gateway)) this.#gateway = own.address;
    this.#isFree = false;
    this.#taken.add(own.address);
    return own;
  }

  /** Takes over what another plan gave away, where none of it collides; says whether it could. */
  join(other: SubnetPlan): boolean {
    const same = formatSubnet(this.#subnet) === formatSubnet(other.#subnet);
    if (!other.isUnused && (!same || [...other.#taken].some((address) => this.#taken.has(address)))) return false;
    for (const address of other.#taken) this.#taken.add(address);
    return true;
  }

  #lease(address: number): PlannedAddress {
    const mask = (): number => maskOf(this.#subnet.prefix);
    const gateway = (): number => this.#gateway;
    return {
      address,
      get mask() {
        return mask();
      },
      get gateway() {
        return gateway();
      },
    };
  }

  #nextFree(): number {
    for (;;) {
      const address = this.#next;
      const { network, prefix } = this.#subnet;
      if (address >= network + 2 ** (32 - prefix) - 1) {
        this.#widen();
        continue;
      }
      this.#next++;
      // In a subnet of many, those that end in 0 or 255 look like another one's ends.
      if (prefix < 24 && ((address & 255) === 0 || (address & 255) === 255)) continue;
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      return address;
    }
  }

  #widen(): void {
    const wider = this.#isFree ? this.#widened() : null;
    if (wider === null) {
      throw new SimulationError({
        kind: 'world',
        what: `network '${this.#owner}' has no address left in ${formatSubnet(this.#subnet)}`,
        fix: "give it more of them, such as subnet: '10.1.0.0/16'",
      });
    }
    this.#subnet = wider;
  }
}

const PRIVATE: Subnet = { network: 0xc0a80000, prefix: 16 };

/** Subnets for networks that ask for none: 192.168.1.0/24 and the following, and then 10.0.0.0/16 and the following. */
function* candidates(): Generator<Subnet> {
  for (let third = 1; third < 255; third++) yield { network: PRIVATE.network + third * 256, prefix: 24 };
  for (let second = 0; second < 256; second++) yield { network: 0x0a000000 + second * 65_536, prefix: 16 };
}

/** Gives every network its addresses. */
export class AddressPlan {
  readonly #plans: SubnetPlan[] = [];

  /**
   * The addresses of one more network. One that asks for none gets a /24 of 192.168.0.0/16, which grows to all of it when
   * it is full and no other network has part of it.
   *
   * @throws SimulationError where the text is no subnet, or none is left
   */
  add(owner: string, subnet: string | undefined): SubnetPlan {
    const plan: SubnetPlan = new SubnetPlan(owner, this.#choose(owner, subnet), subnet === undefined, () => {
      const isAlone = this.#plans.every((other) => other === plan || !overlap(other.subnet, PRIVATE));
      return isAlone && contains(PRIVATE, plan.subnet.network) && plan.subnet.prefix > PRIVATE.prefix ? PRIVATE : null;
    });
    this.#plans.push(plan);
    return plan;
  }

  #choose(owner: string, wanted: string | undefined): Subnet {
    if (wanted !== undefined) {
      const subnet = parseSubnet(wanted);
      if (subnet.prefix >= 1 && subnet.prefix <= 30) return subnet;
      throw new SimulationError({
        kind: 'world',
        what: `network '${owner}': '${wanted}' has no room for a gateway and a host`,
        fix: 'give a prefix from 1 to 30',
      });
    }
    for (const subnet of candidates()) {
      if (!this.#plans.some((other) => overlap(other.subnet, subnet))) return subnet;
    }
    throw new SimulationError({
      kind: 'world',
      what: `network '${owner}': no addresses are left for it`,
      fix: "give it a subnet, such as '172.16.0.0/24'",
    });
  }
}
