import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { jsProvider } from '../../secure/crypto/js-provider.ts';
import { drawer, flip, outcome, outcomes, PROVIDERS } from '../support/providers.ts';
import { EC, ODD_RSA, privateOf, publicOf, RSA } from '../support/test-keys.ts';

describe('RSA encryption', () => {
  for (const key of [RSA, ...ODD_RSA]) {
    it(`${key.name}: the same bytes from the same draws, and back`, () => {
      fc.assert(
        fc.property(fc.nat(), fc.uint8Array({ maxLength: 140 }), (seed, message) => {
          const results = PROVIDERS.map((provider) => {
            const { random, drawn } = drawer(seed);
            return [outcome(() => provider.rsaEncrypt(publicOf(provider, key), message, random)), drawn];
          });
          assert.deepEqual(results[0], results[1]);
        }),
        { numRuns: 20 },
      );
    });

    it(`${key.name}: raw decryption of any block`, () => {
      const length = Math.ceil(publicOf(jsProvider, key).bits / 8);
      const block = fc.uint8Array({ minLength: length, maxLength: length });
      const below = block.map((bytes) => bytes.with(0, 0));
      const any = fc.oneof(below, block, fc.uint8Array({ minLength: length - 1, maxLength: length + 1 }));
      fc.assert(
        fc.property(any, (ciphertext) => {
          const [node, js] = outcomes((provider) => provider.rsaRawDecrypt(privateOf(provider, key), ciphertext));
          assert.equal(js, node);
        }),
        { numRuns: 15 },
      );
    });
  }

  it('a key whose primes are wrong decrypts by its exponent', () => {
    const [pkcs1 = new Uint8Array(0)] = RSA.encodings;
    const broken = { ...RSA, encodings: [flip(pkcs1, pkcs1.length - 1)] };
    const ciphertext = new Uint8Array(256).fill(1, 1);
    const [node, js] = outcomes((provider) => provider.rsaRawDecrypt(privateOf(provider, broken), ciphertext));
    assert.equal(js, node);
  });

  it('EC keys and messages that are too long are refused', () => {
    const [ec] = EC;
    const { random } = drawer(1);
    for (const provider of PROVIDERS) {
      assert.throws(() => provider.rsaEncrypt(publicOf(provider, RSA), new Uint8Array(246), random), RangeError);
      assert.throws(() => provider.rsaEncrypt(publicOf(provider, ec), new Uint8Array(1), random));
      assert.equal(provider.rsaRawDecrypt(privateOf(provider, ec), new Uint8Array(32)), null);
    }
  });
});
