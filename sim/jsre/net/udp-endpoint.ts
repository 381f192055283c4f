import { TX_WAIT_FOREVER } from '../../../kernel/constants.ts';
import type { Suspension } from '../../../kernel/op.ts';
import type { NXD_ADDRESS } from '../../../netx/nxd-address.ts';
import { Condition } from './condition.ts';
import { ERRNO } from '../runtime/errno.ts';
import { isBroadcastAddress } from './local-address.ts';
import { AF_INET6, isAny, isV6, sameAddress, type Domain, type NetAddress } from './net-address.ts';
import type { JsreNetwork } from './network.ts';
import type { UdpPort } from './udp-port.ts';

/** A datagram that has arrived. */
export interface Datagram {
  readonly bytes: Uint8Array;
  readonly from: NetAddress;
  /** The address of this device that it was sent to. */
  readonly to: NXD_ADDRESS;
  /** The interface that it came in on, from 0. */
  readonly interfaceIndex: number;
}

/** What a buffer is unless a program says otherwise, in bytes. */
const DEFAULT_BUFFER = 65_536;
/** What a datagram counts in a receive buffer beside its bytes. */
const DATAGRAM_OVERHEAD = 64;
/** The time to live of datagrams, unless a program says otherwise. */
const DEFAULT_TTL = 64;

/** How an endpoint is to be; see the socket options. */
export interface EndpointOptions {
  recvBufferSize: number;
  sendBufferSize: number;
  ttl: number;
  /** Index of the only interface to use, from 0; null for all. */
  device: number | null;
  ipv6Only: boolean;
  broadcast: boolean;
}

/**
 * One end of UDP conversations: what a socket descriptor stands for. Several share a port: the one without a peer takes
 * what comes from strangers, those with one take what their peer sends.
 */
export class UdpEndpoint {
  readonly network: JsreNetwork;
  readonly domain: Domain;
  readonly options: EndpointOptions = {
    recvBufferSize: DEFAULT_BUFFER,
    sendBufferSize: DEFAULT_BUFFER,
    ttl: DEFAULT_TTL,
    device: null,
    ipv6Only: false,
    broadcast: false,
  };
  /** The only one to talk with, or null. */
  peer: NetAddress | null = null;
  /** The address it is bound to; any of the device's own where that is unset. */
  local: NXD_ADDRESS;
  /** The port that it has, or null before it is bound. */
  port: UdpPort | null = null;
  /** Called when a datagram has come: by the IP thread. */
  onArrival: (() => void) | null = null;
  /** Whether it leaves a datagram of its peer to the endpoint for strangers. */
  declines: ((bytes: Uint8Array) => boolean) | null = null;
  readonly changed = new Condition(() => `a datagram on UDP port ${this.port?.number ?? 0}`);
  readonly #queue: Datagram[] = [];
  #queued = 0;
  #isOpen = true;
  /** Datagrams that found no room. */
  dropped = 0;

  constructor(network: JsreNetwork, domain: Domain, local: NXD_ADDRESS) {
    this.network = network;
    this.domain = domain;
    this.local = local;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The oldest datagram that waits, which stays. */
  get first(): Datagram | null {
    return this.#queue[0] ?? null;
  }

  /** Takes the oldest datagram out of the queue. */
  take(): Datagram | null {
    const datagram = this.#queue.shift() ?? null;
    if (datagram !== null) this.#queued -= datagram.bytes.length + DATAGRAM_OVERHEAD;
    return datagram;
  }

  /** Whether a datagram is for this endpoint, as far as its options and address say. */
  admits({ from, to, interfaceIndex }: Datagram): boolean {
    const { device, ipv6Only } = this.options;
    if (device !== null && device !== interfaceIndex) return false;
    if (isV6(from.ip) ? this.domain !== AF_INET6 : this.domain === AF_INET6 && ipv6Only) return false;
    if (!isAny(this.local) && !this.local.equals(to)) return false;
    return this.peer === null || sameAddress(this.peer, from);
  }

  /** Puts a datagram into the queue; where the receive buffer has no room for it, it is lost. */
  deliver(datagram: Datagram): void {
    const size = datagram.bytes.length + DATAGRAM_OVERHEAD;
    if (this.#queue.length > 0 && this.#queued + size > this.options.recvBufferSize) {
      this.dropped++;
      return;
    }
    this.#queue.push(datagram);
    this.#queued += size;
    this.changed.wake(this.network.kernel);
    this.onArrival?.();
  }

  /**
   * Sends a datagram to an address, or to the peer.
   *
   * @param ticks - how long to wait for a packet to send it in
   * @returns 0, or an error number
   */
  *send(
    bytes: Uint8Array,
    to: NetAddress | null = null,
    ticks = TX_WAIT_FOREVER,
  ): Generator<Suspension, number, unknown> {
    const target = to ?? this.peer;
    if (target === null) return ERRNO.EDESTADDRREQ;
    if (!this.#isOpen || this.port === null) return ERRNO.EBADF;
    if (bytes.length > this.options.sendBufferSize) return ERRNO.EMSGSIZE;
    if (!this.options.broadcast && isBroadcastAddress(this.network.ip, target.ip)) return ERRNO.EACCES;
    return yield* this.port.send(this, bytes, target, ticks);
  }

  /** Gives the port up, and lets go what waits. */
  *close(): Generator<Suspension, void, unknown> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#queue.length = 0;
    this.onArrival = null;
    this.changed.wake(this.network.kernel);
    if (this.port !== null) yield* this.port.leave(this);
  }
}
