import type { RecordProtection } from './record-protection.ts';
import { ReplayWindow } from './replay-window.ts';
import { buildRecord, DTLS_1_2, joinRecord, MAX_SEQUENCE, type DtlsRecord } from './wire/record.ts';

/** Records of the next epoch that are kept until its keys are there. */
const MAX_EARLY = 16;

interface WriteEpoch {
  sequence: number;
  readonly protection: RecordProtection | null;
}

/** What became of a received record. */
export type OpenResult =
  | { readonly kind: 'plaintext'; readonly plaintext: Uint8Array }
  | { readonly kind: 'early' }
  | { readonly kind: 'discard'; readonly reason: 'epoch' | 'replay' | 'padding' | 'authentication' };

/** Epochs, sequence numbers, protection and replay windows of both directions (RFC 6347 section 4.1). */
export class RecordLayer {
  readonly #writes: WriteEpoch[] = [{ sequence: 0, protection: null }];
  #readEpoch = 0;
  #readProtection: RecordProtection | null = null;
  #window = new ReplayWindow();
  #early: DtlsRecord[] = [];
  /** What records say they are of, unless they are told otherwise. */
  version: number = DTLS_1_2;

  /** The epoch in which records are written, and the one in which they are read. */
  get writeEpoch(): number {
    return this.#writes.length - 1;
  }

  get readEpoch(): number {
    return this.#readEpoch;
  }

  /** Lets the numbers of epoch 0 begin higher: a server's do, behind a stateless HelloVerifyRequest. */
  beginAt(sequence: number): void {
    const [first] = this.#writes;
    if (first !== undefined) first.sequence = sequence;
  }

  /** Begins the next write epoch. */
  changeWrite(protection: RecordProtection): void {
    this.#writes.push({ sequence: 0, protection });
  }

  /** Begins the next read epoch; gives the records of it that came early. */
  changeRead(protection: RecordProtection): readonly DtlsRecord[] {
    this.#readProtection = protection;
    this.#readEpoch++;
    this.#window = new ReplayWindow();
    const early = this.#early;
    this.#early = [];
    return early;
  }

  /** A record of an epoch, sealed; null where the epoch's numbers are used up. */
  write(type: number, fragment: Uint8Array, epoch = this.writeEpoch, version = this.version): Uint8Array | null {
    const state = this.#writes[epoch];
    if (state === undefined || state.sequence > MAX_SEQUENCE) return null;
    const record: DtlsRecord = { type, version, epoch, sequence: state.sequence++, fragment };
    if (state.protection === null) return buildRecord(record);
    return joinRecord(record, state.protection.seal(record));
  }

  /** Opens a record: authenticates it, and notes it in the replay window. */
  open(record: DtlsRecord): OpenResult {
    // There is no epoch after the first protected one: nobody renegotiates.
    if (this.#readEpoch === 0 && record.epoch === 1 && this.#early.length < MAX_EARLY) {
      this.#early.push({ ...record, fragment: record.fragment.slice() });
      return { kind: 'early' };
    }
    if (record.epoch !== this.#readEpoch) return { kind: 'discard', reason: 'epoch' };
    if (this.#readProtection === null) return { kind: 'plaintext', plaintext: record.fragment };
    if (!this.#window.admits(record.sequence)) return { kind: 'discard', reason: 'replay' };
    if (!this.#readProtection.isPadded(record)) return { kind: 'discard', reason: 'padding' };
    const plaintext = this.#readProtection.open(record);
    if (plaintext === null) return { kind: 'discard', reason: 'authentication' };
    this.#window.note(record.sequence);
    return { kind: 'plaintext', plaintext };
  }

  /** Overwrites all keys; nothing is written or opened any more. */
  wipe(): void {
    for (const { protection } of this.#writes) protection?.wipe();
    this.#writes.length = 0;
    this.#readProtection?.wipe();
    // No record is of this epoch: what anybody can seal with keys of zeros is not opened.
    this.#readEpoch = Infinity;
    this.#early = [];
  }
}
