import { dispatch } from '../kernel/callback.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_SUCCESS } from '../netx/constants.ts';
import { NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED } from './constants.ts';
import { hasQuirk } from './device-state.ts';
import type { NX_SECURE_DTLS_SERVER } from './dtls-server.ts';
import { wakeReceiver, type NX_SECURE_DTLS_SESSION } from './dtls-session.ts';

/** Tells the application once that an established session is over; where it was not closed in order, why. */
export function* reportEnd(
  kernel: Kernel,
  server: NX_SECURE_DTLS_SERVER,
  session: NX_SECURE_DTLS_SESSION,
): Generator<Suspension, void, unknown> {
  const reason = session.over;
  if (reason === 0 || session.endReported || !session.wasConnected) return;
  session.endReported = true;
  wakeReceiver(kernel, session, NX_SUCCESS);
  const { nx_dtls_server_error_notify: error, nx_dtls_server_disconnect_notify: disconnect } = server;
  const tells = !hasQuirk(kernel, 'error-notify-without-session-only');
  if (error !== null && reason !== NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED && tells) {
    yield* dispatch(kernel, 'error_notify', () => error(session, reason));
  }
  if (disconnect !== null && !hasQuirk(kernel, 'disconnect-notify-never-called')) {
    yield* dispatch(kernel, 'disconnect_notify', () => disconnect(session));
  }
}
