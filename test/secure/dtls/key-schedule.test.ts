import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import type { CryptoProvider } from '../../../secure/crypto/provider.ts';
import { CIPHER_SUITES, type CipherSuite } from '../../../secure/crypto/suites.ts';
import { deriveKeys, prf, pskPremaster, type DirectionKeys } from '../../../secure/dtls/key-schedule.ts';
import { RecordProtection } from '../../../secure/dtls/record-protection.ts';
import { APPLICATION_DATA, DTLS_1_2 } from '../../../secure/dtls/wire/record.ts';
import { concat } from '../../../secure/dtls/wire/writer.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));

describe('the pseudo-random function', () => {
  it('with SHA-384', () => {
    // The second of the vectors that circulate on the IETF's TLS list; that for SHA-256 is with the provider's tests.
    const secret = bytes('b80b733d6ceefcdc71566ea48e5567df');
    const seed = bytes('cd665cf6a8447dd6ff8b27555edb7465');
    const expected = bytes(`7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cd
      e9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd
      8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425
      9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee6
      91c8f3a26854308d5eaa3be85e0990703d73e56f`);
    assert.deepEqual(prf(nodeProvider, 'sha384', secret, 'test label', seed, expected.length), expected);
  });

  it('gives the beginning of the same output for every length', () => {
    const whole = prf(nodeProvider, 'sha256', Uint8Array.of(1), 'label', Uint8Array.of(2), 200);
    for (let length = 0; length <= 200; length++) {
      const shorter = prf(nodeProvider, 'sha256', Uint8Array.of(1), 'label', Uint8Array.of(2), length);
      assert.deepEqual(shorter, whole.slice(0, length));
    }
  });

  it('the premaster secret of a pre-shared key has as many zeros before it, with both lengths (RFC 4279 section 2)', () => {
    assert.deepEqual(pskPremaster(Uint8Array.of(7, 8, 9)), bytes('0003 000000 0003 070809'));
    assert.deepEqual(pskPremaster(Uint8Array.of(7, 8), Uint8Array.of(1)), bytes('0001 01 0002 0708'));
  });
});

/** The key block by RFC 5246 sections 5 and 6.3, written out once more. */
function keyBlock(hash: string, master: Uint8Array, serverRandom: Uint8Array, clientRandom: Uint8Array): Buffer {
  const hmac = (data: Uint8Array): Buffer => createHmac(hash, master).update(data).digest();
  const seed = Buffer.concat([Buffer.from('key expansion'), serverRandom, clientRandom]);
  const a1 = hmac(seed);
  const a2 = hmac(a1);
  const a3 = hmac(a2);
  const a4 = hmac(a3);
  const a5 = hmac(a4);
  const a6 = hmac(a5);
  return Buffer.concat([a1, a2, a3, a4, a5, a6].map((a) => hmac(Buffer.concat([a, seed]))));
}

describe('the key block', () => {
  const master = new Uint8Array(48).map((_, index) => index);
  const clientRandom = new Uint8Array(32).fill(0xc1);
  const serverRandom = new Uint8Array(32).fill(0x5e);
  for (const suite of CIPHER_SUITES) {
    it(`${suite.name}: MAC keys, keys and IVs, the client's first`, () => {
      const { cipher } = suite;
      const block = keyBlock(suite.prf, master, serverRandom, clientRandom);
      let at = 0;
      const next = (length: number): Uint8Array => new Uint8Array(block.subarray(at, (at += length)));
      const mac = cipher.kind === 'cbc' ? cipher.macLength : 0;
      const iv = cipher.kind === 'aead' ? 4 : 0;
      const [clientMac, serverMac] = [next(mac), next(mac)];
      const [clientKey, serverKey] = [next(cipher.keyLength), next(cipher.keyLength)];
      assert.deepEqual(deriveKeys(nodeProvider, suite, master, clientRandom, serverRandom), {
        client: { macKey: clientMac, key: clientKey, iv: next(iv) },
        server: { macKey: serverMac, key: serverKey, iv: next(iv) },
      });
    });
  }
});

describe('protection of records', () => {
  const aeads = CIPHER_SUITES.filter(({ cipher }) => cipher.kind === 'aead');
  const keysOf = ({ cipher }: CipherSuite): DirectionKeys => ({
    macKey: new Uint8Array(cipher.kind === 'cbc' ? cipher.macLength : 0).fill(3),
    key: new Uint8Array(cipher.keyLength).fill(1),
    iv: cipher.kind === 'aead' ? bytes('a0a1a2a3') : new Uint8Array(0),
  });
  const record = {
    type: APPLICATION_DATA,
    version: DTLS_1_2,
    epoch: 1,
    sequence: 0x010203040506,
    fragment: bytes('00'),
  };

  for (const suite of aeads) {
    const { cipher } = suite;
    if (cipher.kind !== 'aead') continue;
    it(`${suite.name}: nonce, additional data and length of tag`, () => {
      const seen: string[] = [];
      const provider: CryptoProvider = {
        ...nodeProvider,
        aeadSeal: (name, key, nonce, additional, plaintext, tagLength) => {
          seen.push(...[nonce, additional].map((part) => Buffer.from(part).toString('hex')), String(tagLength));
          return nodeProvider.aeadSeal(name, key, nonce, additional, plaintext, tagLength);
        },
      };
      const protection = new RecordProtection(provider, cipher, keysOf(suite), () => new Uint8Array(0));
      const sealed = concat(...protection.seal(record));
      // The fixed IV and, as the explicit part, epoch and sequence number; RFC 5246 section 6.2.3.3 for the rest.
      const number = '0001010203040506';
      assert.deepEqual(seen, [`a0a1a2a3${number}`, `${number}17fefd0001`, suite.name.endsWith('CCM_8') ? '8' : '16']);
      assert.equal(Buffer.from(sealed.subarray(0, 8)).toString('hex'), number);
      assert.equal(sealed.length, 8 + 1 + cipher.tagLength);
    });
  }

  it('what was sealed opens under the same number, version and type, and no other', () => {
    for (const suite of CIPHER_SUITES) {
      const protection = new RecordProtection(nodeProvider, suite.cipher, keysOf(suite), (n) => new Uint8Array(n));
      const sealed = { ...record, fragment: concat(...protection.seal(record)) };
      assert.deepEqual(protection.open(sealed), record.fragment, suite.name);
      for (const change of [{ type: 22 }, { version: 0xfeff }, { epoch: 2 }, { sequence: record.sequence + 1 }]) {
        assert.equal(protection.open({ ...sealed, ...change }), null, `${suite.name} ${JSON.stringify(change)}`);
      }
    }
  });
});
