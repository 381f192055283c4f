import { unlockIp } from '../ip-seconds.ts';
import { TX_TCP_IP, TX_WAIT_FOREVER, type ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { mutexGet } from '../../kernel/mutex.ts';
import type { Suspension } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_NO_PACKET, NX_NO_RESPONSE, NX_NO_WAIT, NX_OVERFLOW, NX_SUCCESS } from '../constants.ts';
import { strip, type NX_PACKET } from '../packet.ts';
import { addPacket } from '../packet-checksum.ts';
import { takeOver } from '../packet-pool.ts';
import type { Pending } from '../pending.ts';
import { readUint32, writeUint16, writeUint32 } from '../wire/bytes.ts';
import { foldChecksum } from '../wire/checksum.ts';
import { ICMPV6_ECHO_REPLY, ICMPV6_ECHO_REQUEST, ICMPV6_HEADER } from '../wire/icmpv6.ts';
import {
  IPV6_DESTINATION,
  IPV6_HEADER,
  IPV6_SOURCE,
  PROTOCOL_ICMPV6,
  pseudoHeaderSum6,
  readIpv6Address,
} from '../wire/ipv6.ts';
import type { Ipv6Address } from '../wire/ipv6.ts';
import { isUnicast } from './address.ts';
import { dropIcmpv6 } from './icmpv6-error.ts';
import type { Ipv6 } from './ipv6.ts';
import { ipv6Send } from './ipv6-send.ts';
import { sendIcmpv6 } from './nd-send.ts';
import type { NXD_IPV6_ADDRESS } from './nxd-ipv6-address.ts';
import { ownAddress } from './own-addresses.ts';
import { sourceFor } from './source-address.ts';
import { resume, suspendCurrent } from '../../kernel/waiting.ts';

/** Identifier of this host's echo requests; their sequence tells them apart. */
const IDENTIFIER = 0x4e58;
/** Room for the headers before an ICMPv6 message. */
const LOWER_HEADERS = IPV6_HEADER + 14;

/** An echo request goes back as a reply, in the packet that it came in (RFC 4443 section 4.2). */
export function echoRequest(ip6: Ipv6, packet: NX_PACKET): Pending {
  const { nx_packet_memory: memory, nx_packet_prepend_ptr: at, nx_packet_ip_header: header } = packet;
  const destination = readIpv6Address(memory, header + IPV6_SOURCE);
  const asked = readIpv6Address(memory, header + IPV6_DESTINATION);
  const from = ownAddress(ip6, asked) ?? sourceFor(ip6, destination, packet.nx_packet_ip_interface);
  const hasRoom = at - LOWER_HEADERS >= packet.nx_packet_data_start;
  const networkInterface = from?.nxd_ipv6_address_attached ?? null;
  if (from === null || networkInterface === null || !isUnicast(destination) || !hasRoom) {
    return dropIcmpv6(ip6, packet, 'an echo request from nobody that could be answered');
  }
  const source = from.nxd_ipv6_address;
  memory[at] = ICMPV6_ECHO_REPLY;
  memory[at + 1] = 0;
  writeUint16(memory, at + 2, 0);
  const pseudoHeader = pseudoHeaderSum6(source, destination, PROTOCOL_ICMPV6, packet.nx_packet_length);
  writeUint16(memory, at + 2, foldChecksum(addPacket(pseudoHeader, packet)));
  return ipv6Send(ip6, packet, {
    networkInterface,
    source,
    destination,
    nextHeader: PROTOCOL_ICMPV6,
    hopLimit: ip6.hopLimit,
    trafficClass: 0,
    dontFragment: false,
  });
}

/** An echo reply goes to the thread that waits for it. */
export function echoReply(ip6: Ipv6, packet: NX_PACKET): Pending {
  const echo = readUint32(packet.nx_packet_memory, packet.nx_packet_prepend_ptr + 4);
  for (const thread of ip6.pings) {
    const request = thread.waitRequest;
    if (request?.kind !== 'echo6' || request.echo !== echo) continue;
    strip(packet, ICMPV6_HEADER);
    request.deliver(packet);
    resume(ip6.kernel, thread, NX_SUCCESS);
    return null;
  }
  return dropIcmpv6(ip6, packet, 'an echo reply that nobody waits for');
}

/** What a thread that waits for an echo reply asked for. */
export interface EchoRequest6 {
  readonly kind: 'echo6';
  /** Identifier and sequence. */
  readonly echo: number;
  deliver(packet: NX_PACKET): void;
}

declare module '../../kernel/thread.ts' {
  interface RequestKinds {
    readonly echo6: EchoRequest6;
  }
}

/** Sends an echo request and waits for its reply, whose data is left in `response`. */
export function* ping6(
  kernel: Kernel,
  ip6: Ipv6,
  from: NXD_IPV6_ADDRESS,
  destination: Ipv6Address,
  data: Uint8Array,
  response: Out<NX_PACKET>,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const { service } = kernel.op;
  const networkInterface = from.nxd_ipv6_address_attached;
  if (networkInterface === null || data.length + ICMPV6_HEADER > 0xffff) return NX_OVERFLOW;
  yield* mutexGet(kernel, ip6.ip.nx_ip_protection, TX_WAIT_FOREVER);
  const sequence = ip6.nextEcho;
  ip6.nextEcho = (sequence + 1) & 0xffff;
  const echo = IDENTIFIER * 0x10000 + sequence;
  const message = new Uint8Array(ICMPV6_HEADER + data.length);
  message[0] = ICMPV6_ECHO_REQUEST;
  writeUint32(message, 4, echo);
  message.set(data, ICMPV6_HEADER);
  const free = ip6.ip.defaultPool?.nx_packet_pool_available ?? 0;
  const way = { networkInterface, source: from.nxd_ipv6_address, destination, hopLimit: ip6.hopLimit };
  const pending = free === 0 ? null : sendIcmpv6(ip6, message, way);
  if (pending !== null) yield* pending;
  unlockIp(kernel, ip6.ip);
  if (free === 0) return NX_NO_PACKET;
  if (waitOption === NX_NO_WAIT) return NX_NO_RESPONSE;
  const delivered: NX_PACKET[] = [];
  const thread = kernel.current;
  if (thread !== null) {
    thread.waitRequest = { kind: 'echo6', echo, deliver: (packet) => void delivered.push(packet) };
  }
  const status = yield* suspendCurrent(kernel, TX_TCP_IP, ip6.pings, waitOption);
  const [packet] = delivered;
  if (packet === undefined) return status;
  takeOver(kernel, packet, service);
  response.value = packet;
  return NX_SUCCESS;
}
