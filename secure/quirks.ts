import { SimulationError } from '../kernel/simulation-error.ts';
import type { Macros } from '../kernel/config.ts';

/** One way in which the shipped C library differs from its chapter or the RFCs. */
export interface Quirk {
  /** By which `NX_SECURE_QUIRKS` switches it on. */
  readonly name: string;
  /** What the chapter or an RFC says, and what is done without the quirk. */
  readonly chapter: string;
  /** What the library does, and what is done with it. */
  readonly library: string;
  /** How that is known of netxduo 6.4.2: `run` natively, or `read` in its source. */
  readonly evidence: 'run' | 'read';
}

/**
 * The ways in which the shipped C library is known to differ, each of which a device can take on:
 * `config: { NX_SECURE_QUIRKS: 'cookie-not-compared,client-info-not-connected' }`, or `'all'`.
 */
export const QUIRKS = [
  {
    name: 'garbage-takes-session',
    chapter:
      'connect_notify is called when a client connects; a client has proved its address before it costs anything.',
    library:
      'Any datagram of 5 bytes or more that does not begin like an alert takes a session and calls connect_notify; the cookie exchange comes in server_session_start.',
    evidence: 'run',
  },
  {
    name: 'cookie-not-compared',
    chapter: 'A server checks the cookie that comes back (RFC 6347 section 4.2.1).',
    library: 'Any cookie of 1 to 32 bytes will do, even in a first ClientHello.',
    evidence: 'run',
  },
  {
    name: 'disconnect-notify-never-called',
    chapter: 'disconnect_notify is called when a client ends its session.',
    library: 'It is stored, and nobody calls it.',
    evidence: 'read',
  },
  {
    name: 'error-notify-without-session-only',
    chapter: 'error_notify is called for errors of the server and of its sessions.',
    library: 'It is called where no session is free for a client, and never else.',
    evidence: 'run',
  },
  {
    name: 'receive-notify-for-any-datagram',
    chapter: 'receive_notify is called when application data arrived for a session.',
    library:
      'It is called for every datagram of an established session, before anybody has looked at it: alerts, repeated flights and garbage too.',
    evidence: 'run',
  },
  {
    name: 'bad-record-alert',
    chapter: 'A record that is not authentic is dropped without a word (RFC 6347 section 4.1.2.7).',
    library: 'It is answered with a fatal bad_record_mac, and ends the receive with a status; the session works on.',
    evidence: 'run',
  },
  {
    name: 'two-records-lost',
    chapter: 'A datagram may hold several records (RFC 6347 section 4.1.1).',
    library: 'Two records of application data in a datagram are both lost, with a fatal internal_error and 0x104.',
    evidence: 'run',
  },
  {
    name: 'last-flight-not-repeated',
    chapter: 'A server that is through answers a repeated flight 5 with its flight 6 (RFC 6347 section 4.2.4).',
    library: 'Its last flight is forgotten; where it is lost, the client times out.',
    evidence: 'run',
  },
  {
    name: 'restart-not-seen',
    chapter: 'A client that has lost its association may begin another from the same port (RFC 6347 section 4.2.8).',
    library: 'Its ClientHello is sorted to the old session and dropped there.',
    evidence: 'read',
  },
  {
    name: 'session-end-no-packet',
    chapter: 'session_end gives NX_SUCCESS once the session is ended.',
    library: 'It gives NX_NO_PACKET where the peer did not answer in time, though the session is ended.',
    evidence: 'run',
  },
  {
    name: 'client-start-no-packet',
    chapter: 'client_session_start gives NX_NOT_CONNECTED where the server cannot be reached.',
    library: 'It gives NX_NO_PACKET.',
    evidence: 'read',
  },
  {
    name: 'client-info-not-connected',
    chapter: 'session_client_info_get gives the address and ports of a connected client.',
    library: 'It gives NX_NOT_CONNECTED unless a datagram waits on the server’s socket.',
    evidence: 'run',
  },
  {
    name: 'one-psk-less',
    chapter: 'NX_SECURE_TLS_MAX_PSK_KEYS keys fit.',
    library: 'The last of them does not: 4 of 5.',
    evidence: 'run',
  },
  {
    name: 'psk-identity-ignored',
    chapter: 'A server looks its key up by the identity that the client shows (RFC 4279 section 2).',
    library: 'It takes its first key, whatever the identity.',
    evidence: 'read',
  },
  {
    name: 'clear-text-before-handshake',
    chapter: 'What is sent over a DTLS session is protected.',
    library:
      'Before the handshake is done it goes out in the clear, in a record of version 0, and the status is NX_SUCCESS.',
    evidence: 'run',
  },
  {
    name: 'delete-destroys-started',
    chapter: 'server_delete refuses a server that is started (NX_STILL_BOUND).',
    library: 'It destroys its sessions first, and then refuses.',
    evidence: 'run',
  },
  {
    name: 'timeout-is-time-to-live',
    chapter: 'The timeout of server_create is a wait option.',
    library: 'It is the time to live of what the server sends, too; NX_WAIT_FOREVER gives NX_OPTION_ERROR.',
    evidence: 'run',
  },
  {
    name: 'trusted-remove-needs-name',
    chapter: 'server_trusted_certificate_remove by number takes NX_NULL for the name.',
    library: 'It gives NX_PTR_ERROR for it.',
    evidence: 'read',
  },
  {
    name: 'remove-by-number-status',
    chapter: 'NX_SECURE_TLS_CERTIFICATE_NOT_FOUND is given where there is no such certificate.',
    library: 'By number, it is NX_SECURE_X509_CERTIFICATE_NOT_FOUND.',
    evidence: 'read',
  },
  {
    name: 'bare-hellos',
    chapter: 'Hellos carry signature_algorithms (RFC 5246), extended_master_secret (RFC 7627) and renegotiation_info.',
    library: 'A ClientHello has groups and point formats at most, and a ServerHello has no extension.',
    evidence: 'read',
  },
] as const satisfies readonly Quirk[];

/** The name of a quirk. */
export type QuirkName = (typeof QUIRKS)[number]['name'];

const isQuirk = (name: string): name is QuirkName => QUIRKS.some((quirk) => quirk.name === name);

/**
 * The quirks of a device, from its `NX_SECURE_QUIRKS`: names separated by commas, or `all`.
 *
 * @throws SimulationError for a name that is none
 */
export function quirksOf(macros: Macros, device: string): ReadonlySet<QuirkName> {
  const value = macros['NX_SECURE_QUIRKS'];
  if (value === undefined || value === false || value === 0 || value === '') return new Set();
  if (value === 'all') return new Set(QUIRKS.map(({ name }) => name));
  const names = typeof value === 'string' ? value.split(',').map((name) => name.trim()) : [String(value)];
  const wrong = names.find((name) => !isQuirk(name));
  if (wrong === undefined) return new Set(names.filter(isQuirk));
  throw new SimulationError({
    kind: 'world',
    what: `device '${device}': NX_SECURE_QUIRKS names '${wrong}', which is no quirk`,
    fix: `use 'all', or some of ${QUIRKS.map(({ name }) => name).join(', ')}`,
  });
}
