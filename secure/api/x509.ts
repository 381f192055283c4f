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
  NX_SECURE_X509_KEY_TYPE_HARDWARE,
  NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER,
  NX_SECURE_X509_KEY_TYPE_USER_DEFINED_MASK,
} from '../constants.ts';
import { secureState } from '../device-state.ts';
import type { NX_SECURE_X509_CERT } from '../x509-cert.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { matchesDnsName, matchesIpAddress } from '../x509/names.ts';
import { inThread, refuse } from './checks.ts';

/**
 * Parses a certificate into its control block, with its private key where it is an identity
 * (C: `nx_secure_x509_certificate_initialize`).
 *
 * @param certificate_data - the certificate in DER
 * @param raw_data_buffer - where to keep a copy; NULL leaves the data where it is
 * @param private_key - the key in DER, of the kind that `private_key_type` says; NULL for a certificate without one
 * @param private_key_type - `NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER` or `…_EC_DER`. A key in hardware (`…_HARDWARE`) or of
 *   the firmware's own kind (`…_USER_DEFINED_MASK`) is noted, but no handshake can use it: there is nothing to sign with
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
    if (type !== 'elsewhere') {
      key = secureState(kernel).provider.importPrivateKey(private_key.subarray(0, private_key_length));
      if (key?.type !== type) return kernel.finish(NX_SECURE_PKCS1_INVALID_PRIVATE_KEY);
    }
  }
  certificate.nx_secure_x509_certificate_raw_data = der;
  certificate.nx_secure_x509_certificate_raw_data_length = length;
  certificate.nx_secure_x509_cert_identifier = 0;
  certificate.nx_secure_x509_certificate_is_identity_cert = private_key !== null && private_key_length > 0;
  certificate.certificate = parsed.certificate;
  certificate.privateKey = key;
  return kernel.finish(NX_SUCCESS);
}

/** Keys that are elsewhere, in a secure element or of the firmware's own kind, are only noted: nothing here can use them. */
function keyType(type: UINT): 'rsa' | 'ec' | 'elsewhere' | null {
  if (type === NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER) return 'rsa';
  if (type === NX_SECURE_X509_KEY_TYPE_EC_DER) return 'ec';
  const own = (type & NX_SECURE_X509_KEY_TYPE_USER_DEFINED_MASK) !== 0;
  return own || type === NX_SECURE_X509_KEY_TYPE_HARDWARE ? 'elsewhere' : null;
}

/**
 * Whether a certificate is for a host name, by its alternative names or (where it has none) its common name; or for an
 * IPv4 address in dotted form, by its alternative addresses
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
  const address = parseIpv4(name);
  const matches =
    matchesDnsName(certificate.certificate, name) ||
    (address !== null && matchesIpAddress(certificate.certificate, address));
  return kernel.finish(matches ? NX_SUCCESS : NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH);
}

/** The bytes of an IPv4 address in dotted form, or null. */
function parseIpv4(text: string): Uint8Array | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return null;
  const numbers = text.split('.').map(Number);
  return numbers.every((number) => number < 256) ? Uint8Array.from(numbers) : null;
}
