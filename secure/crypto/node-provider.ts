import {
  constants,
  createCipheriv,
  createDecipheriv,
  createECDH,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  privateDecrypt,
  publicEncrypt,
  sign as nodeSign,
  verify as nodeVerify,
  type CipherCCMTypes,
  type CipherGCMTypes,
  type ECDH,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { plain } from './node/bytes.ts';
import { cbcKey } from './node/cbc.ts';
import { hash, hmac } from './node/hashes.ts';
import { parsePrivateKey, parsePublicKey } from './js/keys.ts';
import type {
  AeadName,
  CryptoProvider,
  EphemeralKey,
  GroupName,
  PrivateKey,
  PublicKey,
  SignatureScheme,
} from './provider.ts';
import { pkcs1Pad } from './pkcs1.ts';
import { rememberingVerify } from './remembered-signatures.ts';
import { signDeterministic, type EcdsaCurve } from './rfc6979.ts';
import { transient } from '../transient.ts';

/** OpenSSL's names of the curves. */
const CURVES = { secp256r1: 'prime256v1', secp384r1: 'secp384r1', secp521r1: 'secp521r1' } as const;
const SCALAR_LENGTHS = { secp256r1: 32, secp384r1: 48, secp521r1: 66 } as const;

const one = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at === length - 1 ? 1 : 0));
/** What a key that is not needed any more is overwritten with. */
const ONE = { secp256r1: one(32), secp384r1: one(48), secp521r1: one(66) } as const;

interface NodePublicKey extends PublicKey {
  readonly object: KeyObject;
}

interface NodePrivateKey extends PrivateKey {
  readonly object: KeyObject;
  /** The secret scalar of an EC key. */
  readonly scalar: Uint8Array | null;
}

function describeKey(object: KeyObject): PublicKey | null {
  const details = object.asymmetricKeyDetails;
  if (object.asymmetricKeyType === 'rsa') return { type: 'rsa', bits: details?.modulusLength ?? 0, curve: undefined };
  if (object.asymmetricKeyType !== 'ec') return null;
  const curve = (['secp256r1', 'secp384r1', 'secp521r1'] as const).find((name) => CURVES[name] === details?.namedCurve);
  if (curve === undefined) return null;
  return { type: 'ec', bits: { secp256r1: 256, secp384r1: 384, secp521r1: 521 }[curve], curve };
}

/** Makes the KeyObject of a key once, however often the key is used: parsing costs more than a signature. */
const publicKeys = new WeakMap<PublicKey, NodePublicKey>();
const privateKeys = new WeakMap<PrivateKey, NodePrivateKey>();
const importedPublic = new Map<string, PublicKey>();
const MAX_CACHED_KEYS = 256;

const isCcm = (name: AeadName): name is Extract<AeadName, `${string}ccm`> => name.endsWith('ccm');

function objectOf<K extends PublicKey, N>(key: K, keys: WeakMap<K, N>): N {
  const found = keys.get(key);
  if (found === undefined) throw new TypeError('a key of another crypto provider was used');
  return found;
}

/** OpenSSL's name of the hash of a scheme. */
const hashOf = (scheme: SignatureScheme): string => (scheme.kind === 'rsa-md5-sha1' ? 'md5-sha1' : scheme.hash);

type NodeSignatureKey = KeyObject | { key: KeyObject; padding: number; saltLength: number };

function nodeOptions(scheme: SignatureScheme, key: KeyObject): NodeSignatureKey {
  if (scheme.kind !== 'rsa-pss') return key;
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength };
}

/** An X25519 key from its bytes. As a JWK they are taken as they are; DER would take ten times as long to be decoded. */
const montgomeryJwk = (x: Uint8Array, d?: Uint8Array): { key: JsonWebKey; format: 'jwk' } => {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  return { key: { kty: 'OKP', crv: 'X25519', x: text(x), ...(d === undefined ? {} : { d: text(d) }) }, format: 'jwk' };
};

