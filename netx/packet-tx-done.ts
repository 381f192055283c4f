import { NX_PACKET } from './packet.ts';
import { NX_PACKET_POOL } from './packet-pool-block.ts';

/**
 * What `nx_packet_queue_next` holds once a driver has sent a packet that an upper layer keeps: a pointer that no packet
 * has (C: 0xDDDDDDDD). Compare with it, and do nothing else.
 */
export const NX_DRIVER_TX_DONE: NX_PACKET = new NX_PACKET(new NX_PACKET_POOL(), new Uint8Array(0), 0, 0);
