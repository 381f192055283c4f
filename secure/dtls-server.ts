import type { Callback } from '../kernel/op.ts';
import type { ULONG, UINT } from '../kernel/constants.ts';
import type { NX_IP } from '../netx/ip.ts';
import type { NXD_ADDRESS } from '../netx/nxd-address.ts';
import { NX_UDP_SOCKET } from '../netx/udp-socket.ts';
import { CertificateStore } from './certificate-store.ts';
import type { CookieExchange } from './dtls/cookie.ts';
import { ConnectionIdIndex } from './dtls-id-index.ts';
import { PeerIndex } from './dtls-peers.ts';
import type { NX_SECURE_DTLS_SESSION } from './dtls-session.ts';
import { PskStore } from './psk-store.ts';
import { ServerSessionCache } from './session-cache.ts';

/** `connect_notify`: a client has proved its address; its session waits for `nx_secure_dtls_server_session_start`. */
export type ConnectNotify = Callback<[session: NX_SECURE_DTLS_SESSION, ip_address: NXD_ADDRESS, port: UINT], UINT>;
/** `receive_notify`: a datagram with application data arrived for an established session. */
export type ReceiveNotify = Callback<[session: NX_SECURE_DTLS_SESSION], UINT>;
/** `disconnect_notify`: the client ended the session. */
export type DisconnectNotify = Callback<[session: NX_SECURE_DTLS_SESSION], UINT>;
/** `error_notify`: an error concerned a session, or (with NULL) a client that got none. */
export type ErrorNotify = Callback<[session: NX_SECURE_DTLS_SESSION | null, error_code: UINT], UINT>;

export const DTLS_SERVER_ID = 0x44544c53;

/** A DTLS server control block: one UDP port and the sessions of its clients. */
export class NX_SECURE_DTLS_SERVER {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 172;

  nx_dtls_server_id: ULONG = 0;
  nx_dtls_server_ip_ptr: NX_IP | null = null;
  nx_dtls_server_listen_port: UINT = 0;
  nx_dtls_server_timeout: ULONG = 0;
  readonly nx_dtls_server_udp_socket = new NX_UDP_SOCKET();
  /** The sessions, as many as the session buffer has room for. */
  nx_dtls_server_sessions: NX_SECURE_DTLS_SESSION[] = [];
  nx_dtls_server_connect_notify: ConnectNotify | null = null;
  nx_dtls_server_receive_notify: ReceiveNotify | null = null;
  nx_dtls_server_disconnect_notify: DisconnectNotify | null = null;
  nx_dtls_server_error_notify: ErrorNotify | null = null;

  /** Certificates and keys that all sessions share. */
  certificates = new CertificateStore();
  psks = new PskStore();
  /** Associations that clients may take up again. */
  readonly resumable = new ServerSessionCache();
  /** Which client has which of the sessions. */
  readonly peers = new PeerIndex();
  /** Which of the sessions a record with a connection ID is for. */
  readonly connectionIds = new ConnectionIdIndex();
  cookies: CookieExchange | null = null;
  /** Virtual time at which the cookie secret was made, in nanoseconds. */
  cookiesSince = 0;
}
