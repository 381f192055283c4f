import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { AeadName } from '../../secure/crypto/provider.ts';
import { BOTH_WAYS, drawer, hex, outcome, outcomes, PROVIDERS, toHex } from '../support/providers.ts';

const HASHES = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
const AEADS = ['aes-128-gcm', 'aes-256-gcm', 'aes-128-ccm', 'aes-256-ccm'] as const satisfies readonly AeadName[];
const CBCS = ['aes-128-cbc', 'aes-256-cbc'] as const;
const GROUPS = ['secp256r1', 'secp384r1', 'secp521r1', 'x25519'] as const;

/**
 * Bytes that may begin anywhere in a word, as those of a record do. There is always a byte before them: of a view of an empty
 * buffer `node:crypto` makes a null pointer, which OpenSSL's CCM takes for something else than an empty text.
 */
const text = (maxLength: number, minLength = 0): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.uint8Array({ minLength, maxLength }), fc.integer({ min: 1, max: 4 }))
    .map(([content, offset]) => Uint8Array.of(...new Uint8Array(offset), ...content).subarray(offset));
const ofLength = (length: number): fc.Arbitrary<Uint8Array> => text(length, length);
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
        const [encrypted, sameEncrypted] = outcomes((provider) => provider.cbcEncrypt(name, key, iv, data));
        assert.equal(encrypted, sameEncrypted);
        const [decrypted, sameDecrypted] = outcomes((provider) => provider.cbcDecrypt(name, key, iv, data));
        assert.equal(decrypted, sameDecrypted);
        assert.deepEqual([key, iv, data].map(toHex), before);
      }),
      { numRuns: 300 },
    );
  });

  for (const group of GROUPS) {
    it(`ephemeral keys of ${group}, from the same draws, and secrets with the other's`, () => {
      fc.assert(
        fc.property(fc.nat(), fc.nat(), (seed, otherSeed) => {
          const [mine, same] = PROVIDERS.map((provider) => {
            const { random, drawn } = drawer(seed);
            return { key: provider.ephemeralKey(group, random), drawn };
          });
          assert(mine !== undefined && same !== undefined);
          assert.deepEqual(mine.drawn, same.drawn);
          assert.equal(toHex(mine.key.publicKey), toHex(same.key.publicKey));
          for (const [, theirs] of BOTH_WAYS) {
            const peer = theirs.ephemeralKey(group, drawer(otherSeed).random);
            const secret = peer.derive(mine.key.publicKey);
            assert(secret !== null);
            assert.equal(
              toHex(secret),
              outcome(() => mine.key.derive(peer.publicKey)),
            );
            assert.equal(
              toHex(secret),
              outcome(() => same.key.derive(peer.publicKey)),
            );
          }
        }),
        { numRuns: 10 },
      );
    });

    it(`refusals of what is no point of ${group}`, () => {
      const [mine, same] = PROVIDERS.map((provider) => provider.ephemeralKey(group, drawer(1).random));
      assert(mine !== undefined && same !== undefined);
      const { length } = mine.publicKey;
      const compressed = Uint8Array.of(
        2 | ((mine.publicKey.at(-1) ?? 0) & 1),
        ...mine.publicKey.slice(1, (length + 1) / 2),
      );
      const peers = fc.oneof(
        text(140),
        ofLength(length),
        ofLength(length - 1).map((rest) => Uint8Array.of(4, ...rest)),
        fc.nat().map((at) => mine.publicKey.map((byte, index) => (index === at % length ? byte ^ 1 : byte))),
        fc.constantFrom(new Uint8Array(0), Uint8Array.of(0), compressed, new Uint8Array(length)),
      );
      fc.assert(
        fc.property(peers, (peer) => {
          assert.equal(
            outcome(() => same.derive(peer)),
            outcome(() => mine.derive(peer)),
          );
        }),
      );
    });
  }

  it('draws where the first bytes are no scalar', () => {
    for (const group of ['secp256r1', 'secp384r1', 'secp521r1'] as const) {
      const [mine, same] = PROVIDERS.map((provider) => {
        // Above the order, zero, and then one.
        const draws = [0xff, 0, 1];
        const key = provider.ephemeralKey(group, (length) => new Uint8Array(length).fill(draws.shift() ?? 2));
        return [toHex(key.publicKey), draws.length];
      });
      assert.deepEqual(mine, same);
      assert.equal(mine?.[1], 0);
    }
  });

  it('refusals of x25519 points of small order', () => {
    // RFC 7748 section 6.1, with the encodings that are not below the prime and the bit that is ignored.
    const points = ['00'.repeat(32), `01${'00'.repeat(31)}`, `ec${'ff'.repeat(30)}7f`, `ed${'ff'.repeat(30)}7f`];
    points.push(`ee${'ff'.repeat(30)}ff`, 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800');
    for (const point of points) {
      const [node, js] = outcomes((provider) => provider.ephemeralKey('x25519', drawer(3).random).derive(hex(point)));
      assert.deepEqual([node, js], [null, null]);
    }
  });
});

