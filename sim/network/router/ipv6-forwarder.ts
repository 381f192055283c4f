import {
  ALL_NODES,
  ALL_ROUTERS,
  isLinkLocal,
  isLinkScopeGroup,
  isLoopback,
  isMulticast,
  isUnspecified,
  sameAddress,
  solicitedNode,
} from '../../../netx/ipv6/address.ts';
import type { Clock } from '../../../kernel/ports.ts';
import { readUint16 } from '../../../netx/wire/bytes.ts';
import { ETHERNET_HEADER, ETHERTYPE_IPV6 } from '../../../netx/wire/ethernet.ts';
import {
  ICMPV6_ADDRESS_UNREACHABLE,
  ICMPV6_DESTINATION_UNREACHABLE,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_PACKET_TOO_BIG,
  ICMPV6_PARAMETER_PROBLEM,
  ICMPV6_PORT_UNREACHABLE,
  ICMPV6_TIME_EXCEEDED,
  ICMPV6_UNKNOWN_NEXT_HEADER,
  parseIcmpv6,
} from '../../../netx/wire/icmpv6.ts';
import { PROTOCOL_UDP } from '../../../netx/wire/ipv4.ts';
import {
  FRAGMENT_HEADER,
  IPV6_DESTINATION,
  IPV6_HEADER,
  parseIpv6Header,
  PROTOCOL_ICMPV6,
  pseudoHeaderSumAt,
  type Ipv6Address,
  type Ipv6Header,
} from '../../../netx/wire/ipv6.ts';
import { ND_HOP_LIMIT, parseNd } from '../../../netx/wire/nd.ts';
import { icmpv6Frame } from '../icmpv6-frame.ts';
import {
  ICMPV6_BEYOND_SCOPE,
  ICMPV6_HOP_LIMIT_EXCEEDED,
  ICMPV6_NO_ROUTE,
  icmpv6ErrorMessage,
  mayComplain6,
  type Icmpv6Error,
} from './icmpv6-error.ts';
import type { Ipv6Routes } from './ipv6-routes.ts';
import { isOneOfAt, upperLayer, type UpperLayer } from './ipv6-upper-layer.ts';
import { NdNeighbours } from './nd-neighbours.ts';
import type { Ipv6Interface, RouterInterface } from './router-interface.ts';
import type { RouterDrop } from './router-options.ts';
import type { RouterProtocol } from './router.ts';

const HOP_LIMIT = 64;
const HOP_LIMIT_AT = 7;

/** An interface that has IPv6. */
interface Port {
  readonly on: RouterInterface;
  readonly own: Ipv6Interface;
  readonly neighbours: NdNeighbours;
  /** The groups it listens to. */
  readonly groups: readonly Ipv6Address[];
}

/** What an IPv6 forwarder needs of its router. */
export interface Ipv6ForwarderParts {
  readonly clock: Clock;
  readonly interfaces: readonly RouterInterface[];
  readonly routes: Ipv6Routes;
  readonly dropped: (reason: RouterDrop, packet: Uint8Array) => void;
  /** A host asks for an advertisement. */
  readonly solicited: (on: RouterInterface, frame: Uint8Array) => void;
}

/** Forwards IPv6 packets between the interfaces of a router (RFC 8200), and answers for the router itself. */
export class Ipv6Forwarder implements RouterProtocol {
  readonly #parts: Ipv6ForwarderParts;
  readonly #ports = new Map<RouterInterface, Port>();
  readonly #addresses: readonly Ipv6Address[];

  constructor(parts: Ipv6ForwarderParts) {
    this.#parts = parts;
    for (const on of parts.interfaces) if (on.ipv6 !== null) this.#ports.set(on, this.#open(on, on.ipv6));
    this.#addresses = [...this.#ports.values()].map(({ own }) => own.address);
  }

