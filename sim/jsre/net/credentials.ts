import type { Kernel } from '../../../kernel/kernel.ts';
import { secureState } from '../../../secure/device-state.ts';
import type { CryptoProvider, PrivateKey, PublicKey } from '../../../secure/crypto/provider.ts';
import { parseCertificate, type Certificate } from '../../../secure/x509/certificate.ts';
import { privateKeyDer } from '../../../secure/x509/private-key-pem.ts';
import type { Identity } from './settings.ts';

const CERTIFICATE_BLOCK =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([\s\S]*?)-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/** Bytes from the base64 of a PEM block, or null. */
function fromBase64(text: string): Uint8Array | null {
  const digits = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(digits) || digits.length % 4 !== 0) return null;
  return Uint8Array.from(atob(digits), (character) => character.charCodeAt(0));
}

/** The certificates of a PEM text, in order; null where one is broken. What else is in the text is passed over. */
export function readCertificates(pem: string): readonly Certificate[] | null {
  const certificates: Certificate[] = [];
  for (const [, body = ''] of pem.matchAll(CERTIFICATE_BLOCK)) {
    const der = fromBase64(body);
    const parsed = der === null ? null : parseCertificate(der);
    if (parsed?.ok !== true) return null;
    certificates.push(parsed.certificate);
  }
  return certificates;
}

/**
 * A certificate with its key. The chain that is sent is in the order of the text.
 *
 * @param key - the text that holds the key; without it, the certificate's own text
 * @param password - of the key, where it is encrypted
 * @returns null where a part is missing or broken, the password is wrong, or the key is another's
 */
export function readIdentity(
  kernel: Kernel,
  cert: string,
  key: string | undefined,
  password: string | undefined,
): Identity | null {
  const chain = readCertificates(cert);
  const [leaf] = chain ?? [];
  if (chain === null || leaf === undefined) return null;
  const der = privateKeyDer(key ?? cert, password ?? null);
  const { provider } = secureState(kernel);
  const privateKey = der === null ? null : provider.importPrivateKey(der);
  const publicKey = provider.importPublicKey(leaf.spki);
  if (privateKey === null || publicKey === null) return null;
  // A board compares two numbers: it is not to be charged for what is done here instead.
  const { charge } = kernel.op;
  const isPair = belongTogether(provider, privateKey, publicKey);
  kernel.op.charge = charge;
  return isPair ? { leaf, certificates: chain.map((one) => one.der), privateKey } : null;
}

/** Whether what one key signs, the other one verifies. */
function belongTogether(provider: CryptoProvider, privateKey: PrivateKey, publicKey: PublicKey): boolean {
  if (privateKey.type !== publicKey.type || privateKey.bits !== publicKey.bits) return false;
  const scheme = { kind: privateKey.type === 'ec' ? 'ecdsa' : 'rsa-pkcs1', hash: 'sha256' } as const;
  const probe = Uint8Array.of(1, 2, 3);
  return provider.verify(scheme, publicKey, probe, provider.sign(scheme, privateKey, probe));
}
