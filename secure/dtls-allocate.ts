import type { ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Out } from '../kernel/out.ts';
import type { Suspension } from '../kernel/op.ts';
import { nx_packet_allocate, nx_packet_release } from '../netx/api/packet.ts';
import { NX_IP_VERSION_V6, NX_IPv4_UDP_PACKET, NX_IPv6_UDP_PACKET, NX_SUCCESS } from '../netx/constants.ts';
import type { NX_PACKET } from '../netx/packet.ts';
import type { NX_PACKET_POOL } from '../netx/packet-pool.ts';
import { NX_SECURE_TLS_ALLOCATE_PACKET_FAILED, NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL } from './constants.ts';
import { LONGEST_CONNECTION_ID } from './config.ts';
import { secureState } from './device-state.ts';
import type { NX_SECURE_DTLS_SESSION } from './dtls-session.ts';

/** Record header and the longest explicit IV or nonce: what is reserved while the suite is not known yet. */
const LONGEST_BEFORE = 13 + 16;

/** See `nx_secure_dtls_packet_allocate`. */
export function* allocateForSession(
  kernel: Kernel,
  session: NX_SECURE_DTLS_SESSION,
  pool: NX_PACKET_POOL,
  packetOut: Out<NX_PACKET>,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const { machine } = session;
  const withIds = secureState(kernel).config.NX_SECURE_DTLS_CONNECTION_ID_LENGTH !== null;
  const longest = LONGEST_BEFORE + (withIds ? LONGEST_CONNECTION_ID : 0);
  const reserve = machine?.state === 'connected' ? machine.overhead.before : longest;
  const isV6 = session.nx_secure_dtls_remote_ip_address.nxd_ip_version === NX_IP_VERSION_V6;
  const type = isV6 ? NX_IPv6_UDP_PACKET : NX_IPv4_UDP_PACKET;
  const allocated = yield* nx_packet_allocate(pool, packetOut, type, waitOption);
  if (allocated !== NX_SUCCESS) return NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
  const packet = packetOut.value;
  packet.allocation.service = 'nx_secure_dtls_packet_allocate';
  packet.allocation.site = kernel.op.site;
  if (packet.nx_packet_prepend_ptr + reserve > packet.nx_packet_data_end) {
    yield* nx_packet_release(packet);
    return NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL;
  }
  packet.nx_packet_prepend_ptr += reserve;
  packet.nx_packet_append_ptr = packet.nx_packet_prepend_ptr;
  return NX_SUCCESS;
}
