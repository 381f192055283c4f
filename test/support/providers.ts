import fc from 'fast-check';
import { jsProvider } from '../../secure/crypto/js-provider.ts';
import { nodeProvider } from '../../secure/crypto/node-provider.ts';
import type { CryptoProvider } from '../../secure/crypto/provider.ts';
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

/** The bytes with a bit of one of them turned over. */
export const flip = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === at % bytes.length ? byte ^ 1 : byte));

/**
 * Bytes that may begin anywhere in a word, as those of a record do. There is always a byte before them: of a view of an empty
 * buffer `node:crypto` makes a null pointer, which OpenSSL's CCM takes for something else than an empty text.
 */
export const text = (maxLength: number, minLength = 0): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.uint8Array({ minLength, maxLength }), fc.integer({ min: 1, max: 4 }))
    .map(([content, offset]) => Uint8Array.of(...new Uint8Array(offset), ...content).subarray(offset));
export const ofLength = (length: number): fc.Arbitrary<Uint8Array> => text(length, length);
