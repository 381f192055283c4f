import type { HashName, SignatureScheme } from '../crypto/provider.ts';
import { context, oidText, SEQUENCE, smallInteger, type Asn1 } from './asn1.ts';

const SCHEMES: Readonly<Record<string, SignatureScheme>> = {
  '1.2.840.113549.1.1.5': { kind: 'rsa-pkcs1', hash: 'sha1' },
  '1.2.840.113549.1.1.11': { kind: 'rsa-pkcs1', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa-pkcs1', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa-pkcs1', hash: 'sha512' },
  '1.2.840.10045.4.1': { kind: 'ecdsa', hash: 'sha1' },
  '1.2.840.10045.4.3.2': { kind: 'ecdsa', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { kind: 'ecdsa', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { kind: 'ecdsa', hash: 'sha512' },
};

const RSA_PSS = '1.2.840.113549.1.1.10';

const HASHES: Readonly<Record<string, HashName>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** The signature scheme of an AlgorithmIdentifier, or null where it is not supported. */
export function parseSignatureAlgorithm(node: Asn1): SignatureScheme | null {
  const oid = oidText(node.children[0]);
  if (oid === null) return null;
  return oid === RSA_PSS ? parsePss(node.children[1]) : (SCHEMES[oid] ?? null);
}

/** RSASSA-PSS-params (RFC 4055 section 3.1); the same hash is used for the mask. */
function parsePss(parameters: Asn1 | undefined): SignatureScheme | null {
  if (parameters?.tag !== SEQUENCE) return null;
  const field = (number: number): Asn1 | undefined =>
    parameters.children.find((child) => child.tag === context(number))?.children[0];
  const hashNode = field(0);
  const hash = hashNode === undefined ? 'sha1' : HASHES[oidText(hashNode.children[0]) ?? ''];
  const saltNode = field(2);
  const saltLength = saltNode === undefined ? 20 : smallInteger(saltNode);
  return hash === undefined || saltLength === null ? null : { kind: 'rsa-pss', hash, saltLength };
}
