import type { NX_PACKET } from './packet.ts';

/** Packets that wait for somebody, in the order in which they came, linked through `nx_packet_queue_next`. */
export class PacketQueue {
  #head: NX_PACKET | null = null;
  #tail: NX_PACKET | null = null;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get first(): NX_PACKET | null {
    return this.#head;
  }

  push(packet: NX_PACKET): void {
    packet.nx_packet_queue_next = null;
    if (this.#tail === null) this.#head = packet;
    else this.#tail.nx_packet_queue_next = packet;
    this.#tail = packet;
    this.#length++;
  }

  /** Takes the packet that has waited longest, or null. */
  shift(): NX_PACKET | null {
    const packet = this.#head;
    if (packet === null) return null;
    this.#head = packet.nx_packet_queue_next;
    if (this.#head === null) this.#tail = null;
    packet.nx_packet_queue_next = null;
    this.#length--;
    return packet;
  }
}
