import { NX_SUCCESS } from '../netx/constants.ts';
import type { SecureConfig } from './config.ts';
import { NX_SECURE_TLS_NO_MORE_PSK_SPACE } from './constants.ts';
import { sameBytes } from './bytes.ts';

/** A pre-shared key with the identity it goes by and the hint that selects it. */
export interface Psk {
  readonly key: Uint8Array;
  readonly identity: Uint8Array;
  readonly hint: Uint8Array;
}

/** An identity as a key of a map: a character for each byte. */
const nameOf = (identity: Uint8Array): string => String.fromCharCode(...identity);

/** The pre-shared keys of a session, or of a server and all its sessions. */
export class PskStore {
  readonly #psks: Psk[] = [];
  /** The first key of each identity: a server of a fleet has thousands. */
  readonly #byIdentity = new Map<string, Psk>();
  /** Bytes of the longest identity: what a peer sends may be much longer. */
  #longest = 0;

  /**
   * Adds a copy of a key.
   *
   * @returns `NX_SUCCESS`; `NX_SECURE_TLS_NO_MORE_PSK_SPACE` where the table is full or a part is too long
   */
  add(config: SecureConfig, key: Uint8Array, identity: Uint8Array, hint: Uint8Array): number {
    const { NX_SECURE_TLS_MAX_PSK_SIZE, NX_SECURE_TLS_MAX_PSK_ID_SIZE, NX_SECURE_TLS_MAX_PSK_KEYS } = config;
    const fits =
      key.length <= NX_SECURE_TLS_MAX_PSK_SIZE &&
      identity.length <= NX_SECURE_TLS_MAX_PSK_ID_SIZE &&
      hint.length <= NX_SECURE_TLS_MAX_PSK_ID_SIZE &&
      this.#psks.length < NX_SECURE_TLS_MAX_PSK_KEYS - (config.NX_SECURE_QUIRKS.has('one-psk-less') ? 1 : 0);
    if (!fits) return NX_SECURE_TLS_NO_MORE_PSK_SPACE;
    const psk = { key: key.slice(), identity: identity.slice(), hint: hint.slice() };
    const name = nameOf(identity);
    this.#psks.push(psk);
    this.#longest = Math.max(this.#longest, identity.length);
    if (!this.#byIdentity.has(name)) this.#byIdentity.set(name, psk);
    return NX_SUCCESS;
  }

  get size(): number {
    return this.#psks.length;
  }

  /** The first key. */
  get first(): Uint8Array | null {
    return this.#psks[0]?.key ?? null;
  }

  /** The hint a server sends: that of its first key. */
  get hint(): Uint8Array | null {
    return this.#psks[0]?.hint ?? null;
  }

  /** What a client uses for a server's hint: the key added with that hint, or the first where the server gave none. */
  forHint(hint: Uint8Array): Psk | null {
    if (hint.length === 0) return this.#psks[0] ?? null;
    return this.#psks.find((psk) => sameBytes(psk.hint, hint)) ?? null;
  }

  /** The key that goes by an identity. */
  forIdentity(identity: Uint8Array): Uint8Array | null {
    if (identity.length > this.#longest) return null;
    return this.#byIdentity.get(nameOf(identity))?.key ?? null;
  }

  /** Overwrites and forgets every key. */
  wipe(): void {
    for (const psk of this.#psks) psk.key.fill(0);
    this.#psks.length = 0;
    this.#byIdentity.clear();
  }
}
