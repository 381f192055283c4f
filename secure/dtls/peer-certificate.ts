import type { PublicKey } from '../crypto/provider.ts';
import type { DtlsConfig } from './config.ts';
import type { DtlsFailure } from './failure.ts';
import { parseCertificateList } from './wire/certificate.ts';

/** A peer that has shown a certificate, verified but for what the owner may say to it. */
export interface PeerCertificate {
  /** The leaf. */
  readonly der: Uint8Array;
  readonly publicKey: PublicKey;
}

export type PeerCertificateResult =
  { readonly ok: true; readonly certificate: PeerCertificate } | { readonly ok: false; readonly failure: DtlsFailure };

/** Reads the peer's Certificate message and has its chain verified. */
export function readPeerCertificate(config: DtlsConfig, body: Uint8Array): PeerCertificateResult {
  const refuse = (failure: DtlsFailure): PeerCertificateResult => ({ ok: false, failure });
  const chain = parseCertificateList(body);
  if (chain === null) return refuse({ kind: 'incorrect-message-length' });
  const [der] = chain;
  if (der === undefined) return refuse({ kind: 'empty-certificate' });
  const verdict = config.verifyPeer(chain);
  if (!verdict.ok) return refuse(verdict.failure);
  return { ok: true, certificate: { der, publicKey: verdict.publicKey } };
}
