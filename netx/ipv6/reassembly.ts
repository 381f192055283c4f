import type { Suspension } from '../../kernel/op.ts';
import { strip, type NX_PACKET } from '../packet.ts';
import { dropPacket } from '../packet-drop.ts';
import { packetRelease } from '../packet-pool.ts';
import type { Pending } from '../pending.ts';
import { ICMPV6_ERRONEOUS_FIELD } from '../wire/icmpv6.ts';
import {
  IPV6_DESTINATION,
  IPV6_HEADER,
  IPV6_SOURCE,
  isAddressAt,
  readIpv6Address,
  type Ipv6Address,
} from '../wire/ipv6.ts';
import { FRAGMENT_HEADER_LENGTH, parseFragmentHeader, type FragmentHeader } from '../wire/ipv6-extensions.ts';
import { parameterProblem, reassemblyTimeExceeded } from './icmpv6-error.ts';
import type { Ipv6 } from './ipv6.ts';
import { ipv6Deliver } from './ipv6-receive.ts';

interface Fragment {
  readonly start: number;
  readonly end: number;
  readonly packet: NX_PACKET;
}

/** A datagram of which fragments have come. */
interface Datagram {
  readonly source: Ipv6Address;
  readonly destination: Ipv6Address;
  readonly identification: number;
  /** Virtual time at which its fragments are given up, in nanoseconds. */
  readonly until: number;
  /** In the order of their places. */
  readonly fragments: Fragment[];
  /** Bytes of the whole, once its last fragment is there. */
  length: number | null;
  /** It had overlapping fragments: all that comes of it is dropped (RFC 5722). */
  isSpoilt: boolean;
}

/** Datagrams that may be incomplete at once, and fragments of one: a flood of fragments costs no more than these. */
const MOST_DATAGRAMS = 8;
const MOST_FRAGMENTS = 64;
const MOST_BYTES = 0xffff;

/**
 * Puts fragments together again (RFC 8200 section 4.5). The whole is the chain of the fragments' packets; its IPv6 header is
 * that of the first.
 */
export class Reassembly {
  readonly #ip6: Ipv6;
  /** The oldest first. */
  readonly #datagrams: Datagram[] = [];

  constructor(ip6: Ipv6) {
    this.#ip6 = ip6;
  }

