import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { test } from 'node:test';
import { deterministicEcdsa } from '../../secure/crypto/ecdsa.ts';
import { nodeProvider } from '../../secure/crypto/node-provider.ts';
import type { HashName } from '../../secure/crypto/provider.ts';

const CURVES = { secp256r1: 'prime256v1', secp384r1: 'secp384r1', secp521r1: 'secp521r1' } as const;
const HASHES: readonly HashName[] = ['sha1', 'sha256', 'sha384', 'sha512'];

for (const [curve, name] of [
  ['secp256r1', CURVES.secp256r1],
  ['secp384r1', CURVES.secp384r1],
  ['secp521r1', CURVES.secp521r1],
] as const) {
  test(`signatures on ${curve} are those of RFC 6979, whatever the hash`, () => {
    for (let round = 0; round < 6; round++) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: name });
      const key = nodeProvider.importPrivateKey(privateKey.export({ format: 'der', type: 'sec1' }));
      assert.ok(key !== null);
      const scalar = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
      for (const hash of HASHES) {
        const data = Buffer.from(`message ${round} for ${hash}`);
        const signature = nodeProvider.sign({ kind: 'ecdsa', hash }, key, data);
        const digest = createHash(hash).update(data).digest();
        assert.deepEqual(signature, new Uint8Array(deterministicEcdsa(curve, scalar, digest)));
        assert.ok(verify(hash, data, publicKey, signature));
      }
    }
  });
}

test('the signature of RFC 6979 appendix A.2.5', () => {
  const scalar = Buffer.from('C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721', 'hex');
  const prefix = Buffer.from('30310201010420', 'hex');
  const parameters = Buffer.from('a00a06082a8648ce3d030107', 'hex');
  const key = nodeProvider.importPrivateKey(Buffer.concat([prefix, scalar, parameters]));
  assert.ok(key !== null);
  const signature = nodeProvider.sign({ kind: 'ecdsa', hash: 'sha256' }, key, Buffer.from('sample'));
  const expected =
    '3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
    '022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8';
  assert.equal(Buffer.from(signature).toString('hex'), expected);
});
