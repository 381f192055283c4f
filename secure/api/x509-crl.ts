import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_CALLER_ERROR, NX_PTR_ERROR, NX_SUCCESS } from '../../netx/constants.ts';
import type { CertificateStore } from '../certificate-store.ts';
import { NX_SECURE_X509_CRL_ISSUER_MISMATCH, NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND } from '../constants.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { secureState } from '../device-state.ts';
import type { NX_SECURE_X509_CERT } from '../x509-cert.ts';
import { CRL_DEFECTS, CRL_ERRORS, REVOCATION_VERDICTS, X509_CHAIN_ERRORS } from '../x509-status.ts';
import type { Certificate } from '../x509/certificate.ts';
import { verifyChain } from '../x509/chain.ts';
import { parseCrl, type Crl } from '../x509/crl.ts';
import { sameName } from '../x509/names.ts';
import { checkRevocation, crlDefect } from '../x509/revocation.ts';
import { inThread, refuse } from './checks.ts';

/** The service is not told the time, in C neither: a list that is out of date is for the application to replace. */
const NO_CLOCK = 0;

/**
 * Whether a certificate revocation list names a certificate (RFC 5280 section 6.3; C:
 * `nx_secure_x509_crl_revocation_check`). The list's issuer is searched among the store's trusted certificates and then its
 * local ones; a local one is to have a chain to a trusted one. The dates of list and certificates are not checked. A
 * self-signed issuer that is trusted is accepted whether NX_SECURE_ALLOW_SELF_SIGNED_CERTIFICATES is set or not, which on
 * the target it has to be.
 *
 * @param crl_data - the list in DER
 * @param store - for example the `certificates` of a TLS session
 * @param certificate - the certificate that may be revoked
 * @returns
 *   - `NX_SUCCESS`: the list is good, and does not name the certificate
 *   - `NX_PTR_ERROR`: NULL, length 0, or a certificate that was not initialised
 *   - `NX_CALLER_ERROR` unless called from a thread
 *   - `NX_SECURE_X509_CRL_CERTIFICATE_REVOKED`: the list names the certificate
 *   - `NX_SECURE_X509_CRL_ISSUER_MISMATCH`: list and certificate are not of one issuer
 *   - `NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND`: the store has no certificate of the list's issuer, or has a local one
 *     without the chain to a trusted one
 *   - `NX_SECURE_X509_INVALID_SELF_SIGNED_CERT`, `NX_SECURE_X509_CERTIFICATE_SIG_CHECK_FAILED`,
 *     `NX_SECURE_X509_CHAIN_VERIFY_FAILURE`: the chain of a local issuer is not valid
 *   - `NX_SECURE_X509_KEY_USAGE_ERROR`: the issuer's key is not for signing lists, or one of its chain not for certificates
 *   - `NX_SECURE_X509_CRL_SIGNATURE_CHECK_FAILED`: the issuer did not sign the list
 *   - `NX_SECURE_X509_UNKNOWN_CERT_SIG_ALGORITHM`, `NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER`: the signature of list or
 *     chain is of a kind that is not supported
 *   - `NX_SECURE_X509_INVALID_EXTENSIONS`: extensions that are not well formed, or critical ones that are not understood
 *   - `NX_SECURE_X509_ASN1_LENGTH_TOO_LONG`: no DER, or cut off; `NX_SECURE_X509_INVALID_CERTIFICATE_SEQUENCE`: DER, and no
 *     list; `NX_SECURE_X509_INVALID_VERSION`; `NX_SECURE_X509_INVALID_CERTIFICATE_DATA`: no name of an issuer;
 *     `NX_SECURE_X509_INVALID_DATE_FORMAT`; `NX_SECURE_X509_UNEXPECTED_ASN1_TAG`: an entry that is none;
 *     `NX_SECURE_X509_MISSING_SIGNATURE_ALGORITHM`
 */
export function nx_secure_x509_crl_revocation_check(
  crl_data: Uint8Array | null,
  crl_length: UINT,
  store: CertificateStore | null,
  certificate: NX_SECURE_X509_CERT | null,
): Op<UINT> {
  const kernel = enter('nx_secure_x509_crl_revocation_check');
  const subject = certificate?.certificate ?? null;
  if (crl_data === null || crl_length === 0 || store === null || subject === null) return refuse(kernel, NX_PTR_ERROR);
  if (!inThread(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const parsed = parseCrl(crl_data.subarray(0, crl_length));
  if (!parsed.ok) return kernel.finish(CRL_ERRORS[parsed.error]);
  return kernel.finish(revocationStatus(subject, parsed.crl, store, secureState(kernel).provider));
}

function revocationStatus(
  certificate: Certificate,
  crl: Crl,
  store: CertificateStore,
  provider: CryptoProvider,
): number {
  // Before the search for an issuer, as in C: somebody else's list is not a store's fault.
  if (!sameName(crl.issuer, certificate.issuer)) return NX_SECURE_X509_CRL_ISSUER_MISMATCH;
  const issuer = store.find(crl.issuer);
  if (issuer === null) return NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND;
  const status = issuer.trusted ? NX_SUCCESS : chainStatus(issuer.certificate, store, provider);
  if (status !== NX_SUCCESS) return status;
  const defect = crlDefect(crl, issuer.certificate, NO_CLOCK, provider);
  if (defect !== null) return CRL_DEFECTS[defect];
  return REVOCATION_VERDICTS[checkRevocation(certificate, crl, issuer.certificate, NO_CLOCK, provider)];
}

/** The status of the way from a local issuer to a trusted certificate. */
function chainStatus(leaf: Certificate, store: CertificateStore, provider: CryptoProvider): number {
  const certificatesOf = (list: readonly NX_SECURE_X509_CERT[]): Certificate[] =>
    list.map((entry) => entry.certificate).filter((certificate) => certificate !== null);
  const [trusted, intermediates] = [certificatesOf(store.trusted), certificatesOf(store.local)];
  const result = verifyChain({ leaf, intermediates, trusted, now: NO_CLOCK, usage: 'any' }, provider);
  return result.ok ? NX_SUCCESS : X509_CHAIN_ERRORS[result.error.kind];
}
