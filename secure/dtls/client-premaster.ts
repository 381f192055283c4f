import type { PublicKey } from '../crypto/provider.ts';
import { isEcdhe, isPsk, type CipherSuite } from '../crypto/suites.ts';
import type { DtlsConfig } from './config.ts';
import type { DtlsFailure } from './failure.ts';
import { pskPremaster } from './key-schedule.ts';
import { buildClientKeyExchange, buildEcdhePskClientKeyExchange } from './wire/client-key-exchange.ts';
import { groupOf } from './wire/extensions.ts';

/** What the ephemeral keys of both sides come to, and the client's public one. */
export interface KeyAgreement {
  readonly premaster: Uint8Array;
  readonly publicValue: Uint8Array;
}

/** What a client knows when its ClientKeyExchange is due. */
export interface ClientExchange {
  readonly suite: CipherSuite;
  /** The version that its ClientHello offered; null before there was one. */
  readonly offeredVersion: number | null;
  /** The key of the server's certificate. */
  readonly serverKey: PublicKey | null;
  /** The agreement of an ECDHE suite. */
  readonly agreement: KeyAgreement | null;
  readonly pskHint: Uint8Array;
}

/** A premaster secret, and the ClientKeyExchange that lets the server come to it too. */
export interface PremasterMessage {
  readonly premaster: Uint8Array;
  readonly message: Uint8Array;
}

export type ClientPremasterResult =
  { readonly ok: true; readonly exchange: PremasterMessage } | { readonly ok: false; readonly failure: DtlsFailure };

const refuse = (kind: 'no-psk' | 'unexpected-message') =>
  ({ ok: false, failure: { kind } }) as const satisfies ClientPremasterResult;

const done = (premaster: Uint8Array, message: Uint8Array): ClientPremasterResult => ({
  ok: true,
  exchange: { premaster, message },
});

/** Makes the client's ephemeral key, and what it and the server's come to; null where the server's is no good. */
export function agreeKeys(
  { provider, groups, random }: DtlsConfig,
  groupId: number,
  point: Uint8Array,
): KeyAgreement | null {
  const group = groupOf(groupId);
  if (group === null || !groups.includes(group)) return null;
  const ephemeral = provider.ephemeralKey(group, random);
  const premaster = ephemeral.derive(point);
  ephemeral.wipe();
  return premaster === null ? null : { premaster, publicValue: ephemeral.publicKey };
}

/** The premaster secret of a client, with the ClientKeyExchange for it. */
export function makePremaster(config: DtlsConfig, exchange: ClientExchange): ClientPremasterResult {
  const { suite, offeredVersion, serverKey, agreement } = exchange;
  if (isPsk(suite)) return makePskPremaster(config, exchange);
  if (suite.keyExchange === 'rsa' && serverKey !== null && offeredVersion !== null) {
    const { provider, random } = config;
    const premaster = random(48);
    // The version that was offered, whatever the server chose: it shows if somebody changed it (RFC 5246 section 7.4.7.1).
    premaster[0] = offeredVersion >>> 8;
    premaster[1] = offeredVersion & 255;
    return done(premaster, buildClientKeyExchange(provider.rsaEncrypt(serverKey, premaster, random), 2));
  }
  if (agreement === null) return refuse('unexpected-message');
  return done(agreement.premaster, buildClientKeyExchange(agreement.publicValue, 1));
}

function makePskPremaster({ pskForHint }: DtlsConfig, exchange: ClientExchange): ClientPremasterResult {
  const { suite, agreement, pskHint } = exchange;
  const psk = pskForHint?.(pskHint) ?? null;
  if (psk === null) return refuse('no-psk');
  const { key, identity } = psk;
  if (!isEcdhe(suite)) return done(pskPremaster(key), buildClientKeyExchange(identity, 2));
  if (agreement === null) return refuse('unexpected-message');
  const message = buildEcdhePskClientKeyExchange({ identity, point: agreement.publicValue });
  return done(pskPremaster(key, agreement.premaster), message);
}
