import { dispatch } from '../kernel/callback.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_SUCCESS } from '../netx/constants.ts';
import type { DtlsFailure } from './dtls/failure.ts';
import type { DtlsQuestion } from './dtls/output.ts';
import { BAD_CERTIFICATE, HANDSHAKE_FAILURE } from './dtls/wire/alert.ts';
import type { RawExtension } from './dtls/wire/extensions.ts';
import type { NX_SECURE_DTLS_SESSION } from './dtls-session.ts';
import type { HelloCallback, NX_SECURE_TLS_HELLO_EXTENSION, NX_SECURE_TLS_SESSION } from './tls-session.ts';
import { NX_SECURE_X509_CERT } from './x509-cert.ts';
import { parseCertificate } from './x509/certificate.ts';

/** Puts a question of the session's machine to the application; gives its objection, or null. */
export function* decide(
  kernel: Kernel,
  session: NX_SECURE_DTLS_SESSION,
  question: DtlsQuestion,
): Generator<Suspension, DtlsFailure | null, unknown> {
  const tls = session.nx_secure_dtls_tls_session;
  switch (question.about) {
    case 'client-hello':
      return yield* askAboutHello(kernel, 'server_callback', tls, tls.serverCallback, question.extensions);
    case 'server-hello':
      return yield* askAboutHello(kernel, 'client_callback', tls, tls.clientCallback, question.extensions);
    case 'certificate':
      return yield* askAboutCertificate(kernel, tls, question.der);
  }
}

function* askAboutHello(
  kernel: Kernel,
  name: string,
  tls: NX_SECURE_TLS_SESSION,
  callback: HelloCallback | null,
  raw: readonly RawExtension[],
): Generator<Suspension, DtlsFailure | null, unknown> {
  if (callback === null || raw.length === 0) return null;
  const extensions = raw.map(({ type, body }): NX_SECURE_TLS_HELLO_EXTENSION => ({
    nx_secure_tls_extension_id: type,
    nx_secure_tls_extension_data: body,
    nx_secure_tls_extension_data_length: body.length,
  }));
  const status = yield* dispatch(kernel, name, () => callback(tls, extensions, extensions.length));
  return status === NX_SUCCESS ? null : { kind: 'refused', status, alert: HANDSHAKE_FAILURE };
}

function* askAboutCertificate(
  kernel: Kernel,
  tls: NX_SECURE_TLS_SESSION,
  der: Uint8Array,
): Generator<Suspension, DtlsFailure | null, unknown> {
  const { certificateCallback: callback } = tls;
  const parsed = parseCertificate(der);
  if (callback === null || !parsed.ok) return null;
  const certificate = new NX_SECURE_X509_CERT();
  certificate.nx_secure_x509_certificate_raw_data = der;
  certificate.nx_secure_x509_certificate_raw_data_length = der.length;
  certificate.certificate = parsed.certificate;
  const status = yield* dispatch(kernel, 'certificate_callback', () => callback(tls, certificate));
  return status === NX_SUCCESS ? null : { kind: 'refused', status, alert: BAD_CERTIFICATE };
}
