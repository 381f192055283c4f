import type { Macros } from '../kernel/config.ts';
import { SimulationError } from '../kernel/simulation-error.ts';

/** The macros that some layer reads. */
const KNOWN: readonly string[] = [
  'NX_ARP_DEFEND_BY_REPLY',
  'NX_ARP_DEFEND_INTERVAL',
  'NX_ARP_EXPIRATION_RATE',
  'NX_ARP_MAXIMUM_RETRIES',
  'NX_ARP_MAX_QUEUE_DEPTH',
  'NX_ARP_UPDATE_RATE',
  'NX_DHCP_CLIENT_ENABLE_HOST_NAME_CHECK',
  'NX_DHCP_CLIENT_MAX_RECORDS',
  'NX_DHCP_CLIENT_MAX_USER_REQUEST_PARAMETER',
  'NX_DHCP_CLIENT_SEND_MAX_DHCP_MESSAGE_OPTION',
  'NX_DHCP_CLIENT_USER_CREATE_PACKET_POOL',
  'NX_DHCP_MAX_RETRANS_TIMEOUT',
  'NX_DHCP_MIN_RENEW_TIMEOUT',
  'NX_DHCP_MIN_RETRANS_TIMEOUT',
  'NX_DHCP_RESTART_WAIT',
  'NX_DHCP_THREAD_PRIORITY',
  'NX_DHCP_TIME_INTERVAL',
  'NX_DISABLE_ARP_AUTO_ENTRY',
  'NX_DISABLE_FRAGMENTATION',
  'NX_DISABLE_ICMPV6_ERROR_MESSAGE',
  'NX_DISABLE_ICMPV6_REDIRECT_PROCESS',
  'NX_DISABLE_ICMPV6_ROUTER_ADVERTISEMENT_PROCESS',
  'NX_DISABLE_ICMPV6_ROUTER_SOLICITATION',
  'NX_DISABLE_IPV6',
  'NX_DISABLE_IPV6_DAD',
  'NX_DISABLE_LOOPBACK_INTERFACE',
  'NX_DISABLE_PACKET_CHAIN',
  'NX_DISABLE_UDP_INFO',
  'NX_DISABLE_UDP_RX_CHECKSUM',
  'NX_DISABLE_UDP_TX_CHECKSUM',
  'NX_DRIVER_DEFERRED_PROCESSING',
  'NX_ENABLE_DUAL_PACKET_POOL',
  'NX_ENABLE_INTERFACE_CAPABILITY',
  'NX_ENABLE_IPV6_ADDRESS_CHANGE_NOTIFY',
  'NX_ENABLE_IPV6_MULTICAST',
  'NX_ENABLE_IPV6_PATH_MTU_DISCOVERY',
  'NX_ENABLE_IP_RAW_PACKET_FILTER',
  'NX_ENABLE_IP_STATIC_ROUTING',
  'NX_ENABLE_LOW_WATERMARK',
  'NX_ENABLE_PACKET_DEBUG_INFO',
  'NX_IPV4_MAX_REASSEMBLY_TIME',
  'NX_IPV6_DAD_TRANSMITS',
  'NX_IPV6_STATELESS_AUTOCONFIG_CONTROL',
  'NX_IP_PERIODIC_RATE',
  'NX_IP_RAW_MAX_QUEUE_DEPTH',
  'NX_IP_ROUTING_TABLE_SIZE',
  'NX_MAX_MULTICAST_GROUPS',
  'NX_MAX_PHYSICAL_INTERFACES',
  'NX_PACKET_ALIGNMENT',
  'NX_SECURE_ALLOW_SELF_SIGNED_CERTIFICATES',
  'NX_SECURE_DISABLE_ERROR_CHECKING',
  'NX_SECURE_DTLS_CONNECTION_ID_LENGTH',
  'NX_SECURE_DTLS_ENABLE_SESSION_RESUMPTION',
  'NX_SECURE_DTLS_MAXIMUM_DATAGRAM_SIZE',
  'NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_RETRIES',
  'NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_TIMEOUT',
  'NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT',
  'NX_SECURE_DTLS_RETRANSMIT_TIMEOUT',
  'NX_SECURE_ENABLE_AEAD_CIPHER',
  'NX_SECURE_ENABLE_PSK_CIPHERSUITES',
  'NX_SECURE_QUIRKS',
  'NX_SECURE_TLS_ENABLE_TLS_1_1',
  'NX_SECURE_TLS_MAX_PSK_ID_SIZE',
  'NX_SECURE_TLS_MAX_PSK_KEYS',
  'NX_SECURE_TLS_MAX_PSK_SIZE',
  'NX_SECURE_TLS_MINIMUM_CERTIFICATE_SIZE',
  'TX_DISABLE_ERROR_CHECKING',
  'TX_DISABLE_NOTIFY_CALLBACKS',
  'TX_ENABLE_EVENT_TRACE',
  'TX_ENABLE_STACK_CHECKING',
  'TX_MAX_PRIORITIES',
  'TX_MINIMUM_STACK',
  'TX_TIMER_THREAD_PRIORITY',
  'TX_TIMER_TICKS_PER_SECOND',
];

/** Known macros whose value is a text. */
const TEXTS: readonly string[] = ['NX_SECURE_QUIRKS'];

/** Whether one letter too many, too few or wrong, or two that changed places, make one name the other; digits do not count. */
function isSlip(one: string, other: string): boolean {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const [a, b] = [one.slice(at), other.slice(at)];
  const isLetter = !/^\d/.test(a) && !/^\d/.test(b);
  const isSwapped = a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return isLetter && (a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1) || isSwapped);
}

/**
 * Looks through a device's macros. Those that no layer reads are ignored, as a compiler would, unless one is just a slip
 * away from one that is read.
 *
 * @throws SimulationError that names the device and the macro
 */
export function checkMacros(device: string, macros: Macros): void {
  for (const [name, value] of Object.entries(macros)) {
    if (KNOWN.includes(name)) {
      if (typeof value !== 'string' || TEXTS.includes(name)) continue;
      throw new SimulationError({
        kind: 'world',
        what: `device '${device}': config.${name} is '${value}'`,
        fix: 'write a number, true or false',
      });
    }
    const meant = KNOWN.find((known) => isSlip(name, known));
    if (meant === undefined) continue;
    throw new SimulationError({
      kind: 'world',
      what: `device '${device}': there is no macro ${name}`,
      fix: `write ${meant}`,
    });
  }
}
