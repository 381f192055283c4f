import type { NX_INTERFACE } from './interface.ts';
import type { NX_PACKET } from './packet.ts';

/** Marks in `nx_packet_union_next.nx_packet_tcp_queue_next` that tell the state of a packet (C: `nx_packet.h`). */
export const NX_PACKET_FREE = 0xffffffff;
export const NX_PACKET_ALLOCATED = 0xaaaaaaaa;
/** The packet is the last of a TCP queue; any value but these three stands for a place in one too. */
export const NX_PACKET_ENQUEUED = 0xeeeeeeee;

/** Names of queues, as `nx_packet_debug_info_get` gives them for the file. */
export const NX_PACKET_ARP_WAITING_QUEUE = 'ARP waiting queue';
export const NX_PACKET_ND_WAITING_QUEUE = 'ND waiting queue';
export const NX_PACKET_UDP_RECEIVE_QUEUE = 'UDP receive queue';
export const NX_PACKET_IP_FRAGMENT_QUEUE = 'IP fragment queue';

/** The links of a packet that share a word on the target. */
export class PacketUnion {
  readonly #packet: NX_PACKET;

  constructor(packet: NX_PACKET) {
    this.#packet = packet;
  }

  /** A mark, or the next packet of a TCP queue. */
  get nx_packet_tcp_queue_next(): NX_PACKET | number {
    const { holder, retained } = this.#packet;
    return holder === 'free' ? NX_PACKET_FREE : (retained ?? NX_PACKET_ALLOCATED);
  }

  set nx_packet_tcp_queue_next(value: NX_PACKET | number) {
    this.#packet.retained = value === NX_PACKET_ALLOCATED ? null : value;
  }

  /** The next fragment of a datagram that is put together: the same word. */
  get nx_packet_fragment_next(): NX_PACKET | number {
    return this.nx_packet_tcp_queue_next;
  }

  set nx_packet_fragment_next(value: NX_PACKET | number) {
    this.nx_packet_tcp_queue_next = value;
  }
}

/** The interface of a packet under its name in C's union. */
export class PacketAddress {
  readonly #packet: NX_PACKET;

  constructor(packet: NX_PACKET) {
    this.#packet = packet;
  }

  get nx_packet_interface_ptr(): NX_INTERFACE | null {
    return this.#packet.nx_packet_ip_interface;
  }

  set nx_packet_interface_ptr(networkInterface: NX_INTERFACE | null) {
    this.#packet.nx_packet_ip_interface = networkInterface;
  }
}
