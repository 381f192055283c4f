import { packetView, type NX_PACKET } from '../packet.ts';
import { receivedPseudoHeaderSum } from '../packet-addresses.ts';
import { addPacket } from '../packet-checksum.ts';
import { packetRelease } from '../packet-pool.ts';
import type { Pending } from '../pending.ts';
import { foldChecksum } from '../wire/checksum.ts';
import { readUint32 } from '../wire/bytes.ts';
import {
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_HEADER,
  ICMPV6_PACKET_TOO_BIG,
  ICMPV6_REDIRECT,
  ICMPV6_ROUTER_SOLICITATION,
  isIcmpv6Error,
} from '../wire/icmpv6.ts';
import {
  IPV6_DESTINATION,
  IPV6_HEADER,
  IPV6_MINIMUM_MTU,
  IPV6_SOURCE,
  ipv6PacketLength,
  PROTOCOL_ICMPV6,
  readIpv6Address,
} from '../wire/ipv6.ts';
import { echoReply, echoRequest } from './echo.ts';
import { dropIcmpv6 } from './icmpv6-error.ts';
import type { Ipv6 } from './ipv6.ts';
import { ndReceive } from './nd-receive.ts';
import { isOwnAddressAt } from './own-addresses.ts';

/** Deals with an ICMPv6 message in the IP thread. */
export function icmpv6Receive(ip6: Ipv6, packet: NX_PACKET): Pending {
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_length: length } = packet;
  if (at + ICMPV6_HEADER > packet.nx_packet_append_ptr) return dropIcmpv6(ip6, packet, 'a message without its header');
  const pseudoHeader = receivedPseudoHeaderSum(packet, PROTOCOL_ICMPV6, length);
  if (foldChecksum(addPacket(pseudoHeader, packet)) !== 0) return dropIcmpv6(ip6, packet, 'wrong checksum');
  const type = memory[at] ?? 0;
  switch (type) {
    case ICMPV6_ECHO_REQUEST:
      return echoRequest(ip6, packet);
    case ICMPV6_ECHO_REPLY:
      return echoReply(ip6, packet);
    case ICMPV6_PACKET_TOO_BIG:
      return packetTooBig(ip6, packet);
    default:
      if (type >= ICMPV6_ROUTER_SOLICITATION && type <= ICMPV6_REDIRECT) return ndReceive(ip6, packet);
      return dropIcmpv6(ip6, packet, isIcmpv6Error(type) ? `error of type ${type}` : `type ${type}`);
  }
}

/**
 * A router could not pass on a packet of this host (RFC 8201 section 4). Less than every link takes is not believed, nor is
 * a message about a packet that this host cannot have sent.
 */
function packetTooBig(ip6: Ipv6, packet: NX_PACKET): Pending {
  const message = packetView(packet);
  const mtu = readUint32(message, 4);
  const quoted = ICMPV6_HEADER;
  // What is quoted may be cut short, so its length says nothing here.
  const isQuoted = ipv6PacketLength(message, quoted, Infinity) !== null;
  const isOurs = isQuoted && isOwnAddressAt(ip6, message, quoted + IPV6_SOURCE);
  if (!isOurs || message.length < quoted + IPV6_HEADER || mtu < IPV6_MINIMUM_MTU) {
    return dropIcmpv6(ip6, packet, `packet too big, MTU ${mtu}, refused`);
  }
  if (ip6.settings.pathMtuDiscovery) {
    const destination = readIpv6Address(message, quoted + IPV6_DESTINATION);
    ip6.destinations.noteMtu(destination, mtu, ip6.settings.pathMtuLifetime);
  }
  packetRelease(ip6.kernel, packet);
  return null;
}
