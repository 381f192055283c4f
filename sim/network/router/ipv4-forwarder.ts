import type { Clock } from '../../../kernel/ports.ts';
import { readUint16, readUint32, writeUint16, writeUint32 } from '../../../netx/wire/bytes.ts';
import { ETHERNET_HEADER, ETHERTYPE_IPV4 } from '../../../netx/wire/ethernet.ts';
import {
  emitIcmpv4Header,
  ICMPV4_DESTINATION_UNREACHABLE,
  ICMPV4_ECHO_REPLY,
  ICMPV4_ECHO_REQUEST,
  ICMPV4_FRAGMENTATION_NEEDED,
  ICMPV4_PORT_UNREACHABLE,
  parseIcmpv4Header,
} from '../../../netx/wire/icmpv4.ts';
import { IPV4_HEADER, parseIpv4Header, PROTOCOL_ICMP, PROTOCOL_UDP, type Ipv4Header } from '../../../netx/wire/ipv4.ts';
import { contains, maskOf } from '../../subnet.ts';
import { ArpNeighbours } from './arp-neighbours.ts';
import {
  ICMPV4_HOST_UNREACHABLE,
  ICMPV4_NET_UNREACHABLE,
  ICMPV4_PROTOCOL_UNREACHABLE,
  ICMPV4_TIME_EXCEEDED,
  icmpv4ErrorPacket,
  isHost,
  mayComplain,
} from './icmpv4-error.ts';
import { fragmentIpv4, sealHeader } from './ipv4-fragments.ts';
import type { RouterInterface } from './router-interface.ts';
import type { RouterDrop } from './router-options.ts';
import type { Route, RoutingTable } from './routing-table.ts';

const LIMITED_BROADCAST = 0xffffffff;
const TTL = 64;
/** Where the header has its time to live and its checksum. */
const TTL_AT = 8;
const CHECKSUM_AT = 10;

/** What a forwarder needs of its router. */
export interface ForwarderParts {
  readonly clock: Clock;
  readonly interfaces: readonly RouterInterface[];
  readonly routes: RoutingTable;
  readonly dropped: (reason: RouterDrop, packet: Uint8Array) => void;
}

/** Forwards IPv4 packets between the interfaces of a router (RFC 1812), and answers for the router itself. */
export class Ipv4Forwarder {
  readonly #parts: ForwarderParts;
  readonly #neighbours: ReadonlyMap<RouterInterface, ArpNeighbours>;
  readonly #addresses: ReadonlySet<number>;
  #identification = 0;

