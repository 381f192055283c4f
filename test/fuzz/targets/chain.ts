import { demo } from '../../../apps/dtls-echo/credentials/demo.ts';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import { parseCertificate, type Certificate } from '../../../secure/x509/certificate.ts';
import { verifyChain } from '../../../secure/x509/chain.ts';
import { equal, hold, type FuzzTarget } from '../target.ts';

function parse(der: Uint8Array): Certificate {
  const parsed = parseCertificate(der);
  hold(parsed.ok, 'the demo certificates are certificates');
  return parsed.certificate;
}

const genuine = [demo.ecdsa, demo.rsa, demo.client_ecdsa].map(({ certificate }) => certificate);
const roots = [demo.ecdsa, demo.rsa].map(({ ca }) => parse(ca));
const [anyRoot] = roots;
const leaf = parse(demo.ecdsa.certificate);
/** The same certificate with a length in more octets than it needs, which is another encoding of it in BER. */
const longForm = (der: Uint8Array): Uint8Array => Uint8Array.of(0x30, 0x83, 0, ...der.subarray(2));

const YEAR_2030 = 1_893_456_000;

/** Verification of a certificate that was changed: as the peer's own, and as one it sends along. */
export const chain: FuzzTarget = {
  name: 'chain',
  seeds: () => [...genuine, demo.ecdsa.ca, demo.rsa.ca, ...genuine.map(longForm)],
  run: (input) => {
    const parsed = parseCertificate(input);
    if (!parsed.ok) return parsed.error;
    const { certificate } = parsed;
    const common = { now: YEAR_2030, usage: 'any', intermediates: [] } as const;
    const asLeaf = verifyChain({ ...common, leaf: certificate, trusted: roots }, nodeProvider);
    const unchanged = genuine.some((der) => equal(der, input));
    hold(!asLeaf.ok || unchanged, 'a certificate that was changed is not verified');
    // The root that the leaf needs is the changed one here, and nobody trusts it.
    const trusted = anyRoot === undefined ? [] : roots.filter((root) => root !== anyRoot);
    const asIssuer = verifyChain({ ...common, leaf, intermediates: [certificate], trusted }, nodeProvider);
    hold(!asIssuer.ok, 'what nobody trusts verifies nothing');
    return `${asLeaf.ok ? 'verified' : asLeaf.error.kind} ${asIssuer.error.kind}`;
  },
};
