import { formatIpv4 } from '../../netx/nxd-address.ts';
import { readUint32 } from '../../netx/wire/bytes.ts';
import { BOOTP_REPLY, DHCP_CLIENT_PORT, DHCP_SERVER_PORT, numberOption, parseDhcp } from '../../netx/wire/dhcp.ts';
import {
  ICMPV4_DESTINATION_UNREACHABLE,
  ICMPV4_ECHO_REPLY,
  ICMPV4_ECHO_REQUEST,
  ICMPV4_FRAGMENTATION_NEEDED,
  ICMPV4_PARAMETER_PROBLEM,
  ICMPV4_REDIRECT,
  ICMPV4_SOURCE_QUENCH,
  ICMPV4_TIME_EXCEEDED,
  readIcmpv4Header,
} from '../../netx/wire/icmpv4.ts';
import {
  IGMP_LEAVE,
  IGMP_QUERY,
  IGMP_V1_REPORT,
  IGMP_V2_REPORT,
  PROTOCOL_IGMP,
  readIgmp,
} from '../../netx/wire/igmp.ts';
import { PROTOCOL_ICMP, type Ipv4Header } from '../../netx/wire/ipv4.ts';

/** What an IPv4 packet is, where it is no whole UDP datagram: `ICMP Echo Request 3`, `IGMP v2 Report of 239.1.1.1`. */
export function describeIpv4(ip: Ipv4Header, payload: Uint8Array): string {
  if (ip.fragmentOffset > 0 || ip.moreFragments) {
    return `IP fragment at ${ip.fragmentOffset}${ip.moreFragments ? '' : ', the last'}`;
  }
  if (ip.protocol === PROTOCOL_ICMP) return describeIcmpv4(payload);
  if (ip.protocol === PROTOCOL_IGMP) return describeIgmp(payload);
  return `IP protocol ${ip.protocol}`;
}

/** What the code of a destination unreachable says (RFC 792, RFC 1122). */
const UNREACHABLE: readonly string[] = ['network', 'host', 'protocol', 'port'];

function describeIcmpv4(message: Uint8Array): string {
  const header = readIcmpv4Header(message, 0, message.length);
  if (header === null) return 'ICMP';
  const { type, code, sequence } = header;
  switch (type) {
    case ICMPV4_ECHO_REQUEST:
      return `ICMP Echo Request ${sequence}`;
    case ICMPV4_ECHO_REPLY:
      return `ICMP Echo Reply ${sequence}`;
    case ICMPV4_DESTINATION_UNREACHABLE:
      if (code === ICMPV4_FRAGMENTATION_NEEDED) return `ICMP Fragmentation Needed, MTU ${sequence}`;
      return `ICMP Destination Unreachable, ${UNREACHABLE[code] ?? `code ${code}`}`;
    case ICMPV4_SOURCE_QUENCH:
      return 'ICMP Source Quench';
    case ICMPV4_REDIRECT:
      return `ICMP Redirect to ${formatIpv4(readUint32(message, 4))}`;
    case ICMPV4_TIME_EXCEEDED:
      return code === 0 ? 'ICMP Time Exceeded' : 'ICMP Reassembly Time Exceeded';
    case ICMPV4_PARAMETER_PROBLEM:
      return `ICMP Parameter Problem at ${header.identifier >>> 8}`;
    default:
      return `ICMP type ${type}`;
  }
}

function describeIgmp(payload: Uint8Array): string {
  const message = readIgmp(payload, 0, payload.length);
  if (message === null) return 'IGMP';
  const group = formatIpv4(message.group);
  switch (message.type) {
    case IGMP_QUERY:
      return message.group === 0 ? 'IGMP General Query' : `IGMP Query of ${group}`;
    case IGMP_V1_REPORT:
      return `IGMP v1 Report of ${group}`;
    case IGMP_V2_REPORT:
      return `IGMP v2 Report of ${group}`;
    case IGMP_LEAVE:
      return `IGMP Leave of ${group}`;
    default:
      return `IGMP type ${message.type}`;
  }
}

const DHCP_TYPE = 53;
const DHCP_TYPES = ['Discover', 'Offer', 'Request', 'Decline', 'ACK', 'NAK', 'Release', 'Inform', 'ForceRenew'];

/** A DHCP message by its name in RFC 2131: `DHCP Offer of 192.168.1.100`; null where a datagram is none. */
export function describeDhcp(sourcePort: number, destinationPort: number, payload: Uint8Array): string | null {
  const isDhcp = [sourcePort, destinationPort].some((port) => port === DHCP_SERVER_PORT || port === DHCP_CLIENT_PORT);
  const message = isDhcp ? parseDhcp(payload) : null;
  if (message === null) return null;
  const type = numberOption(message, DHCP_TYPE) ?? 0;
  const name = type === 0 ? 'BOOTP' : `DHCP ${DHCP_TYPES[type - 1] ?? `type ${type}`}`;
  const isGiven = message.op === BOOTP_REPLY && message.yourAddress !== 0;
  return isGiven ? `${name} of ${formatIpv4(message.yourAddress)}` : name;
}
