import { nodeProvider } from '../../secure/crypto/node-provider.ts';
import type {
  CryptoProvider,
  EphemeralKey,
  GroupName,
  PrivateKey,
  PublicKey,
  SignatureScheme,
} from '../../secure/crypto/provider.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Remembers the results of a function, by a text that its arguments come to. */
function remembered<T>(): (key: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (key, make) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make();
    if (known.size > 5000) known.clear();
    known.set(key, made);
    return made;
  };
}

const signatures = remembered<Uint8Array>();
const verdicts = remembered<boolean>();
const keys = remembered<EphemeralKey>();
const agreements = remembered<Uint8Array | null>();

const SCALAR_LENGTHS: Readonly<Record<GroupName, number>> = { secp256r1: 32, secp384r1: 48, secp521r1: 66, x25519: 32 };

/** Keys have no name: they are numbered as they come. */
const numbers = new WeakMap<PublicKey | PrivateKey, number>();
let numbered = 0;
function numberOf(key: PublicKey | PrivateKey): number {
  const number = numbers.get(key) ?? numbered++;
  numbers.set(key, number);
  return number;
}

const naming = (scheme: SignatureScheme, key: PublicKey | PrivateKey, ...parts: readonly Uint8Array[]): string =>
  [numberOf(key), JSON.stringify(scheme), ...parts.map(hex)].join(' ');

/**
 * node:crypto, but what was computed before is not computed again. Handshakes that start from the same seed differ in
 * little, and public-key operations are most of what they cost.
 */
export const memoProvider: CryptoProvider = {
  ...nodeProvider,

  ephemeralKey: (group, random) => {
    // The first draw decides the key, but for one case in 2^32 (a scalar that is none), which would never end here.
    const drawn = random(SCALAR_LENGTHS[group]);
    const name = `${group} ${hex(drawn)}`;
    const key = keys(name, () => nodeProvider.ephemeralKey(group, () => drawn.slice()));
    return {
      ...key,
      derive: (peer) => agreements(`${name} ${hex(peer)}`, () => key.derive(peer))?.slice() ?? null,
      wipe: () => undefined,
    };
  },

  sign: (scheme, key, data) => signatures(naming(scheme, key, data), () => nodeProvider.sign(scheme, key, data)),

  verify: (scheme, key, data, signature) =>
    verdicts(naming(scheme, key, data, signature), () => nodeProvider.verify(scheme, key, data, signature)),
};
