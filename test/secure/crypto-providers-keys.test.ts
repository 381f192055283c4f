import assert from 'node:assert/strict';
import { constants, createPrivateKey, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import { jsProvider } from '../../secure/crypto/js-provider.ts';
import type { CryptoProvider, PrivateKey, PublicKey, SignatureScheme } from '../../secure/crypto/provider.ts';
import {
  BOTH_WAYS,
  drawer,
  ecKey,
  hex,
  outcome,
  outcomes,
  PROVIDERS,
  rsaKey,
  rsaKeyOf,
  toHex,
  type TestKey,
} from '../support/providers.ts';

const HASHES = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
const RSA = rsaKeyOf(demo.rsa.private_key);
const EC = [ecKey('secp256r1'), ecKey('secp384r1'), ecKey('secp521r1')];
/** Sizes at which the encoding of PSS is a byte shorter than the modulus, or shares its first byte otherwise. */
const ODD_RSA = [rsaKey(1024), rsaKey(1025), rsaKey(1031)];
const KEYS: readonly TestKey[] = [RSA, ...EC, ...ODD_RSA];

const imported = <K extends PublicKey>(key: K | null): K => {
  assert(key !== null);
  return key;
};
const publicOf = (provider: CryptoProvider, { spki }: TestKey): PublicKey => imported(provider.importPublicKey(spki));
const privateOf = (provider: CryptoProvider, { encodings: [der] }: TestKey): PrivateKey =>
  imported(der === undefined ? null : provider.importPrivateKey(der));
const described = (key: PublicKey | null): unknown => key && [key.type, key.bits, key.curve];
const flip = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === at % bytes.length ? byte ^ 1 : byte));

/** One DER element of a tag around others. */
function der(tag: number, ...contents: readonly (Uint8Array | string)[]): Uint8Array {
  const content = Buffer.concat(contents.map((part) => (typeof part === 'string' ? hex(part) : part)));
  const { length } = content;
  return Uint8Array.of(tag, ...(length < 128 ? [length] : [0x82, length >>> 8, length]), ...content);
}

const P256_OID = '06082a8648ce3d030107';
const EC_ALGORITHM = der(0x30, '06072a8648ce3d0201', P256_OID);
const RSA_OID = '06092a864886f70d010101';
const ecSpki = (point: Uint8Array): Uint8Array => der(0x30, EC_ALGORITHM, der(0x03, '00', point));
const POINT = hex(
  '0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
);
const SCALAR = 'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721';
const sec1 = (scalar: string, ...more: readonly Uint8Array[]): Uint8Array =>
  der(0x30, '020101', der(0x04, scalar), ...more);
const CURVE = der(0xa0, P256_OID);
const rsaSpki = (algorithm: Uint8Array, ...numbers: readonly Uint8Array[]): Uint8Array =>
  der(0x30, algorithm, der(0x03, '00', der(0x30, ...numbers)));
const RSA_ALGORITHM = der(0x30, RSA_OID, '0500');

