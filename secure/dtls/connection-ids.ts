import { sameBytes } from '../bytes.ts';
import { TLS12_CID, type DtlsRecord } from './wire/record.ts';

const NONE = new Uint8Array(0);

/**
 * The connection IDs of an association (RFC 9146 section 3). Each end says in its hello which ID it wants to find in the
 * records that come to it, which may be an empty one: then its peer sends records as without connection IDs. They are in
 * use where both hellos have the extension, and are agreed on anew when an association is taken up again.
 */
export class ConnectionIds {
  #own: Uint8Array | null = null;
  #peer: Uint8Array = NONE;
  #settled = false;

  /** What this end's hello says; undefined where it has no such extension. */
  get offered(): Uint8Array | undefined {
    return this.#own ?? undefined;
  }

  /** The ID in the records that come to this end; empty for none. */
  get own(): Uint8Array {
    return this.#own ?? NONE;
  }

  /** The ID in the records that this end protects; empty for none. */
  get peer(): Uint8Array {
    return this.#peer;
  }

  /** This end's hello has the extension, with this ID. */
  offer(id: Uint8Array): void {
    this.#own = id.slice();
  }

  /** Both hellos are known; the peer's has this ID, or (undefined) no such extension. */
  settle(peer: Uint8Array | undefined): void {
    this.#settled = true;
    if (peer === undefined) this.#own = null;
    else if (this.#own !== null) this.#peer = peer.slice();
  }

  /**
   * Whether a record has the ID that it must have, or none where none is wanted; if not, it is invalid. As long as the
   * peer's hello is not there, a record that came before it may be either.
   */
  admits({ type, epoch, cid }: DtlsRecord): boolean {
    const { own } = this;
    if (type === TLS12_CID) return epoch > 0 && own.length > 0 && cid !== undefined && sameBytes(cid, own);
    return epoch === 0 || own.length === 0 || !this.#settled;
  }
}
