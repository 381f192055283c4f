import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PublicKey, SignatureScheme } from '../../secure/crypto/provider.ts';
import { rememberingVerify } from '../../secure/crypto/remembered-signatures.ts';

const SHA256 = { kind: 'rsa-pkcs1', hash: 'sha256' } as const;
const key = (bits: number): PublicKey => ({ type: 'rsa', bits, curve: undefined });

/** One verification that counts how often it is asked, and what it says. */
function counting(genuine = true): { verify: ReturnType<typeof rememberingVerify>; asked: () => number } {
  let count = 0;
  const verify = rememberingVerify(() => {
    count++;
    return genuine;
  });
  return { verify, asked: () => count };
}

describe('remembered signatures', () => {
  const known = key(2048);
  const [data, signature] = [new Uint8Array(300).fill(1), new Uint8Array(256).fill(2)];

  it('a genuine one that comes again is not verified again', () => {
    const { verify, asked } = counting();
    for (let time = 0; time < 3; time++)
      assert.equal(verify(SHA256, known, data.slice(), signature.slice(), true), true);
    assert.equal(asked(), 1);
  });

  it('one that is not said to come again is verified each time', () => {
    const { verify, asked } = counting();
    for (let time = 0; time < 3; time++) assert.equal(verify(SHA256, known, data, signature), true);
    assert.equal(asked(), 3);
  });

  it('one that is not genuine is verified each time', () => {
    const { verify, asked } = counting(false);
    for (let time = 0; time < 3; time++) assert.equal(verify(SHA256, known, data, signature, true), false);
    assert.equal(asked(), 3);
  });

  it('anything else in it makes it another one', () => {
    const schemes: readonly SignatureScheme[] = [
      { kind: 'rsa-md5-sha1' },
      { kind: 'rsa-pkcs1', hash: 'sha384' },
      { kind: 'rsa-pss', hash: 'sha256', saltLength: 32 },
      { kind: 'ecdsa', hash: 'sha256' },
    ];
    const changed = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, 9);
    const others: readonly (readonly [SignatureScheme, PublicKey, Uint8Array, Uint8Array])[] = [
      ...schemes.map((scheme) => [scheme, known, data, signature] as const),
      [SHA256, key(2048), data, signature],
      [SHA256, known, changed(data, 0), signature],
      [SHA256, known, changed(data, 299), signature],
      [SHA256, known, data.subarray(1), signature],
      [SHA256, known, data, changed(signature, 0)],
      [SHA256, known, data, changed(signature, 255)],
      [SHA256, known, data, signature.subarray(1)],
    ];
    for (const other of others) {
      const { verify, asked } = counting();
      verify(SHA256, known, data, signature, true);
      verify(...other, true);
      assert.equal(asked(), 2);
    }
  });

  it('what was passed in may be overwritten afterwards', () => {
    const { verify, asked } = counting();
    const passed = data.slice();
    verify(SHA256, known, passed, signature, true);
    passed.fill(3);
    verify(SHA256, known, passed, signature, true);
    assert.equal(asked(), 2);
  });
});
