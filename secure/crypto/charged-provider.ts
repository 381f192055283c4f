import type { Kernel } from '../../kernel/kernel.ts';
import type { CryptoProvider } from './provider.ts';

/**
 * The same cryptography, charged: each operation adds what the device's CPU model says it costs (by its name in the
 * provider, such as `sign` or `aeadSeal`) to the CPU time of whoever calls it.
 */
export function chargedProvider(kernel: Kernel, provider: CryptoProvider): CryptoProvider {
  const { crypto } = kernel.cpu.model;
  if (Object.keys(crypto).length === 0) return provider;
  const charge = (operation: string): void => {
    kernel.op.charge += crypto[operation] ?? 0;
  };
  return {
    name: provider.name,
    hash: (...args) => (charge('hash'), provider.hash(...args)),
    hmac: (...args) => (charge('hmac'), provider.hmac(...args)),
    aeadSeal: (...args) => (charge('aeadSeal'), provider.aeadSeal(...args)),
    aeadOpen: (...args) => (charge('aeadOpen'), provider.aeadOpen(...args)),
    cbcEncrypt: (...args) => (charge('cbcEncrypt'), provider.cbcEncrypt(...args)),
    cbcDecrypt: (...args) => (charge('cbcDecrypt'), provider.cbcDecrypt(...args)),
    ephemeralKey: (...args) => {
      charge('ephemeralKey');
      const key = provider.ephemeralKey(...args);
      return {
        group: key.group,
        publicKey: key.publicKey,
        derive: (peer) => (charge('derive'), key.derive(peer)),
        wipe: () => key.wipe(),
      };
    },
    importPublicKey: (spki) => provider.importPublicKey(spki),
    importPrivateKey: (der) => provider.importPrivateKey(der),
    sign: (...args) => (charge('sign'), provider.sign(...args)),
    verify: (...args) => (charge('verify'), provider.verify(...args)),
    rsaEncrypt: (...args) => (charge('rsaEncrypt'), provider.rsaEncrypt(...args)),
    rsaRawDecrypt: (...args) => (charge('rsaRawDecrypt'), provider.rsaRawDecrypt(...args)),
  };
}
