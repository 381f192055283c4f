import { nodeProvider } from '../../secure/crypto/node-provider.ts';
import type { CryptoProvider, EphemeralKey } from '../../secure/crypto/provider.ts';

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

/**
 * node:crypto, but what was computed before is not computed again. Handshakes that start from the same seed differ in
 * little, and public-key operations are most of what they cost.
 */
export const memoProvider: CryptoProvider = {
  ...nodeProvider,

  ephemeralKey: (group, random) => {
    // The memory is by the first draw: it decides the key, but for one case in 2^32, which then would be no key at all.
    const drawn = random(group === 'secp384r1' ? 48 : 32);
    const name = `${group} ${hex(drawn)}`;
    const key = keys(name, () => nodeProvider.ephemeralKey(group, () => drawn.slice()));
    return {
      ...key,
      derive: (peer) => agreements(`${name} ${hex(peer)}`, () => key.derive(peer))?.slice() ?? null,
      wipe: () => undefined,
    };
  },

  sign: (scheme, key, data) =>
    signatures(`${key.type} ${scheme.kind} ${scheme.hash} ${hex(data)}`, () => nodeProvider.sign(scheme, key, data)),

  verify: (scheme, key, data, signature) =>
    verdicts(`${key.type} ${key.bits} ${scheme.kind} ${scheme.hash} ${hex(data)} ${hex(signature)}`, () =>
      nodeProvider.verify(scheme, key, data, signature),
    ),
};
