import type { Board } from 'txsim';
import type { Suspension } from 'txsim/tx_api';
import {
  NX_IP,
  NX_PACKET_POOL,
  nx_arp_enable,
  nx_ip_create,
  nx_ip_gateway_address_set,
  nx_packet_pool_create,
  nx_system_initialize,
  nx_udp_enable,
} from 'txsim/nx_api';
import { nx_secure_tls_initialize } from 'txsim/nx_secure_tls_api';
import { nx_secure_dtls_initialize } from 'txsim/nx_secure_dtls_api';

const PACKET_PAYLOAD = 1536;
const IP_STACK_SIZE = 2048;
const ARP_CACHE_SIZE = 1024;
const IP_PRIORITY = 1;

/** The network of a device, and the RAM that is left. */
export interface Network {
  readonly packet_pool: NX_PACKET_POOL;
  readonly ip_instance: NX_IP;
  /** Takes memory that nobody else has. */
  readonly take: (bytes: number) => Uint8Array;
  /** Creates packet pool, IP instance, ARP and UDP; to be called from tx_application_define. */
  readonly define: (first_unused_memory: Uint8Array, pool_size: number) => Generator<Suspension, void>;
}

/** What every networked firmware does at its start. */
export function create_network(board: Board): Network {
  const packet_pool = new NX_PACKET_POOL();
  const ip_instance = new NX_IP();
  let free: Uint8Array = new Uint8Array(0);
  const take = (bytes: number): Uint8Array => {
    const memory = free.subarray(0, bytes);
    free = free.subarray(bytes);
    return memory;
  };
  return {
    packet_pool,
    ip_instance,
    take,
    *define(first_unused_memory, pool_size) {
      free = first_unused_memory;
      yield* nx_system_initialize();
      yield* nx_secure_tls_initialize();
      yield* nx_secure_dtls_initialize();
      yield* nx_packet_pool_create(packet_pool, 'main pool', PACKET_PAYLOAD, take(pool_size), pool_size);
      yield* nx_ip_create(
        ip_instance,
        'IP thread',
        board.ip_address,
        board.network_mask,
        packet_pool,
        board.network_driver,
        take(IP_STACK_SIZE),
        IP_STACK_SIZE,
        IP_PRIORITY,
      );
      yield* nx_ip_gateway_address_set(ip_instance, board.gateway_address);
      yield* nx_arp_enable(ip_instance, take(ARP_CACHE_SIZE), ARP_CACHE_SIZE);
      yield* nx_udp_enable(ip_instance);
    },
  };
}
