import { SimulationError, type Board } from 'txsim';
import type { Suspension } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { nx_secure_tls_initialize } from 'txsim/nx_secure_tls_api';
import { nx_secure_dtls_initialize } from 'txsim/nx_secure_dtls_api';

/** What no datagram of the fleet exceeds, headers included: a handshake with a pre-shared key has short messages. */
const PACKET_PAYLOAD = 384;
const IP_STACK_SIZE = 1024;
const IP_PRIORITY = 1;

/** The network of a device, and the RAM that is left. */
export interface Network {
  readonly pool: nx.NX_PACKET_POOL;
  readonly ip: nx.NX_IP;
  /** Takes memory that nobody else has. */
  readonly take: (bytes: number) => Uint8Array;
  /** Creates packet pool, IP instance, ARP and UDP; to be called from tx_application_define. */
  readonly define: (
    first_unused_memory: Uint8Array,
    sizes: { readonly pool: number; readonly arp: number },
  ) => Generator<Suspension, void>;
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
    *define(first_unused_memory, sizes) {
      free = first_unused_memory;
      yield* nx.nx_system_initialize();
      yield* nx_secure_tls_initialize();
      yield* nx_secure_dtls_initialize();
      yield* nx.nx_packet_pool_create(pool, 'packets', PACKET_PAYLOAD, take(sizes.pool), sizes.pool);
      const { ip_address, network_mask, network_driver, gateway_address } = board;
      const stack = take(IP_STACK_SIZE);
      yield* nx.nx_ip_create(
        ip,
        'IP thread',
        ip_address,
        network_mask,
        pool,
        network_driver,
        stack,
        IP_STACK_SIZE,
        IP_PRIORITY,
      );
      yield* nx.nx_ip_gateway_address_set(ip, gateway_address);
      yield* nx.nx_arp_enable(ip, take(sizes.arp), sizes.arp);
      yield* nx.nx_udp_enable(ip);
    },
  };
}

/**
 * A number among a device's parameters.
 *
 * @throws SimulationError where it is none, or there is none
 */
export function numberParam({ name, params }: Board, parameter: string): number {
  const text = params[parameter] ?? '';
  if (/^\d+$/.test(text)) return Number(text);
  throw new SimulationError({
    kind: 'world',
    what: `device '${name}', parameter ${parameter}=${text}: expected a whole number`,
  });
}
