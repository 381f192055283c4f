import { dispatch } from '../kernel/callback.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { nx_packet_release } from '../netx/api/packet.ts';
import { NX_NO_WAIT, NX_SUCCESS } from '../netx/constants.ts';
import type { NX_PACKET } from '../netx/packet.ts';
import { secureState } from './device-state.ts';
import { followPeer } from './dtls-connection-id.ts';
import type { Origin } from './dtls-cookies.ts';
import { drain } from './dtls-handshake.ts';
import { reportEnd } from './dtls-report-end.ts';
import type { NX_SECURE_DTLS_SERVER } from './dtls-server.ts';
import { wakeReceiver, type NX_SECURE_DTLS_SESSION } from './dtls-session.ts';

/**
 * A datagram for an established session whose records have a connection ID. What they are is encrypted (RFC 9146 section
 * 4), and only an authentic one tells where the peer is: so the IP thread opens them, which costs it the time that
 * otherwise the receiving thread spends. The application is told of data, which waits for it in plaintext; a session that
 * has as much of it as the IP instance has packets gets no more.
 */
export function* openedByIpThread(
  kernel: Kernel,
  server: NX_SECURE_DTLS_SERVER,
  session: NX_SECURE_DTLS_SESSION,
  packet: NX_PACKET,
  bytes: Uint8Array,
  from: Origin,
): Generator<Suspension, void, unknown> {
  const before = session.dataCount;
  const most = session.ip?.nx_ip_default_packet_pool?.nx_packet_pool_total ?? 0;
  if (session.surplus.length < most) {
    session.machine?.handleDatagram(bytes, kernel.now);
    followPeer(kernel, session, from);
  } else {
    const reason = `no room: ${most} pieces of data wait to be received`;
    secureState(kernel).trace?.record({ type: 'dtls-discarded', role: 'server', peer: session.peer, reason });
  }
  yield* nx_packet_release(packet);
  yield* drain(kernel, session, NX_NO_WAIT);
  const { nx_dtls_server_receive_notify: notify } = server;
  if (session.dataCount > before) {
    wakeReceiver(kernel, session, NX_SUCCESS);
    if (notify !== null) yield* dispatch(kernel, 'receive_notify', () => notify(session));
  }
  yield* reportEnd(kernel, server, session);
}
