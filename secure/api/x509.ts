import { enter } from '../../kernel/caller-context.ts';
import type { UINT } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import { NX_CALLER_ERROR, NX_PTR_ERROR, NX_SUCCESS } from '../../netx/constants.ts';
import {
  NX_SECURE_PKCS1_INVALID_PRIVATE_KEY,
  NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH,
  NX_SECURE_X509_INSUFFICIENT_CERT_SPACE,
  NX_SECURE_X509_INVALID_CERTIFICATE,
  NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE,
  NX_SECURE_X509_KEY_TYPE_EC_DER,
  NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER,
} from '../constants.ts';
import { secureState } from '../device-state.ts';
import type { NX_SECURE_X509_CERT } from '../x509-cert.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { matchesDnsName } from '../x509/names.ts';
import { inThread, refuse } from './checks.ts';

/**
 * Parses a certificate into its control block, with its private key where it is an identity
 * (C: `nx_secure_x509_certificate_initialize`).
 *
 * @param certificate_data - the certificate in DER
 * @param raw_data_buffer - where to keep a copy; NULL leaves the data where it is
 * @param private_key - the key in DER, of the kind that `private_key_type` says; NULL for a certificate without one
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread;
 *   `NX_SECURE_X509_INSUFFICIENT_CERT_SPACE` where the copy does not fit; `NX_SECURE_X509_INVALID_CERTIFICATE`;
 *   `NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE`; `NX_SECURE_PKCS1_INVALID_PRIVATE_KEY`
 */
export function nx_secure_x509_certificate_initialize(
  certificate: NX_SECURE_X509_CERT | null,
  certificate_data: Uint8Array | null,
  length: UINT,
  raw_data_buffer: Uint8Array | null,
  buffer_size: UINT,
  private_key: Uint8Array | null,
  private_key_length: UINT,
  private_key_type: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_x509_certificate_initialize');
  if (certificate === null || certificate_data === null || length === 0) return refuse(kernel, NX_PTR_ERROR);
  if (!inThread(kernel)) return kernel.finish(NX_CALLER_ERROR);
  let der = certificate_data.subarray(0, length);
  if (raw_data_buffer !== null) {
    if (length > Math.min(buffer_size, raw_data_buffer.length)) {
      return kernel.finish(NX_SECURE_X509_INSUFFICIENT_CERT_SPACE);
    }
    raw_data_buffer.set(der);
    der = raw_data_buffer.subarray(0, length);
  }
  const parsed = parseCertificate(der);
  if (!parsed.ok) return kernel.finish(NX_SECURE_X509_INVALID_CERTIFICATE);
  let key = null;
  if (private_key !== null && private_key_length > 0) {
    const type = keyType(private_key_type);
    if (type === null) return kernel.finish(NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE);
    key = secureState(kernel).provider.importPrivateKey(private_key.subarray(0, private_key_length));
    if (key?.type !== type) return kernel.finish(NX_SECURE_PKCS1_INVALID_PRIVATE_KEY);
  }
  certificate.nx_secure_x509_certificate_raw_data = der;
  certificate.nx_secure_x509_certificate_raw_data_length = length;
  certificate.nx_secure_x509_cert_identifier = 0;
  certificate.nx_secure_x509_certificate_is_identity_cert = key !== null;
  certificate.certificate = parsed.certificate;
  certificate.privateKey = key;
  return kernel.finish(NX_SUCCESS);
}

function keyType(type: UINT): 'rsa' | 'ec' | null {
  if (type === NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER) return 'rsa';
  return type === NX_SECURE_X509_KEY_TYPE_EC_DER ? 'ec' : null;
}

/**
 * Whether a certificate is for a host name, by its alternative names or (where it has none) its common name
 * (C: `nx_secure_x509_common_name_dns_check`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread;
 *   `NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH`
 */
export function nx_secure_x509_common_name_dns_check(
  certificate: NX_SECURE_X509_CERT | null,
  dns_tld: Uint8Array | null,
  dns_tld_length: UINT,
): Op<UINT> {
  const kernel = enter('nx_secure_x509_common_name_dns_check');
  if (certificate?.certificate === undefined || certificate.certificate === null || dns_tld === null) {
    return refuse(kernel, NX_PTR_ERROR);
  }
  if (!inThread(kernel)) return kernel.finish(NX_CALLER_ERROR);
  const name = String.fromCharCode(...dns_tld.subarray(0, dns_tld_length));
  const matches = matchesDnsName(certificate.certificate, name);
  return kernel.finish(matches ? NX_SUCCESS : NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH);
}
