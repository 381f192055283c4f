import { dispatch } from '../kernel/callback.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import type { ArpCache } from './arp-cache.ts';
import { arpAnnounce, arpReply, hardwareOf } from './arp-send.ts';
import { netxState } from './device-state.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import { isOwnAddress } from './ipv4-route.ts';
import { formatIpv4 } from './nxd-address.ts';
import type { NX_PACKET } from './packet.ts';
import { packetRelease, takeOver } from './packet-pool.ts';
import { ARP_REPLY, ARP_REQUEST, parseArp, type ArpPacket } from './wire/arp.ts';
import { BROADCAST, type HardwareAddress } from './wire/ethernet.ts';

const same = (one: HardwareAddress, other: HardwareAddress): boolean => one.msw === other.msw && one.lsw === other.lsw;

/**
 * Deals with a received ARP packet in the IP thread (RFC 826, RFC 5227): answers a request for this host's address, learns
 * who sent it, and defends the address against others that use it.
 */
export function* arpReceive(
  kernel: Kernel,
  ip: NX_IP,
  cache: ArpCache,
  packet: NX_PACKET,
): Generator<Suspension, void, unknown> {
  const arp = parseArp(packet.nx_packet_memory, packet.nx_packet_prepend_ptr, packet.nx_packet_append_ptr);
  const networkInterface = packet.nx_packet_ip_interface ?? ip.nx_ip_interface[0];
  if (
    arp === null ||
    networkInterface === undefined ||
    (arp.operation !== ARP_REQUEST && arp.operation !== ARP_REPLY)
  ) {
    ip.nx_ip_arp_invalid_messages++;
    packetRelease(kernel, packet);
    return;
  }
  if (isAboutProbe(networkInterface, arp)) {
    packetRelease(kernel, packet);
    if (!same(arp.senderHardware, hardwareOf(networkInterface))) {
      yield* notifyConflict(kernel, ip, networkInterface, networkInterface.nx_interface_ip_probe_address, arp);
    }
    return;
  }
  const own = networkInterface.nx_interface_ip_address;
  if (arp.senderAddress !== 0 && arp.senderAddress === own) {
    if (same(arp.senderHardware, hardwareOf(networkInterface))) packetRelease(kernel, packet);
    else yield* defend(kernel, ip, cache, networkInterface, arp, packet);
    return;
  }
  yield* ordinary(kernel, ip, cache, networkInterface, arp, packet);
}

/** Whether a message shows that somebody has, or also probes for, the address that an interface probes for. */
function isAboutProbe(networkInterface: NX_INTERFACE, { senderAddress, targetAddress }: ArpPacket): boolean {
  const { nx_interface_ip_address: own, nx_interface_ip_probe_address: probed } = networkInterface;
  if (own !== 0 || probed === 0) return false;
  return senderAddress === probed || (senderAddress === 0 && targetAddress === probed);
}

/** A request or an answer of somebody whose address is not in question. */
function* ordinary(
  kernel: Kernel,
  ip: NX_IP,
  cache: ArpCache,
  networkInterface: NX_INTERFACE,
  arp: ArpPacket,
  packet: NX_PACKET,
): Generator<Suspension, void, unknown> {
  const own = networkInterface.nx_interface_ip_address;
  const isForUs = own !== 0 && arp.targetAddress === own;
  if (arp.operation === ARP_REQUEST) ip.nx_ip_arp_requests_received++;
  else ip.nx_ip_arp_responses_received++;
  if (arp.operation === ARP_REQUEST && isForUs) {
    const reply: ArpPacket = {
      operation: ARP_REPLY,
      senderHardware: hardwareOf(networkInterface),
      senderAddress: own,
      targetHardware: arp.senderHardware,
      targetAddress: arp.senderAddress,
    };
    const pending = arpReply(kernel, ip, networkInterface, arp.senderHardware, reply, packet);
    if (pending !== null) yield* pending;
  } else {
    packetRelease(kernel, packet);
  }
  yield* learn(ip, cache, networkInterface, arp, isForUs);
}

/**
 * Enters the sender of a message into the cache. Who asks for us is about to talk to us; of others, only what is known
 * already is refreshed (RFC 826, "Packet Reception").
 */
function* learn(
  ip: NX_IP,
  cache: ArpCache,
  networkInterface: NX_INTERFACE,
  arp: ArpPacket,
  isForUs: boolean,
): Generator<Suspension, void, unknown> {
  const { senderAddress, senderHardware } = arp;
  // A sender without an address only probes; one that claims everybody's address or hardware is nobody's neighbour.
  if (senderAddress === 0 || senderAddress >>> 28 >= 14 || (senderHardware.msw & 0x0100) !== 0) return;
  if (isOwnAddress(ip, senderAddress)) return;
  const known = cache.entry(senderAddress, networkInterface);
  const entry = known ?? (isForUs && cache.config.autoEntry ? cache.create(senderAddress, networkInterface) : null);
  if (entry === null || entry.isStatic) return;
  yield* cache.resolve(entry, senderHardware);
}

/** Somebody else uses this interface's address (RFC 5227 section 2.4). */
function* defend(
  kernel: Kernel,
  ip: NX_IP,
  cache: ArpCache,
  networkInterface: NX_INTERFACE,
  arp: ArpPacket,
  packet: NX_PACKET,
): Generator<Suspension, void, unknown> {
  if (networkInterface.nx_interface_arp_defend_timeout === 0) {
    networkInterface.nx_interface_arp_defend_timeout = cache.config.defendInterval;
    const pending = arpAnnounce(kernel, ip, networkInterface);
    if (pending !== null) yield* pending;
  }
  yield* notifyConflict(kernel, ip, networkInterface, arp.senderAddress, arp);
  const handler = ip.nx_ip_arp_gratuitous_response_handler;
  if (handler !== null) {
    takeOver(kernel, packet, 'nx_arp_gratuitous_send');
    yield* dispatch(kernel, 'arp_gratuitous_response_handler', () => handler(ip, packet));
    return;
  }
  if (!cache.config.defendByReply) {
    packetRelease(kernel, packet);
    return;
  }
  const reply: ArpPacket = {
    operation: ARP_REPLY,
    senderHardware: hardwareOf(networkInterface),
    senderAddress: networkInterface.nx_interface_ip_address,
    targetHardware: { msw: 0, lsw: 0 },
    targetAddress: 0,
  };
  const pending = arpReply(kernel, ip, networkInterface, BROADCAST, reply, packet);
  if (pending !== null) yield* pending;
}

function* notifyConflict(
  kernel: Kernel,
  ip: NX_IP,
  networkInterface: NX_INTERFACE,
  address: number,
  { senderHardware: { msw, lsw } }: ArpPacket,
): Generator<Suspension, void, unknown> {
  netxState(kernel).trace?.record({
    type: 'address-conflict',
    address: formatIpv4(address),
    hardware: [msw >>> 8, msw, lsw >>> 24, lsw >>> 16, lsw >>> 8, lsw]
      .map((byte) => (byte & 255).toString(16).padStart(2, '0'))
      .join(':'),
  });
  const handler = networkInterface.nx_interface_ip_conflict_notify_handler;
  if (handler === null) return;
  const index = networkInterface.nx_interface_index;
  yield* dispatch(kernel, 'ip_conflict_notify_handler', () => handler(ip, index, address, msw, lsw));
}
