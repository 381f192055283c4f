import type { ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { out } from '../kernel/out.ts';
import type { Suspension } from '../kernel/op.ts';
import { nx_packet_allocate, nx_packet_release } from '../netx/api/packet.ts';
import { nx_packet_data_append } from '../netx/api/packet-data.ts';
import { nxd_udp_socket_send } from '../netx/api/udp-transfer.ts';
import { NX_INVALID_SOCKET, NX_NO_WAIT, NX_SUCCESS, NX_UDP_PACKET } from '../netx/constants.ts';
import type { NX_PACKET } from '../netx/packet.ts';
import type { NX_IP } from '../netx/ip.ts';
import type { NX_UDP_SOCKET } from '../netx/udp-socket.ts';
import type { NXD_ADDRESS } from '../netx/nxd-address.ts';
import { NX_SECURE_TLS_ALLOCATE_PACKET_FAILED } from './constants.ts';
import type { NX_SECURE_DTLS_SESSION } from './dtls-session.ts';

/**
 * Sends bytes as one UDP datagram, in a packet of the IP instance's default pool.
 *
 * @returns `NX_SUCCESS`; `NX_SECURE_TLS_ALLOCATE_PACKET_FAILED` where the pool is empty; UDP's own status where it refuses
 */
export function* sendBytes(
  ip: NX_IP,
  socket: NX_UDP_SOCKET,
  address: NXD_ADDRESS,
  port: number,
  bytes: Uint8Array,
  waitOption: number,
): Generator<Suspension, number, unknown> {
  const pool = ip.nx_ip_default_packet_pool;
  const cell = out<NX_PACKET>();
  const allocated = yield* nx_packet_allocate(pool, cell, NX_UDP_PACKET, waitOption);
  if (allocated !== NX_SUCCESS) return NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
  const packet = cell.value;
  const appended = yield* nx_packet_data_append(packet, bytes, bytes.length, pool, waitOption);
  if (appended !== NX_SUCCESS) {
    yield* nx_packet_release(packet);
    return NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
  }
  return yield* sendPacket(socket, packet, address, port);
}

/** Sends a packet; where UDP refuses it, the packet is released. */
function* sendPacket(
  socket: NX_UDP_SOCKET,
  packet: NX_PACKET,
  address: NXD_ADDRESS,
  port: number,
): Generator<Suspension, number, unknown> {
  const sent = yield* nxd_udp_socket_send(socket, packet, address, port);
  if (sent === NX_SUCCESS) return NX_SUCCESS;
  yield* nx_packet_release(packet);
  return sent;
}

/**
 * Sends a datagram of the session's protocol machine to its peer.
 *
 * @param waitOption - how long to wait for a packet; the IP thread never does
 */
export function* sendDatagram(
  kernel: Kernel,
  session: NX_SECURE_DTLS_SESSION,
  bytes: Uint8Array,
  waitOption: ULONG,
): Generator<Suspension, number, unknown> {
  const { ip, nx_secure_dtls_udp_socket: socket } = session;
  if (ip === null || socket === null) return NX_INVALID_SOCKET;
  const wait = kernel.current?.system === true ? NX_NO_WAIT : waitOption;
  const { nx_secure_dtls_remote_ip_address: address, nx_secure_dtls_remote_port: port } = session;
  return yield* sendBytes(ip, socket, address, port, bytes, wait);
}
