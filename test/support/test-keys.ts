import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import type { CryptoProvider, GroupName, PrivateKey, PublicKey } from '../../secure/crypto/provider.ts';
import { hex } from './providers.ts';

/** A key pair in every encoding that is imported. */
export interface TestKey {
  readonly name: string;
  readonly spki: Uint8Array;
  readonly encodings: readonly Uint8Array[];
}

const bytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer);

function testKey(name: string, key: KeyObject, type: 'pkcs1' | 'sec1'): TestKey {
  return {
    name,
    spki: bytes(createPublicKey(key).export({ format: 'der', type: 'spki' })),
    encodings: [bytes(key.export({ format: 'der', type })), bytes(key.export({ format: 'der', type: 'pkcs8' }))],
  };
}

/** A key of a demo credential (PKCS#1). */
const rsaKeyOf = (der: Uint8Array): TestKey =>
  testKey('rsa 2048', createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs1' }), 'pkcs1');

/** A new RSA key. */
const rsaKey = (bits: number): TestKey =>
  testKey(`rsa ${bits}`, generateKeyPairSync('rsa', { modulusLength: bits }).privateKey, 'pkcs1');

/** A new EC key. */
const ecKey = (curve: Exclude<GroupName, 'x25519'>): TestKey => {
  const namedCurve = curve === 'secp256r1' ? 'prime256v1' : curve;
  return testKey(curve, generateKeyPairSync('ec', { namedCurve }).privateKey, 'sec1');
};

export const RSA = rsaKeyOf(demo.rsa.private_key);
export const EC = [ecKey('secp256r1'), ecKey('secp384r1'), ecKey('secp521r1')] as const;
/** Sizes at which the encoding of PSS is a byte shorter than the modulus, or shares its first byte otherwise. */
export const ODD_RSA = [rsaKey(1024), rsaKey(1025), rsaKey(1031)];

const imported = <K extends PublicKey>(key: K | null): K => {
  assert(key !== null);
  return key;
};
/** The key as a provider has it. */
export const publicOf = (provider: CryptoProvider, { spki }: TestKey): PublicKey =>
  imported(provider.importPublicKey(spki));
export const privateOf = (provider: CryptoProvider, { encodings: [der] }: TestKey): PrivateKey =>
  imported(der === undefined ? null : provider.importPrivateKey(der));

/** One DER element of a tag around others, which are bytes or hexadecimal. */
export function der(tag: number, ...contents: readonly (Uint8Array | string)[]): Uint8Array {
  const content = Buffer.concat(contents.map((part) => (typeof part === 'string' ? hex(part) : part)));
  const { length } = content;
  return Uint8Array.of(tag, ...(length < 128 ? [length] : [0x82, length >>> 8, length]), ...content);
}