const range = (from: number, length: number): string =>
  toHex(Uint8Array.from({ length }, (_, index) => (from + index) % 256));
const NIST_KEY = '404142434445464748494a4b4c4d4e4f';
const RFC_KEY = 'c0c1c2c3c4c5c6c7c8c9cacbcccdcecf';
/** Key, nonce, additional data, text, and what is sealed; the length of the tag follows. */
const CCM_VECTORS: Readonly<Record<string, readonly [string, string, string, string, string]>> = {
  'SP 800-38C example 1': [NIST_KEY, range(0x10, 7), range(0, 8), range(0x20, 4), '7162015b4dac255d'],
  'SP 800-38C example 2': [
    NIST_KEY,
    range(0x10, 8),
    range(0, 16),
    range(0x20, 16),
    'd2a1f0e051ea5f62081a7792073d593d1fc64fbfaccd',
  ],
  'SP 800-38C example 3': [
    NIST_KEY,
    range(0x10, 12),
    range(0, 20),
    range(0x20, 24),
    'e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951',
  ],
  'SP 800-38C example 4': [
    NIST_KEY,
    range(0x10, 13),
    range(0, 65_536),
    range(0x20, 32),
    '69915dad1e84c6376a68c2967e4dab615ae0fd1faec44cc484828529463ccf72b4ac6bec93e8598e7f0dadbcea5b',
  ],
  'RFC 3610 packet vector 1': [
    RFC_KEY,
    '00000003020100a0a1a2a3a4a5',
    range(0, 8),
    range(8, 23),
    '588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0',
  ],
  'RFC 3610 packet vector 2': [
    RFC_KEY,
    '00000004030201a0a1a2a3a4a5',
    range(0, 8),
    range(8, 24),
    '72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3ba091d56e10400916',
  ],
  'RFC 3610 packet vector 3': [
    RFC_KEY,
    '00000005040302a0a1a2a3a4a5',
    range(0, 8),
    range(8, 25),
    '51b1e5f44a197d1da46b0f8e2d282ae871e838bb64da8596574adaa76fbd9fb0c5',
  ],
};

describe('vectors of AES-CCM', () => {
  for (const [name, [key, nonce, ad, plain, sealed]] of Object.entries(CCM_VECTORS)) {
    it(name, () => {
      const tagLength = (sealed.length - plain.length) / 2;
      for (const provider of PROVIDERS) {
        const args = ['aes-128-ccm', hex(key), hex(nonce), hex(ad)] as const;
        assert.equal(toHex(provider.aeadSeal(...args, hex(plain), tagLength)), sealed);
        assert.deepEqual(provider.aeadOpen(...args, hex(sealed), tagLength), hex(plain));
      }
    });
  }
});
