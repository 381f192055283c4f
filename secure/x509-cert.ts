import type { PrivateKey } from './crypto/provider.ts';
import type { Certificate } from './x509/certificate.ts';

/** An X.509 certificate control block: one certificate, and its private key where it is an identity. */
export class NX_SECURE_X509_CERT {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 304;

  nx_secure_x509_certificate_raw_data: Uint8Array = new Uint8Array(0);
  nx_secure_x509_certificate_raw_data_length = 0;
  /** The number under which it was added to a store; 0 before. */
  nx_secure_x509_cert_identifier = 0;
  /** Whether it came with a private key. */
  nx_secure_x509_certificate_is_identity_cert = false;

  certificate: Certificate | null = null;
  privateKey: PrivateKey | null = null;
}
