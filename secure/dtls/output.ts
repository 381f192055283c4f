import type { CipherSuite } from '../crypto/suites.ts';
import type { DtlsFailure, PlainKind } from './failure.ts';
import type { Alert } from './wire/alert.ts';
import type { RawExtension } from './wire/extensions.ts';

/** What a machine asks its owner before it goes on. */
export type DtlsQuestion =
  /** Server: which certificate to show, and whether to go on at all (RFC 6066 section 3). */
  | { readonly about: 'client-hello'; readonly extensions: readonly RawExtension[] }
  /** Client: whether to go on with what the server chose. */
  | { readonly about: 'server-hello'; readonly extensions: readonly RawExtension[] }
  /** Whether the peer is who it should be, by its certificate, whose chain is verified already. */
  | { readonly about: 'certificate'; readonly der: Uint8Array };

/** Why a record was discarded. */
export type DiscardReason =
  | 'malformed'
  | 'version'
  | 'epoch'
  | 'connection-id'
  | 'replay'
  | 'authentication'
  | 'padding'
  | 'too-long'
  | 'unexpected'
  | 'fragment'
  | 'not-open';

/** What a protocol machine has to send, or what happened to it. */
export type DtlsOutput =
  | {
      readonly type: 'datagram';
      readonly bytes: Uint8Array;
      /** The flight of RFC 6347 figure 1, 1 to 6; 0 for an alert. */
      readonly flight: number;
      /** What is in it, for traces: `ClientHello`, `Alert close_notify`. */
      readonly messages: readonly string[];
      readonly retransmission: boolean;
    }
  | { readonly type: 'connected'; readonly suite: CipherSuite; readonly extendedMasterSecret: boolean }
  | { readonly type: 'application-data'; readonly data: Uint8Array }
  | { readonly type: 'close-notify' }
  /** The machine stands still until {@link DtlsConnection.answer} is called. */
  | { readonly type: 'question'; readonly question: DtlsQuestion }
  /** An alert of the peer other than close_notify; one that ends the association gives `failed` too. */
  | { readonly type: 'alert'; readonly level: number; readonly description: number }
  /** The association is over; the alert for the peer, if any, came before this. */
  | { readonly type: 'failed'; readonly failure: DtlsFailure }
  | {
      readonly type: 'discarded';
      readonly reason: DiscardReason;
      readonly detail: string;
      /** What was wrong with the record; null for one that only came at the wrong time. */
      readonly fault: PlainKind | null;
    };

/** The state of a protocol machine as others see it. */
export type ConnectionState = 'idle' | 'handshaking' | 'connected' | 'closed' | 'failed';

/**
 * A protocol machine: takes datagrams and the time, gives datagrams, events and the next deadline. It knows no socket, no
 * thread and no clock. Times are virtual nanoseconds.
 */
export interface DtlsConnection {
  readonly state: ConnectionState;
  /** The suite, once it is agreed on. */
  readonly suite: CipherSuite | null;
  /** When {@link DtlsConnection.handleTimeout} wants to be called, or null. */
  readonly deadline: number | null;
  /** Bytes that sealing puts before the data, and at most after it. */
  readonly overhead: { readonly before: number; readonly after: number };
  /** The connection ID in the records that come to this end; empty for none (RFC 9146). */
  readonly connectionId: Uint8Array;
  /**
   * Whether the last datagram had an authentic record with this end's connection ID that is newer than all before: it came
   * from where the peer is now (RFC 9146 section 6).
   */
  readonly locatesPeer: boolean;
  /** How many records were discarded, by reason. */
  readonly counters: Readonly<Record<DiscardReason, number>>;
  handleDatagram(datagram: Uint8Array, now: number): void;
  handleTimeout(now: number): void;
  /** What the machine has to send leaves this much later (ns) than it was told: its host was computing meanwhile. */
  postpone(duration: number): void;
  /** The next output, or null. */
  poll(): DtlsOutput | null;
  /** Answers a question: null to go on, or why the association is to fail. */
  answer(objection: DtlsFailure | null, now: number): void;
  /** Application data as one record, ready to be sent. */
  seal(data: Uint8Array): { ok: true; record: Uint8Array } | { ok: false; failure: DtlsFailure };
  /** Sends an alert of the owner's, which changes nothing here. */
  sendAlert(alert: Alert): void;
  /** Says close_notify, once, on a connected association. */
  close(): void;
  /** Overwrites all keys; the machine is of no use afterwards. */
  wipe(): void;
}
