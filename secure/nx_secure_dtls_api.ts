/**
 * The NetX Secure DTLS API: what C firmware includes as `nx_secure_dtls_api.h`, under the same names and with the same
 * parameters. Every service is called with `yield*`.
 *
 * @packageDocumentation
 */
export * from './api/dtls-certificates.ts';
export * from './api/dtls-groups.ts';
export * from './api/dtls-psk.ts';
export * from './api/dtls-server.ts';
export * from './api/dtls-session.ts';
export * from './api/dtls-session-start.ts';
export {
  NX_SECURE_DTLS_VERSION_1_0,
  NX_SECURE_DTLS_VERSION_1_2,
  nx_secure_dtls_client_protocol_version_override,
  nx_secure_dtls_server_protocol_version_override,
} from './api/dtls-version.ts';
export { nx_secure_dtls_initialize } from './api/initialize.ts';
export {
  NX_SECURE_DTLS_SERVER,
  type ConnectNotify,
  type DisconnectNotify,
  type ErrorNotify,
  type ReceiveNotify,
} from './dtls-server.ts';
export { NX_SECURE_DTLS_SESSION } from './dtls-session.ts';
