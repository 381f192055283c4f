import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_IP_VERSION_V6, NX_NO_WAIT } from '../netx/constants.ts';
import type { NXD_ADDRESS } from '../netx/nxd-address.ts';
import { writeUint16 } from '../netx/wire/bytes.ts';
import { writeIpv6Address } from '../netx/wire/ipv6.ts';
import { hasQuirk, secureState } from './device-state.ts';
import { CookieExchange } from './dtls/cookie.ts';
import type { NX_SECURE_DTLS_SERVER } from './dtls-server.ts';
import { formatPeer } from './dtls-session.ts';
import { sendBytes } from './dtls-transmit.ts';

/** How long a cookie secret is used before the next one takes over, in nanoseconds. */
const COOKIE_LIFETIME = 60e9;

/** Where a datagram came from. */
export interface Origin {
  readonly address: NXD_ADDRESS;
  readonly port: number;
}

/** The peer as the cookie is bound to it: address and port. */
function peerBytes({ address, port }: Origin): Uint8Array {
  const { v4, v6 } = address.nxd_ip_address;
  if (address.nxd_ip_version === NX_IP_VERSION_V6) {
    const bytes = new Uint8Array(18);
    writeIpv6Address(bytes, 0, v6);
    writeUint16(bytes, 16, port);
    return bytes;
  }
  return Uint8Array.of(v4 >>> 24, (v4 >>> 16) & 255, (v4 >>> 8) & 255, v4 & 255, port >>> 8, port & 255);
}

/** The server's cookies; their secret is changed from time to time, and the one before is still accepted. */
function cookiesOf(kernel: Kernel, server: NX_SECURE_DTLS_SERVER): CookieExchange {
  const { provider } = secureState(kernel);
  if (server.cookies === null) {
    server.cookies = new CookieExchange(provider, (length) => kernel.random.bytes(length));
    server.cookiesSince = kernel.now;
  } else if (kernel.now - server.cookiesSince > COOKIE_LIFETIME) {
    server.cookies.rotate();
    server.cookiesSince = kernel.now;
  }
  return server.cookies;
}

/**
 * Whether a datagram is a ClientHello whose sender has proved its address; where it is one without a valid cookie, a
 * HelloVerifyRequest goes back (RFC 6347 section 4.2.1). Nothing is remembered of it.
 */
export function* proves(
  kernel: Kernel,
  server: NX_SECURE_DTLS_SERVER,
  bytes: Uint8Array,
  from: Origin,
): Generator<Suspension, boolean, unknown> {
  const lenient = hasQuirk(kernel, 'cookie-not-compared');
  const answer = cookiesOf(kernel, server).answer(bytes, peerBytes(from), lenient);
  if (answer.verdict === 'verified') return true;
  const peer = formatPeer(from.address, from.port);
  const trace = secureState(kernel).trace;
  if (answer.verdict === 'ignored') {
    trace?.record({ type: 'dtls-discarded', role: 'server', peer, reason: answer.reason });
    return false;
  }
  const messages = ['HelloVerifyRequest'];
  trace?.record({ type: 'dtls-flight', role: 'server', peer, flight: 2, messages, retransmission: false });
  yield* reply(server, from, answer.reply);
  return false;
}

/** Sends bytes to a peer for which there is no session. */
export function* reply(
  server: NX_SECURE_DTLS_SERVER,
  to: Origin,
  bytes: Uint8Array,
): Generator<Suspension, void, unknown> {
  const ip = server.nx_dtls_server_ip_ptr;
  if (ip === null) return;
  yield* sendBytes(ip, server.nx_dtls_server_udp_socket, to.address, to.port, bytes, NX_NO_WAIT);
}
