import { ConnectionIds } from './connection-ids.ts';
import type { RecordProtection } from './record-protection.ts';
import { ReplayWindow } from './replay-window.ts';
import { unwrapInner, wrapInner } from './wire/connection-id.ts';
import { buildRecord, DTLS_1_2, joinRecord, MAX_SEQUENCE, TLS12_CID, type DtlsRecord } from './wire/record.ts';

/** Records of the next epoch that are kept until its keys are there. */
const MAX_EARLY = 16;

interface WriteEpoch {
  sequence: number;
  readonly protection: RecordProtection | null;
}

/** What became of a received record. */
export type OpenResult =
  | {
      readonly kind: 'plaintext';
      /** What the record is, which with a connection ID only its inside tells. */
      readonly type: number;
      readonly plaintext: Uint8Array;
      /** Whether it is authentic and newer than all before it. */
      readonly newest: boolean;
    }
  | { readonly kind: 'early' }
  | {
      readonly kind: 'discard';
      readonly reason: 'epoch' | 'connection-id' | 'replay' | 'padding' | 'authentication' | 'unexpected';
    };

/** Epochs, sequence numbers, protection and replay windows of both directions (RFC 6347 section 4.1). */
export class RecordLayer {
  readonly #ids: ConnectionIds;
  readonly #writes: WriteEpoch[] = [{ sequence: 0, protection: null }];
  #readEpoch = 0;
  #readProtection: RecordProtection | null = null;
  #window = new ReplayWindow();
  #early: DtlsRecord[] = [];
  /** What records say they are of, unless they are told otherwise. */
  version: number = DTLS_1_2;

  /** @param ids - those of the association; without them there are none */
  constructor(ids = new ConnectionIds()) {
    this.#ids = ids;
  }

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
    const protectedRecord = this.#withId(record);
    return joinRecord(protectedRecord, state.protection.seal(protectedRecord));
  }

  /** Opens a record: authenticates it, and notes it in the replay window. */
  open(record: DtlsRecord): OpenResult {
    if (!this.#ids.admits(record)) return { kind: 'discard', reason: 'connection-id' };
    // There is no epoch after the first protected one: nobody renegotiates.
    if (this.#readEpoch === 0 && record.epoch === 1 && this.#early.length < MAX_EARLY) {
      this.#early.push(copyOf(record));
      return { kind: 'early' };
    }
    if (record.epoch !== this.#readEpoch) return { kind: 'discard', reason: 'epoch' };
    if (this.#readProtection === null) {
      return { kind: 'plaintext', type: record.type, plaintext: record.fragment, newest: false };
    }
    if (!this.#window.admits(record.sequence)) return { kind: 'discard', reason: 'replay' };
    if (!this.#readProtection.isPadded(record)) return { kind: 'discard', reason: 'padding' };
    const plaintext = this.#readProtection.open(record);
    if (plaintext === null) return { kind: 'discard', reason: 'authentication' };
    const newest = this.#window.isNewest(record.sequence);
    this.#window.note(record.sequence);
    if (record.cid === undefined) return { kind: 'plaintext', type: record.type, plaintext, newest };
    const inner = unwrapInner(plaintext);
    if (inner === null) return { kind: 'discard', reason: 'unexpected' };
    return { kind: 'plaintext', type: inner.type, plaintext: inner.content, newest };
  }

  /** The record as it is protected for a peer that wants a connection ID in it. */
  #withId(record: DtlsRecord): DtlsRecord {
    const { peer: cid } = this.#ids;
    if (cid.length === 0) return record;
    const fragment = wrapInner({ type: record.type, content: record.fragment });
    return { ...record, type: TLS12_CID, cid, fragment };
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

/** A record that stays when the datagram it came in is gone. */
const copyOf = (record: DtlsRecord): DtlsRecord => ({
  ...record,
  ...(record.cid === undefined ? {} : { cid: record.cid.slice() }),
  fragment: record.fragment.slice(),
});
