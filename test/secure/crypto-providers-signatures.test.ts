import assert from 'node:assert/strict';
import { constants, createPrivateKey, createPublicKey, publicDecrypt, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { jsProvider } from '../../secure/crypto/js-provider.ts';
import type { SignatureScheme } from '../../secure/crypto/provider.ts';
import { BOTH_WAYS, flip, hex, PROVIDERS, toHex } from '../support/providers.ts';
import { der, EC, ODD_RSA, privateOf, publicOf, RSA } from '../support/test-keys.ts';

const HASHES = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
const KEYS = [RSA, ...EC, ...ODD_RSA];

describe('signatures', () => {
  for (const key of KEYS) {
    const kind = key.name.startsWith('rsa') ? 'rsa-pkcs1' : 'ecdsa';
    it(`${key.name}: the same from both, and each verifies the other's`, () => {
      const inputs = [fc.constantFrom(...HASHES), fc.uint8Array({ maxLength: 200 }), fc.nat()] as const;
      fc.assert(
        fc.property(...inputs, (hash, data, at) => {
          const scheme = { kind, hash } as const;
          for (const [signer, verifier] of BOTH_WAYS) {
            const signature = signer.sign(scheme, privateOf(signer, key), data);
            assert.equal(toHex(signature), toHex(verifier.sign(scheme, privateOf(verifier, key), data)));
            const verify = (text: Uint8Array, signed: Uint8Array, by: SignatureScheme = scheme): boolean =>
              verifier.verify(by, publicOf(verifier, key), text, signed);
            assert(verify(data, signature));
            assert(!verify(Uint8Array.of(...data, 1), signature));
            assert(!verify(data, flip(signature, at)));
            assert(!verify(data, signature.subarray(1)));
            assert(!verify(data, Uint8Array.of(...signature, 0)));
            assert(!verify(data, signature, { kind, hash: hash === 'sha1' ? 'sha256' : 'sha1' }));
            assert(!verify(data, signature, { kind: kind === 'ecdsa' ? 'rsa-pkcs1' : 'ecdsa', hash }));
          }
        }),
        { numRuns: 8 },
      );
    });
  }

  for (const key of [RSA, ...ODD_RSA]) {
    it(`${key.name}: MD5 and SHA-1 without a DigestInfo, the same from both`, () => {
      const scheme = { kind: 'rsa-md5-sha1' } as const;
      const data = hex('616263');
      const [signature, same] = PROVIDERS.map((provider) => provider.sign(scheme, privateOf(provider, key), data));
      assert(signature !== undefined && same !== undefined);
      assert.equal(toHex(same), toHex(signature));
      const object = createPrivateKey({ key: Buffer.from(key.encodings[0] ?? []), format: 'der', type: 'pkcs1' });
      // The digests of `abc` by RFC 1321 appendix A.5 and FIPS 180.
      const digests = '900150983cd24fb0d6963f7d28e17f72a9993e364706816aba3e25717850c26c9cd0d89d';
      assert.equal(publicDecrypt(createPublicKey(object), signature).toString('hex'), digests);
      for (const provider of PROVIDERS) {
        const verify = (text: Uint8Array, signed: Uint8Array, by: SignatureScheme = scheme): boolean =>
          provider.verify(by, publicOf(provider, key), text, signed);
        assert(verify(data, signature));
        assert(!verify(hex('616264'), signature));
        assert(!verify(data, flip(signature, 100)));
        assert(!verify(data, signature, { kind: 'rsa-pkcs1', hash: 'sha1' }));
        const [ec] = EC;
        assert(!provider.verify(scheme, publicOf(provider, ec), data, signature));
        assert.throws(() => provider.sign(scheme, privateOf(provider, ec), data), TypeError);
      }
    });

    it(`${key.name}: RSA-PSS is verified alike`, () => {
      const object = createPrivateKey({ key: Buffer.from(key.encodings[0] ?? []), format: 'der', type: 'pkcs1' });
      const inputs = [fc.constantFrom(...HASHES), fc.nat(64), fc.uint8Array({ maxLength: 100 }), fc.nat()] as const;
      fc.assert(
        fc.property(...inputs, (hash, saltLength, data, at) => {
          // The digest and the salt have to fit into 1024 bits.
          fc.pre(hash !== 'sha512' || key === RSA || saltLength < 60);
          const padding = constants.RSA_PKCS1_PSS_PADDING;
          const signature = new Uint8Array(sign(hash, data, { key: object, padding, saltLength }));
          for (const provider of PROVIDERS) {
            const verify = (salt: number, signed: Uint8Array): boolean => {
              const scheme = { kind: 'rsa-pss', hash, saltLength: salt } as const;
              return provider.verify(scheme, publicOf(provider, key), data, signed);
            };
            assert(verify(saltLength, signature));
            assert(!verify(saltLength + 1, signature));
            assert(!verify(saltLength + 300, signature));
            assert(!verify(saltLength, flip(signature, at)));
            // Without its first byte it is still the same number, if that is a zero.
            assert.equal(verify(saltLength, signature.subarray(1)), signature[0] === 0);
            assert(!verify(saltLength, Uint8Array.of(0, ...signature)));
          }
        }),
        { numRuns: 25 },
      );
    });
  }

  it('ECDSA in anything but DER is refused by both', () => {
    const [key] = EC;
    const data = hex('00');
    const scheme = { kind: 'ecdsa', hash: 'sha256' } as const;
    const signature = jsProvider.sign(scheme, privateOf(jsProvider, key), data);
    const rLength = signature[3] ?? 0;
    const r = signature.subarray(4, 4 + rLength);
    const s = signature.subarray(6 + rLength);
    const variants = [
      der(0x30, der(2, r), der(2, s)),
      der(0x30, der(2, '00', r), der(2, s)),
      der(0x30, der(2, r), der(2, s), '0500'),
      Uint8Array.of(0x30, 0x81, ...signature.subarray(1)),
      der(0x30, der(2, '00'), der(2, s)),
      der(0x30, der(2, r), der(2, '00')),
      der(0x30, der(2, 'ff'), der(2, s)),
      der(0x30, der(2, `00${'ff'.repeat(32)}`), der(2, s)),
      new Uint8Array(0),
    ];
    const verdicts = PROVIDERS.map((provider) =>
      variants.map((variant) => provider.verify(scheme, publicOf(provider, key), data, variant)),
    );
    assert.deepEqual(verdicts[0], [true, ...variants.slice(1).map(() => false)]);
    assert.deepEqual(verdicts[1], verdicts[0]);
  });

  it("a key of the other provider's is refused", () => {
    for (const [one, other] of BOTH_WAYS) {
      const [scheme, data] = [{ kind: 'rsa-pkcs1', hash: 'sha256' }, new Uint8Array(1)] as const;
      assert.throws(() => one.sign(scheme, privateOf(other, RSA), data), /another crypto provider/);
      assert.throws(() => one.verify(scheme, publicOf(other, RSA), data, data), /another crypto provider/);
    }
  });
});
