import type { CryptoProvider } from '../crypto/provider.ts';
import type { Certificate } from './certificate.ts';
import { ANY_EXTENDED_KEY_USAGE, CLIENT_AUTH, KEY_CERT_SIGN, SERVER_AUTH } from './extensions.ts';
import { satisfies } from './name-constraints.ts';
import { sameBytes } from '../bytes.ts';
import { sameName } from './names.ts';

/** Longer paths are not followed. */
const MAX_PATH = 10;

/** What there is to verify, and against what. */
export interface ChainRequest {
  readonly leaf: Certificate;
  /** Certificates the peer sent with it, in any order. */
  readonly intermediates: readonly Certificate[];
  /** A path that reaches one of these is complete, whether it is a root or not. */
  readonly trusted: readonly Certificate[];
  /** Seconds since 1970; 0 where the device has no clock, and validity is not checked. */
  readonly now: number;
  /** What the leaf is to be used for. */
  readonly usage: 'server' | 'client' | 'any';
  /** Whether a self-signed leaf that is trusted itself is accepted. */
  readonly allowSelfSigned?: boolean;
}

/** Why a chain is refused. */
export type ChainErrorKind =
  | 'expired'
  | 'not-yet-valid'
  | 'issuer-not-found'
  | 'self-signed'
  | 'signature'
  | 'unknown-signature-algorithm'
  | 'unsupported-public-key'
  | 'not-a-ca'
  | 'path-too-long'
  | 'key-usage'
  | 'extended-key-usage'
  | 'name-constraint'
  | 'critical-extension'
  | 'depth';

export interface ChainError {
  readonly kind: ChainErrorKind;
  /** The certificate it concerns. */
  readonly certificate: Certificate;
}

export type ChainResult =
  /** From the leaf to the trusted certificate. */
  { readonly ok: true; readonly path: readonly Certificate[] } | { readonly ok: false; readonly error: ChainError };

const isSelfIssued = (certificate: Certificate): boolean => sameName(certificate.issuer, certificate.subject);

/**
 * Finds a path from a certificate to a trusted one and verifies it, as far as RFC 5280 section 6 matters to a device.
 * Where there are several candidates for an issuer, all are tried; the error is that of the first.
 */
export function verifyChain(request: ChainRequest, provider: CryptoProvider): ChainResult {
  const unusable = checkLeaf(request);
  if (unusable !== null) return { ok: false, error: { kind: unusable, certificate: request.leaf } };
  return extend(request, provider, [request.leaf]);
}

function checkLeaf({ leaf, usage }: ChainRequest): ChainErrorKind | null {
  const { extendedKeyUsage } = leaf.extensions;
  if (usage === 'any' || extendedKeyUsage === null) return null;
  const wanted = usage === 'server' ? SERVER_AUTH : CLIENT_AUTH;
  const fits = extendedKeyUsage.includes(wanted) || extendedKeyUsage.includes(ANY_EXTENDED_KEY_USAGE);
  return fits ? null : 'extended-key-usage';
}

/** Whether a certificate of a path may be there at all, issuer or not. */
function checkCertificate(certificate: Certificate, now: number): ChainErrorKind | null {
  if (certificate.extensions.unknownCritical.length > 0) return 'critical-extension';
  if (now === 0) return null;
  if (now > certificate.notAfter) return 'expired';
  return now < certificate.notBefore ? 'not-yet-valid' : null;
}

/** Whether a certificate may issue the ones below it. */
function checkIssuer(issuer: Certificate, below: readonly Certificate[]): ChainErrorKind | null {
  const { basicConstraints, keyUsage, nameConstraints } = issuer.extensions;
  // Version 1 and 2 certificates have no extensions to say so; as trust anchors they are the device's own choice.
  if (issuer.version === 3 && basicConstraints?.ca !== true) return 'not-a-ca';
  if (keyUsage !== null && (keyUsage & KEY_CERT_SIGN) === 0) return 'key-usage';
  const intermediates = below.slice(1).filter((certificate) => !isSelfIssued(certificate)).length;
  const limit = basicConstraints?.pathLength ?? null;
  if (limit !== null && intermediates > limit) return 'path-too-long';
  if (nameConstraints !== null && !below.every((certificate) => satisfies(certificate, nameConstraints))) {
    return 'name-constraint';
  }
  return null;
}

function checkSignature(subject: Certificate, issuer: Certificate, provider: CryptoProvider): ChainErrorKind | null {
  if (subject.signatureAlgorithm === null) return 'unknown-signature-algorithm';
  const key = provider.importPublicKey(issuer.spki);
  if (key === null) return 'unsupported-public-key';
  return provider.verify(subject.signatureAlgorithm, key, subject.tbs, subject.signature, true) ? null : 'signature';
}

/** Goes on from a path that is verified up to its last certificate. */
function extend(request: ChainRequest, provider: CryptoProvider, path: readonly Certificate[]): ChainResult {
  const { trusted, intermediates, now } = request;
  const last = path.at(-1);
  if (last === undefined) return { ok: false, error: { kind: 'depth', certificate: request.leaf } };
  const refuse = (kind: ChainErrorKind, certificate: Certificate = last): ChainResult => ({
    ok: false,
    error: { kind, certificate },
  });
  if (path.length > MAX_PATH) return refuse('depth');
  const broken = checkCertificate(last, now);
  if (broken !== null) return refuse(broken);
  const isTrusted = trusted.some((anchor) => sameBytes(anchor.der, last.der));
  if (path.length === 1 && isSelfIssued(last)) {
    return isTrusted && request.allowSelfSigned === true ? { ok: true, path } : refuse('self-signed');
  }
  if (isTrusted) return { ok: true, path };
  const candidates = [...trusted, ...intermediates].filter(
    (candidate) => sameName(candidate.subject, last.issuer) && !path.some((one) => sameBytes(one.der, candidate.der)),
  );
  let firstError: ChainResult | null = null;
  for (const issuer of candidates.toSorted((a, b) => keyIdFit(last, b) - keyIdFit(last, a))) {
    const kind = checkIssuer(issuer, path) ?? checkSignature(last, issuer, provider);
    const result = kind === null ? extend(request, provider, [...path, issuer]) : refuse(kind, issuer);
    if (result.ok) return result;
    firstError ??= result;
  }
  return firstError ?? refuse(isSelfIssued(last) ? 'self-signed' : 'issuer-not-found');
}

/** How well a candidate's key identifier goes with the one the subject names: it only orders the attempts. */
function keyIdFit(subject: Certificate, issuer: Certificate): number {
  const { authorityKeyId } = subject.extensions;
  const { subjectKeyId } = issuer.extensions;
  if (authorityKeyId === null || subjectKeyId === null) return 0;
  return sameBytes(authorityKeyId, subjectKeyId) ? 1 : -1;
}
