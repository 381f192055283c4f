import { TX_TCP_IP, TX_WAIT_FOREVER, type ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { mutexGet } from '../kernel/mutex.ts';
import { out, type Out } from '../kernel/out.ts';
import type { Suspension } from '../kernel/op.ts';
import {
  NX_FRAGMENT_OKAY,
  NX_IP_ADDRESS_ERROR,
  NX_IP_TIME_TO_LIVE,
  NX_IPv4_PACKET,
  NX_NO_PACKET,
  NX_NO_RESPONSE,
  NX_NO_WAIT,
  NX_OVERFLOW,
  NX_RECEIVE_PACKET,
  NX_SUCCESS,
} from './constants.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import { unlockIp } from './ip-seconds.ts';
import { route } from './ipv4-route.ts';
import { ipv4Send } from './ipv4-send.ts';
import { prepend, strip, type NX_PACKET } from './packet.ts';
import { addPacket } from './packet-checksum.ts';
import { chain, packetsNeeded, writeBytes } from './packet-data.ts';
import { dropPacket } from './packet-drop.ts';
import { packetAllocate, packetRelease, passTo, takeOver } from './packet-pool.ts';
import { foldChecksum } from './wire/checksum.ts';
import {
  ICMPV4_ECHO_REQUEST,
  ICMPV4_HEADER,
  writeIcmpv4Checksum,
  writeIcmpv4Header,
  type Icmpv4Header,
} from './wire/icmpv4.ts';
import { IPV4_HEADER, PROTOCOL_ICMP } from './wire/ipv4.ts';
import { resume, suspendCurrent } from '../kernel/waiting.ts';

const LONGEST = 0xffff - IPV4_HEADER - ICMPV4_HEADER;

/**
 * Sends an echo request and waits for its reply (C: `_nx_icmp_ping`); for `nx_icmp_ping` and the IPv4 half of
 * `nxd_icmp_ping`.
 *
 * @param response - receives the reply's packet, which the caller owns: the data that came back lies between its prepend
 *   and append pointers
 * @param waitOption - ticks to wait: for packets, and then for the reply
 * @returns `NX_SUCCESS`; `NX_IP_ADDRESS_ERROR` where there is no way to the address; `NX_OVERFLOW` for more data than an IP
 *   packet carries; `NX_NO_PACKET`; `NX_NO_RESPONSE`, also with `NX_NO_WAIT`; `NX_WAIT_ABORTED`; `NX_POOL_DELETED`
 */
export function* icmpv4Ping(
  kernel: Kernel,
  ip: NX_IP,
  address: ULONG,
  data: Uint8Array,
  size: ULONG,
  response: Out<NX_PACKET>,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const way = route(ip, address);
  if (way === null || address === 0) return NX_IP_ADDRESS_ERROR;
  const { networkInterface, nextHop } = way;
  return yield* icmpv4InterfacePing(kernel, ip, address, networkInterface, nextHop, data, size, response, waitOption);
}

/** As {@link icmpv4Ping}, out of a given interface and through a given neighbour. */
export function* icmpv4InterfacePing(
  kernel: Kernel,
  ip: NX_IP,
  address: ULONG,
  networkInterface: NX_INTERFACE,
  nextHop: ULONG,
  data: Uint8Array,
  size: ULONG,
  response: Out<NX_PACKET>,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const { service } = kernel.op;
  if (size > LONGEST) return NX_OVERFLOW;
  const request = out<NX_PACKET>();
  const status = yield* echoRequest(kernel, ip, data.subarray(0, size), request, waitOption);
  if (status !== NX_SUCCESS) return status;
  const packet = request.value;
  const sequence = ip.nx_ip_icmp_sequence & 0xffff;
  ip.nx_ip_icmp_sequence = (ip.nx_ip_icmp_sequence + 1) >>> 0;
  const source = networkInterface.nx_interface_ip_address;
  prepend(packet, ICMPV4_HEADER);
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at } = packet;
  writeIcmpv4Header({ type: ICMPV4_ECHO_REQUEST, code: 0, identifier: source & 0xffff, sequence }, memory, at);
  writeIcmpv4Checksum(foldChecksum(addPacket(0, packet)), memory, at);
  ip.nx_ip_pings_sent++;
  yield* mutexGet(kernel, ip.nx_ip_protection, TX_WAIT_FOREVER);
  passTo(packet, 'stack');
  const options = { tos: 0, ttl: NX_IP_TIME_TO_LIVE, fragment: NX_FRAGMENT_OKAY, protocol: PROTOCOL_ICMP };
  const pending = ipv4Send(kernel, ip, packet, { networkInterface, nextHop }, source, address, options);
  if (pending !== null) yield* pending;
  // No reply is dealt with before this thread waits for it: the IP thread needs the mutex for that.
  unlockIp(kernel, ip);
  if (waitOption === NX_NO_WAIT) return yield* kernel.finish(NX_NO_RESPONSE);
  const thread = kernel.current;
  const replies: NX_PACKET[] = [];
  if (thread !== null) thread.waitRequest = { kind: 'ping', sequence, deliver: (reply) => void replies.push(reply) };
  const outcome = yield* suspendCurrent(kernel, TX_TCP_IP, ip.pingers, waitOption);
  for (const reply of replies) {
    takeOver(kernel, reply, service);
    response.value = reply;
  }
  return outcome;
}

/** Puts the data of an echo request into as many packets as it needs, waiting for them where that is asked for. */
function* echoRequest(
  kernel: Kernel,
  ip: NX_IP,
  data: Uint8Array,
  request: Out<NX_PACKET>,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const pool = ip.defaultPool;
  if (pool === null) return NX_NO_PACKET;
  const status = yield* packetAllocate(kernel, pool, request, NX_IPv4_PACKET + ICMPV4_HEADER, waitOption);
  if (status !== NX_SUCCESS) return status;
  const packet = request.value;
  for (let needed = packetsNeeded(packet, data.length, pool); needed > 0; needed--) {
    const part = out<NX_PACKET>();
    const more = yield* packetAllocate(kernel, pool, part, NX_RECEIVE_PACKET, waitOption);
    if (more !== NX_SUCCESS) {
      packetRelease(kernel, packet);
      return more;
    }
    chain(packet, part.value);
  }
  writeBytes(packet, packet, data);
  return NX_SUCCESS;
}

/** An echo reply goes to the first thread that waits for its sequence number. */
export function echoReplyArrived(kernel: Kernel, ip: NX_IP, packet: NX_PACKET, { sequence }: Icmpv4Header): void {
  ip.nx_ip_ping_responses_received++;
  for (const thread of ip.pingers) {
    const { waitRequest: request } = thread;
    if (request?.kind !== 'ping' || request.sequence !== sequence) continue;
    strip(packet, ICMPV4_HEADER);
    request.deliver(packet);
    resume(kernel, thread, NX_SUCCESS);
    return;
  }
  ip.nx_ip_icmp_invalid_packets++;
  dropPacket(kernel, packet, 'protocol', 'echo reply that nobody waits for');
}

/** What a thread that waits for an echo reply asked for. */
export interface PingRequest {
  readonly kind: 'ping';
  readonly sequence: number;
  deliver(packet: NX_PACKET): void;
}

declare module '../kernel/thread.ts' {
  interface RequestKinds {
    readonly ping: PingRequest;
  }
}
