import { sameBytes } from '../bytes.ts';
import { parseCertificate, type ParsedCertificate } from './certificate.ts';

/** Certificates that are remembered: those of the peers that a device meets again and again. */
const CAPACITY = 64;

interface Known {
  readonly der: Uint8Array;
  readonly result: ParsedCertificate;
}

const known = new Map<number, Known>();

/** A number that is another for nearly every other certificate (FNV-1a). */
function fingerprint(der: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of der) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/**
 * Parses a certificate that a peer has sent. Parsing depends on nothing but the bytes and takes longer than checking the
 * signature in them, so what was parsed lately is not parsed again; it is judged anew all the same.
 */
export function parseReceivedCertificate(der: Uint8Array): ParsedCertificate {
  const key = fingerprint(der);
  const found = known.get(key);
  if (found !== undefined && sameBytes(found.der, der)) return found.result;
  // A copy, so that nothing that is done to the message changes what is remembered of it.
  const copy = der.slice();
  const result = parseCertificate(copy);
  const [oldest] = known.keys();
  if (known.size >= CAPACITY && oldest !== undefined) known.delete(oldest);
  known.set(key, { der: copy, result });
  return result;
}
