import type { UINT, ULONG } from '../kernel/constants.ts';
import type { Callback } from '../kernel/op.ts';
import type { TX_THREAD } from '../kernel/thread.ts';
import { WaitList } from '../kernel/wait-list.ts';
import { NX_NO_PACKET, NX_PORT_UNAVAILABLE } from './constants.ts';
import type { NX_IP } from './ip.ts';
import type { NX_PACKET } from './packet.ts';
import { PacketQueue } from './packet-queue.ts';

export const UDP_SOCKET_ID = 0x55445020;

/** `receive_notify` of a UDP socket: called by the IP thread for every datagram that arrives. */
export type UdpReceiveNotify = Callback<[socket: NX_UDP_SOCKET], void>;

/** A UDP socket control block. */
export class NX_UDP_SOCKET {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 120;

  nx_udp_socket_id: ULONG = 0;
  nx_udp_socket_name = '';
  nx_udp_socket_ip_ptr: NX_IP | null = null;
  /** The local port while bound, else 0. */
  nx_udp_socket_port: UINT = 0;
  nx_udp_socket_type_of_service: ULONG = 0;
  nx_udp_socket_time_to_live: UINT = 0;
  nx_udp_socket_fragment_enable: ULONG = 0;
  nx_udp_socket_queue_maximum: ULONG = 0;
  nx_udp_socket_packets_sent: ULONG = 0;
  nx_udp_socket_bytes_sent: ULONG = 0;
  nx_udp_socket_packets_received: ULONG = 0;
  nx_udp_socket_bytes_received: ULONG = 0;
  nx_udp_socket_invalid_packets: ULONG = 0;
  nx_udp_socket_packets_dropped: ULONG = 0;
  nx_udp_socket_checksum_errors: ULONG = 0;
  /** Whether checksums are neither made nor checked. */
  nx_udp_socket_disable_checksum: UINT = 0;
  /** For the application's own use. */
  nx_udp_socket_reserved_ptr: unknown = null;

  isBound = false;
  notify: UdpReceiveNotify | null = null;
  /** The device makes checksums (no `NX_DISABLE_UDP_TX_CHECKSUM`), checks them (no `…_RX_CHECKSUM`), counts (no `…_INFO`). */
  makesChecksums = true;
  checksChecksums = true;
  counts = true;
  /** The datagrams that have arrived, oldest first. */
  readonly queue = new PacketQueue();
  readonly receivers = new WaitList(this, NX_NO_PACKET);
  /** Threads that wait to bind the port that this socket holds. */
  readonly binders = new WaitList({ describe: () => `the UDP port ${this.nx_udp_socket_port}` }, NX_PORT_UNAVAILABLE);
  /** The thread that waited last to bind this socket. */
  binder: TX_THREAD | null = null;

  /** Datagrams that wait. */
  get nx_udp_socket_receive_count(): ULONG {
    return this.queue.length;
  }

  /** Threads that wait for a datagram. */
  get nx_udp_socket_receive_suspended_count(): number {
    return this.receivers.count;
  }

  /** The thread that waits to bind this socket to a port that another one has, or null. */
  get nx_udp_socket_bind_in_progress(): TX_THREAD | null {
    const request = this.binder?.waitRequest;
    return request?.kind === 'port' && request.socket === this ? this.binder : null;
  }

  describe(): string {
    return `a datagram on UDP socket '${this.nx_udp_socket_name}'`;
  }
}

/** What a thread that waits for a datagram asked for: here it finds what it was given. */
export interface DatagramRequest {
  readonly kind: 'datagram';
  packet: NX_PACKET | null;
}

/** What a thread that waits for a port asked for: the socket to bind. */
export interface PortRequest {
  readonly kind: 'port';
  readonly socket: NX_UDP_SOCKET;
}

declare module '../kernel/thread.ts' {
  interface RequestKinds {
    readonly datagram: DatagramRequest;
    readonly port: PortRequest;
  }
}
