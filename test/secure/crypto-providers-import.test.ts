import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nodeProvider } from '../../secure/crypto/node-provider.ts';
import { jsProvider } from '../../secure/crypto/js-provider.ts';
import type { PublicKey } from '../../secure/crypto/provider.ts';
import { flip, hex, outcomes } from '../support/providers.ts';
import { der, EC, ODD_RSA, RSA } from '../support/test-keys.ts';

const KEYS = [RSA, ...EC, ...ODD_RSA];
const described = (key: PublicKey | null): unknown => key && [key.type, key.bits, key.curve];

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
    // Node 20 ends the whole process when it is given these.
    for (const provider of [jsProvider, nodeProvider]) {
      assert.equal(provider.importPublicKey(ecSpki(Uint8Array.of(0))), null);
      assert.equal(provider.importPrivateKey(sec1('05'.repeat(35), CURVE)), null);
      assert.equal(provider.importPrivateKey(sec1('ff'.repeat(32), CURVE)), null);
    }
  });
});