describe('both providers import the same', () => {
  for (const key of KEYS) {
    it(`${key.name}, in every encoding, with bytes behind it and cut off`, () => {
      const behind = (bytes: Uint8Array): Uint8Array => Uint8Array.of(...bytes, 1, 2, 3);
      for (const spki of [key.spki, behind(key.spki), key.spki.subarray(0, -1)]) {
        const [node, js] = outcomes((provider) => described(provider.importPublicKey(spki)));
        assert.deepEqual(js, node);
      }
      for (const encoding of key.encodings) {
        for (const bytes of [encoding, behind(encoding), encoding.subarray(0, -1), encoding.subarray(1)]) {
          const [node, js] = outcomes((provider) => described(provider.importPrivateKey(bytes)));
          assert.deepEqual(js, node);
        }
      }
    });
  }

  const y = (POINT.at(-1) ?? 0) & 1;
  const publicKeys: Readonly<Record<string, Uint8Array>> = {
    'an uncompressed point': ecSpki(POINT),
    'a compressed point': ecSpki(Uint8Array.of(2 | y, ...POINT.subarray(1, 33))),
    'a hybrid point': ecSpki(Uint8Array.of(6 | y, ...POINT.subarray(1))),
    'a hybrid point with the other sign': ecSpki(Uint8Array.of(7 - y, ...POINT.subarray(1))),
    'what is not on the curve': ecSpki(flip(POINT, 64)),
    'a point cut off': ecSpki(POINT.subarray(0, 64)),
    'bits that are no octets': der(0x30, EC_ALGORITHM, der(0x03, '03', POINT)),
    secp256k1: der(0x30, der(0x30, '06072a8648ce3d0201', '06052b8104000a'), der(0x03, '00', POINT)),
    Ed25519: hex(`302a300506032b6570032100${'11'.repeat(32)}`),
    'RSA without parameters': rsaSpki(der(0x30, RSA_OID), hex('02020ff1'), hex('020103')),
    'RSA with other parameters': rsaSpki(der(0x30, RSA_OID, '020101'), hex('02020ff1'), hex('020103')),
    'RSA for PSS only': rsaSpki(der(0x30, '06092a864886f70d01010a'), hex('02020ff1'), hex('020103')),
    'RSA with a negative modulus': rsaSpki(RSA_ALGORITHM, hex('020180'), hex('020103')),
    'RSA with leading zeros': rsaSpki(RSA_ALGORITHM, hex('0202000f'), hex('020103')),
    'RSA of nothing': rsaSpki(RSA_ALGORITHM, hex('020100'), hex('020103')),
    'RSA with one number': rsaSpki(RSA_ALGORITHM, hex('02020ff1')),
    'RSA with three numbers': rsaSpki(RSA_ALGORITHM, hex('02020ff1'), hex('020103'), hex('020103')),
    nothing: new Uint8Array(0),
    text: new TextEncoder().encode('-----BEGIN PUBLIC KEY-----'),
  };
  const privateKeys: Readonly<Record<string, Uint8Array>> = {
    'SEC1 without the point': sec1(SCALAR, CURVE),
    'SEC1 with the point': sec1(SCALAR, CURVE, der(0xa1, der(0x03, '00', POINT))),
    'SEC1 with what is no point': sec1(SCALAR, CURVE, der(0xa1, der(0x03, '00', flip(POINT, 64)))),
    'SEC1 without a curve': sec1(SCALAR),
    'SEC1 with a short scalar': sec1('050505', CURVE),
    'SEC1 with a scalar behind zeros': sec1(`000000${SCALAR}`, CURVE),
    'SEC1 with no scalar': sec1('', CURVE),
    'SEC1 with zero': sec1('00'.repeat(32), CURVE),
    'SEC1 over secp256k1': sec1(SCALAR, der(0xa0, '06052b8104000a')),
    'PKCS#8': der(0x30, '020100', EC_ALGORITHM, der(0x04, sec1(SCALAR))),
    'PKCS#8, version 2': der(0x30, '020101', EC_ALGORITHM, der(0x04, sec1(SCALAR))),
    'PKCS#8 of Ed25519': hex(`302e020100300506032b657004220420${'11'.repeat(32)}`),
    'PKCS#1 with more primes': flip(RSA.encodings[0] ?? new Uint8Array(0), 6),
    'a public key': RSA.spki,
    nothing: new Uint8Array(0),
  };
  for (const [name, bytes] of Object.entries(publicKeys)) {
    it(`public: ${name}`, () => {
      const [node, js] = outcomes((provider) => described(provider.importPublicKey(bytes)));
      assert.deepEqual(js, node);
    });
  }
  for (const [name, bytes] of Object.entries(privateKeys)) {
    it(`private: ${name}`, () => {
      const [node, js] = outcomes((provider) => described(provider.importPrivateKey(bytes)));
      assert.deepEqual(js, node);
    });
  }

  it('the provider in JavaScript throws for no bytes', () => {
    const keys = fc.constantFrom(...KEYS.flatMap(({ spki, encodings }) => [spki, ...encodings]));
    const broken = fc.tuple(keys, fc.nat(40), fc.nat(255)).map(([key, at, value]) => key.with(at, value));
    fc.assert(
      fc.property(fc.oneof(broken, fc.uint8Array()), (bytes) => {
        jsProvider.importPrivateKey(bytes);
        const key = jsProvider.importPublicKey(bytes);
        if (key === null) return;
        const kind = key.type === 'ec' ? 'ecdsa' : 'rsa-pkcs1';
        const signature = new Uint8Array(Math.ceil(key.bits / 8)).fill(1);
        assert(!jsProvider.verify({ kind, hash: 'sha256' }, key, bytes, signature));
      }),
      { numRuns: 500 },
    );
  });

  it('points at infinity and scalars beyond the curve are refused', () => {
    // Not put to node:crypto, which ends the process for them (Node 20).
    assert.equal(jsProvider.importPublicKey(ecSpki(Uint8Array.of(0))), null);
    assert.equal(jsProvider.importPrivateKey(sec1('05'.repeat(35), CURVE)), null);
    assert.equal(jsProvider.importPrivateKey(sec1('ff'.repeat(32), CURVE)), null);
  });
});

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
    assert(key !== undefined);
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
    assert(ec !== undefined);
    const { random } = drawer(1);
    for (const provider of PROVIDERS) {
      assert.throws(() => provider.rsaEncrypt(publicOf(provider, RSA), new Uint8Array(246), random), RangeError);
      assert.throws(() => provider.rsaEncrypt(publicOf(provider, ec), new Uint8Array(1), random));
      assert.equal(provider.rsaRawDecrypt(privateOf(provider, ec), new Uint8Array(32)), null);
    }
  });
});
