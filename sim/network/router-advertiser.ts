import { ClockEvent, type Clock } from '../../kernel/ports.ts';
import { SimulationError } from '../../kernel/simulation-error.ts';
import { ALL_NODES, isUnspecified, linkLocalOf, maskAddress, sameAddress } from '../../netx/ipv6/address.ts';
import {
  ETHERNET_HEADER,
  ETHERTYPE_IPV6,
  parseEthernet,
  readHardwareAddress,
  type HardwareAddress,
} from '../../netx/wire/ethernet.ts';
import { parseIcmpv6 } from '../../netx/wire/icmpv6.ts';
import {
  IPV6_HEADER,
  IPV6_MINIMUM_MTU,
  parseIpv6Header,
  PROTOCOL_ICMPV6,
  pseudoHeaderSumAt,
} from '../../netx/wire/ipv6.ts';
import type { Ipv6Address, Ipv6Header } from '../../netx/wire/ipv6.ts';
import { ND_HOP_LIMIT, parseNd, type NdMessage, type RouterAdvertisement } from '../../netx/wire/nd.ts';
import { NO_ND_OPTIONS, type PrefixInformation } from '../../netx/wire/nd-options.ts';
import { parseDuration } from '../duration.ts';
import { parseIpv6Prefix } from '../ipv6-text.ts';
import { ndFrame } from './icmpv6-frame.ts';
import type { Frame } from './frame.ts';
import type { NetworkPort } from './port.ts';

/** What a router says of itself. Times are nanoseconds, or texts such as `'30s'`; lifetimes count in whole seconds. */
export interface AdvertisementOptions {
  /** Default: 30 days. */
  readonly validLifetime?: number | string;
  /** Default: 7 days. */
  readonly preferredLifetime?: number | string;
  /** For how long it is a default router; 0: it is none. Default: 30 minutes. */
  readonly routerLifetime?: number | string;
  /** Time between advertisements that nobody has asked for. Default: 200 s. */
  readonly interval?: number | string;
  /** Hop limit that hosts are to use; 0: not said. Default: 64. */
  readonly hopLimit?: number;
  /** MTU that hosts are to use, in bytes. Default: not said. */
  readonly mtu?: number;
}

/** A router that only advertises itself. */
export interface RouterAdvertiserOptions extends AdvertisementOptions {
  /** Name of its port. Default: `router-advertiser`. */
  readonly name?: string;
  /** The prefix with its length, of which hosts form addresses: `'2001:db8:1::/64'`. */
  readonly prefix?: string;
  /** Several prefixes. */
  readonly prefixes?: readonly string[];
  /** Hardware address. Default: 02:00:5e:00:00:01. */
  readonly hardware?: HardwareAddress;
}

const SECOND = 1e9;
const DAY = 86_400 * SECOND;

/** The hardware address of the first, second … advertiser of a world. */
export const advertiserHardware = (number: number): HardwareAddress => ({ msw: 0x0200, lsw: 0x5e000000 + number });

/** What it sends its frames with. */
export interface Transmitter {
  transmit(frame: Uint8Array): void;
}

/** An advertisement that is due. */
class Due extends ClockEvent {
  readonly #run: () => void;

  constructor(run: () => void) {
    super();
    this.#run = run;
  }

  fire(): void {
    this.#run();
  }
}

/** The prefixes of some options. */
function prefixesOf({ prefix, prefixes }: RouterAdvertiserOptions): readonly string[] {
  if (prefix !== undefined) return [prefix, ...(prefixes ?? [])];
  if (prefixes !== undefined) return prefixes;
  throw misuse('a router advertiser has no prefix', "give it one: prefix: 'fd00::/64'");
}

const misuse = (what: string, fix: string): SimulationError => new SimulationError({ kind: 'world', what, fix });

/** Refuses numbers that do not fit into an advertisement. */
function check({ hopLimit = 64, mtu = IPV6_MINIMUM_MTU }: AdvertisementOptions): void {
  if (!Number.isInteger(hopLimit) || hopLimit < 0 || hopLimit > 255) {
    throw misuse(
      `a router advertiser: a hop limit of ${hopLimit}`,
      'give one from 1 to 255, or 0 to say nothing of it',
    );
  }
  if (!Number.isInteger(mtu) || mtu < IPV6_MINIMUM_MTU || mtu > 0xffffffff) {
    throw misuse(
      `a router advertiser: an MTU of ${mtu}`,
      'every link carries IPv6 packets of 1280 bytes: give no less',
    );
  }
}

/**
 * A router that only tells of itself: it answers router solicitations and advertises its prefixes from time to time, so
 * that hosts on a network form their addresses (RFC 4861 section 6.2), and answers for its own link-local address. It
 * passes nothing on.
 *
 * ```ts
 * const advertiser = new RouterAdvertiser(world.clock, { prefix: '2001:db8:1::/64' });
 * advertiser.plug(lan.attach(advertiser));
 * ```
 */
