import type { CipherSuite } from '../crypto/suites.ts';
import { sameSecret } from '../bytes.ts';
import type { DtlsConfig } from './config.ts';
import {
  deriveKeys,
  handshakeHash,
  masterSecret,
  prfOf,
  VERIFY_DATA_LENGTH,
  verifyData,
  type DirectionKeys,
  type PrfHash,
} from './key-schedule.ts';
import type { DtlsFailure } from './failure.ts';
import type { DtlsVersion } from './version.ts';

/** What the secrets of an association are made of. */
export interface SecretParts {
  readonly suite: CipherSuite;
  readonly version: DtlsVersion;
  /** Overwritten once the master secret is made. */
  readonly premaster: Uint8Array;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  /** Whether the session hash goes into the master secret (RFC 7627). */
  readonly extended: boolean;
  /** The handshake up to and including the ClientKeyExchange. */
  readonly transcript: Uint8Array;
}

/** The secrets of an association that takes up an earlier one's (RFC 5246 section 7.3): new keys, the same master secret. */
export interface ResumedParts {
  readonly suite: CipherSuite;
  readonly version: DtlsVersion;
  readonly master: Uint8Array;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
}

/** The secrets of an association: the master secret, the keys, and what Finished messages are made with. */
export class Secrets {
  readonly client: DirectionKeys;
  readonly server: DirectionKeys;
  readonly #config: DtlsConfig;
  readonly #suite: CipherSuite;
  readonly #prf: PrfHash;
  readonly #master: Uint8Array;

  constructor(config: DtlsConfig, parts: SecretParts | ResumedParts) {
    const { suite, clientRandom, serverRandom } = parts;
    const { provider } = config;
    this.#config = config;
    this.#suite = suite;
    this.#prf = prfOf(suite, parts.version);
    if ('master' in parts) {
      this.#master = parts.master.slice();
    } else {
      const seed = parts.extended
        ? ({ kind: 'extended', sessionHash: handshakeHash(provider, this.#prf, parts.transcript) } as const)
        : ({ kind: 'classic', clientRandom, serverRandom } as const);
      this.#master = masterSecret(provider, this.#prf, parts.premaster, seed);
      parts.premaster.fill(0);
    }
    config.keyLog?.('CLIENT_RANDOM', clientRandom, this.#master);
    const keys = deriveKeys(provider, suite, this.#master, clientRandom, serverRandom, this.#prf);
    this.client = keys.client;
    this.server = keys.server;
  }

  /** A copy of the master secret, for the association to be taken up again. */
  get master(): Uint8Array {
    return this.#master.slice();
  }

  /** The body of a Finished message. */
  finished(sender: 'client' | 'server', transcript: Uint8Array): Uint8Array {
    return verifyData(this.#config.provider, this.#suite, this.#master, sender, transcript, this.#prf);
  }

  /** What is wrong with a Finished message of the peer, or null. */
  checkFinished(sender: 'client' | 'server', transcript: Uint8Array, body: Uint8Array): DtlsFailure | null {
    if (body.length !== VERIFY_DATA_LENGTH) return { kind: 'incorrect-message-length' };
    return sameSecret(this.finished(sender, transcript), body) ? null : { kind: 'finished' };
  }

  /** Overwrites the secrets. */
  wipe(): void {
    this.#master.fill(0);
    for (const { macKey, key, iv } of [this.client, this.server]) {
      for (const bytes of [macKey, key, iv]) bytes.fill(0);
    }
  }
}
