import type { Kernel } from '../kernel/kernel.ts';
import { NX_LINK_ARP_RESPONSE_SEND, NX_LINK_ARP_SEND, NX_PHYSICAL_HEADER } from './constants.ts';
import { sendToDriver } from './driver-call.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';
import type { NX_PACKET } from './packet.ts';
import { unchain } from './packet-data.ts';
import { takePacket } from './packet-pool.ts';
import type { Pending } from './pending.ts';
import { stackPool } from './stack-pool.ts';
import { ARP_LENGTH, ARP_REQUEST, emitArp, type ArpPacket } from './wire/arp.ts';
import { BROADCAST, type HardwareAddress } from './wire/ethernet.ts';

const NOBODY: HardwareAddress = { msw: 0, lsw: 0 };

/** The hardware address of an interface. */
export const hardwareOf = (networkInterface: NX_INTERFACE): HardwareAddress => ({
  msw: networkInterface.nx_interface_physical_address_msw,
  lsw: networkInterface.nx_interface_physical_address_lsw,
});

/** A packet of the default pool for a message, or null where there is none. */
export function takeArpPacket(kernel: Kernel, ip: NX_IP, networkInterface: NX_INTERFACE): NX_PACKET | null {
  const pool = stackPool(ip, NX_PHYSICAL_HEADER + ARP_LENGTH);
  const packet = pool === null ? null : takePacket(kernel, pool, NX_PHYSICAL_HEADER);
  if (packet === null) return null;
  packet.holder = 'stack';
  packet.nx_packet_ip_interface = networkInterface;
  return packet;
}

/** Writes a message into a packet and gives it to the driver. */
export function sendArpMessage(
  ip: NX_IP,
  networkInterface: NX_INTERFACE,
  command: number,
  to: HardwareAddress,
  message: ArpPacket,
  packet: NX_PACKET,
): Pending {
  emitArp(message, packet.nx_packet_memory, packet.nx_packet_prepend_ptr);
  packet.nx_packet_append_ptr = packet.nx_packet_prepend_ptr + ARP_LENGTH;
  packet.nx_packet_length = ARP_LENGTH;
  return sendToDriver(ip, networkInterface, command, packet, to);
}

function request(kernel: Kernel, ip: NX_IP, one: NX_INTERFACE, sender: number, target: number): Pending {
  const packet = takeArpPacket(kernel, ip, one);
  if (packet === null) return null;
  ip.nx_ip_arp_requests_sent++;
  const message = {
    operation: ARP_REQUEST,
    senderHardware: hardwareOf(one),
    senderAddress: sender,
    targetHardware: NOBODY,
    targetAddress: target,
  };
  return sendArpMessage(ip, one, NX_LINK_ARP_SEND, BROADCAST, message, packet);
}

/** Asks everybody on an interface who has an address (C: `_nx_arp_packet_send`). */
export function arpRequest(kernel: Kernel, ip: NX_IP, networkInterface: NX_INTERFACE, address: number): Pending {
  return request(kernel, ip, networkInterface, networkInterface.nx_interface_ip_address, address);
}

/**
 * Asks whether anybody has an address that this host would like to have (C: `_nx_arp_probe_send`): as nobody, so that no
 * cache learns it (RFC 5227 section 2.1.1). Answers go to the interface's `nx_interface_ip_conflict_notify_handler` while
 * `nx_interface_ip_probe_address` is that address and the interface has none.
 */
export function arpProbe(kernel: Kernel, ip: NX_IP, networkInterface: NX_INTERFACE, address: number): Pending {
  return request(kernel, ip, networkInterface, 0, address);
}

/** Tells everybody that an interface has its address (C: `_nx_arp_announce_send`, RFC 5227 section 2.3). */
export function arpAnnounce(kernel: Kernel, ip: NX_IP, networkInterface: NX_INTERFACE): Pending {
  return arpRequest(kernel, ip, networkInterface, networkInterface.nx_interface_ip_address);
}

/** Answers in the packet that the question came in. */
export function arpReply(
  kernel: Kernel,
  ip: NX_IP,
  networkInterface: NX_INTERFACE,
  to: HardwareAddress,
  message: ArpPacket,
  packet: NX_PACKET,
): Pending {
  ip.nx_ip_arp_responses_sent++;
  unchain(kernel, packet, packet);
  return sendArpMessage(ip, networkInterface, NX_LINK_ARP_RESPONSE_SEND, to, message, packet);
}