export class RouterAdvertiser implements NetworkPort {
  readonly name: string;
  /** Its link-local address. */
  readonly address: Ipv6Address;
  readonly #clock: Clock;
  readonly #hardware: HardwareAddress;
  readonly #interval: number;
  readonly #advertisement: RouterAdvertisement;
  readonly #due = new Due(() => this.#periodic());
  #attachment: Transmitter | null = null;

  /** @throws SimulationError for a prefix or a time that makes no sense */
  constructor(clock: Clock, options: RouterAdvertiserOptions) {
    const seconds = (time: number | string): number => Math.min(0xffffffff, Math.floor(parseDuration(time) / SECOND));
    this.#clock = clock;
    this.name = options.name ?? 'router-advertiser';
    this.#hardware = options.hardware ?? advertiserHardware(1);
    this.address = linkLocalOf(this.#hardware);
    this.#interval = parseDuration(options.interval ?? 200 * SECOND);
    if (this.#interval === 0) throw misuse('a router advertiser: an interval of 0', "give one such as '200s'");
    check(options);
    const validLifetime = seconds(options.validLifetime ?? 30 * DAY);
    const preferredLifetime = seconds(options.preferredLifetime ?? 7 * DAY);
    const prefixes = prefixesOf(options).map((text): PrefixInformation => {
      const { address, prefixLength } = parseIpv6Prefix(text);
      const prefix = maskAddress(address, prefixLength);
      return { prefix, prefixLength, onLink: true, autonomous: true, validLifetime, preferredLifetime };
    });
    this.#advertisement = {
      kind: 'router-advertisement',
      hopLimit: options.hopLimit ?? 64,
      managed: false,
      otherConfiguration: false,
      routerLifetime: Math.min(0xffff, seconds(options.routerLifetime ?? 1800 * SECOND)),
      reachableTime: 0,
      retransTimer: 0,
      options: { ...NO_ND_OPTIONS, sourceLinkLayer: this.#hardware, prefixes, mtu: options.mtu ?? null },
    };
  }

  /** Plugs it into a network; the first advertisement goes out at once. */
  plug(attachment: Transmitter): void {
    this.#attachment = attachment;
    this.#clock.schedule(this.#clock.now, this.#due);
  }

  /** Goes silent, as a router that is switched off. */
  unplug(): void {
    this.#attachment = null;
    this.#clock.cancel(this.#due);
  }

  deliver({ bytes }: Frame): void {
    const ethernet = parseEthernet(bytes);
    const ip = ethernet?.etherType === ETHERTYPE_IPV6 ? parseIpv6Header(bytes, ETHERNET_HEADER, bytes.length) : null;
    if (ip?.nextHeader !== PROTOCOL_ICMPV6 || ip.hopLimit !== ND_HOP_LIMIT) return;
    const at = ETHERNET_HEADER + IPV6_HEADER;
    const message = bytes.subarray(at, at + ip.payloadLength);
    const pseudoHeader = pseudoHeaderSumAt(bytes, ETHERNET_HEADER, PROTOCOL_ICMPV6, message.length);
    const nd = parseIcmpv6(message, pseudoHeader) === null ? null : parseNd(message);
    if (nd !== null) this.#answer(nd, ip, readHardwareAddress(bytes, 6));
  }

  #answer(nd: NdMessage, ip: Ipv6Header, from: HardwareAddress): void {
    if (nd.kind === 'router-solicitation') {
      // To the asker alone where it has an address, so that many hosts that boot do not disturb each other.
      if (isUnspecified(ip.source)) this.#advertise();
      else this.#send(this.#advertisement, ip.source, from);
    } else if (nd.kind === 'neighbor-solicitation' && sameAddress(nd.target, this.address)) {
      const isProbe = isUnspecified(ip.source);
      const advertisement: NdMessage = {
        kind: 'neighbor-advertisement',
        router: true,
        solicited: !isProbe,
        override: true,
        target: this.address,
        options: { ...NO_ND_OPTIONS, targetLinkLayer: this.#hardware },
      };
      if (isProbe) this.#send(advertisement, ALL_NODES);
      else this.#send(advertisement, ip.source, from);
    }
  }

  #periodic(): void {
    this.#advertise();
    this.#clock.schedule(this.#clock.now + this.#interval, this.#due);
  }

  #advertise(): void {
    this.#send(this.#advertisement, ALL_NODES);
  }

  #send(nd: NdMessage, destination: Ipv6Address, to?: HardwareAddress): void {
    const ends = { hardware: this.#hardware, source: this.address, destination };
    this.#attachment?.transmit(ndFrame(nd, to === undefined ? ends : { ...ends, to }));
  }
}
