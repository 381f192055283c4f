import { parseCertificate, type ParsedCertificate } from '../../../secure/x509/certificate.ts';
import { hold, toHex, type FuzzTarget } from '../target.ts';

const GUARD = 64;

/** The input amid bytes of one value, which nobody is to read. */
function guarded(input: Uint8Array, value: number): Uint8Array {
  const memory = new Uint8Array(input.length + 2 * GUARD).fill(value);
  memory.set(input, GUARD);
  return memory.subarray(GUARD, GUARD + input.length);
}

function outcomeOf(parsed: ParsedCertificate): string {
  if (!parsed.ok) return parsed.error;
  const { version, signatureAlgorithm, extensions, issuer, subject } = parsed.certificate;
  const present = Object.entries(extensions)
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([name]) => name);
  const names = `${Math.min(issuer.attributes.length, 3)} ${Math.min(subject.attributes.length, 3)}`;
  return `v${version} ${signatureAlgorithm?.kind ?? '?'} ${names} ${present.join()}`;
}

function assertInside(whole: Uint8Array, part: Uint8Array, what: string): void {
  const inside =
    part.byteOffset >= whole.byteOffset && part.byteOffset + part.length <= whole.byteOffset + whole.length;
  // An empty part lies nowhere.
  hold(part.length === 0 || (part.buffer === whole.buffer && inside), `${what} lies in the certificate`);
}

let count = 0;

/** Certificates in DER. */
export const certificate: FuzzTarget = {
  name: 'certificate',
  run: (input) => {
    const der = guarded(input, 0x30);
    const parsed = parseCertificate(der);
    const outcome = outcomeOf(parsed);
    if (parsed.ok) {
      const { tbs, serialNumber, spki, signature, issuer, subject, extensions } = parsed.certificate;
      for (const part of [tbs, serialNumber, spki, signature, issuer.raw, subject.raw, ...extensions.ipAddresses]) {
        assertInside(der, part, toHex(part.subarray(0, 8)));
      }
    }
    // What lies around the input makes no difference.
    if (count++ % 8 === 0) {
      hold(outcomeOf(parseCertificate(guarded(input, 0xff))) === outcome, 'nothing is read beyond the input');
    }
    return outcome;
  },
};