function montgomeryKey(random: (length: number) => Uint8Array): EphemeralKey {
  const secret = random(32);
  // The public half is computed, whatever is said of it.
  const key = createPrivateKey(montgomeryJwk(new Uint8Array(32), secret));
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return {
    group: 'x25519',
    publicKey: new Uint8Array(Buffer.from(x, 'base64url')),
    derive: (peer) => {
      if (peer.length !== 32) return null;
      try {
        const publicKey = createPublicKey(montgomeryJwk(peer));
        return new Uint8Array(diffieHellman({ privateKey: key, publicKey }));
      } catch {
        return null;
      }
    },
    wipe: () => secret.fill(0),
  };
}

/** Making an ECDH object costs as much as a multiplication: those of keys that were wiped serve again. */
const idle: Readonly<Record<EcdsaCurve, ECDH[]>> = { secp256r1: [], secp384r1: [], secp521r1: [] };
const MAX_IDLE = 8;

function weierstrassKey(group: EcdsaCurve, random: (length: number) => Uint8Array): EphemeralKey {
  let ecdh: ECDH | null = idle[group].pop() ?? createECDH(CURVES[group]);
  for (;;) {
    const scalar = random(SCALAR_LENGTHS[group]);
    if (group === 'secp521r1') scalar[0] = (scalar[0] ?? 0) & 1;
    try {
      ecdh.setPrivateKey(scalar);
      break;
    } catch {
      // Not below the group's order, or zero: the next bytes of the stream will do.
    }
  }
  return {
    group,
    publicKey: plain(ecdh.getPublicKey()),
    derive: (peer) => {
      // Only uncompressed points go over the wire (RFC 8422 section 5.1.2).
      if (peer[0] !== 4 || ecdh === null) return null;
      try {
        return plain(ecdh.computeSecret(peer));
      } catch {
        return null;
      }
    },
    wipe: () => {
      if (ecdh === null) return;
      ecdh.setPrivateKey(ONE[group]);
      if (idle[group].length < MAX_IDLE) idle[group].push(ecdh);
      ecdh = null;
    },
  };
}

/** Making one costs as much as what it does: signatures share one for each curve. */
const generators = new Map<EcdsaCurve, ECDH>();

/** The x coordinate of a multiple of a curve's generator. */
function multiplyGenerator(curve: EcdsaCurve, scalar: Uint8Array): Uint8Array {
  const ecdh = generators.get(curve) ?? createECDH(CURVES[curve]);
  generators.set(curve, ecdh);
  ecdh.setPrivateKey(scalar);
  return plain(ecdh.getPublicKey()).subarray(1, 1 + SCALAR_LENGTHS[curve]);
}

function verify(scheme: SignatureScheme, key: PublicKey, data: Uint8Array, signature: Uint8Array): boolean {
  const { object } = objectOf(key, publicKeys);
  if ((scheme.kind === 'ecdsa') !== (key.type === 'ec')) return false;
  try {
    return nodeVerify(hashOf(scheme), data, nodeOptions(scheme, object), signature);
  } catch {
    return false;
  }
}

