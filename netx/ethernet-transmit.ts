import {
  NX_IP_VERSION_V6,
  NX_LINK_ARP_RESPONSE_SEND,
  NX_LINK_ARP_SEND,
  NX_LINK_PACKET_BROADCAST,
  NX_LINK_PACKET_SEND,
  NX_LINK_RARP_SEND,
} from './constants.ts';
import type { NX_IP_DRIVER } from './driver.ts';
import { packetView, prepend, type NX_PACKET } from './packet.ts';
import {
  emitEthernet,
  ETHERNET_HEADER,
  ETHERNET_MINIMUM,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  type HardwareAddress,
} from './wire/ethernet.ts';

const ETHERTYPE_RARP = 0x8035;

/** Whether a command hands the driver a packet that needs an Ethernet header. */
export function isSend(command: number): boolean {
  switch (command) {
    case NX_LINK_PACKET_SEND:
    case NX_LINK_PACKET_BROADCAST:
    case NX_LINK_ARP_SEND:
    case NX_LINK_ARP_RESPONSE_SEND:
    case NX_LINK_RARP_SEND:
      return true;
    default:
      return false;
  }
}

function etherTypeOf(command: number, packet: NX_PACKET): number {
  switch (command) {
    case NX_LINK_ARP_SEND:
    case NX_LINK_ARP_RESPONSE_SEND:
      return ETHERTYPE_ARP;
    case NX_LINK_RARP_SEND:
      return ETHERTYPE_RARP;
    default: {
      // The header itself tells its version.
      const version = (packet.nx_packet_memory[packet.nx_packet_prepend_ptr] ?? 0) >> 4;
      return version === NX_IP_VERSION_V6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;
    }
  }
}

/**
 * The frame of a send request: the packet with an Ethernet header before it, in its physical header room, padded to the
 * shortest length. The bytes may lie in the packet. Null where there is no room for the header.
 */
export function frameOfRequest(request: NX_IP_DRIVER, packet: NX_PACKET, source: HardwareAddress): Uint8Array | null {
  const etherType = etherTypeOf(request.nx_ip_driver_command, packet);
  if (!prepend(packet, ETHERNET_HEADER)) return null;
  const destination = {
    msw: request.nx_ip_driver_physical_address_msw,
    lsw: request.nx_ip_driver_physical_address_lsw,
  };
  emitEthernet({ destination, source, etherType }, packet.nx_packet_memory, packet.nx_packet_prepend_ptr);
  const bytes = packetView(packet);
  if (bytes.length >= ETHERNET_MINIMUM) return bytes;
  const whole = new Uint8Array(ETHERNET_MINIMUM);
  whole.set(bytes);
  return whole;
}
