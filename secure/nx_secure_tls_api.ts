/**
 * The part of the NetX Secure TLS and X.509 API that DTLS firmware uses: what C firmware includes as
 * `nx_secure_tls_api.h` and `nx_secure_x509.h`. Every service is called with `yield*`.
 *
 * @packageDocumentation
 */
export * from './constants.ts';
export * from './api/tls-callbacks.ts';
export * from './api/tls-certificates.ts';
export * from './api/tls-psk.ts';
export * from './api/tls-server-name.ts';
export * from './api/tls-session.ts';
export { nx_secure_tls_session_protocol_version_override } from './api/dtls-version.ts';
export * from './api/x509.ts';
export * from './api/x509-checks.ts';
export * from './api/x509-crl.ts';
export { nx_secure_tls_initialize } from './api/initialize.ts';
export { CertificateStore as NX_SECURE_X509_CERTIFICATE_STORE } from './certificate-store.ts';
export * from './crypto-table.ts';
export {
  NX_SECURE_TLS_SESSION,
  type CertificateCallback,
  type HelloCallback,
  type NX_SECURE_TLS_HELLO_EXTENSION,
} from './tls-session.ts';
export { NX_SECURE_X509_CERT } from './x509-cert.ts';
