import type { Suspension } from '../../../kernel/op.ts';
import { out } from '../../../kernel/out.ts';
import { nx_packet_allocate, nx_packet_release } from '../../../netx/api/packet.ts';
import { nx_packet_data_append } from '../../../netx/api/packet-data.ts';
import {
  nx_udp_socket_bind,
  nx_udp_socket_create,
  nx_udp_socket_delete,
  nx_udp_socket_receive_notify,
  nx_udp_socket_unbind,
} from '../../../netx/api/udp.ts';
import {
  nx_udp_socket_receive,
  nxd_udp_packet_info_extract,
  nxd_udp_socket_send,
  nxd_udp_socket_source_send,
} from '../../../netx/api/udp-transfer.ts';
import {
  NX_FRAGMENT_OKAY,
  NX_IP_ADDRESS_ERROR,
  NX_IP_NORMAL,
  NX_IP_TIME_TO_LIVE,
  NX_NO_FREE_PORTS,
  NX_NO_INTERFACE_ADDRESS,
  NX_NO_PACKET,
  NX_NO_WAIT,
  NX_PORT_UNAVAILABLE,
  NX_SUCCESS,
  NX_UDP_PACKET,
} from '../../../netx/constants.ts';
import { NXD_ADDRESS } from '../../../netx/nxd-address.ts';
import { readDestination } from '../../../netx/packet-addresses.ts';
import { packetBytes, type NX_PACKET } from '../../../netx/packet.ts';
import { NX_UDP_SOCKET } from '../../../netx/udp-socket.ts';
import { ERRNO } from '../runtime/errno.ts';
import { sourceIndex } from './local-address.ts';
import { AF_INET, AF_INET6, isV6, type NetAddress } from './net-address.ts';
import type { JsreNetwork } from './network.ts';
import type { Datagram, UdpEndpoint } from './udp-endpoint.ts';

/** Datagrams that may wait on the NetX socket: the IP thread sorts them at once. */
const QUEUE_MAXIMUM = 64;

const ERRNOS: Readonly<Record<number, number>> = {
  [NX_SUCCESS]: 0,
  [NX_IP_ADDRESS_ERROR]: ERRNO.ENETUNREACH,
  [NX_NO_INTERFACE_ADDRESS]: ERRNO.ENETUNREACH,
  [NX_NO_PACKET]: ERRNO.ENOBUFS,
  [NX_PORT_UNAVAILABLE]: ERRNO.EADDRINUSE,
  [NX_NO_FREE_PORTS]: ERRNO.EADDRINUSE,
};

/** The error number that a status of NetX comes to. */
const errnoOf = (status: number): number => ERRNOS[status] ?? ERRNO.EIO;

/** A UDP port of the device: a NetX socket, and the endpoints that what arrives is sorted to. */
export class UdpPort {
  readonly #network: JsreNetwork;
  readonly #socket = new NX_UDP_SOCKET();
  readonly #endpoints = new Set<UdpEndpoint>();

  constructor(network: JsreNetwork) {
    this.#network = network;
  }

  /** Its number; 0 before it is bound. */
  get number(): number {
    return this.#socket.nx_udp_socket_port;
  }

  get endpoints(): ReadonlySet<UdpEndpoint> {
    return this.#endpoints;
  }

  /**
   * Binds the port.
   *
   * @param wanted - its number; 0 for a free one
   * @returns 0, or `EADDRINUSE`
   */
  *open(wanted: number): Generator<Suspension, number, unknown> {
    const { ip } = this.#network;
    const socket = this.#socket;
    const name = 'JSRE socket';
    yield* nx_udp_socket_create(ip, socket, name, NX_IP_NORMAL, NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, QUEUE_MAXIMUM);
    const status = yield* nx_udp_socket_bind(socket, wanted, NX_NO_WAIT);
    if (status !== NX_SUCCESS) {
      yield* nx_udp_socket_delete(socket);
      return errnoOf(status);
    }
    yield* nx_udp_socket_receive_notify(socket, () => this.#arrived());
    return 0;
  }

  join(endpoint: UdpEndpoint): void {
    this.#endpoints.add(endpoint);
    endpoint.port = this;
  }

  /** Takes an endpoint out; with the last one the port is given up. */
  *leave(endpoint: UdpEndpoint): Generator<Suspension, void, unknown> {
    if (!this.#endpoints.delete(endpoint) || this.#endpoints.size > 0) return;
    this.#network.ports.delete(this.number);
    yield* nx_udp_socket_receive_notify(this.#socket, null);
    yield* nx_udp_socket_unbind(this.#socket);
    yield* nx_udp_socket_delete(this.#socket);
  }

  /**
   * Sends a datagram.
   *
   * @param ticks - how long to wait for a packet to send it in
   * @returns 0; `ENOBUFS` where there was no packet; `ENETUNREACH`; `EIO`
   */
  *send(from: UdpEndpoint, bytes: Uint8Array, to: NetAddress, ticks: number): Generator<Suspension, number, unknown> {
    const { pool, ip } = this.#network;
    const cell = out<NX_PACKET>();
    const allocated = yield* nx_packet_allocate(pool, cell, NX_UDP_PACKET, ticks);
    if (allocated !== NX_SUCCESS) return errnoOf(allocated);
    const packet = cell.value;
    let status: number = NX_SUCCESS;
    if (bytes.length > 0) status = yield* nx_packet_data_append(packet, bytes, bytes.length, pool, ticks);
    if (status === NX_SUCCESS) {
      const { ttl, device } = from.options;
      this.#socket.nx_udp_socket_time_to_live = ttl;
      const index = device === null ? null : sourceIndex(ip, device, to.ip);
      status =
        index === null
          ? yield* nxd_udp_socket_send(this.#socket, packet, to.ip, to.port)
          : yield* nxd_udp_socket_source_send(this.#socket, packet, to.ip, to.port, index);
    }
    if (status !== NX_SUCCESS) yield* nx_packet_release(packet);
    return errnoOf(status);
  }

  /** The receive callback, in the IP thread. */
  *#arrived(): Generator<Suspension, void, unknown> {
    const cell = out<NX_PACKET>();
    if ((yield* nx_udp_socket_receive(this.#socket, cell, NX_NO_WAIT)) !== NX_SUCCESS) return;
    const packet = cell.value;
    const from = new NXD_ADDRESS();
    const port = out<number>();
    const interfaceIndex = out<number>();
    yield* nxd_udp_packet_info_extract(packet, from, null, port, interfaceIndex);
    const to = new NXD_ADDRESS();
    readDestination(packet, to);
    const bytes = packetBytes(packet);
    yield* nx_packet_release(packet);
    this.route({ bytes, from: { ip: from, port: port.value }, to, interfaceIndex: interfaceIndex.value });
  }

  /** Gives a datagram to the endpoint of its sender, or to the one for strangers: one of its own domain, if there is. */
  route(datagram: Datagram): void {
    const domain = isV6(datagram.from.ip) ? AF_INET6 : AF_INET;
    let open: UdpEndpoint | null = null;
    for (const endpoint of this.#endpoints) {
      if (!endpoint.admits(datagram)) continue;
      if (endpoint.peer === null) {
        if (open?.domain !== domain) open = endpoint;
      } else if (endpoint.declines?.(datagram.bytes) !== true) {
        return endpoint.deliver(datagram);
      }
    }
    open?.deliver(datagram);
  }
}
