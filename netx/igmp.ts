import type { Kernel } from '../kernel/kernel.ts';
import { eventFlagsSet } from '../kernel/event-flags.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_ENTRY_NOT_FOUND, NX_IP_IGMP_EVENT, NX_LINK_MULTICAST_JOIN, NX_SUCCESS } from './constants.ts';
import { sendLeave, sendReport } from './igmp-send.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { IpModule } from './ip-module.ts';
import type { NX_IP } from './ip.ts';
import { isOwnAddress } from './ipv4-route.ts';
import { filterGroup, forgetGroup, groupOf, type MulticastGroup } from './multicast-group.ts';
import type { NX_PACKET } from './packet.ts';
import { ipv4Source } from './packet-addresses.ts';
import { addPacket } from './packet-checksum.ts';
import { dropPacket } from './packet-drop.ts';
import { packetRelease } from './packet-pool.ts';
import { foldChecksum } from './wire/checksum.ts';
import { ALL_HOSTS, IGMP_QUERY, IGMP_V1_REPORT, IGMP_V2_REPORT, readIgmp, type IgmpMessage } from './wire/igmp.ts';

/** The longest delay of an answer to a router of version 1, and of the second report of a join, in seconds. */
const MAX_DELAY = 10;

/** A random delay from 1 second to a longest one. */
const delayUpTo = (kernel: Kernel, longest: number): number => 1 + (kernel.random.uint32() % Math.max(1, longest));

/** IGMP of an instance: answers routers, and reports what was joined. */
export function igmpModule(kernel: Kernel, ip: NX_IP): IpModule {
  return {
    process: () => {
      for (let packet = ip.deferredIgmp.shift(); packet !== null; packet = ip.deferredIgmp.shift()) {
        igmpProcess(kernel, ip, packet);
      }
      return null;
    },
    periodic: () => igmpPeriodic(kernel, ip),
  };
}

/** IGMP has been turned on: every interface lets packets to every host in. */
export function* igmpStart(ip: NX_IP): Generator<Suspension, void, unknown> {
  for (const networkInterface of ip.nx_ip_interface) {
    if (networkInterface.nx_interface_valid === 0) continue;
    yield* filterGroup(ip, networkInterface, NX_LINK_MULTICAST_JOIN, ALL_HOSTS);
  }
}

/** Takes an IGMP message in: in the IP thread it is dealt with at once, from anywhere else it waits for that thread. */
export function igmpReceive(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): null {
  if (kernel.context === 'thread' && kernel.current === ip.nx_ip_thread) {
    igmpProcess(kernel, ip, packet);
    return null;
  }
  ip.deferredIgmp.push(packet);
  eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_IGMP_EVENT);
  return null;
}

/** Deals with an IGMP message in the IP thread (RFC 2236 section 3); releases its packet. */
function igmpProcess(kernel: Kernel, ip: NX_IP, packet: NX_PACKET): void {
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_append_ptr: end } = packet;
  const message = readIgmp(memory, at, end);
  if (message === null || foldChecksum(addPacket(0, packet)) !== 0) {
    ip.nx_ip_igmp_invalid_packets++;
    if (message !== null) ip.nx_ip_igmp_checksum_errors++;
    dropPacket(kernel, packet, 'checksum', `${packet.nx_packet_length} bytes of IGMP`);
    return;
  }
  const networkInterface = packet.nx_packet_ip_interface;
  const isOwn = isOwnAddress(ip, ipv4Source(packet));
  packetRelease(kernel, packet);
  if (networkInterface === null) return;
  if (message.type === IGMP_QUERY) {
    ip.nx_ip_igmp_queries_received++;
    scheduleReports(kernel, ip, networkInterface, message);
  } else if ((message.type === IGMP_V1_REPORT || message.type === IGMP_V2_REPORT) && !isOwn) {
    const group = groupOf(ip, message.group, networkInterface);
    // The router knows of the group now: nobody has to tell it again.
    if (group !== undefined) group.untilReport = group.repeats = 0;
  }
}

/** A router asks who is in a group, or in any: each group of the interface is reported after a random delay. */
function scheduleReports(kernel: Kernel, ip: NX_IP, networkInterface: NX_INTERFACE, query: IgmpMessage): void {
  const isVersion1 = query.maxResponseTime === 0;
  ip.nx_ip_igmp_router_version = isVersion1 ? 1 : 2;
  const longest = isVersion1 ? MAX_DELAY : Math.floor(query.maxResponseTime / 10);
  for (const group of ip.multicastGroups) {
    if (group.networkInterface !== networkInterface || group.isLocal || group.address === ALL_HOSTS) continue;
    if (query.group !== 0 && query.group !== group.address) continue;
    // A report that comes soon enough anyhow is not put off.
    if (group.untilReport !== 0 && group.untilReport <= longest) continue;
    group.untilReport = delayUpTo(kernel, longest);
  }
}

/** Once a second: sends the report that is due, one at most, so that reports do not come in bursts. */
function* igmpPeriodic(kernel: Kernel, ip: NX_IP): Generator<Suspension, void, unknown> {
  let sent = false;
  for (const group of ip.multicastGroups) {
    if (group.untilReport === 0) continue;
    if (group.untilReport > 1) {
      group.untilReport--;
      continue;
    }
    if (sent) continue;
    sent = true;
    group.untilReport = 0;
    if (group.repeats > 0) {
      group.repeats--;
      group.untilReport = delayUpTo(kernel, MAX_DELAY);
    }
    const pending = sendReport(kernel, ip, group);
    if (pending !== null) yield* pending;
  }
}

/** Leaves a group on an interface once; the last time, routers are told (RFC 2236 section 3). Gives the service's status. */
export function* leaveGroup(
  kernel: Kernel,
  ip: NX_IP,
  address: number,
  networkInterface: NX_INTERFACE,
): Generator<Suspension, number, unknown> {
  const group = groupOf(ip, address, networkInterface);
  if (group === undefined) return NX_ENTRY_NOT_FOUND;
  if (--group.joins > 0) return NX_SUCCESS;
  yield* forgetGroup(ip, group);
  if (isLeaveTold(ip, group)) {
    const pending = sendLeave(kernel, ip, group);
    if (pending !== null) yield* pending;
  }
  return NX_SUCCESS;
}

/** A host of version 1 goes without a word, and so does one that never told of the group. */
const isLeaveTold = (ip: NX_IP, group: MulticastGroup): boolean =>
  ip.igmpEnabled && !group.isLocal && group.address !== ALL_HOSTS && ip.nx_ip_igmp_router_version !== 1;
