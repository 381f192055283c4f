import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';
import { deterministicEcdsa } from '../../secure/crypto/ecdsa.ts';
import { pkcs1Pad, unpadPremaster } from '../../secure/crypto/pkcs1.ts';
import type { GroupName } from '../../secure/crypto/provider.ts';
import { prf } from '../../secure/dtls/key-schedule.ts';
import { parseCertificate } from '../../secure/x509/certificate.ts';
import { RandomSource } from '../../sim/random.ts';
import { hex, PROVIDERS } from '../support/providers.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const stream = new RandomSource('crypto').stream('test');
const random = (length: number): Uint8Array => stream.bytes(length);

for (const provider of PROVIDERS) {
  describe(`vectors, ${provider.name}`, () => {
    it('the pseudo-random function of TLS 1.2 with SHA-256', () => {
      // The test vector that circulates on the IETF's TLS list.
      const secret = hex('9bbe436ba940f017b17652849a71db35');
      const seed = hex('a0ba9f936cda311827a6f796ffd5198c');
      const expected = hex(`e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a
      6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab
      4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701
      87347b66`);
      assert.deepEqual(prf(provider, 'sha256', secret, 'test label', seed, 100), expected);
    });

    it('ECDSA over P-256 with the nonce of RFC 6979, A.2.5', () => {
      const scalar = hex('C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721');
      const signature = deterministicEcdsa('secp256r1', scalar, provider.hash('sha256', ascii('sample')));
      const text = Buffer.from(signature).toString('hex').toUpperCase();
      assert(text.includes('EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716'));
      assert(text.includes('F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8'));
    });

    it('AES-128-GCM, test case 4 of its specification', () => {
      const sealed = provider.aeadSeal(
        'aes-128-gcm',
        hex('feffe9928665731c6d6a8f9467308308'),
        hex('cafebabefacedbaddecaf888'),
        hex('feedfacedeadbeeffeedfacedeadbeefabaddad2'),
        hex(`d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
        1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39`),
        16,
      );
      assert.equal(Buffer.from(sealed.subarray(-16)).toString('hex'), '5bc94fbc3221a5db94fae95ae7121a47');
    });

    it('AES-128-CCM with a tag of 8 bytes, packet vector 1 of RFC 3610', () => {
      const sealed = provider.aeadSeal(
        'aes-128-ccm',
        hex('C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF'),
        hex('00000003020100A0A1A2A3A4A5'),
        hex('0001020304050607'),
        hex('08090A0B0C0D0E0F101112131415161718191A1B1C1D1E'),
        8,
      );
      const expected = '588C979A61C663D2F066D0C2C0F989806D5F6B61DAC38417E8D12CFDF926E0';
      assert.equal(Buffer.from(sealed).toString('hex').toUpperCase(), expected);
    });
  });

  describe(`the provider ${provider.name}`, () => {
    for (const group of ['secp256r1', 'secp384r1', 'secp521r1', 'x25519'] as const satisfies readonly GroupName[]) {
      it(`${group}: two ephemeral keys agree, and follow from their random bytes`, () => {
        const key = (): ReturnType<typeof provider.ephemeralKey> => {
          const own = new RandomSource(group).stream('key');
          return provider.ephemeralKey(group, (length) => own.bytes(length));
        };
        const peer = provider.ephemeralKey(group, random);
        const shared = key().derive(peer.publicKey);
        assert(shared !== null);
        assert.deepEqual(shared, peer.derive(key().publicKey));
        assert.deepEqual(key().publicKey, key().publicKey);
      });
      it(`${group}: what is no point is refused`, () => {
        const key = provider.ephemeralKey(group, random);
        assert.equal(key.derive(new Uint8Array(3)), null);
        assert.equal(
          key.derive(new Uint8Array(key.publicKey.length).fill(0xff).fill(4, 0, 1)) instanceof Uint8Array,
          group === 'x25519',
        );
      });
    }

    it('AEADs open what they sealed, and nothing that was changed', () => {
      const text = fc.uint8Array({ maxLength: 100 });
      fc.assert(
        fc.property(
          text,
          text,
          fc.nat(),
          fc.constantFrom('aes-128-gcm', 'aes-128-ccm', 'aes-256-gcm'),
          (plain, ad, place, name) => {
            const key = random(name === 'aes-256-gcm' ? 32 : 16);
            const nonce = random(12);
            const sealed = provider.aeadSeal(name, key, nonce, ad, plain, 16);
            assert.deepEqual(provider.aeadOpen(name, key, nonce, ad, sealed, 16), plain);
            const at = place % sealed.length;
            sealed[at] = (sealed[at] ?? 0) ^ 1;
            assert.equal(provider.aeadOpen(name, key, nonce, ad, sealed, 16), null);
          },
        ),
      );
    });

    it('signatures are the same each time, and verify', () => {
      for (const [{ private_key: der, certificate }, scheme] of [
        [demo.ecdsa, { kind: 'ecdsa', hash: 'sha256' }],
        [demo.rsa, { kind: 'rsa-pkcs1', hash: 'sha256' }],
      ] as const) {
        const privateKey = provider.importPrivateKey(der);
        const parsed = parseCertificate(certificate);
        assert(privateKey !== null && parsed.ok);
        const publicKey = provider.importPublicKey(parsed.certificate.spki);
        assert(publicKey !== null);
        const signature = provider.sign(scheme, privateKey, ascii('text'));
        assert.deepEqual(provider.sign(scheme, privateKey, ascii('text')), signature);
        assert(provider.verify(scheme, publicKey, ascii('text'), signature));
        assert(!provider.verify(scheme, publicKey, ascii('Text'), signature));
        assert(!provider.verify(scheme, publicKey, ascii('text'), new Uint8Array(5)));
      }
    });

    it('keys of every encoding are imported, and nothing else', () => {
      const sec1 = provider.importPrivateKey(demo.ecdsa.private_key);
      assert.deepEqual([sec1?.type, sec1?.curve], ['ec', 'secp256r1']);
      assert.deepEqual(provider.importPrivateKey(demo.rsa.private_key)?.bits, 2048);
      assert.equal(provider.importPrivateKey(new Uint8Array(40)), null);
      assert.equal(provider.importPublicKey(new Uint8Array(40)), null);
      const ed25519 = createPublicKey({
        key: Buffer.from(`302a300506032b6570032100${'11'.repeat(32)}`, 'hex'),
        format: 'der',
        type: 'spki',
      });
      const spki = ed25519.export({ format: 'der', type: 'spki' });
      assert.equal(provider.importPublicKey(new Uint8Array(spki)), null);
    });
  });
}

