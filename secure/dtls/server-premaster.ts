import { unpadPremaster } from '../crypto/pkcs1.ts';
import type { EphemeralKey } from '../crypto/provider.ts';
import { isEcdhe, isPsk, type CipherSuite } from '../crypto/suites.ts';
import type { DtlsConfig } from './config.ts';
import type { DtlsFailure } from './failure.ts';
import { pskPremaster } from './key-schedule.ts';
import { parseClientKeyExchange, parseEcdhePskClientKeyExchange } from './wire/client-key-exchange.ts';

/** What a server knows when the ClientKeyExchange comes. */
export interface ServerExchange {
  readonly suite: CipherSuite;
  /** The version that the ClientHello offered. */
  readonly clientVersion: number;
  /** The server's key of an ECDHE suite; used up here. */
  readonly ephemeral: EphemeralKey | null;
}

export type PremasterResult =
  { readonly ok: true; readonly premaster: Uint8Array } | { readonly ok: false; readonly failure: DtlsFailure };

const refuse = (kind: 'incorrect-message-length' | 'unsupported-feature' | 'handshake-failure' | 'no-psk') =>
  ({ ok: false, failure: { kind } }) as const satisfies PremasterResult;

/** The premaster secret that a client's ClientKeyExchange comes to. */
export function readPremaster(config: DtlsConfig, exchange: ServerExchange, body: Uint8Array): PremasterResult {
  const { provider, identity, random } = config;
  const { suite, clientVersion } = exchange;
  if (isPsk(suite)) return readPskPremaster(config, exchange, body);
  const value = parseClientKeyExchange(body, isEcdhe(suite) ? 1 : 2);
  if (value === null) return refuse('incorrect-message-length');
  if (suite.keyExchange !== 'rsa' || identity === undefined) return agree(exchange, value);
  // Made before the decryption: nothing that follows tells whether it succeeded (RFC 5246 section 7.4.7.1).
  const fallback = random(48);
  const block = provider.rsaRawDecrypt(identity.privateKey, value);
  const premaster = unpadPremaster(block, fallback, clientVersion);
  block?.fill(0);
  fallback.fill(0);
  return { ok: true, premaster };
}

function readPskPremaster(config: DtlsConfig, exchange: ServerExchange, body: Uint8Array): PremasterResult {
  const { keyExchange } = exchange.suite;
  const identity = keyExchange === 'psk' ? parseClientKeyExchange(body, 2) : null;
  const both = keyExchange === 'ecdhe_psk' ? parseEcdhePskClientKeyExchange(body) : null;
  const shown = identity ?? both?.identity ?? null;
  if (shown === null) return refuse('incorrect-message-length');
  const key = config.pskForIdentity?.(shown) ?? null;
  if (key === null) return refuse('no-psk');
  if (both === null) return { ok: true, premaster: pskPremaster(key) };
  const agreed = agree(exchange, both.point);
  if (!agreed.ok) return agreed;
  const premaster = pskPremaster(key, agreed.premaster);
  agreed.premaster.fill(0);
  return { ok: true, premaster };
}

/** What the ephemeral keys of both sides come to. */
function agree({ ephemeral }: ServerExchange, point: Uint8Array): PremasterResult {
  if (isCompressed(ephemeral, point)) return refuse('unsupported-feature');
  const secret = ephemeral?.derive(point) ?? null;
  ephemeral?.wipe();
  return secret === null ? refuse('handshake-failure') : { ok: true, premaster: secret };
}

/** Whether a point is of the compressed format, which a server never says it takes (RFC 8422 section 5.1.2). */
const isCompressed = (key: EphemeralKey | null, point: Uint8Array): boolean =>
  key?.group !== 'x25519' && (point[0] === 2 || point[0] === 3);
