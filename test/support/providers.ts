import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { jsProvider } from '../../secure/crypto/js-provider.ts';
import { nodeProvider } from '../../secure/crypto/node-provider.ts';
import type { CryptoProvider, GroupName } from '../../secure/crypto/provider.ts';
import { RandomSource } from '../../sim/random.ts';

/** The two providers, and which of them does one thing and which the other. */
export const PROVIDERS = [nodeProvider, jsProvider] as const;
export const BOTH_WAYS = [
  [nodeProvider, jsProvider],
  [jsProvider, nodeProvider],
] as const;

export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What a call comes to: bytes in hexadecimal, another value as it is, or that it threw. */
export function outcome(call: () => unknown): unknown {
  try {
    const value = call();
    return value instanceof Uint8Array ? toHex(value) : value;
  } catch {
    return 'thrown';
  }
}

/** What a call comes to with each provider. */
export const outcomes = (call: (provider: CryptoProvider) => unknown): readonly [unknown, unknown] => {
  const [node, js] = PROVIDERS;
  return [outcome(() => call(node)), outcome(() => call(js))];
};

/** A source of bytes that keeps account of what is drawn from it. */
export function drawer(seed: number): { readonly random: (length: number) => Uint8Array; readonly drawn: number[] } {
  const stream = new RandomSource(seed).stream('draws');
  const drawn: number[] = [];
  const random = (length: number): Uint8Array => {
    drawn.push(length);
    return stream.bytes(length);
  };
  return { random, drawn };
}

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
export const rsaKeyOf = (der: Uint8Array): TestKey =>
  testKey('rsa 2048', createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs1' }), 'pkcs1');

/** A new RSA key. */
export const rsaKey = (bits: number): TestKey =>
  testKey(`rsa ${bits}`, generateKeyPairSync('rsa', { modulusLength: bits }).privateKey, 'pkcs1');

/** A new EC key. */
export const ecKey = (curve: Exclude<GroupName, 'x25519'>): TestKey => {
  const namedCurve = curve === 'secp256r1' ? 'prime256v1' : curve;
  return testKey(curve, generateKeyPairSync('ec', { namedCurve }).privateKey, 'sec1');
};
