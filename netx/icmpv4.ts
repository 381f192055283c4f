import type { Kernel } from '../kernel/kernel.ts';
import { eventFlagsSet } from '../kernel/event-flags.ts';
import { resumeAll } from '../kernel/semaphore.ts';
import { NX_FRAGMENT_OKAY, NX_IP_ICMP_EVENT, NX_IP_TIME_TO_LIVE, NX_NO_RESPONSE } from './constants.ts';
import { netxState } from './device-state.ts';
import { icmpv4Error, noteIcmpv4Error } from './icmpv4-error.ts';
import { echoReplyArrived } from './icmpv4-ping.ts';
import type { IpModule } from './ip-module.ts';
import type { NX_IP } from './ip.ts';
import { isOwnAddress, route } from './ipv4-route.ts';
import { ipv4Send } from './ipv4-send.ts';
import type { NX_PACKET } from './packet.ts';
import { ipv4Destination, ipv4Source } from './packet-addresses.ts';
import { addPacket } from './packet-checksum.ts';
import { dropPacket } from './packet-drop.ts';
import { packetRelease } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import { foldChecksum } from './wire/checksum.ts';
import {
  ICMPV4_DESTINATION_UNREACHABLE,
  ICMPV4_ECHO_REPLY,
  ICMPV4_ECHO_REQUEST,
  ICMPV4_HEADER,
  ICMPV4_PORT_UNREACHABLE,
  isIcmpv4Error,
  readIcmpv4Header,
  writeIcmpv4Checksum,
  writeIcmpv4Header,
  type Icmpv4Header,
} from './wire/icmpv4.ts';
import { PROTOCOL_ICMP } from './wire/ipv4.ts';

/**
 * Takes an ICMP message in (C: `_nx_icmp_packet_receive`): in the IP thread it is dealt with at once, from anywhere else it
 * waits for that thread.
 */
export function icmpReceive(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): Pending {
  ip.nx_ip_icmp_total_messages_received++;
  if (packet.nx_packet_length < ICMPV4_HEADER) {
    ip.nx_ip_icmp_invalid_packets++;
    dropPacket(kernel, packet, 'protocol', `${packet.nx_packet_length} bytes of ICMP`);
    return null;
  }
  if (kernel.context === 'thread' && kernel.current === ip.nx_ip_thread) return icmpProcess(kernel, ip, packet);
  ip.deferredIcmp.push(packet);
  eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_ICMP_EVENT);
  return null;
}

/** ICMP of an instance: deals with the messages that waited for the IP thread. */
export function icmpModule(kernel: Kernel, ip: NX_IP): IpModule {
  return {
    *process() {
      for (let packet = ip.deferredIcmp.shift(); packet !== null; packet = ip.deferredIcmp.shift()) {
        const pending = icmpProcess(kernel, ip, packet);
        if (pending !== null) yield* pending;
      }
    },
    stop: () => resumeAll(kernel, ip.pingers, NX_NO_RESPONSE),
  };
}

/** Deals with an ICMP message in the IP thread. */
function icmpProcess(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): Pending {
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_append_ptr: end } = packet;
  const header = readIcmpv4Header(memory, at, end);
  if (header === null || foldChecksum(addPacket(0, packet)) !== 0) {
    ip.nx_ip_icmp_invalid_packets++;
    if (header !== null) ip.nx_ip_icmp_checksum_errors++;
    dropPacket(kernel, packet, 'checksum', `${packet.nx_packet_length} bytes of ICMP`);
    return null;
  }
  if (header.type === ICMPV4_ECHO_REQUEST) return echoReply(kernel, ip, packet, header);
  if (header.type === ICMPV4_ECHO_REPLY) {
    echoReplyArrived(kernel, ip, packet, header);
    return null;
  }
  ip.nx_ip_icmp_unhandled_messages++;
  if (isIcmpv4Error(header.type)) {
    noteIcmpv4Error(kernel, packet, header);
    packetRelease(kernel, packet);
  } else {
    dropPacket(kernel, packet, 'protocol', `ICMP type ${header.type}`);
  }
  return null;
}

/** An echo request goes back as a reply, in the packets that it came in; not one to a group or to everybody. */
function echoReply(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, header: Icmpv4Header): Pending {
  ip.nx_ip_pings_received++;
  const [sender, own] = [ipv4Source(packet), ipv4Destination(packet)];
  const way = route(ip, sender);
  if (way === null || (!isOwnAddress(ip, own) && own >>> 24 !== 127)) {
    ip.nx_ip_icmp_invalid_packets++;
    dropPacket(kernel, packet, 'protocol', 'echo request to more than one host');
    return null;
  }
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at } = packet;
  writeIcmpv4Header({ ...header, type: ICMPV4_ECHO_REPLY, code: 0 }, memory, at);
  writeIcmpv4Checksum(foldChecksum(addPacket(0, packet)), memory, at);
  ip.nx_ip_pings_responded_to++;
  const options = { tos: 0, ttl: NX_IP_TIME_TO_LIVE, fragment: NX_FRAGMENT_OKAY, protocol: PROTOCOL_ICMP };
  return ipv4Send(kernel, ip, packet, way, own, sender, options);
}

/**
 * Tells the sender of a datagram that nobody has the port it went to (RFC 1122 section 3.2.2.1), where ICMP is on and the
 * datagram was for this host alone; releases the datagram.
 */
export function portUnreachable(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, port: number): Pending {
  netxState(kernel).trace?.record({ type: 'datagram-dropped', reason: 'no-port', detail: `port ${port}` });
  const [type, code] = [ICMPV4_DESTINATION_UNREACHABLE, ICMPV4_PORT_UNREACHABLE];
  const isForUsAlone = isOwnAddress(ip, ipv4Destination(packet));
  const pending = isForUsAlone ? icmpv4Error(kernel, ip, packet, type, code) : null;
  packetRelease(kernel, packet);
  return pending;
}
