import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BOTH_WAYS, drawer, hex, ofLength, outcome, outcomes, PROVIDERS, text, toHex } from '../support/providers.ts';

const GROUPS = ['secp256r1', 'secp384r1', 'secp521r1', 'x25519'] as const;

describe('both providers give the same, of ephemeral keys', () => {
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