/** Cryptography by `node:crypto`; signatures that need a nonce are deterministic (RFC 6979). */
export const nodeProvider: CryptoProvider = {
  name: 'node',

  hash,
  hmac,

  aeadSeal: (name, key, nonce, additionalData, plaintext, authTagLength) => {
    const cipher = isCcm(name)
      ? createCipheriv(name as CipherCCMTypes, key, nonce, { authTagLength })
      : createCipheriv(name as CipherGCMTypes, key, nonce, { authTagLength });
    cipher.setAAD(additionalData, { plaintextLength: plaintext.length });
    const sealed = transient(plaintext.length + authTagLength);
    // Node wants to see CCM's text, and takes a view of nothing for none.
    sealed.set(cipher.update(plaintext.length === 0 ? new Uint8Array(0) : plaintext));
    cipher.final();
    sealed.set(cipher.getAuthTag(), plaintext.length);
    return sealed;
  },

  aeadOpen: (name, key, nonce, additionalData, sealed, authTagLength) => {
    const length = sealed.length - authTagLength;
    if (length < 0) return null;
    try {
      const decipher = isCcm(name)
        ? createDecipheriv(name as CipherCCMTypes, key, nonce, { authTagLength })
        : createDecipheriv(name as CipherGCMTypes, key, nonce, { authTagLength });
      decipher.setAuthTag(sealed.subarray(length));
      decipher.setAAD(additionalData, { plaintextLength: length });
      const plaintext = plain(decipher.update(sealed.subarray(0, length)));
      decipher.final();
      return plaintext;
    } catch {
      return null;
    }
  },

  cbcKey,

  ephemeralKey: (group: GroupName, random) =>
    group === 'x25519' ? montgomeryKey(random) : weierstrassKey(group, random),

  importPublicKey: (spki) => {
    const name = Buffer.from(spki.buffer, spki.byteOffset, spki.length).toString('latin1');
    const known = importedPublic.get(name);
    if (known !== undefined) return known;
    // Node aborts on some keys that are none, such as the point at infinity: it is to see good ones only.
    if (parsePublicKey(spki) === null) return null;
    try {
      const object = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
      const parts = describeKey(object);
      if (parts === null) return null;
      const key: NodePublicKey = { ...parts, object };
      publicKeys.set(key, key);
      if (importedPublic.size >= MAX_CACHED_KEYS) importedPublic.clear();
      importedPublic.set(name, key);
      return key;
    } catch {
      return null;
    }
  },

  importPrivateKey: (der) => {
    if (parsePrivateKey(der) === null) return null;
    for (const type of ['pkcs1', 'sec1', 'pkcs8'] as const) {
      try {
        const object = createPrivateKey({ key: Buffer.from(der), format: 'der', type });
        const parts = describeKey(object);
        if (parts === null) return null;
        const jwk = parts.type === 'ec' ? object.export({ format: 'jwk' }) : null;
        const scalar = jwk?.d === undefined ? null : new Uint8Array(Buffer.from(jwk.d, 'base64url'));
        const key: NodePrivateKey = { ...parts, object, scalar };
        privateKeys.set(key, key);
        return key;
      } catch {
        // Another of the three encodings, or none.
      }
    }
    return null;
  },

  sign: (scheme, key, data) => {
    const { object, scalar } = objectOf(key, privateKeys);
    if ((scheme.kind === 'ecdsa') !== (key.type === 'ec'))
      throw new TypeError(`${scheme.kind} with an ${key.type} key`);
    const { curve } = key;
    if (scheme.kind === 'ecdsa' && scalar !== null && curve !== undefined && curve !== 'x25519') {
      const parts = { curve, scalar, hmac, multiply: (nonce: Uint8Array) => multiplyGenerator(curve, nonce) };
      return signDeterministic(parts, hash(scheme.hash, data));
    }
    return new Uint8Array(nodeSign(hashOf(scheme), data, nodeOptions(scheme, object)));
  },

  verify: rememberingVerify(verify),

  rsaEncrypt: (key, message, random) => {
    const { object } = objectOf(key, publicKeys);
    const padded = pkcs1Pad(message, Math.ceil(key.bits / 8), random);
    return new Uint8Array(publicEncrypt({ key: object, padding: constants.RSA_NO_PADDING }, padded));
  },

  rsaRawDecrypt: (key, ciphertext) => {
    const { object } = objectOf(key, privateKeys);
    if (ciphertext.length !== Math.ceil(key.bits / 8)) return null;
    try {
      return new Uint8Array(privateDecrypt({ key: object, padding: constants.RSA_NO_PADDING }, ciphertext));
    } catch {
      return null;
    }
  },
};
