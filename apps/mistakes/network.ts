/** What every device here does at its start; there is no mistake in it. */
import type { Board } from 'txsim';
import type { Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { nx_secure_tls_initialize } from 'txsim/nx_secure_tls_api';
import { nx_secure_dtls_initialize } from 'txsim/nx_secure_dtls_api';

/** The network of a device, and the RAM that is left. */
export interface Network {
  readonly pool: nx.NX_PACKET_POOL;
  readonly ip: nx.NX_IP;
  /** Takes memory that nobody else has. */
  readonly take: (bytes: number) => Uint8Array;
  /** Creates packet pool, IP instance, ARP and UDP; to be called from tx_application_define. */
  readonly define: (memory: Uint8Array, packets: number, payload?: number) => Generator<Suspension, void>;
}

export function create_network(board: Board): Network {
  const pool = new nx.NX_PACKET_POOL();
  const ip = new nx.NX_IP();
  let free: Uint8Array = new Uint8Array(0);
  const take = (bytes: number): Uint8Array => {
    const memory = free.subarray(0, bytes);
    free = free.subarray(bytes);
    return memory;
  };
  return {
    pool,
    ip,
    take,
    *define(memory, packets, payload = 1536) {
      free = memory;
      const size = packets * (payload + nx.NX_PACKET.sizeof);
      const { ip_address, network_mask, network_driver } = board;
      yield* nx.nx_system_initialize();
      yield* nx_secure_tls_initialize();
      yield* nx_secure_dtls_initialize();
      yield* nx.nx_packet_pool_create(pool, 'packets', payload, take(size), size);
      yield* nx.nx_ip_create(ip, 'IP thread', ip_address, network_mask, pool, network_driver, take(2048), 2048, 1);
      yield* nx.nx_arp_enable(ip, take(1024), 1024);
      yield* nx.nx_udp_enable(ip);
    },
  };
}
