import type { Kernel } from '../../kernel/kernel.ts';
import type { CryptoCosts } from '../../kernel/cpu-model.ts';
import type { CbcKey, CryptoProvider, EphemeralKey, PrivateKey, PublicKey } from './provider.ts';

/** Bytes that an HMAC hashes beside its data: the two padded keys (RFC 2104). */
const HMAC_OVERHEAD = 128;

const keyName = (operation: 'sign' | 'verify', { type, bits, curve }: PublicKey | PrivateKey): string => {
  if (type === 'ec') return `${operation}:${curve ?? ''}`;
  return `${operation === 'sign' ? 'private' : 'public'}:${bits}`;
};

const lengthOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

/** A call of a provider's method: its arguments. */
type Arguments<Method extends keyof CryptoProvider> = CryptoProvider[Method] extends (...given: infer A) => unknown
  ? A
  : never;

/** Cryptography whose operations add what they cost to the CPU time of whoever calls them. One for each device. */
class ChargedProvider implements CryptoProvider {
  readonly name: string;
  readonly #kernel: Kernel;
  readonly #costs: CryptoCosts;
  readonly #provider: CryptoProvider;

  constructor(kernel: Kernel, costs: CryptoCosts, provider: CryptoProvider) {
    this.name = provider.name;
    this.#kernel = kernel;
    this.#costs = costs;
    this.#provider = provider;
  }

  hash(...[name, data]: Arguments<'hash'>): Uint8Array {
    this.#bytes(name, data.length);
    return this.#provider.hash(name, data);
  }

  hmac(...[name, key, ...data]: Arguments<'hmac'>): Uint8Array {
    this.#bytes(name, lengthOf(data) + HMAC_OVERHEAD);
    return this.#provider.hmac(name, key, ...data);
  }

  aeadSeal(...[name, key, nonce, additionalData, plaintext, tagLength]: Arguments<'aeadSeal'>): Uint8Array {
    this.#bytes(name, plaintext.length + additionalData.length);
    return this.#provider.aeadSeal(name, key, nonce, additionalData, plaintext, tagLength);
  }

  aeadOpen(...[name, key, nonce, additionalData, sealed, tagLength]: Arguments<'aeadOpen'>): Uint8Array | null {
    this.#bytes(name, sealed.length + additionalData.length);
    return this.#provider.aeadOpen(name, key, nonce, additionalData, sealed, tagLength);
  }

  cbcKey(...[name, key]: Arguments<'cbcKey'>): CbcKey {
    const free = this.#provider.cbcKey(name, key);
    return {
      encrypt: (iv, ...data) => {
        this.#bytes(name, lengthOf(data));
        return free.encrypt(iv, ...data);
      },
      decrypt: (iv, data) => {
        this.#bytes(name, data.length);
        return free.decrypt(iv, data);
      },
      wipe: () => free.wipe(),
    };
  }

  ephemeralKey(...[group, random]: Arguments<'ephemeralKey'>): EphemeralKey {
    this.#operation(`keygen:${group}`);
    const key = this.#provider.ephemeralKey(group, random);
    return {
      group,
      publicKey: key.publicKey,
      derive: (peer) => {
        this.#operation(`derive:${group}`);
        return key.derive(peer);
      },
      wipe: () => key.wipe(),
    };
  }

  importPublicKey(spki: Uint8Array): PublicKey | null {
    return this.#provider.importPublicKey(spki);
  }

  importPrivateKey(der: Uint8Array): PrivateKey | null {
    return this.#provider.importPrivateKey(der);
  }

  sign(...[scheme, key, data]: Arguments<'sign'>): Uint8Array {
    this.#operation(keyName('sign', key));
    return this.#provider.sign(scheme, key, data);
  }

  verify(...[scheme, key, data, signature, comesAgain]: Arguments<'verify'>): boolean {
    this.#operation(keyName('verify', key));
    return this.#provider.verify(scheme, key, data, signature, comesAgain);
  }

  rsaEncrypt(...[key, message, random]: Arguments<'rsaEncrypt'>): Uint8Array {
    this.#operation(`public:${key.bits}`);
    return this.#provider.rsaEncrypt(key, message, random);
  }

  rsaRawDecrypt(...[key, ciphertext]: Arguments<'rsaRawDecrypt'>): Uint8Array | null {
    this.#operation(`private:${key.bits}`);
    return this.#provider.rsaRawDecrypt(key, ciphertext);
  }

  #operation(name: string): void {
    this.#kernel.op.charge += this.#costs.operations[name] ?? 0;
  }

  #bytes(algorithm: string, count: number): void {
    this.#kernel.op.charge += (this.#costs.bytes[algorithm] ?? 0) * count;
  }
}

/**
 * The same cryptography, charged: each operation adds what the device's CPU model says it costs to the CPU time of whoever
 * calls it.
 */
export function chargedProvider(kernel: Kernel, provider: CryptoProvider): CryptoProvider {
  const { crypto } = kernel.cpu.model;
  return crypto === undefined ? provider : new ChargedProvider(kernel, crypto, provider);
}