describe('the premaster secret of TLS_RSA', () => {
  const fallback = new Uint8Array(48).fill(0xfb);
  const premaster = Uint8Array.of(0xfe, 0xfd, ...random(46));

  it('comes out of what was padded', () => {
    assert.deepEqual(unpadPremaster(pkcs1Pad(premaster, 256, random), fallback, 0xfefd), premaster);
  });

  it('is replaced by the fallback for any fault', () => {
    const good = pkcs1Pad(premaster, 256, random);
    const broken = (change: (block: Uint8Array) => void): Uint8Array => {
      const block = good.slice();
      change(block);
      return block;
    };
    const faults: Record<string, Uint8Array | null> = {
      'not below the modulus': null,
      'first byte': broken((block) => block.fill(1, 0, 1)),
      'block type': broken((block) => block.fill(1, 1, 2)),
      'zero in the padding': broken((block) => block.fill(0, 20, 21)),
      'no separator': broken((block) => block.fill(7, 207, 208)),
      'wrong version': broken((block) => block.fill(3, 208, 209)),
      'wrong length': pkcs1Pad(random(40), 256, random),
    };
    for (const [fault, block] of Object.entries(faults)) {
      assert.deepEqual(unpadPremaster(block, fallback, 0xfefd), fallback, fault);
    }
  });
});
