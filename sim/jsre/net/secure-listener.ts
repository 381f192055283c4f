import { TX_NO_WAIT } from '../../../kernel/constants.ts';
import type { Suspension } from '../../../kernel/op.ts';
import { formatAddressAndPort } from '../../../netx/nxd-address.ts';
import { secureState } from '../../../secure/device-state.ts';
import { CookieExchange } from '../../../secure/dtls/cookie.ts';
import type { DtlsWork } from './dtls-thread.ts';
import { ERRNO } from '../runtime/errno.ts';
import { addressBytes, sameAddress, type NetAddress } from './net-address.ts';
import { SecureSocket } from './secure-socket.ts';
import type { ServerSettings } from './settings.ts';
import { UdpEndpoint, type Datagram } from './udp-endpoint.ts';

/** Clients that may wait to be accepted. */
const BACKLOG = 32;
/** How long a cookie secret is used before the next one takes over, in nanoseconds. */
const COOKIE_LIFETIME = 60e9;

/**
 * A server's endpoint: it answers strangers. One that has shown by a cookie that it receives what is sent to its address
 * gets an endpoint of its own, and waits there to be accepted.
 */
export class SecureListener implements DtlsWork {
  readonly endpoint: UdpEndpoint;
  readonly settings: ServerSettings;
  readonly deadline = null;
  readonly #backlog: SecureSocket[] = [];
  /** Those that were accepted and are not over, to see who begins anew. */
  readonly #accepted = new Set<SecureSocket>();
  readonly #cookies: CookieExchange;
  #cookiesSince: number;

  constructor(endpoint: UdpEndpoint, settings: ServerSettings) {
    this.endpoint = endpoint;
    this.settings = settings;
    const { kernel, dtls } = endpoint.network;
    const { provider } = secureState(kernel);
    this.#cookies = new CookieExchange(provider, (length) => kernel.random.bytes(length));
    this.#cookiesSince = kernel.now;
    endpoint.onArrival = () => dtls.wake(this);
    dtls.add(this);
  }

  /** Whether a client waits to be accepted. */
  get readable(): boolean {
    return this.#backlog.length > 0;
  }

  /** Gives the client that has waited longest, or null. */
  accept(): SecureSocket | null {
    const socket = this.#backlog.shift() ?? null;
    if (socket !== null) this.#accepted.add(socket);
    return socket;
  }

  *serve(): Generator<Suspension, void, unknown> {
    for (let datagram = this.endpoint.take(); datagram !== null; datagram = this.endpoint.take()) {
      yield* this.#welcome(datagram);
    }
  }

  /** Gives the port and the name up; clients that wait to be accepted are forgotten. */
  *close(): Generator<Suspension, void, unknown> {
    const { servers, dtls } = this.endpoint.network;
    const { name } = this.settings;
    if (name !== null && servers.get(name) === this.settings) servers.delete(name);
    dtls.remove(this);
    for (const socket of this.#backlog.splice(0)) yield* socket.close();
    yield* this.endpoint.close();
  }

  /** A datagram of somebody without an association (RFC 6347 section 4.2.1). */
  *#welcome({ bytes, from, to, interfaceIndex }: Datagram): Generator<Suspension, void, unknown> {
    const { kernel } = this.endpoint.network;
    const { trace } = secureState(kernel);
    if (kernel.now - this.#cookiesSince > COOKIE_LIFETIME) {
      this.#cookies.rotate();
      this.#cookiesSince = kernel.now;
    }
    const answer = this.#cookies.answer(bytes, peerBytes(from));
    const peer = formatAddressAndPort(from.ip, from.port);
    switch (answer.verdict) {
      case 'ignored':
        trace?.record({ type: 'dtls-discarded', role: 'server', peer, reason: answer.reason });
        return;
      case 'verify': {
        const messages = ['HelloVerifyRequest'];
        trace?.record({ type: 'dtls-flight', role: 'server', peer, flight: 2, messages, retransmission: false });
        yield* kernel.finish(0);
        yield* this.endpoint.send(answer.reply, from, TX_NO_WAIT);
        return;
      }
      case 'verified':
        yield* this.#admit({ bytes, from, to, interfaceIndex });
    }
  }

  *#admit(datagram: Datagram): Generator<Suspension, void, unknown> {
    const { network, domain, options, port } = this.endpoint;
    yield* this.#forget(datagram.from);
    if (this.#backlog.length >= BACKLOG || port === null || !this.endpoint.isOpen) return;
    const endpoint = new UdpEndpoint(network, domain, datagram.to);
    Object.assign(endpoint.options, options);
    endpoint.peer = datagram.from;
    port.join(endpoint);
    endpoint.deliver(datagram);
    this.#backlog.push(new SecureSocket(endpoint, { role: 'server', settings: this.settings }));
    this.endpoint.changed.wake(network.kernel);
  }

  /** Ends what there was with a client that begins anew (RFC 6347 section 4.2.8). */
  *#forget(peer: NetAddress): Generator<Suspension, void, unknown> {
    const isPeer = ({ endpoint }: SecureSocket): boolean => endpoint.peer !== null && sameAddress(endpoint.peer, peer);
    const waiting = this.#backlog.findIndex(isPeer);
    if (waiting >= 0) for (const socket of this.#backlog.splice(waiting, 1)) yield* socket.close();
    for (const socket of this.#accepted) {
      if (isPeer(socket)) socket.ended(ERRNO.ECONNRESET);
      if (socket.state === 'over') this.#accepted.delete(socket);
    }
  }
}

/** The peer as its cookie is bound to it: address and port. */
function peerBytes({ ip, port }: NetAddress): Uint8Array {
  return Uint8Array.of(...addressBytes(ip), port >>> 8, port & 255);
}
