import type { Kernel } from '../kernel/kernel.ts';
import { secureState } from './device-state.ts';
import type { RemoteCertificateSpace } from './tls-session.ts';
import { NX_SECURE_X509_CERT } from './x509-cert.ts';

/**
 * How a buffer for the peer's certificates is divided: a control block and the rest of an equal share for each.
 * Null where a share is less than a control block and the least certificate.
 */
export function remoteCertificateSpace(
  kernel: Kernel,
  count: number,
  bufferSize: number,
): RemoteCertificateSpace | null {
  const share = Math.floor(bufferSize / count);
  const bytes = share - NX_SECURE_X509_CERT.sizeof;
  const least = secureState(kernel).config.NX_SECURE_TLS_MINIMUM_CERTIFICATE_SIZE;
  return bytes < least ? null : { count, bytes };
}