  #open(on: RouterInterface, own: Ipv6Interface): Port {
    const neighbours = new NdNeighbours(on, own, this.#parts.clock, {
      unreachable: (frame) => {
        const packet = packetIn(frame);
        this.#parts.dropped('no-neighbour', packet);
        this.#complain(null, packet, ICMPV6_DESTINATION_UNREACHABLE, ICMPV6_ADDRESS_UNREACHABLE);
      },
      overflowed: (frame) => this.#parts.dropped('neighbour-queue', packetIn(frame)),
    });
    const groups = [ALL_NODES, ALL_ROUTERS, solicitedNode(own.address), solicitedNode(own.linkLocal)];
    return { on, own, neighbours, groups };
  }

  /** Forgets what was learned at an interface. */
  linkChanged(of: RouterInterface): void {
    this.#ports.get(of)?.neighbours.clear();
  }

  /** An IPv6 frame came in. */
  received(on: RouterInterface, frame: Uint8Array, isGroup: boolean): void {
    const port = this.#ports.get(on);
    if (port === undefined) return;
    const header = parseIpv6Header(frame, ETHERNET_HEADER, frame.length);
    if (header === null) {
      this.#parts.dropped('malformed', frame.subarray(ETHERNET_HEADER));
      return;
    }
    const packet = packetIn(frame);
    const { destination } = header;
    if (isMulticast(destination)) {
      if (isOneOfAt(packet, IPV6_DESTINATION, port.groups)) this.#local(port, header, packet, frame);
      // A switch passes on what is for groups of others; they are no business of a router's.
      else if (!isLinkScopeGroup(destination)) this.#parts.dropped('broadcast', packet);
    } else if (sameAddress(destination, port.own.linkLocal) || this.#isOwn(destination)) {
      this.#local(port, header, packet, frame);
    } else {
      const refused = refuses(header, isGroup);
      if (refused === null) this.#forward(port, header, packet);
      else this.#parts.dropped(refused, packet);
    }
  }

  #isOwn(address: Ipv6Address): boolean {
    return this.#addresses.some((own) => sameAddress(own, address));
  }

  #forward(port: Port, header: Ipv6Header, packet: Uint8Array): void {
    const { source, destination, hopLimit } = header;
    if (isLinkLocal(source)) {
      this.#refuse('martian', port, packet, ICMPV6_DESTINATION_UNREACHABLE, ICMPV6_BEYOND_SCOPE);
      return;
    }
    if (hopLimit <= 1) {
      this.#refuse('ttl', port, packet, ICMPV6_TIME_EXCEEDED, ICMPV6_HOP_LIMIT_EXCEEDED);
      return;
    }
    const route = this.#parts.routes.find(destination);
    if (route === undefined) {
      this.#refuse('no-route', port, packet, ICMPV6_DESTINATION_UNREACHABLE, ICMPV6_NO_ROUTE);
      return;
    }
    const { out, via } = route;
    if (packet.length > out.mtu) {
      this.#refuse('too-big', port, packet, ICMPV6_PACKET_TOO_BIG, 0, out.mtu);
      return;
    }
    const frame = out.frameFor(packet.length, ETHERTYPE_IPV6);
    frame.set(packet, ETHERNET_HEADER);
    frame[ETHERNET_HEADER + HOP_LIMIT_AT] = hopLimit - 1;
    this.#ports.get(out)?.neighbours.send(via ?? destination, frame);
  }

  /** A packet for the router itself: neighbor discovery and echo requests are answered, and nothing else is here. */
  #local(port: Port, header: Ipv6Header, packet: Uint8Array, frame: Uint8Array): void {
    const upper = upperLayer(packet);
    if (upper?.protocol === PROTOCOL_ICMPV6) {
      this.#icmp(port, header, packet.subarray(upper.at), frame, upper);
      return;
    }
    if (isMulticast(header.destination)) return;
    this.#parts.dropped('not-for-routers', packet);
    if (upper === null || upper.protocol === FRAGMENT_HEADER) return;
    if (upper.protocol === PROTOCOL_UDP) {
      this.#complain(port, packet, ICMPV6_DESTINATION_UNREACHABLE, ICMPV6_PORT_UNREACHABLE);
    } else {
      this.#complain(port, packet, ICMPV6_PARAMETER_PROBLEM, ICMPV6_UNKNOWN_NEXT_HEADER, upper.fieldAt);
    }
  }

  #icmp(port: Port, header: Ipv6Header, message: Uint8Array, frame: Uint8Array, { at }: UpperLayer): void {
    const { source, destination, hopLimit } = header;
    const sum = pseudoHeaderSumAt(frame, ETHERNET_HEADER, PROTOCOL_ICMPV6, message.length);
    const icmp = parseIcmpv6(message, sum);
    if (icmp === null) {
      this.#parts.dropped('malformed', packetIn(frame));
      return;
    }
    if (icmp.type === ICMPV6_ECHO_REQUEST && !isMulticast(source) && !isUnspecified(source)) {
      const reply = message.slice();
      reply[0] = ICMPV6_ECHO_REPLY;
      this.#originate(port, source, reply, isMulticast(destination) ? null : destination);
      return;
    }
    // Neighbor discovery comes from the same link, and not behind other headers.
    const nd = hopLimit === ND_HOP_LIMIT && at === IPV6_HEADER ? parseNd(message) : null;
    if (nd === null) {
      this.#parts.dropped('not-for-routers', packetIn(frame));
      return;
    }
    port.neighbours.received(nd, header, frame);
    if (nd.kind === 'router-solicitation') this.#parts.solicited(port.on, frame);
  }

  #refuse(reason: RouterDrop, port: Port, packet: Uint8Array, type: number, code: number, word = 0): void {
    this.#parts.dropped(reason, packet);
    this.#complain(port, packet, type, code, word);
  }

  /**
   * Tells the sender of a packet what went wrong with it, where that is allowed.
   *
   * @param port - where the packet came in; null where that is not known any more
   */
  #complain(port: Port | null, packet: Uint8Array, type: number, code: number, word = 0): void {
    const header = parseIpv6Header(packet, 0, packet.length);
    if (header === null || this.#isOwn(header.source) || !mayComplain6(packet, header, type)) return;
    const error: Icmpv6Error = { type, code, word };
    this.#originate(port, header.source, icmpv6ErrorMessage(error, packet), null);
  }

  /**
   * Sends a message of the router's own.
   *
   * @param port - where the packet came in to which it is an answer
   * @param from - the address that was spoken to, or null for that of the interface
   */
  #originate(port: Port | null, destination: Ipv6Address, message: Uint8Array, from: Ipv6Address | null): void {
    const isLocal = isLinkLocal(destination);
    const route = isLocal ? undefined : this.#parts.routes.find(destination);
    const out = isLocal ? port : route && this.#ports.get(route.out);
    if (out === null || out === undefined) return;
    const source = from ?? (isLocal ? out.own.linkLocal : out.own.address);
    const frame = icmpv6Frame(message, { hardware: out.on.hardware, source, destination }, HOP_LIMIT);
    if (frame.length - ETHERNET_HEADER > out.on.mtu) this.#parts.dropped('too-big', packetIn(frame));
    else out.neighbours.send(route?.via ?? destination, frame);
  }
}

/** Why a packet may not be forwarded, or null (RFC 4291 sections 2.5.2, 2.5.3 and 2.5.6). */
function refuses({ source, destination }: Ipv6Header, isGroup: boolean): RouterDrop | null {
  if (isGroup) return 'broadcast';
  const isNobody = isUnspecified(source) || isMulticast(source) || isLoopback(source);
  return isNobody || isUnspecified(destination) || isLoopback(destination) || isLinkLocal(destination)
    ? 'martian'
    : null;
}

/** The IPv6 packet in a frame, whose header is known to be right. */
function packetIn(frame: Uint8Array): Uint8Array {
  const end = ETHERNET_HEADER + IPV6_HEADER + readUint16(frame, ETHERNET_HEADER + 4);
  return frame.subarray(ETHERNET_HEADER, end);
}
