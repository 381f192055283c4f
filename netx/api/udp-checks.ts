import type { UINT } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { NX_OVERFLOW, NX_SUCCESS, NX_UNDERFLOW } from '../constants.ts';
import type { NX_IP } from '../ip.ts';
import type { NX_PACKET } from '../packet.ts';
import { checkHeld, reportHeaderRoom } from '../packet-misuse.ts';
import type { NX_UDP_SOCKET } from '../udp-socket.ts';

/** Whether a packet is the caller's to send; the use of one that is not is reported. */
export function isSendable(kernel: Kernel, packet: NX_PACKET): boolean {
  checkHeld(kernel, packet);
  return packet.holder !== 'free' && packet.retained === null;
}

/** Whether a packet has room for headers of so many bytes; one that has not counts as invalid. */
export function roomStatus(kernel: Kernel, ip: NX_IP, socket: NX_UDP_SOCKET, packet: NX_PACKET, headers: number): UINT {
  const hasRoom = packet.nx_packet_prepend_ptr - packet.nx_packet_data_start >= headers;
  if (hasRoom && packet.nx_packet_append_ptr <= packet.nx_packet_data_end) return NX_SUCCESS;
  if (socket.counts) {
    ip.nx_ip_udp_invalid_packets++;
    socket.nx_udp_socket_invalid_packets++;
  }
  if (hasRoom) return NX_OVERFLOW;
  reportHeaderRoom(kernel, packet, headers, 'NX_UDP_PACKET');
  return NX_UNDERFLOW;
}
