import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { AeadName } from '../../secure/crypto/provider.ts';
import { ofLength, outcome, outcomes, PROVIDERS, text, toHex } from '../support/providers.ts';

const HASHES = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const;
const AEADS = ['aes-128-gcm', 'aes-256-gcm', 'aes-128-ccm', 'aes-256-ccm'] as const satisfies readonly AeadName[];
const CBCS = ['aes-128-cbc', 'aes-256-cbc'] as const;

const keyLength = (name: string): number => (name.includes('256') ? 32 : 16);

describe('both providers give the same', () => {
  it('hashes and HMACs', () => {
    fc.assert(
      fc.property(fc.constantFrom(...HASHES), text(300), text(200), (name, data, key) => {
        const [hash, sameHash] = outcomes((provider) => provider.hash(name, data));
        assert.equal(hash, sameHash);
        const [hmac, sameHmac] = outcomes((provider) => provider.hmac(name, key, data));
        assert.equal(hmac, sameHmac);
      }),
    );
  });

  it('HMACs of data in pieces, and of the whole', () => {
    fc.assert(
      fc.property(fc.constantFrom(...HASHES), fc.array(text(100)), text(200), (name, pieces, key) => {
        const whole = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
        const macs = PROVIDERS.flatMap((provider) => [
          toHex(provider.hmac(name, key, ...pieces)),
          toHex(provider.hmac(name, key, whole)),
        ]);
        assert.equal(new Set(macs).size, 1, macs.join(' '));
      }),
    );
  });

  it('HMACs of more than any record has', () => {
    const [key, data] = [new Uint8Array(20).fill(1), new Uint8Array(100_000).fill(2)];
    for (const name of HASHES) {
      const [mac, sameMac] = outcomes((provider) => provider.hmac(name, key, data));
      assert.equal(mac, sameMac);
    }
  });

  it('AEADs, which open what the other sealed, and nothing that was changed', () => {
    const parts = fc.constantFrom(...AEADS).chain((name) =>
      fc.record({
        name: fc.constant(name),
        key: ofLength(keyLength(name)),
        nonce: ofLength(12),
        ad: text(80),
        plain: text(200),
        tag: fc.constantFrom(...(name.endsWith('ccm') ? [4, 6, 8, 10, 12, 14, 16] : [4, 8, 12, 13, 14, 15, 16])),
      }),
    );
    fc.assert(
      fc.property(
        parts,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        ({ name, key, nonce, ad, plain, tag }, at, bits) => {
          const before = toHex(plain);
          const [one, other] = PROVIDERS.map((provider) => provider.aeadSeal(name, key, nonce, ad, plain, tag));
          assert(one !== undefined && other !== undefined);
          assert.equal(toHex(one), toHex(other));
          const changed = (bytes: Uint8Array): Uint8Array =>
            bytes.map((byte, index) => (index === at % bytes.length ? byte ^ bits : byte));
          for (const provider of PROVIDERS) {
            const open = (...[k, n, a, sealed]: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array]): unknown =>
              outcome(() => provider.aeadOpen(name, k, n, a, sealed, tag));
            assert.equal(open(key, nonce, ad, one), before);
            assert.equal(open(key, nonce, ad, changed(one)), null);
            assert.equal(open(key, nonce, ad, one.subarray(0, at % one.length)), null);
            // A tag of 4 bytes is found by chance once in 2^32 times.
            assert.equal(open(changed(key), nonce, ad, one), null);
            assert.equal(open(key, changed(nonce), ad, one), null);
            assert.equal(open(key, nonce, Uint8Array.of(...ad, bits), one), null);
          }
          assert.equal(toHex(plain), before);
        },
      ),
    );
  });

  it('refusals of keys, nonces and tags that no AEAD has', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...AEADS),
        fc.constantFrom(0, 15, 16, 24, 32).chain(ofLength),
        // The library's GCM begins at 8 bytes.
        fc.integer({ min: 8, max: 20 }).chain(ofLength),
        fc.integer({ min: 0, max: 18 }),
        text(40),
        (name, key, nonce, tag, data) => {
          const [seal, sameSeal] = outcomes((provider) => provider.aeadSeal(name, key, nonce, data, data, tag));
          assert.equal(seal, sameSeal);
          const [open, sameOpen] = outcomes((provider) => provider.aeadOpen(name, key, nonce, data, data, tag));
          assert.equal(open, sameOpen);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('CCM at the limits of its length fields', () => {
    for (const [nonce, length, ad] of [
      [12, 70_000, 0xfeff],
      [12, 3, 0xff00],
      [13, 0xffff, 0x1_0000],
      [13, 0x1_0000, 1],
      [6, 1, 1],
      [14, 1, 1],
    ] as const) {
      const args = ['aes-128-ccm', new Uint8Array(16), new Uint8Array(nonce), new Uint8Array(ad)] as const;
      const [seal, sameSeal] = outcomes((provider) => provider.aeadSeal(...args, new Uint8Array(length), 8));
      assert.equal(seal, sameSeal);
      const [open, sameOpen] = outcomes((provider) => provider.aeadOpen(...args, new Uint8Array(length + 8), 8));
      assert.deepEqual([open, sameOpen], [null, null]);
    }
  });

  it('CBC, and the same refusals', () => {
    const parts = fc
      .constantFrom(...CBCS)
      .chain((name) =>
        fc.tuple(
          fc.constant(name),
          fc.oneof({ weight: 8, arbitrary: ofLength(keyLength(name)) }, text(33)),
          fc.oneof({ weight: 8, arbitrary: ofLength(16) }, text(17)),
          fc.oneof({ weight: 8, arbitrary: fc.nat(8).chain((blocks) => ofLength(16 * blocks)) }, text(50)),
        ),
      );
    fc.assert(
      fc.property(parts, ([name, key, iv, data]) => {
        const before = [key, iv, data].map(toHex);
        const [encrypted, sameEncrypted] = outcomes((provider) => provider.cbcKey(name, key.slice()).encrypt(iv, data));
        assert.equal(encrypted, sameEncrypted);
        const [decrypted, sameDecrypted] = outcomes((provider) => provider.cbcKey(name, key.slice()).decrypt(iv, data));
        assert.equal(decrypted, sameDecrypted);
        assert.deepEqual([key, iv, data].map(toHex), before);
      }),
      { numRuns: 300 },
    );
  });

  it('CBC, many messages under one key', () => {
    const messages = fc.array(
      fc.record({
        iv: ofLength(16),
        pieces: fc.array(fc.nat(3).chain((blocks) => ofLength(16 * blocks))),
        long: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...CBCS), ofLength(32), messages, (name, bytes, list) => {
        const key = bytes.subarray(0, keyLength(name));
        const [one, other] = PROVIDERS.map((provider) => provider.cbcKey(name, key.slice()));
        assert(one !== undefined && other !== undefined);
        for (const { iv, pieces, long } of list) {
          const all = long ? [...pieces, new Uint8Array(40_000)] : pieces;
          const whole = Uint8Array.from(all.flatMap((piece) => [...piece]));
          const encrypted = one.encrypt(iv, ...all);
          assert.equal(toHex(encrypted), toHex(other.encrypt(iv, ...all)));
          assert.equal(toHex(one.decrypt(iv, encrypted)), toHex(whole));
          assert.equal(toHex(other.decrypt(iv, encrypted)), toHex(whole));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('CBC keys that overwrite the bytes they were made of', () => {
    for (const provider of PROVIDERS) {
      const bytes = new Uint8Array(16).fill(7);
      const key = provider.cbcKey('aes-128-cbc', bytes);
      key.decrypt(new Uint8Array(16), key.encrypt(new Uint8Array(16), new Uint8Array(16)));
      key.wipe();
      assert.deepEqual(bytes, new Uint8Array(16), provider.name);
    }
  });
});
