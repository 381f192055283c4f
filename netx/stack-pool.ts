import type { NX_IP } from './ip.ts';
import type { NX_PACKET_POOL } from './packet-pool-block.ts';

/**
 * The pool for a small packet that the stack makes itself (ARP, ICMP, IGMP): the auxiliary pool, where one was set
 * (`nx_ip_auxiliary_packet_pool_set`) and it has a free packet of that size, and the default pool otherwise.
 *
 * @param size - bytes of header room and payload together
 */
export function stackPool(ip: NX_IP, size: number): NX_PACKET_POOL | null {
  const { auxiliaryPool, defaultPool } = ip;
  if (auxiliaryPool === null || auxiliaryPool === defaultPool) return defaultPool;
  const serves = auxiliaryPool.nx_packet_pool_available > 0 && auxiliaryPool.nx_packet_pool_payload_size >= size;
  return serves ? auxiliaryPool : defaultPool;
}
