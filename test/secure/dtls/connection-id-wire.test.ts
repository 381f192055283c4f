import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import type { CryptoProvider } from '../../../secure/crypto/provider.ts';
import { CIPHER_SUITES } from '../../../secure/crypto/suites.ts';
import { RecordProtection } from '../../../secure/dtls/record-protection.ts';
import { MAX_INNER_PLAINTEXT, unwrapInner, wrapInner } from '../../../secure/dtls/wire/connection-id.ts';
import { buildExtensions, parseExtensions } from '../../../secure/dtls/wire/extensions.ts';
import { buildRecord, DTLS_1_2, parseRecord, TLS12_CID } from '../../../secure/dtls/wire/record.ts';
import { concat } from '../../../secure/dtls/wire/writer.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

describe('the connection_id extension (RFC 9146 section 3)', () => {
  for (const [id, wire] of [
    ['', '0005 0036 0001 00'],
    ['c1d0', '0007 0036 0003 02 c1d0'],
  ] as const) {
    it(`with ${id.length / 2} bytes`, () => {
      const extensions = { connectionId: bytes(id) };
      assert.equal(hex(buildExtensions(extensions)), wire.replaceAll(' ', ''));
      assert.deepEqual(parseExtensions(bytes(wire)), extensions);
    });
  }

  it('a wrong length is not well formed', () => {
    for (const wire of ['0004 0036 0000', '0006 0036 0002 02 c1', '0007 0036 0003 01 c1d0']) {
      assert.equal(parseExtensions(bytes(wire)), null, wire);
    }
  });
});

describe('a record with a connection ID (RFC 9146 section 4)', () => {
  const wire = bytes('19 fefd 0001 010203040506 c1d0e2 0002 abcd');

  it('has it before the length', () => {
    const parsed = parseRecord(concat(wire, Uint8Array.of(22)), 3);
    assert.deepEqual(parsed?.record, {
      type: TLS12_CID,
      version: DTLS_1_2,
      epoch: 1,
      sequence: 0x010203040506,
      cid: bytes('c1d0e2'),
      fragment: bytes('abcd'),
    });
    assert.equal(hex(parsed.rest), '16');
    assert.deepEqual(buildRecord(parsed.record), wire);
  });

  it('is none where it ends too early', () => {
    for (let length = 0; length < wire.length; length++) assert.equal(parseRecord(wire.subarray(0, length), 3), null);
  });

  it('others have none, whatever the reader wants', () => {
    const plain = bytes('17 fefd 0001 000000000001 0001 ab');
    assert.deepEqual(parseRecord(plain, 3), parseRecord(plain));
    assert.equal(parseRecord(plain, 3)?.record.cid, undefined);
  });
});

describe('DTLSInnerPlaintext (RFC 9146 section 4)', () => {
  it('is content, type and zeros', () => {
    const content = bytes('ab00');
    assert.equal(hex(wrapInner({ type: 23, content })), 'ab0017');
    for (const padding of ['', '00', '00000000']) {
      assert.deepEqual(unwrapInner(bytes(`ab0017${padding}`)), { type: 23, content });
    }
    assert.deepEqual(unwrapInner(bytes('15')), { type: 21, content: new Uint8Array(0) });
  });

  it('is not zeros alone, and not too long', () => {
    for (const length of [0, 1, 5]) assert.equal(unwrapInner(new Uint8Array(length)), null);
    assert.notEqual(unwrapInner(new Uint8Array(MAX_INNER_PLAINTEXT).fill(23)), null);
    assert.equal(unwrapInner(new Uint8Array(MAX_INNER_PLAINTEXT + 1).fill(23)), null);
  });
});

describe('protection with a connection ID (RFC 9146 section 5)', () => {
  const record = {
    type: TLS12_CID,
    version: DTLS_1_2,
    epoch: 1,
    sequence: 0x010203040506,
    cid: bytes('c1d0e2'),
    fragment: bytes('aabb17'),
  };
  // seq_num_placeholder, tls12_cid, cid_length, tls12_cid, version, epoch, sequence_number, cid, length.
  const authenticated = 'ffffffffffffffff 19 03 19 fefd 0001 010203040506 c1d0e2 0003'.replaceAll(' ', '');

  for (const suite of CIPHER_SUITES) {
    const { cipher } = suite;
    it(`${suite.name}: what is authenticated`, () => {
      const seen: string[] = [];
      const provider: CryptoProvider = {
        ...nodeProvider,
        aeadSeal: (name, key, nonce, additional, plaintext, tagLength) => {
          seen.push(hex(additional), hex(plaintext));
          return nodeProvider.aeadSeal(name, key, nonce, additional, plaintext, tagLength);
        },
        hmac: (name, key, ...data) => {
          seen.push(data.map(hex).join(''));
          return nodeProvider.hmac(name, key, ...data);
        },
      };
      const keys = {
        macKey: new Uint8Array(cipher.kind === 'cbc' ? cipher.macLength : 0).fill(3),
        key: new Uint8Array(cipher.keyLength).fill(1),
        iv: new Uint8Array(cipher.kind === 'aead' ? cipher.fixedIvLength : 0).fill(2),
      };
      const protection = new RecordProtection(provider, cipher, keys, (length) => new Uint8Array(length));
      const sealed = { ...record, fragment: concat(...protection.seal(record)) };
      assert.deepEqual(seen, cipher.kind === 'aead' ? [authenticated, 'aabb17'] : [`${authenticated}aabb17`]);
      assert.deepEqual(protection.open(sealed), record.fragment);
      const { cid, ...withoutId } = sealed;
      assert.equal(cid.length, 3);
      assert.equal(protection.open(withoutId), null);
      for (const change of [{ cid: bytes('c1d0e3') }, { cid: bytes('c1d0') }, { epoch: 2 }, { sequence: 7 }]) {
        assert.equal(protection.open({ ...sealed, ...change }), null, JSON.stringify(change));
      }
    });
  }
});
