import type { CbcKey, CbcName, CryptoProvider } from '../crypto/provider.ts';
import type { BulkCipher } from '../crypto/suites.ts';
import type { DirectionKeys } from './key-schedule.ts';
import { authenticatedWithId } from './wire/connection-id.ts';
import { authenticatedHeader, epochAndSequence, type DtlsRecord } from './wire/record.ts';
import { concat } from './wire/writer.ts';

const BLOCK = 16;
/** Paddings by their lengths, 1 to 16 bytes (RFC 5246 section 6.2.3.2): each byte is how many follow. */
const PADDINGS = Array.from({ length: BLOCK + 1 }, (_, length) => new Uint8Array(length).fill(length - 1));

/** Protects the records of one direction and epoch, or opens them. */
export class RecordProtection {
  readonly #provider: CryptoProvider;
  readonly #cipher: BulkCipher;
  readonly #keys: DirectionKeys;
  readonly #random: (length: number) => Uint8Array;
  /** The key of a CBC suite, once it was used. */
  #cbc: CbcKey | null = null;

  /** @param random - for the IVs of CBC suites */
  constructor(
    provider: CryptoProvider,
    cipher: BulkCipher,
    keys: DirectionKeys,
    random: (length: number) => Uint8Array,
  ) {
    this.#provider = provider;
    this.#cipher = cipher;
    this.#keys = keys;
    this.#random = random;
  }

  /** Bytes that protection puts before and (at most) after the plaintext. */
  static overhead(cipher: BulkCipher): { readonly before: number; readonly after: number } {
    return cipher.kind === 'aead'
      ? { before: cipher.explicitNonceLength, after: cipher.tagLength }
      : { before: BLOCK, after: cipher.macLength + BLOCK };
  }

  /** The record's fragment as it goes on the wire: the explicit nonce or the IV, and what follows it. */
  seal(record: DtlsRecord): readonly Uint8Array[] {
    const { fragment: plaintext } = record;
    const cipher = this.#cipher;
    const header = authenticated(record, plaintext.length);
    if (cipher.kind === 'aead') {
      const explicit = epochAndSequence(record.epoch, record.sequence);
      const nonce = concat(this.#keys.iv, explicit);
      const { aead, tagLength } = cipher;
      return [explicit, this.#provider.aeadSeal(aead, this.#keys.key, nonce, header, plaintext, tagLength)];
    }
    const mac = this.#provider.hmac(cipher.mac, this.#keys.macKey, header, plaintext);
    const padding = PADDINGS[BLOCK - ((plaintext.length + mac.length) % BLOCK)] ?? mac;
    const iv = this.#random(BLOCK);
    return [iv, this.#cbcKey(cipher.cbc).encrypt(iv, plaintext, mac, padding)];
  }

  /**
   * Whether a record has the length of padded blocks. This much everybody can see; what the padding is like behind the
   * encryption is never told from a wrong MAC.
   */
  isPadded({ fragment }: DtlsRecord): boolean {
    return this.#cipher.kind === 'aead' || fragment.length % BLOCK === 0;
  }

  /** The plaintext of a record, or null where it is not genuine; nothing tells why. */
  open(record: DtlsRecord): Uint8Array | null {
    const cipher = this.#cipher;
    const { fragment } = record;
    if (cipher.kind === 'aead') {
      const length = fragment.length - cipher.explicitNonceLength - cipher.tagLength;
      if (length < 0) return null;
      const nonce = concat(this.#keys.iv, fragment.subarray(0, cipher.explicitNonceLength));
      const sealed = fragment.subarray(cipher.explicitNonceLength);
      const header = authenticated(record, length);
      return this.#provider.aeadOpen(cipher.aead, this.#keys.key, nonce, header, sealed, cipher.tagLength);
    }
    const body = fragment.length - BLOCK;
    if (body < BLOCK || body % BLOCK !== 0 || body < cipher.macLength + 1) return null;
    const iv = fragment.subarray(0, BLOCK);
    const padded = this.#cbcKey(cipher.cbc).decrypt(iv, fragment.subarray(BLOCK));
    return this.#checkPadded(record, padded, cipher);
  }

  /** Overwrites the keys. */
  wipe(): void {
    this.#cbc?.wipe();
    this.#keys.macKey.fill(0);
    this.#keys.key.fill(0);
    this.#keys.iv.fill(0);
  }

  #cbcKey(name: CbcName): CbcKey {
    return (this.#cbc ??= this.#provider.cbcKey(name, this.#keys.key));
  }

  /**
   * Takes padding and MAC off. Wrong padding counts as none, and the MAC is computed all the same, so that the two
   * failures cannot be told apart (RFC 5246 section 6.2.3.2).
   */
  #checkPadded(record: DtlsRecord, padded: Uint8Array, cipher: BulkCipher & { kind: 'cbc' }): Uint8Array | null {
    const claimed = padded[padded.length - 1] ?? 0;
    const room = padded.length - cipher.macLength - 1;
    let bad = claimed > room ? 1 : 0;
    const reach = Math.min(256, padded.length);
    for (let back = 1; back <= reach; back++) {
      const inPadding = back <= claimed + 1 ? 0xff : 0;
      bad |= ((padded[padded.length - back] ?? 0) ^ claimed) & inPadding;
    }
    const padding = bad === 0 ? claimed : 0;
    const length = room - padding;
    const content = padded.subarray(0, length);
    const expected = this.#provider.hmac(cipher.mac, this.#keys.macKey, authenticated(record, length), content);
    // As much is hashed in all, however long the padding is said to be: time is not to tell either (Lucky Thirteen).
    this.#provider.hash(cipher.mac, padded.subarray(0, BLOCK + padding));
    for (let at = 0; at < expected.length; at++) bad |= (expected[at] ?? 0) ^ (padded[length + at] ?? 0);
    return bad === 0 ? content : null;
  }
}

/** What is authenticated beside the plaintext of a record, with a connection ID or without. */
const authenticated = (record: DtlsRecord, length: number): Uint8Array =>
  record.cid === undefined ? authenticatedHeader(record, length) : authenticatedWithId(record, record.cid, length);
