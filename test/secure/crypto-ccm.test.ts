import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hex, PROVIDERS, toHex } from '../support/providers.ts';

const range = (from: number, length: number): string =>
  toHex(Uint8Array.from({ length }, (_, index) => (from + index) % 256));
const NIST_KEY = '404142434445464748494a4b4c4d4e4f';
const RFC_KEY = 'c0c1c2c3c4c5c6c7c8c9cacbcccdcecf';
/** Key, nonce, additional data, text, and what is sealed; the length of the tag follows. */
const CCM_VECTORS: Readonly<Record<string, readonly [string, string, string, string, string]>> = {
  'SP 800-38C example 1': [NIST_KEY, range(0x10, 7), range(0, 8), range(0x20, 4), '7162015b4dac255d'],
  'SP 800-38C example 2': [
    NIST_KEY,
    range(0x10, 8),
    range(0, 16),
    range(0x20, 16),
    'd2a1f0e051ea5f62081a7792073d593d1fc64fbfaccd',
  ],
  'SP 800-38C example 3': [
    NIST_KEY,
    range(0x10, 12),
    range(0, 20),
    range(0x20, 24),
    'e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951',
  ],
  'SP 800-38C example 4': [
    NIST_KEY,
    range(0x10, 13),
    range(0, 65_536),
    range(0x20, 32),
    '69915dad1e84c6376a68c2967e4dab615ae0fd1faec44cc484828529463ccf72b4ac6bec93e8598e7f0dadbcea5b',
  ],
  'RFC 3610 packet vector 1': [
    RFC_KEY,
    '00000003020100a0a1a2a3a4a5',
    range(0, 8),
    range(8, 23),
    '588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0',
  ],
  'RFC 3610 packet vector 2': [
    RFC_KEY,
    '00000004030201a0a1a2a3a4a5',
    range(0, 8),
    range(8, 24),
    '72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3ba091d56e10400916',
  ],
  'RFC 3610 packet vector 3': [
    RFC_KEY,
    '00000005040302a0a1a2a3a4a5',
    range(0, 8),
    range(8, 25),
    '51b1e5f44a197d1da46b0f8e2d282ae871e838bb64da8596574adaa76fbd9fb0c5',
  ],
};

describe('vectors of AES-CCM', () => {
  for (const [name, [key, nonce, ad, plain, sealed]] of Object.entries(CCM_VECTORS)) {
    it(name, () => {
      const tagLength = (sealed.length - plain.length) / 2;
      for (const provider of PROVIDERS) {
        const args = ['aes-128-ccm', hex(key), hex(nonce), hex(ad)] as const;
        assert.equal(toHex(provider.aeadSeal(...args, hex(plain), tagLength)), sealed);
        assert.deepEqual(provider.aeadOpen(...args, hex(sealed), tagLength), hex(plain));
      }
    });
  }
});