  constructor(parts: ForwarderParts) {
    this.#parts = parts;
    this.#addresses = new Set(parts.interfaces.map(({ address }) => address));
    this.#neighbours = new Map(
      parts.interfaces.map((one) => {
        const events = {
          unreachable: (frame: Uint8Array) => {
            const packet = packetIn(frame);
            parts.dropped('no-neighbour', packet);
            this.#complain(packet, ICMPV4_DESTINATION_UNREACHABLE, ICMPV4_HOST_UNREACHABLE);
          },
          overflowed: (frame: Uint8Array) => parts.dropped('neighbour-queue', packetIn(frame)),
        };
        return [one, new ArpNeighbours(one, parts.clock, events)];
      }),
    );
  }

  /** An ARP frame came in. */
  receivedArp(on: RouterInterface, frame: Uint8Array): void {
    this.#neighbours.get(on)?.received(frame);
  }

  /** Forgets what was learned at an interface. */
  linkChanged(of: RouterInterface): void {
    this.#neighbours.get(of)?.clear();
  }

  /** An IPv4 frame came in. */
  received(on: RouterInterface, frame: Uint8Array, isGroup: boolean): void {
    const header = parseIpv4Header(frame, ETHERNET_HEADER, frame.length);
    if (header === null) {
      this.#parts.dropped('malformed', frame.subarray(ETHERNET_HEADER));
      return;
    }
    const packet = frame.subarray(ETHERNET_HEADER, ETHERNET_HEADER + header.totalLength);
    const { destination } = header;
    if (this.#addresses.has(destination)) {
      this.#local(header, packet);
      return;
    }
    const refused = this.#refuses(on, header, isGroup);
    if (refused !== null) this.#parts.dropped(refused, packet);
    else this.#forward(header, packet);
  }

  /** Why a packet may not be forwarded, or null (RFC 1812 sections 5.3.4, 5.3.5 and 5.3.7). */
  #refuses(on: RouterInterface, { source, destination }: Ipv4Header, isGroup: boolean): RouterDrop | null {
    if (isGroup || destination === LIMITED_BROADCAST || destination >>> 28 === 14) return 'broadcast';
    if (!isHost(destination) || !isHost(source)) return 'martian';
    return this.#isBroadcast(on, destination) ? 'broadcast' : null;
  }

  #isBroadcast(on: RouterInterface, address: number): boolean {
    const broadcast = (on.subnet.network | ~maskOf(on.subnet.prefix)) >>> 0;
    return contains(on.subnet, address) && (address === broadcast || address === on.subnet.network);
  }

  #forward(header: Ipv4Header, packet: Uint8Array): void {
    if (header.ttl <= 1) {
      this.#parts.dropped('ttl', packet);
      this.#complain(packet, ICMPV4_TIME_EXCEEDED, 0);
      return;
    }
    const route = this.#parts.routes.find(header.destination);
    if (route === undefined) {
      this.#parts.dropped('no-route', packet);
      this.#complain(packet, ICMPV4_DESTINATION_UNREACHABLE, ICMPV4_NET_UNREACHABLE);
      return;
    }
    if (route.via === null && this.#isBroadcast(route.out, header.destination)) {
      this.#parts.dropped('broadcast', packet);
      return;
    }
    const { mtu } = route.out;
    if (packet.length > mtu && header.dontFragment) {
      this.#parts.dropped('too-big', packet);
      this.#complain(packet, ICMPV4_DESTINATION_UNREACHABLE, ICMPV4_FRAGMENTATION_NEEDED, mtu);
      return;
    }
    this.#send(route, header.destination, packet, true);
  }

  /** Sends a packet over a route, in pieces where it has to be. */
  #send(route: Route, destination: number, packet: Uint8Array, isForwarded: boolean): void {
    const pieces = packet.length > route.out.mtu ? fragmentIpv4(packet, route.out.mtu) : [packet];
    if (pieces === null) {
      this.#parts.dropped('too-big', packet);
      return;
    }
    for (const piece of pieces) {
      const frame = route.out.frameFor(piece.length, ETHERTYPE_IPV4);
      frame.set(piece, ETHERNET_HEADER);
      if (isForwarded) decrementTtl(frame, ETHERNET_HEADER);
      this.#neighbours.get(route.out)?.send(route.via ?? destination, frame);
    }
  }

  /** Sends a packet of the router's own. */
  #originate(packet: Uint8Array): void {
    const destination = readUint32(packet, 16);
    const route = this.#parts.routes.find(destination);
    if (route === undefined) this.#parts.dropped('no-route', packet);
    else this.#send(route, destination, packet, false);
  }

  /** A packet for the router itself: echo requests are answered, and nothing else is here. */
  #local(header: Ipv4Header, packet: Uint8Array): void {
    const { protocol, headerLength } = header;
    if (header.moreFragments || header.fragmentOffset > 0) {
      this.#parts.dropped('not-for-routers', packet);
      return;
    }
    const icmp = protocol === PROTOCOL_ICMP ? parseIcmpv4Header(packet, headerLength, packet.length) : null;
    if (icmp?.type === ICMPV4_ECHO_REQUEST && isHost(header.source)) {
      const reply = new Uint8Array(IPV4_HEADER + packet.length - headerLength);
      reply.set(packet.subarray(0, IPV4_HEADER));
      reply.set(packet.subarray(headerLength), IPV4_HEADER);
      emitIcmpv4Header({ ...icmp, type: ICMPV4_ECHO_REPLY }, reply, IPV4_HEADER, reply.length);
      reply[0] = 0x45;
      reply[TTL_AT] = TTL;
      writeUint16(reply, 2, reply.length);
      writeUint16(reply, 4, this.#nextIdentification());
      writeUint16(reply, 6, 0);
      writeUint32(reply, 12, header.destination);
      writeUint32(reply, 16, header.source);
      sealHeader(reply, IPV4_HEADER);
      this.#originate(reply);
      return;
    }
    this.#parts.dropped('not-for-routers', packet);
    if (protocol === PROTOCOL_ICMP) return;
    const code = protocol === PROTOCOL_UDP ? ICMPV4_PORT_UNREACHABLE : ICMPV4_PROTOCOL_UNREACHABLE;
    this.#complain(packet, ICMPV4_DESTINATION_UNREACHABLE, code);
  }

  /** Tells the sender of a packet what went wrong with it, where that is allowed. */
  #complain(packet: Uint8Array, type: number, code: number, mtu = 0): void {
    if (!mayComplain(packet)) return;
    const sender = readUint32(packet, 12);
    const route = this.#parts.routes.find(sender);
    if (route === undefined || this.#addresses.has(sender)) return;
    const identification = this.#nextIdentification();
    const message = icmpv4ErrorPacket({ type, code, mtu }, packet, route.out.address, sender, identification);
    this.#send(route, sender, message, false);
  }

  #nextIdentification(): number {
    this.#identification = (this.#identification + 1) & 0xffff;
    return this.#identification;
  }
}

/** The IPv4 packet in a frame. */
function packetIn(frame: Uint8Array): Uint8Array {
  return frame.subarray(ETHERNET_HEADER, ETHERNET_HEADER + readUint16(frame, ETHERNET_HEADER + 2));
}

/** Takes one from a packet's time to live, and brings its checksum up to date (RFC 1624). */
function decrementTtl(bytes: Uint8Array, at: number): void {
  bytes[at + TTL_AT] = (bytes[at + TTL_AT] ?? 0) - 1;
  // The field was m and is m - 0x100; the checksum is ~(~checksum + ~m + (m - 0x100)), which is checksum + 0x100.
  const sum = readUint16(bytes, at + CHECKSUM_AT) + 0x100;
  const folded = (sum & 0xffff) + (sum >>> 16);
  writeUint16(bytes, at + CHECKSUM_AT, folded);
}
