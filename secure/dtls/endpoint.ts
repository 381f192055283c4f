import type { CipherSuite } from '../crypto/suites.ts';
import { ConnectionIds } from './connection-ids.ts';
import type { DtlsConfig } from './config.ts';
import { alertFor, type DtlsFailure, type PlainKind } from './failure.ts';
import type { Flight, FlightItem } from './flight.ts';
import { protectFlight } from './flight-records.ts';
import type { DirectionKeys } from './key-schedule.ts';
import type { ConnectionState, DiscardReason, DtlsConnection, DtlsOutput, DtlsQuestion } from './output.ts';
import { Reassembly } from './reassembly.ts';
import { RecordLayer } from './record-layer.ts';
import { RecordProtection } from './record-protection.ts';
import { RetransmitTimer } from './retransmit.ts';
import { Transcript } from './transcript.ts';
import { isDtls, newestOf, type DtlsVersion } from './version.ts';
import {
  alertName,
  BAD_RECORD_MAC,
  buildAlert,
  CLOSE_NOTIFY,
  FATAL,
  NO_RENEGOTIATION,
  parseAlert,
  WARNING,
  type Alert,
} from './wire/alert.ts';
import { INNER_TYPE, MAX_INNER_PLAINTEXT } from './wire/connection-id.ts';
import {
  CLIENT_HELLO,
  HELLO_REQUEST,
  isHandshakeType,
  parseFragments,
  type HandshakeMessage,
} from './wire/handshake.ts';
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  DTLS_1_2,
  HANDSHAKE,
  MAX_CIPHERTEXT,
  MAX_PLAINTEXT,
  parseRecord,
  RECORD_HEADER,
  TLS12_CID,
  type DtlsRecord,
} from './wire/record.ts';

/** After so many retransmissions in vain, datagrams of the handshake get smaller. */
const RETRIES_BEFORE_SMALLER = 2;
/** What every IPv4 host takes in one piece: 576 bytes, less the headers of IP and UDP. */
const SMALL_DATAGRAM = 576 - 20 - 8;
/** What is wrong with a record that is discarded for a reason, unless more is known of it. */
const FAULTS: Readonly<Partial<Record<DiscardReason, PlainKind>>> = {
  malformed: 'incorrect-message-length',
  authentication: 'authentication',
  padding: 'padding',
  'too-long': 'incorrect-message-length',
  unexpected: 'unrecognized-message-type',
};

/**
 * What client and server have in common: records in and out, messages put together and sent in flights, retransmission,
 * alerts, application data. The two differ in which message they await in which state.
 */
export abstract class DtlsEndpoint implements DtlsConnection {
  protected readonly config: DtlsConfig;
  protected readonly ids = new ConnectionIds();
  protected readonly records = new RecordLayer(this.ids);
  protected reassembly: Reassembly;
  /** The handshake messages so far, as they are hashed. */
  protected readonly transcript = new Transcript();
  protected phase: ConnectionState = 'idle';
  protected agreed: CipherSuite | null = null;
  protected readonly versions: readonly DtlsVersion[];
  #version: DtlsVersion | null = null;
  protected extendedMasterSecret = false;
  readonly counters: Record<DiscardReason, number> = {
    malformed: 0,
    version: 0,
    epoch: 0,
    'connection-id': 0,
    replay: 0,
    authentication: 0,
    padding: 0,
    'too-long': 0,
    unexpected: 0,
    fragment: 0,
    'not-open': 0,
  };
  readonly #outputs: DtlsOutput[] = [];
  readonly #timer: RetransmitTimer;
  #now = 0;
  #nextMessage = 0;
  #building: FlightItem[] = [];
  #flight: Flight | null = null;
  #peerRepeats = false;
  #readProtection: RecordProtection | null = null;
  #peerChangedSpec = false;
  #smaller = false;
  #locatesPeer = false;
  /** The number of the peer's close_notify: data it had sent before may still wait to be opened, and is not lost (section 7.2.1). */
  #closedFrom = 0;
  /** How to go on once the question that was asked is answered. */
  #afterwards: (() => void) | null = null;

  constructor(config: DtlsConfig) {
    this.config = config;
    this.versions = config.versions ?? [DTLS_1_2];
    this.records.version = newestOf(this.versions);
    this.#timer = new RetransmitTimer(config.retransmit);
    this.reassembly = new Reassembly(0, config.maxHandshakeMessage);
  }

  get state(): ConnectionState {
    return this.phase;
  }

  get suite(): CipherSuite | null {
    return this.agreed;
  }

  /** The version that was agreed on; until then, the newest that is spoken. */
  get version(): DtlsVersion {
    return this.#version ?? newestOf(this.versions);
  }

