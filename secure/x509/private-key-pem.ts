import forge from 'node-forge';

/** Labels of PEM blocks that hold a private key in the clear, or under a password. */
const KEY_LABELS = new Set(['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY']);
/** Ciphers of the traditional encryption of PEM (`DEK-Info`), with the lengths of their keys in bytes. */
const TRADITIONAL: Readonly<Record<string, { readonly name: 'AES-CBC' | '3DES-CBC'; readonly key: number }>> = {
  'AES-128-CBC': { name: 'AES-CBC', key: 16 },
  'AES-192-CBC': { name: 'AES-CBC', key: 24 },
  'AES-256-CBC': { name: 'AES-CBC', key: 32 },
  'DES-EDE3-CBC': { name: '3DES-CBC', key: 24 },
};

const toBytes = (binary: string): Uint8Array => Uint8Array.from(binary, (character) => character.charCodeAt(0));

/**
 * The first private key of a PEM text, in DER: PKCS#1, SEC 1 or PKCS#8. One that is encrypted is decrypted: PKCS#8 with
 * PBES1 or PBES2 (RFC 8018), or the traditional way with its parameters in the block's headers.
 *
 * @param password - null where there is none
 * @returns null where there is no key, it is broken or encrypted in a way that is not known, or the password is wrong
 */
export function privateKeyDer(pem: string, password: string | null): Uint8Array | null {
  try {
    const block = forge.pem.decode(pem).find(({ type }) => KEY_LABELS.has(type));
    if (block === undefined) return null;
    if (block.type === 'ENCRYPTED PRIVATE KEY') return password === null ? null : decryptPkcs8(block.body, password);
    const encryption = encryptionOf(block.dekInfo);
    if (encryption === null) return toBytes(block.body);
    return password === null ? null : decryptTraditional(block.body, encryption, password);
  } catch {
    // forge throws at what it cannot read.
    return null;
  }
}

/** PBES2 takes a password's bytes in UTF-8, PBES1 its characters: which one it is, forge finds out. */
function decryptPkcs8(body: string, password: string): Uint8Array | null {
  for (const given of new Set([forge.util.encodeUtf8(password), password])) {
    const info = decryptInfo(body, given);
    if (info !== null) return toBytes(forge.asn1.toDer(info).getBytes());
  }
  return null;
}

function decryptInfo(body: string, password: string): forge.asn1.Asn1 | null {
  try {
    const info: unknown = forge.pki.decryptPrivateKeyInfo(forge.asn1.fromDer(body), password);
    return isAsn1(info) ? info : null;
  } catch {
    // What a wrong password makes of the key is no ASN.1, as a rule.
    return null;
  }
}

function isAsn1(value: unknown): value is forge.asn1.Asn1 {
  return typeof value === 'object' && value !== null && 'tagClass' in value;
}

/** The `DEK-Info` of a block: which cipher, and its IV in hexadecimal. */
interface Encryption {
  readonly algorithm: string;
  readonly parameters: string;
}

/** What forge says of a block's `DEK-Info`; its types leave that open. */
function encryptionOf(info: unknown): Encryption | null {
  if (typeof info !== 'object' || info === null || !('algorithm' in info) || !('parameters' in info)) return null;
  const { algorithm, parameters } = info;
  return typeof algorithm === 'string' && typeof parameters === 'string' ? { algorithm, parameters } : null;
}

function decryptTraditional(body: string, { algorithm, parameters }: Encryption, password: string): Uint8Array | null {
  const cipher = TRADITIONAL[algorithm];
  if (cipher === undefined) return null;
  const iv = forge.util.hexToBytes(parameters);
  const key = openSslKey(password, iv.slice(0, 8), cipher.key);
  const decipher = forge.cipher.createDecipher(cipher.name, forge.util.createBuffer(key));
  decipher.start({ iv });
  decipher.update(forge.util.createBuffer(body));
  return decipher.finish() ? toBytes(decipher.output.getBytes()) : null;
}

/** OpenSSL's own way from password and salt to a key: MD5 over and over. */
function openSslKey(password: string, salt: string, length: number): string {
  let key = '';
  let last = '';
  while (key.length < length) {
    last = forge.md.md5
      .create()
      .update(last + forge.util.encodeUtf8(password) + salt)
      .digest()
      .getBytes();
    key += last;
  }
  return key.slice(0, length);
}
