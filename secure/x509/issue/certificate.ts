import type { DigestName } from '../../crypto/provider.ts';
import {
  bits,
  boolean,
  embedded,
  encode,
  explicit,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  set,
  tagged,
  time,
  utf8,
  type Der,
} from './der.ts';

/** A subject or issuer: organisation and common name. */
export interface CertificateName {
  readonly organization: string;
  readonly commonName: string;
}

/** What a certificate is to say (RFC 5280 section 4.1). */
export interface CertificateRequest {
  readonly subject: CertificateName;
  readonly issuer: CertificateName;
  /** SubjectPublicKeyInfo of the subject, in DER. */
  readonly publicKey: Uint8Array;
  /** SubjectPublicKeyInfo of the issuer, in DER: its digest becomes the authority key identifier. */
  readonly issuerKey: Uint8Array;
  readonly serial: Uint8Array;
  /** `YYYYMMDDHHMMSSZ` */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Whether it may issue others. */
  readonly isCa: boolean;
  readonly usage: 'server' | 'client' | null;
  readonly dnsNames: readonly string[];
  /** IPv4 addresses as four bytes, IPv6 as sixteen. */
  readonly addresses: readonly Uint8Array[];
}

/** Who signs: the algorithm of the issuer's key, the signature, and the digest that names keys. */
export interface Signer {
  readonly algorithm: 'ecdsa-sha256' | 'rsa-sha256';
  sign(data: Uint8Array): Uint8Array;
  hash(name: DigestName, data: Uint8Array): Uint8Array;
}

const OID = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extKeyUsage: '2.5.29.37',
  subjectKeyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
  subjectAltName: '2.5.29.17',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  'ecdsa-sha256': '1.2.840.10045.4.3.2',
  'rsa-sha256': '1.2.840.113549.1.1.11',
} as const;

/** digitalSignature; for an RSA key keyEncipherment too, which TLS_RSA asks for; for a CA keyCertSign and cRLSign. */
const USAGE = { ca: Uint8Array.of(0x06), ec: Uint8Array.of(0x80), rsa: Uint8Array.of(0xa0) };

const name = ({ organization, commonName }: CertificateName): Der =>
  sequence(
    set(sequence(oid(OID.organization), utf8(organization))),
    set(sequence(oid(OID.commonName), utf8(commonName))),
  );

const extension = (id: string, critical: boolean, value: Der): Der =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(encode(value)));

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function extensions(request: CertificateRequest, signer: Signer): Der {
  const { isCa, usage, dnsNames, addresses, publicKey, issuerKey } = request;
  const keyId = (spki: Uint8Array): Uint8Array => signer.hash('sha1', spki);
  // An id-ecPublicKey has a named curve as its parameters, an RSA key none: the first has a longer algorithm.
  const isRsa = encodesRsa(publicKey);
  const keyUsage = isCa ? USAGE.ca : isRsa ? USAGE.rsa : USAGE.ec;
  const names = [...dnsNames.map((text) => tagged(2, ascii(text))), ...addresses.map((bytes) => tagged(7, bytes))];
  return sequence(
    extension(OID.basicConstraints, true, isCa ? sequence(boolean(true)) : sequence()),
    extension(OID.keyUsage, true, bits(keyUsage, isCa ? 1 : isRsa ? 5 : 7)),
    extension(OID.subjectKeyIdentifier, false, octets(keyId(publicKey))),
    extension(OID.authorityKeyIdentifier, false, sequence(tagged(0, keyId(issuerKey)))),
    ...(usage === null
      ? []
      : [extension(OID.extKeyUsage, false, sequence(oid(usage === 'server' ? OID.serverAuth : OID.clientAuth)))]),
    ...(names.length === 0 ? [] : [extension(OID.subjectAltName, false, sequence(...names))]),
  );
}

/** Whether a SubjectPublicKeyInfo is that of an RSA key: rsaEncryption, 1.2.840.113549.1.1.1. */
function encodesRsa(spki: Uint8Array): boolean {
  const rsaEncryption = encode(oid('1.2.840.113549.1.1.1'));
  for (let at = 0; at + rsaEncryption.length <= Math.min(spki.length, 32); at++) {
    if (rsaEncryption.every((byte, index) => spki[at + index] === byte)) return true;
  }
  return false;
}

/** Issues a certificate (X.509 v3) in DER. */
export function issueCertificate(request: CertificateRequest, signer: Signer): Uint8Array {
  const algorithm = sequence(oid(OID[signer.algorithm]), ...(signer.algorithm === 'rsa-sha256' ? [nothing()] : []));
  const body = sequence(
    explicit(0, integer(Uint8Array.of(2))),
    integer(request.serial),
    algorithm,
    name(request.issuer),
    sequence(time(request.notBefore), time(request.notAfter)),
    name(request.subject),
    embedded(request.publicKey),
    explicit(3, extensions(request, signer)),
  );
  const signature = signer.sign(encode(body));
  return encode(sequence(body, algorithm, bits(signature)));
}