  get deadline(): number | null {
    return this.#timer.deadline;
  }

  postpone(duration: number): void {
    this.#timer.postpone(duration);
  }

  get overhead(): { readonly before: number; readonly after: number } {
    const added = this.agreed === null ? { before: 0, after: 0 } : RecordProtection.overhead(this.agreed.cipher);
    const { length } = this.ids.peer;
    const inner = length === 0 ? 0 : INNER_TYPE;
    return { before: RECORD_HEADER + length + added.before, after: inner + added.after };
  }

  get connectionId(): Uint8Array {
    return this.ids.own;
  }

  get locatesPeer(): boolean {
    return this.#locatesPeer;
  }

  /** Deals with the next handshake message in order. */
  protected abstract receive(message: HandshakeMessage): void;
  /** Whether the peer's ChangeCipherSpec is what comes next. */
  protected abstract get awaitsChangeCipherSpec(): boolean;

  poll(): DtlsOutput | null {
    return this.#outputs.shift() ?? null;
  }

  handleDatagram(datagram: Uint8Array, now: number): void {
    this.#now = now;
    this.#locatesPeer = false;
    let rest = datagram;
    while (rest.length > 0) {
      const idLength = this.ids.own.length;
      if (rest[0] === TLS12_CID && idLength === 0) {
        // Where such a record ends, nobody can tell who did not ask for one.
        this.discard('connection-id', `${rest.length} bytes`);
        break;
      }
      const parsed = parseRecord(rest, idLength);
      if (parsed === null) {
        const fault = rest.length < RECORD_HEADER ? 'invalid-record' : 'incorrect-message-length';
        this.discard('malformed', `${rest.length} bytes that are no record`, fault);
        break;
      }
      this.#handleRecord(parsed.record);
      rest = parsed.rest;
    }
    if (this.#peerRepeats) {
      this.#peerRepeats = false;
      if (this.#flight !== null && this.#timer.mayRepeat(now)) this.#transmit(this.#flight, true);
    }
  }

  handleTimeout(now: number): void {
    this.#now = now;
    if (this.#flight === null || !this.#timer.isDue(now)) return;
    if (this.#timer.backOff(now)) this.#transmit(this.#flight, true);
    else this.fail({ kind: 'timeout' });
  }

  answer(objection: DtlsFailure | null, now: number): void {
    this.#now = now;
    const afterwards = this.#afterwards;
    this.#afterwards = null;
    if (afterwards === null || this.phase !== 'handshaking') return;
    if (objection !== null) return this.fail(objection);
    afterwards();
    this.#takeMessages();
  }

  seal(data: Uint8Array): { ok: true; record: Uint8Array } | { ok: false; failure: DtlsFailure } {
    if (this.phase !== 'connected') return { ok: false, failure: { kind: 'not-connected' } };
    if (data.length > this.#maxData) return { ok: false, failure: { kind: 'record-too-large' } };
    const record = this.records.write(APPLICATION_DATA, data);
    return record === null ? { ok: false, failure: { kind: 'sequence-exhausted' } } : { ok: true, record };
  }

  close(): void {
    if (this.phase !== 'connected') return;
    this.sendAlert({ level: WARNING, description: CLOSE_NOTIFY });
    this.phase = 'closed';
  }

  wipe(): void {
    this.records.wipe();
    this.#readProtection?.wipe();
    this.transcript.clear();
    this.#flight = null;
    this.#afterwards = null;
    this.#timer.stop();
    if (this.phase !== 'failed') this.phase = 'closed';
  }

  /** Agrees on a version: from now on records are of no other. */
  protected speak(version: DtlsVersion): void {
    this.#version = version;
    this.records.version = version;
  }

  /** Asks the owner, where it wants to be asked; what comes after waits for the answer. */
  protected ask(wanted: boolean | undefined, question: () => DtlsQuestion, afterwards: () => void): void {
    if (wanted !== true) return afterwards();
    this.#afterwards = afterwards;
    this.#outputs.push({ type: 'question', question: question() });
  }

  /** Notes the time for what is done outside of {@link handleDatagram}. */
  protected at(now: number): void {
    this.#now = now;
  }

  /** Puts a handshake message into the flight that is being built, and into the transcript. */
  protected queue(type: number, body: Uint8Array): void {
    const message: HandshakeMessage = { type, messageSeq: this.#nextMessage++, body };
    this.#building.push({ kind: 'handshake', epoch: this.records.writeEpoch, message });
    this.transcript.add(message);
  }

  /** Lets the next message have a given number: a server's first, behind a stateless HelloVerifyRequest. */
  protected numberFrom(messageSeq: number): void {
    this.#nextMessage = messageSeq;
  }

  /** Puts a ChangeCipherSpec into the flight; what follows is protected. */
  protected queueChangeCipherSpec(keys: DirectionKeys): void {
    this.#building.push({ kind: 'change-cipher-spec', epoch: this.records.writeEpoch });
    this.records.changeWrite(this.#protection(keys));
  }

  /** Makes the peer's keys known, for when its ChangeCipherSpec comes. */
  protected readWith(keys: DirectionKeys): void {
    this.#readProtection = this.#protection(keys);
  }

  /** Sends the flight that was built. */
  protected sendFlight(number: number, awaitsAnswer: boolean): void {
    const answers = this.reassembly.next - 1;
    this.#flight = { number, items: this.#building, answers, awaitsAnswer };
    this.#building = [];
    this.#transmit(this.#flight, false);
    if (this.phase === 'failed') return;
    if (awaitsAnswer) this.#timer.start(this.#now);
    else this.#timer.stop();
  }

  /** The handshake is over and has succeeded. */
  protected connected(suite: CipherSuite): void {
    if (this.phase === 'failed') return;
    this.phase = 'connected';
    this.transcript.clear();
    if (this.config.quirks?.forgetsLastFlight === true) this.#flight = null;
    this.#timer.stop();
    this.#outputs.push({ type: 'connected', suite, extendedMasterSecret: this.extendedMasterSecret });
  }

  /** Ends the association for a reason, and tells the peer. */
  protected fail(failure: DtlsFailure): void {
    if (this.phase === 'failed') return;
    const alert = alertFor(failure);
    if (alert !== null) this.sendAlert(alert);
    this.phase = 'failed';
    this.#flight = null;
    this.#timer.stop();
    this.#outputs.push({ type: 'failed', failure });
  }

  /** Ends the association for a message that is not the one awaited. */
  protected refuse({ type }: HandshakeMessage): void {
    this.fail({ kind: isHandshakeType(type) ? 'unexpected-message' : 'unrecognized-message-type' });
  }

  protected discard(reason: DiscardReason, detail: string, fault: PlainKind | null = FAULTS[reason] ?? null): void {
    this.counters[reason]++;
    this.#outputs.push({ type: 'discarded', reason, detail, fault });
  }

  /** The longest data that a record takes; with a connection ID, its type counts among it. */
  get #maxData(): number {
    return this.ids.peer.length === 0 ? MAX_PLAINTEXT : MAX_INNER_PLAINTEXT - INNER_TYPE;
  }

  #protection(keys: DirectionKeys): RecordProtection {
    if (this.agreed === null) throw new TypeError('keys were made before the suite was agreed on');
    return new RecordProtection(this.config.provider, this.agreed.cipher, keys, this.config.random);
  }

  #handleRecord(record: DtlsRecord): void {
    if (this.phase === 'failed' || this.phase === 'idle') return this.discard('not-open', `in state ${this.phase}`);
    if (!this.#fits(record)) {
      const fault = this.agreed === null ? 'unknown-version' : 'protocol-version-changed';
      return this.discard('version', `0x${record.version.toString(16)}`, fault);
    }
    if (record.fragment.length > MAX_CIPHERTEXT) return this.discard('too-long', `${record.fragment.length} bytes`);
    const opened = this.records.open(record);
    if (opened.kind === 'early') return;
    if (opened.kind === 'discard') {
      const answers = opened.reason === 'authentication' && this.config.quirks?.answersBadRecords === true;
      if (answers && this.phase === 'connected') this.sendAlert({ level: FATAL, description: BAD_RECORD_MAC });
      return this.discard(opened.reason, `type ${record.type}, epoch ${record.epoch}`);
    }
    const { plaintext, type } = opened;
    if (opened.newest && record.cid !== undefined) this.#locatesPeer = true;
    if (plaintext.length > MAX_PLAINTEXT) return this.discard('too-long', `${plaintext.length} bytes`);
    switch (type) {
      case CHANGE_CIPHER_SPEC:
        return this.#handleChangeCipherSpec(plaintext);
      case ALERT:
        return this.#handleAlert(plaintext, record);
      case HANDSHAKE:
        return this.#handleHandshake(plaintext);
      case APPLICATION_DATA:
        if (record.epoch === 0) return this.discard('unexpected', 'application data in the clear');
        if (this.phase === 'connected' || record.sequence < this.#closedFrom)
          this.#outputs.push({ type: 'application-data', data: plaintext });
        return;
      default:
        return this.discard('unexpected', `record type ${type}`);
    }
  }

  /** Whether a record is of the version: in the clear of any, for a ClientHello that comes again says 1.0 for 1.2. */
  #fits({ version, epoch }: DtlsRecord): boolean {
    return epoch === 0 || this.#version === null ? isDtls(version) : version === this.#version;
  }

  #handleChangeCipherSpec(fragment: Uint8Array): void {
    if (fragment.length !== 1 || fragment[0] !== 1) {
      return this.discard('malformed', 'ChangeCipherSpec', 'bad-change-cipher-spec');
    }
    // One that overtook the messages before it is remembered until they have come.
    this.#peerChangedSpec = this.phase === 'handshaking';
    this.#changeRead();
  }

  #changeRead(): void {
    if (!this.#peerChangedSpec || !this.awaitsChangeCipherSpec || this.#readProtection === null) return;
    this.#peerChangedSpec = false;
    const early = this.records.changeRead(this.#readProtection);
    for (const record of early) this.#handleRecord(record);
  }

  #handleAlert(fragment: Uint8Array, { sequence }: DtlsRecord): void {
    const alert = parseAlert(fragment);
    if (alert === null) return this.discard('malformed', 'alert');
    const { level, description } = alert;
    if (description === CLOSE_NOTIFY && this.phase !== 'handshaking') {
      // RFC 5246 section 7.2.1: the answer to close_notify is close_notify.
      if (this.phase === 'connected') {
        this.close();
        this.#closedFrom = sequence;
      }
      this.#outputs.push({ type: 'close-notify' });
      return;
    }
    this.#outputs.push({ type: 'alert', level, description });
    if (level !== FATAL && description !== CLOSE_NOTIFY) return;
    this.phase = 'failed';
    this.#flight = null;
    this.#timer.stop();
    this.#outputs.push({ type: 'failed', failure: { kind: 'alert-received', level, description } });
  }

  #handleHandshake(bytes: Uint8Array): void {
    const fragments = parseFragments(bytes);
    if (fragments === null) return this.discard('malformed', 'handshake fragments');
    for (const fragment of fragments) {
      if (this.phase === 'connected' && (fragment.type === CLIENT_HELLO || fragment.type === HELLO_REQUEST)) {
        // Every handshake counts its messages from 0 (RFC 6347 section 4.2.2): by its number this would be an old one.
        if (fragment.offset === 0) this.#refuseRenegotiation();
        continue;
      }
      const fate = this.reassembly.add(fragment);
      if (fate === 'too-large') {
        if (this.phase === 'handshaking') return this.fail({ kind: 'message-too-large' });
        return this.discard('fragment', fate);
      }
      if (fate === 'old') {
        if (fragment.messageSeq === this.#flight?.answers) this.#peerRepeats = true;
      } else if (fate !== 'kept') {
        this.discard('fragment', fate);
      }
    }
    this.#takeMessages();
  }

  /** Deals with the messages that are complete and in order, up to a question. */
  #takeMessages(): void {
    while (this.#afterwards === null) {
      const message = this.reassembly.take();
      if (message === null) return;
      if (this.phase === 'connected') this.#refuseRenegotiation();
      else if (this.phase === 'handshaking') this.receive(message);
      this.#changeRead();
    }
  }

  /** A handshake on an established association is answered with a warning and otherwise ignored. */
  #refuseRenegotiation(): void {
    this.sendAlert({ level: WARNING, description: NO_RENEGOTIATION });
  }

