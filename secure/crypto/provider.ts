/**
 * The cryptography that the DTLS machines and the X.509 walk need, behind one interface, so that the same
 * machines run on `node:crypto` and on pure JavaScript.
 *
 * Everything here is a function of its arguments: where an algorithm needs randomness (ephemeral keys, IVs,
 * padding, nonces) the caller passes the bytes, or the provider derives them (RFC 6979), so that a run can be
 * repeated byte for byte.
 */

export type HashName = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** What can be hashed and authenticated with: MD5 beside the others, for the PRF of TLS 1.1 (RFC 4346 section 5). */
export type DigestName = HashName | 'md5';

export type AeadName = 'aes-128-gcm' | 'aes-256-gcm' | 'aes-128-ccm' | 'aes-256-ccm';

export type CbcName = 'aes-128-cbc' | 'aes-256-cbc';

/** Groups for ECDHE and curves for ECDSA, by their names in the IANA registry (RFC 8422 §5.1.1). */
export type GroupName = 'secp256r1' | 'secp384r1' | 'secp521r1' | 'x25519';

/**
 * How a signature is made over data: the algorithms of RFC 5246 §7.4.1.4.1 and RFC 4055, and that of RFC 4346 §7.4.3: PKCS#1
 * v1.5 over MD5 and SHA-1 one after the other, without a DigestInfo.
 */
export type SignatureScheme =
  | { readonly kind: 'rsa-md5-sha1' }
  | { readonly kind: 'rsa-pkcs1'; readonly hash: HashName }
  | { readonly kind: 'rsa-pss'; readonly hash: HashName; readonly saltLength: number }
  | { readonly kind: 'ecdsa'; readonly hash: HashName };

/** A public key taken from a SubjectPublicKeyInfo; opaque but for what the protocol has to know. */
export interface PublicKey {
  readonly type: 'rsa' | 'ec';
  /** RSA: modulus length in bits. EC: field size in bits. */
  readonly bits: number;
  /** The curve of an EC key; undefined for RSA. */
  readonly curve: GroupName | undefined;
}

/** A private key; opaque but for what the protocol has to know. */
export interface PrivateKey {
  readonly type: 'rsa' | 'ec';
  readonly bits: number;
  readonly curve: GroupName | undefined;
}

/** One ephemeral key of an (EC)DHE exchange. */
export interface EphemeralKey {
  readonly group: GroupName;
  /** As it goes on the wire: an uncompressed point (RFC 8422 §5.4), or 32 bytes for x25519. */
  readonly publicKey: Uint8Array;
  /** The shared secret (the x coordinate), or null where `peer` is not a point of the group. */
  derive(peer: Uint8Array): Uint8Array | null;
  /** Overwrites the private part. */
  wipe(): void;
}

/** An AES key for raw CBC without padding: data is a whole number of 16-byte blocks, and everything has an IV of its own. */
export interface CbcKey {
  /** The ciphertext of some pieces of data, one after the other. */
  encrypt(iv: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array;
  decrypt(iv: Uint8Array, data: Uint8Array): Uint8Array;
  /** Overwrites the key, the caller's bytes of it included; of no use afterwards. */
  wipe(): void;
}

export interface CryptoProvider {
  /** For reports: `node` or `js`. */
  readonly name: string;

  hash(name: DigestName, data: Uint8Array): Uint8Array;
  /** HMAC (RFC 2104) of some pieces of data, one after the other. */
  hmac(name: DigestName, key: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array;

  /** Ciphertext followed by the tag of `tagLength` bytes. */
  aeadSeal(
    name: AeadName,
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: Uint8Array,
    plaintext: Uint8Array,
    tagLength: number,
  ): Uint8Array;
  /** The plaintext, or null where the tag does not fit (too short an input included). */
  aeadOpen(
    name: AeadName,
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: Uint8Array,
    sealed: Uint8Array,
    tagLength: number,
  ): Uint8Array | null;

  /** A key to encrypt many records with, or to decrypt them; it stays the caller's, and is to stay as it is until then. */
  cbcKey(name: CbcName, key: Uint8Array): CbcKey;

  /** Makes an ephemeral key from random bytes; `random(n)` may be called more than once. */
  ephemeralKey(group: GroupName, random: (length: number) => Uint8Array): EphemeralKey;

  /** The key in a DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), or null where it is not one that is supported. */
  importPublicKey(spki: Uint8Array): PublicKey | null;
  /** The key in DER: PKCS#1 RSAPrivateKey, SEC1 ECPrivateKey, or PKCS#8 around either; null where it is none of them. */
  importPrivateKey(der: Uint8Array): PrivateKey | null;

  /** Deterministic: RSASSA-PKCS1-v1_5, or ECDSA with RFC 6979 nonces; DER `Ecdsa-Sig-Value` for ECDSA. */
  sign(scheme: SignatureScheme, key: PrivateKey, data: Uint8Array): Uint8Array;
  /**
   * Whether a signature is genuine.
   *
   * @param comesAgain - whether the same signature is likely to be asked about again, as one in a certificate is: a provider
   * may remember it
   */
  verify(
    scheme: SignatureScheme,
    key: PublicKey,
    data: Uint8Array,
    signature: Uint8Array,
    comesAgain?: boolean,
  ): boolean;

  /** RSAES-PKCS1-v1_5 (RFC 8017 §7.2.1); the padding's bytes come from `random`. */
  rsaEncrypt(key: PublicKey, message: Uint8Array, random: (length: number) => Uint8Array): Uint8Array;
  /**
   * The raw RSA operation c^d mod n, as many bytes as the modulus; null where the input is not below the modulus.
   * Unpadding is the caller's, in constant time (RFC 5246 §7.4.7.1).
   */
  rsaRawDecrypt(key: PrivateKey, ciphertext: Uint8Array): Uint8Array | null;
}
