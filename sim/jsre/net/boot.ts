import { out } from '../../../kernel/out.ts';
import { executingKernel } from '../../../kernel/caller-context.ts';
import type { Suspension } from '../../../kernel/op.ts';
import { SimulationError } from '../../../kernel/simulation-error.ts';
import { nx_arp_enable } from '../../../netx/api/arp.ts';
import { nx_icmp_enable } from '../../../netx/api/icmp.ts';
import { nxd_icmp_enable } from '../../../netx/api/icmpv6.ts';
import { nx_igmp_enable } from '../../../netx/api/igmp.ts';
import { nx_ip_create } from '../../../netx/api/ip-create.ts';
import { nx_ip_fragment_enable } from '../../../netx/api/ip-forwarding.ts';
import { nx_ip_interface_attach } from '../../../netx/api/ip-interface.ts';
import { nx_ip_gateway_address_set } from '../../../netx/api/ip-route.ts';
import { nx_ip_status_check } from '../../../netx/api/ip-status.ts';
import { nxd_ipv6_enable } from '../../../netx/api/ipv6.ts';
import { nxd_ipv6_address_set } from '../../../netx/api/ipv6-address.ts';
import { nx_packet_pool_create } from '../../../netx/api/packet-pool.ts';
import { nx_system_initialize } from '../../../netx/api/packet.ts';
import { nx_udp_enable } from '../../../netx/api/udp.ts';
import { NX_IP_INITIALIZE_DONE, NX_IP_VERSION_V6, NX_SUCCESS, NX_WAIT_FOREVER } from '../../../netx/constants.ts';
import { NX_IP } from '../../../netx/ip.ts';
import { NXD_ADDRESS } from '../../../netx/nxd-address.ts';
import { NX_PACKET_POOL } from '../../../netx/packet-pool.ts';
import type { Board } from '../../firmware.ts';
import { parseIpv6Prefix } from '../../ipv6-text.ts';
import { JsreNetwork } from './network.ts';

const PACKET_PAYLOAD = 1536;
const POOL_SIZE = 128 * 1024;
const STACK_SIZE = 2048;
const ARP_CACHE_SIZE = 2048;
const IP_PRIORITY = 1;
const DTLS_PRIORITY = 2;
/** Prefix length with which no address stands for the link-local one. */
const LINK_LOCAL = 10;

/** RAM that {@link defineNetwork} takes, in bytes. */
export const NETWORK_MEMORY = POOL_SIZE + 2 * STACK_SIZE + ARP_CACHE_SIZE;

/**
 * Creates a device's network while it boots: packet pool, IP instance with all interfaces of the board (`en1`, `en2` …) at their
 * planned addresses, ARP, ICMP, IGMP, UDP, IPv6, fragments, and the DTLS thread. To be called from `tx_application_define`.
 *
 * @param memory - at least {@link NETWORK_MEMORY} bytes
 * @throws SimulationError where the device has more interfaces than its `NX_MAX_PHYSICAL_INTERFACES`
 */
export function* defineNetwork(board: Board, memory: Uint8Array): Generator<Suspension, JsreNetwork, unknown> {
  let free = memory;
  const take = (bytes: number): Uint8Array => {
    const part = free.subarray(0, bytes);
    free = free.subarray(bytes);
    return part;
  };
  const pool = new NX_PACKET_POOL();
  const ip = new NX_IP();
  const names = board.interfaces.map((_, index) => `en${index + 1}`);
  const [first, ...more] = board.interfaces;
  if (first === undefined) throw new TypeError('a board has at least one interface');
  yield* nx_system_initialize();
  yield* nx_packet_pool_create(pool, 'JSRE pool', PACKET_PAYLOAD, take(POOL_SIZE), POOL_SIZE);
  const { ip_address: address, network_mask: mask, network_driver: driver } = first;
  yield* nx_ip_create(ip, 'JSRE IP', address, mask, pool, driver, take(STACK_SIZE), STACK_SIZE, IP_PRIORITY);
  for (const [index, one] of more.entries()) {
    const name = names[index + 1] ?? '';
    const attached = yield* nx_ip_interface_attach(ip, name, one.ip_address, one.network_mask, one.network_driver);
    if (attached !== NX_SUCCESS) throw tooManyInterfaces(board);
  }
  if (first.gateway_address !== 0) yield* nx_ip_gateway_address_set(ip, first.gateway_address);
  yield* nx_arp_enable(ip, take(ARP_CACHE_SIZE), ARP_CACHE_SIZE);
  yield* nx_icmp_enable(ip);
  yield* nx_igmp_enable(ip);
  yield* nx_udp_enable(ip);
  yield* nx_ip_fragment_enable(ip);
  yield* nxd_ipv6_enable(ip);
  yield* nxd_icmp_enable(ip);
  const kernel = executingKernel();
  const network = new JsreNetwork({ kernel, ip, pool, interfaces: names, unixTime: board.unix_time });
  yield* network.dtls.start(take(STACK_SIZE), DTLS_PRIORITY, () => setAddresses(board, network));
  return network;
}

/** Gives every interface its link-local address, and those of the device's parameters `en1.ip6`, `en2.ip6` …, once they are up. */
function* setAddresses(board: Board, { ip, interfaces }: JsreNetwork): Generator<Suspension, void, unknown> {
  yield* nx_ip_status_check(ip, NX_IP_INITIALIZE_DONE, out(), NX_WAIT_FOREVER);
  for (const [index, name] of interfaces.entries()) {
    yield* nxd_ipv6_address_set(ip, index, null, LINK_LOCAL, null);
    const text = board.params[`${name}.ip6`];
    if (text === undefined) continue;
    const prefix = parseIpv6Prefix(text);
    const address = new NXD_ADDRESS();
    address.nxd_ip_version = NX_IP_VERSION_V6;
    address.nxd_ip_address.v6.set(prefix.address);
    yield* nxd_ipv6_address_set(ip, index, address, prefix.prefixLength, null);
  }
}

function tooManyInterfaces({ name, interfaces }: Board): SimulationError {
  return new SimulationError({
    kind: 'world',
    what: `device '${name}' has ${interfaces.length} interfaces, and its IP instance takes fewer`,
    fix: `set NX_MAX_PHYSICAL_INTERFACES to ${interfaces.length} in its config`,
  });
}
