import type { Kernel } from '../../kernel/kernel.ts';
import type { CryptoProvider, PrivateKey, PublicKey } from './provider.ts';

/** Bytes that an HMAC hashes beside its data: the two padded keys (RFC 2104). */
const HMAC_OVERHEAD = 128;

const keyName = (operation: 'sign' | 'verify', { type, bits, curve }: PublicKey | PrivateKey): string => {
  if (type === 'ec') return `${operation}:${curve ?? ''}`;
  return `${operation === 'sign' ? 'private' : 'public'}:${bits}`;
};

const lengthOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

/**
 * The same cryptography, charged: each operation adds what the device's CPU model says it costs to the CPU time of whoever
 * calls it.
 */
export function chargedProvider(kernel: Kernel, provider: CryptoProvider): CryptoProvider {
  const { crypto } = kernel.cpu.model;
  if (crypto === undefined) return provider;
  const operation = (name: string): void => {
    kernel.op.charge += crypto.operations[name] ?? 0;
  };
  const bytes = (algorithm: string, count: number): void => {
    kernel.op.charge += (crypto.bytes[algorithm] ?? 0) * count;
  };
  return {
    name: provider.name,
    hash: (name, data) => {
      bytes(name, data.length);
      return provider.hash(name, data);
    },
    hmac: (name, key, ...data) => {
      bytes(name, lengthOf(data) + HMAC_OVERHEAD);
      return provider.hmac(name, key, ...data);
    },
    aeadSeal: (name, key, nonce, additionalData, plaintext, tagLength) => {
      bytes(name, plaintext.length + additionalData.length);
      return provider.aeadSeal(name, key, nonce, additionalData, plaintext, tagLength);
    },
    aeadOpen: (name, key, nonce, additionalData, sealed, tagLength) => {
      bytes(name, sealed.length + additionalData.length);
      return provider.aeadOpen(name, key, nonce, additionalData, sealed, tagLength);
    },
    cbcKey: (name, key) => {
      const free = provider.cbcKey(name, key);
      return {
        encrypt: (iv, ...data) => {
          bytes(name, lengthOf(data));
          return free.encrypt(iv, ...data);
        },
        decrypt: (iv, data) => {
          bytes(name, data.length);
          return free.decrypt(iv, data);
        },
        wipe: () => free.wipe(),
      };
    },
    ephemeralKey: (group, random) => {
      operation(`keygen:${group}`);
      const key = provider.ephemeralKey(group, random);
      return {
        group,
        publicKey: key.publicKey,
        derive: (peer) => {
          operation(`derive:${group}`);
          return key.derive(peer);
        },
        wipe: () => key.wipe(),
      };
    },
    importPublicKey: (spki) => provider.importPublicKey(spki),
    importPrivateKey: (der) => provider.importPrivateKey(der),
    sign: (scheme, key, data) => {
      operation(keyName('sign', key));
      return provider.sign(scheme, key, data);
    },
    verify: (scheme, key, data, signature, comesAgain) => {
      operation(keyName('verify', key));
      return provider.verify(scheme, key, data, signature, comesAgain);
    },
    rsaEncrypt: (key, message, random) => {
      operation(`public:${key.bits}`);
      return provider.rsaEncrypt(key, message, random);
    },
    rsaRawDecrypt: (key, ciphertext) => {
      operation(`private:${key.bits}`);
      return provider.rsaRawDecrypt(key, ciphertext);
    },
  };
}
