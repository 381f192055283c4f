import type { Suspension } from '../kernel/op.ts';
import { nxd_udp_socket_send } from '../netx/api/udp-transfer.ts';
import { NX_SUCCESS } from '../netx/constants.ts';
import type { NXD_ADDRESS } from '../netx/nxd-address.ts';
import { packetView, type NX_PACKET } from '../netx/packet.ts';
import {
  NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL,
  NX_SECURE_TLS_SEND_ADDRESS_MISMATCH,
  NX_SECURE_TLS_SESSION_UNINITIALIZED,
  NX_SECURE_TLS_TCP_SEND_FAILED,
} from './constants.ts';
import { APPLICATION_DATA } from './dtls/wire/record.ts';
import type { NX_SECURE_DTLS_SESSION } from './dtls-session.ts';
import type { QuirkName } from './quirks.ts';
import { failureStatus } from './status.ts';
import { transientCopy } from './transient.ts';

/** Where data is to go; the peer of the session, or it is refused. */
export interface Destination {
  readonly address: NXD_ADDRESS;
  readonly port: number;
}

/**
 * Encrypts the payload of a packet where it lies, as one record, and sends it to the session's peer. What the record
 * layer adds goes into the packet's header and trailer room; on failure the packet is as it was.
 */
export function* sendData(
  quirks: ReadonlySet<QuirkName>,
  session: NX_SECURE_DTLS_SESSION,
  packet: NX_PACKET,
  to: Destination | null,
): Generator<Suspension, number, unknown> {
  const { machine, nx_secure_dtls_udp_socket: socket } = session;
  const peer = session.nx_secure_dtls_remote_ip_address;
  const port = session.nx_secure_dtls_remote_port;
  if (machine === null || socket === null) return NX_SECURE_TLS_SESSION_UNINITIALIZED;
  if (session.over !== 0) return session.over;
  if (to !== null && (to.port !== port || !peer.equals(to.address))) return NX_SECURE_TLS_SEND_ADDRESS_MISMATCH;
  if (packet.nx_packet_next !== null) return NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL;

  const plaintext = transientCopy(packetView(packet));
  const { before, after } = machine.overhead;
  const { nx_packet_prepend_ptr: start, nx_packet_append_ptr: end } = packet;
  if (start - before < packet.nx_packet_data_start || end + after > packet.nx_packet_data_end) {
    return NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL;
  }
  const clear = machine.state === 'handshaking' && quirks.has('clear-text-before-handshake');
  const sealed = clear ? { ok: true as const, record: inTheClear(plaintext) } : machine.seal(plaintext);
  if (!sealed.ok) return failureStatus(sealed.failure, 0);
  put(packet, start - before, sealed.record);
  const sent = yield* nxd_udp_socket_send(socket, packet, peer, port);
  if (sent === NX_SUCCESS) return NX_SUCCESS;
  put(packet, start, plaintext);
  return NX_SECURE_TLS_TCP_SEND_FAILED;
}

/** Data in a record of epoch 0 and no version, as the library sends it before the handshake. */
function inTheClear(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(13 + data.length);
  record[0] = APPLICATION_DATA;
  record[11] = data.length >>> 8;
  record[12] = data.length & 255;
  record.set(data, 13);
  return record;
}

/** Makes `bytes` the packet's payload, beginning at an address. */
function put(packet: NX_PACKET, at: number, bytes: Uint8Array): void {
  packet.nx_packet_memory.set(bytes, at);
  packet.nx_packet_prepend_ptr = at;
  packet.nx_packet_append_ptr = at + bytes.length;
  packet.nx_packet_length = bytes.length;
}
