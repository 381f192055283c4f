import type { SignatureScheme } from '../crypto/provider.ts';
import { parseSignatureAlgorithm } from './algorithms.ts';
import { context, INTEGER, oidText, SEQUENCE, smallInteger, type Asn1 } from './asn1.ts';
import { parseExtensions, type CertificateExtensions } from './extensions.ts';
import { sameBytes } from '../bytes.ts';
import { parseName, type DistinguishedName } from './names.ts';
import { parseSigned } from './signed.ts';
import { parseTime } from './time.ts';

/** An X.509 certificate (RFC 5280 section 4.1). Byte strings are views of its encoding. */
export interface Certificate {
  readonly der: Uint8Array;
  /** What is signed. */
  readonly tbs: Uint8Array;
  /** 1, 2 or 3. */
  readonly version: number;
  readonly serialNumber: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  /** Seconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** Null where the algorithm is not supported. */
  readonly signatureAlgorithm: SignatureScheme | null;
  readonly signature: Uint8Array;
  readonly extensions: CertificateExtensions;
}

/** What is wrong with the encoding of a certificate. */
export type CertificateError =
  'encoding' | 'structure' | 'version' | 'name' | 'validity' | 'public-key' | 'signature-algorithm' | 'extensions';

export type ParsedCertificate =
  { readonly ok: true; readonly certificate: Certificate } | { readonly ok: false; readonly error: CertificateError };

const refuse = (error: CertificateError): ParsedCertificate => ({ ok: false, error });

/** Parses a certificate in DER. Any bytes are parsed or refused; nothing is thrown. */
export function parseCertificate(der: Uint8Array): ParsedCertificate {
  const signed = parseSigned(der);
  if (typeof signed === 'string') return refuse(signed);
  const { tbs, algorithm, signature } = signed;
  return parseTbs(der, tbs, algorithm, signature);
}

function parseTbs(der: Uint8Array, tbs: Asn1, algorithm: Asn1, signature: Uint8Array): ParsedCertificate {
  const fields = [...tbs.children];
  const explicitVersion = fields[0]?.tag === context(0) ? fields.shift() : undefined;
  const versionNumber = explicitVersion === undefined ? 0 : smallInteger(explicitVersion.children[0]);
  if (versionNumber === null || versionNumber > 2) return refuse('version');
  const [serial, inner, issuerNode, validity, subjectNode, spki, ...rest] = fields;
  if (serial?.tag !== INTEGER || inner?.tag !== SEQUENCE || !sameBytes(inner.der, algorithm.der)) {
    return refuse('structure');
  }
  const issuer = parseName(issuerNode);
  const subject = parseName(subjectNode);
  if (issuer === null || subject === null) return refuse('name');
  const notBefore = parseTime(validity?.children[0]);
  const notAfter = parseTime(validity?.children[1]);
  if (notBefore === null || notAfter === null) return refuse('validity');
  if (spki?.tag !== SEQUENCE || spki.children.length !== 2) return refuse('public-key');
  if (oidText(algorithm.children[0]) === null) return refuse('signature-algorithm');
  const wrapper = rest.find((node) => node.tag === context(3));
  const extensions = parseExtensions(wrapper?.children[0]);
  if (extensions === null || (wrapper !== undefined && versionNumber !== 2)) return refuse('extensions');
  return {
    ok: true,
    certificate: {
      der,
      tbs: tbs.der,
      version: versionNumber + 1,
      serialNumber: serial.bytes,
      issuer,
      subject,
      notBefore,
      notAfter,
      spki: spki.der,
      signatureAlgorithm: parseSignatureAlgorithm(algorithm),
      signature,
      extensions,
    },
  };
}