  /** Sends an alert, and does not care what becomes of it. */
  sendAlert(alert: Alert): void {
    const bytes = this.records.write(ALERT, buildAlert(alert));
    if (bytes === null) return;
    const messages = [`Alert ${alertName(alert.description)}`];
    this.#outputs.push({ type: 'datagram', bytes, flight: 0, messages, retransmission: false });
  }

  /** Where a flight gets no answer again and again, its datagrams may be too large for the path (RFC 6347 §4.1.1.1). */
  #datagramSize(): number {
    if (this.#timer.retries >= RETRIES_BEFORE_SMALLER) this.#smaller = true;
    const { maxDatagram } = this.config;
    return this.#smaller ? Math.min(maxDatagram, SMALL_DATAGRAM) : maxDatagram;
  }

  #transmit(flight: Flight, retransmission: boolean): void {
    this.#timer.sent(this.#now);
    const datagrams = protectFlight(this.records, flight, this.#datagramSize(), this.overhead);
    // A peer can bring this about: a server's numbers go on from those of the ClientHello.
    if (datagrams === null) return this.fail({ kind: 'sequence-exhausted' });
    for (const { bytes, messages } of datagrams) {
      this.#outputs.push({ type: 'datagram', bytes, flight: flight.number, messages, retransmission });
    }
  }
}
