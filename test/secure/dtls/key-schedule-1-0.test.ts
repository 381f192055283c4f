import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { jsProvider } from '../../../secure/crypto/js-provider.ts';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import { suiteByName } from '../../../secure/crypto/suites.ts';
import { handshakeHash, prf, prfOf, verifyData } from '../../../secure/dtls/key-schedule.ts';
import { DTLS_1_0, DTLS_1_2 } from '../../../secure/dtls/wire/record.ts';

/** P_hash of RFC 4346 section 5 as it is written there: A(i), and HMACs over A(i) and the seed, one after the other. */
function pHash(hash: string, secret: Uint8Array, seed: Buffer, length: number): Buffer {
  const hmac = (data: Buffer): Buffer => createHmac(hash, secret).update(data).digest();
  const a = (i: number): Buffer => (i === 0 ? seed : hmac(a(i - 1)));
  const blocks = Array.from({ length: Math.ceil(length / 16) }, (_, index) =>
    hmac(Buffer.concat([a(index + 1), seed])),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

function expected(secret: Uint8Array, label: string, seed: Uint8Array, length: number): string {
  const labelled = Buffer.concat([Buffer.from(label), seed]);
  const half = (secret.length + (secret.length % 2)) / 2;
  const md5 = pHash('md5', secret.subarray(0, half), labelled, length);
  const sha1 = pHash('sha1', secret.subarray(secret.length - half), labelled, length);
  return Buffer.from(md5.map((byte, at) => byte ^ (sha1[at] ?? 0))).toString('hex');
}

describe('the key schedule of DTLS 1.0', () => {
  const seed = new Uint8Array(64).map((_, at) => at);

  for (const provider of [nodeProvider, jsProvider]) {
    it(`the PRF is that of RFC 4346 section 5, for secrets of even, odd and no length, on ${provider.name}`, () => {
      for (const length of [0, 1, 20, 31, 48]) {
        const secret = new Uint8Array(length).map((_, at) => 255 - at);
        for (const wanted of [1, 12, 16, 20, 48, 104, 136]) {
          const output = prf(provider, 'md5-sha1', secret, 'test label', seed, wanted);
          assert.equal(Buffer.from(output).toString('hex'), expected(secret, 'test label', seed, wanted));
        }
      }
    });
  }

  it('the handshake is hashed with both, and verify data made of that', () => {
    const suite = suiteByName('TLS_RSA_WITH_AES_128_CBC_SHA');
    assert(suite !== null);
    assert.equal(prfOf(suite, DTLS_1_0), 'md5-sha1');
    assert.equal(prfOf(suite, DTLS_1_2), 'sha256');
    const digest = Buffer.concat(['md5', 'sha1'].map((hash) => createHash(hash).update(seed).digest()));
    assert.deepEqual(Buffer.from(handshakeHash(nodeProvider, 'md5-sha1', seed)), digest);
    const master = new Uint8Array(48).fill(7);
    const data = verifyData(nodeProvider, suite, master, 'client', seed, prfOf(suite, DTLS_1_0));
    assert.equal(Buffer.from(data).toString('hex'), expected(master, 'client finished', digest, 12));
  });
});