  /** Deals with a packet that begins with a fragment header. */
  receive(packet: NX_PACKET): Pending {
    const { nx_packet_memory: memory, nx_packet_prepend_ptr: at } = packet;
    const header = parseFragmentHeader(memory, at, packet.nx_packet_append_ptr);
    if (header === null || this.#ip6.ip.reassembly === null) return this.#drop(packet);
    strip(packet, FRAGMENT_HEADER_LENGTH);
    packet.nx_packet_ip_header_length += FRAGMENT_HEADER_LENGTH;
    const length = packet.nx_packet_length;
    // A datagram in one fragment has nothing to do with others (RFC 6946).
    if (header.offset === 0 && !header.moreFragments) return ipv6Deliver(this.#ip6, packet, header.nextHeader, at);
    if (header.moreFragments && length % 8 !== 0) {
      return parameterProblem(this.#ip6, packet, ICMPV6_ERRONEOUS_FIELD, packet.nx_packet_ip_header + 4);
    }
    if (header.offset + length > MOST_BYTES - (packet.nx_packet_ip_header_length - IPV6_HEADER)) {
      return parameterProblem(this.#ip6, packet, ICMPV6_ERRONEOUS_FIELD, at + 2);
    }
    if (length === 0) return this.#drop(packet);
    return this.#place(packet, header);
  }

  /** Whether a datagram waits for fragments. */
  get waits(): boolean {
    return this.#datagrams.length > 0;
  }

  /** Once a second: gives up what has waited too long, and tells the senders whose first fragment is there. */
  *periodic(): Generator<Suspension, void, unknown> {
    const { now } = this.#ip6.kernel;
    for (let first = this.#datagrams[0]; first !== undefined && first.until <= now; first = this.#datagrams[0]) {
      this.#datagrams.shift();
      const [head] = first.fragments;
      for (const { packet, start } of first.fragments.splice(0)) {
        if (packet === head?.packet && start === 0) yield* reassemblyTimeExceeded(this.#ip6, packet);
        else this.#drop(packet);
      }
    }
  }

  /** Gives up everything. */
  clear(): void {
    for (const datagram of this.#datagrams.splice(0)) this.#release(datagram);
  }

  #place(packet: NX_PACKET, header: FragmentHeader): Pending {
    const datagram = this.#datagramOf(packet, header.identification);
    const start = header.offset;
    const end = start + packet.nx_packet_length;
    const { fragments } = datagram;
    if (datagram.isSpoilt) return this.#drop(packet);
    // The network may deliver a fragment twice; the second tells nothing new (RFC 8200 section 4.5).
    if (fragments.some((other) => other.start === start && other.end === end)) return this.#drop(packet);
    const isEnd = !header.moreFragments;
    const contradicts =
      (datagram.length !== null && (end > datagram.length || isEnd)) ||
      (isEnd && fragments.some((other) => other.end > end)) ||
      fragments.some((other) => other.start < end && start < other.end);
    this.#makeRoom(datagram);
    if (contradicts || fragments.length >= Math.min(MOST_FRAGMENTS, this.#share)) {
      datagram.isSpoilt = true;
      this.#release(datagram);
      return this.#drop(packet);
    }
    if (isEnd) datagram.length = end;
    const before = fragments.findIndex((other) => other.start > start);
    fragments.splice(before < 0 ? fragments.length : before, 0, { start, end, packet });
    return this.#isWhole(datagram) ? this.#deliver(datagram) : null;
  }

  /** Packets that fragments may hold: half of the instance's pool. */
  get #share(): number {
    return Math.floor((this.#ip6.ip.defaultPool?.nx_packet_pool_total ?? 0) / 2);
  }

  /** Gives up older datagrams where fragments hold too much of the pool. */
  #makeRoom(datagram: Datagram): void {
    const held = (): number => this.#datagrams.reduce((sum, { fragments }) => sum + fragments.length, 0);
    for (const other of [...this.#datagrams]) {
      if (held() < this.#share || other === datagram) return;
      this.#datagrams.splice(this.#datagrams.indexOf(other), 1);
      this.#release(other);
    }
  }

  #isWhole({ fragments, length }: Datagram): boolean {
    if (length === null) return false;
    let reached = 0;
    for (const { start, end } of fragments) {
      if (start !== reached) return false;
      reached = end;
    }
    return reached === length;
  }

  /** Chains the fragments and hands the whole to what its first fragment names as its protocol. */
  #deliver(datagram: Datagram): Pending {
    this.#datagrams.splice(this.#datagrams.indexOf(datagram), 1);
    const [first, ...others] = datagram.fragments;
    if (first === undefined) return null;
    const whole = first.packet;
    for (const { packet } of others) {
      (whole.nx_packet_last ?? whole).nx_packet_next = packet;
      whole.nx_packet_last = packet.nx_packet_last ?? packet;
      whole.nx_packet_length += packet.nx_packet_length;
    }
    const fieldAt = whole.nx_packet_prepend_ptr - FRAGMENT_HEADER_LENGTH;
    return ipv6Deliver(this.#ip6, whole, whole.nx_packet_memory[fieldAt] ?? 0, fieldAt);
  }

  #datagramOf(packet: NX_PACKET, identification: number): Datagram {
    const { nx_packet_memory: memory, nx_packet_ip_header: at } = packet;
    const known = this.#datagrams.find(
      (one) =>
        one.identification === identification &&
        isAddressAt(memory, at + IPV6_SOURCE, one.source) &&
        isAddressAt(memory, at + IPV6_DESTINATION, one.destination),
    );
    if (known !== undefined) return known;
    if (this.#datagrams.length >= MOST_DATAGRAMS) {
      const oldest = this.#datagrams.shift();
      if (oldest !== undefined) this.#release(oldest);
    }
    const datagram: Datagram = {
      source: readIpv6Address(memory, at + IPV6_SOURCE),
      destination: readIpv6Address(memory, at + IPV6_DESTINATION),
      identification,
      until: this.#ip6.kernel.now + this.#ip6.settings.reassemblyTime * 1e9,
      fragments: [],
      length: null,
      isSpoilt: false,
    };
    this.#datagrams.push(datagram);
    return datagram;
  }

  #release(datagram: Datagram): void {
    for (const { packet } of datagram.fragments.splice(0)) packetRelease(this.#ip6.kernel, packet);
  }

  #drop(packet: NX_PACKET): null {
    this.#ip6.ip.nx_ip_receive_packets_dropped++;
    dropPacket(this.#ip6.kernel, packet, 'fragment');
    return null;
  }
}
