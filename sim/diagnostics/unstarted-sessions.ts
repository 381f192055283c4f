import { secureState } from '../../secure/device-state.ts';
import type { NX_SECURE_DTLS_SESSION } from '../../secure/dtls-session.ts';
import type { Device } from '../device.ts';
import { formatTime } from '../duration.ts';
import type { Note } from './notes.ts';

/** A session that nobody has started for this long has been forgotten, in nanoseconds. */
const FORGOTTEN = 1e9;

/** Since when a session's first datagram has waited for somebody to start the session; null where none does. */
function waitingSince(session: NX_SECURE_DTLS_SESSION): number | null {
  const { machine, wasConnected, over, arrivals, arrived } = session;
  if (machine === null || machine.state === 'connected' || wasConnected || over !== 0 || arrivals.count > 0)
    return null;
  return arrived[0]?.allocation.time ?? null;
}

/** The clients that a server's `connect_notify` was told of, and that nobody shook hands with. */
export function unstartedSessions(device: Device): readonly Note[] {
  const { now } = device.kernel;
  return [...secureState(device.kernel).servers].flatMap((server) =>
    server.nx_dtls_server_sessions.flatMap((session): readonly Note[] => {
      const since = waitingSince(session);
      if (since === null || now - since < FORGOTTEN) return [];
      const text = [
        `connect_notify was told of ${session.peer} at ${formatTime(since)}, and nobody has called nx_secure_dtls_server_session_start() for that session since:`,
        `    its client waits in vain, and the session stays taken. One pointer for the session holds one client only, and loses it`,
        `    when another connects before the server's thread has looked: note every session, in a queue or a list.`,
      ].join('\n');
      return [{ device: device.name, kind: 'session-not-started', text, count: 1, since, thread: '' }];
    }),
  );
}
