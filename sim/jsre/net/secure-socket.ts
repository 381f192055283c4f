import { TX_NO_WAIT } from '../../../kernel/constants.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Suspension } from '../../../kernel/op.ts';
import { NX_SUCCESS } from '../../../netx/constants.ts';
import { formatAddressAndPort, type NXD_ADDRESS } from '../../../netx/nxd-address.ts';
import { secureState } from '../../../secure/device-state.ts';
import { clientRandom, isClientHello } from '../../../secure/dtls-demultiplex.ts';
import { DtlsClient } from '../../../secure/dtls/client.ts';
import type { DtlsFailure } from '../../../secure/dtls/failure.ts';
import type { DtlsConnection, DtlsOutput, DtlsQuestion } from '../../../secure/dtls/output.ts';
import { DtlsServer } from '../../../secure/dtls/server.ts';
import { sameBytes } from '../../../secure/bytes.ts';
import { chooseIdentity, requestedName } from './certificate-choice.ts';
import type { DtlsWork } from './dtls-thread.ts';
import { EACCES, EAGAIN, EBADF, ECONNABORTED, ECONNRESET, EMSGSIZE, ENOTCONN, EPROTO, ETIMEDOUT } from './errno.ts';
import { clientConfig, serverConfig } from './machine-config.ts';
import type { ClientSettings, NamedIdentity, ServerSettings } from './settings.ts';
import type { UdpEndpoint } from './udp-endpoint.ts';

/**
 * - `waiting`: a client has proved its address, and its handshake has not begun
 * - `handshaking`, `connected`
 * - `over`: it has ended, or could not be made; {@link SecureSocket.reason} tells why
 */
export type SecureState = 'waiting' | 'handshaking' | 'connected' | 'over';

/** Who a secure socket is. */
export type SecureRole =
  | { readonly role: 'client'; readonly settings: ClientSettings }
  | { readonly role: 'server'; readonly settings: ServerSettings | null };

/** The result of a call that transfers bytes: how many, or an error number. */
export type Transfer = { readonly ok: true; readonly bytes: number } | { readonly ok: false; readonly errno: number };

const failed = (errno: number): Transfer => ({ ok: false, errno });

/**
 * A UDP endpoint with a peer, and DTLS over it. The DTLS thread drives its protocol machine; tasks wait for what they want
 * of it. Data that has come waits as messages, each as it was sent.
 */
export class SecureSocket implements DtlsWork {
  readonly endpoint: UdpEndpoint;
  readonly role: 'client' | 'server';
  readonly #client: ClientSettings | null;
  #server: ServerSettings | null;
  /** What a client is shown, and whom to trust. */
  #chosen: NamedIdentity | null = null;
  #machine: DtlsConnection | null = null;
  #state: SecureState = 'waiting';
  #limit: number | null = null;
  /** Why it is over, as an error number; 0 while it is not. */
  reason = 0;
  /** The last error, until somebody asks for it. */
  #error = 0;
  readonly #messages: Uint8Array[] = [];
  #buffered = 0;
  /** The random of the ClientHello that a server's end began with. */
  #opening: Uint8Array | null = null;

  constructor(endpoint: UdpEndpoint, who: SecureRole) {
    this.endpoint = endpoint;
    this.role = who.role;
    this.#client = who.role === 'client' ? who.settings : null;
    this.#server = who.role === 'server' ? who.settings : null;
    if (who.role === 'server') endpoint.declines = (bytes) => this.#isOfAnother(bytes);
    endpoint.onArrival = () => this.#network.dtls.wake(this);
  }

  get state(): SecureState {
    return this.#state;
  }

  /** Bytes of data that wait to be received. */
  get pending(): number {
    return this.#buffered;
  }

  /** Whether a receive would not wait: there is data, or the end. */
  get readable(): boolean {
    return this.#messages.length > 0 || this.#state === 'over';
  }

  /** Whether a send would not wait. */
  get writable(): boolean {
    return this.#state === 'connected' || this.#state === 'over';
  }

  get deadline(): number | null {
    const machine = this.#machine?.deadline ?? null;
    if (this.#state !== 'handshaking' || this.#limit === null) return machine;
    return machine === null ? this.#limit : Math.min(machine, this.#limit);
  }

  /** How long its handshake may take, in milliseconds, where nobody says otherwise. */
  get handshakeTimeout(): number {
    return (this.#client ?? this.#server)?.handshakeTimeout ?? 0;
  }

  /** The last error, which is forgotten then; 0 for none. */
  takeError(): number {
    const error = this.#error;
    this.#error = 0;
    return error;
  }

  /** Makes a server's end that waits show the certificates of another server. */
  adopt(settings: ServerSettings): void {
    this.#server = settings;
  }

  /**
   * Begins the handshake, unless it has begun.
   *
   * @param milliseconds - how long it may take; what the settings say unless given
   */
  begin(milliseconds = this.handshakeTimeout): void {
    const { peer } = this.endpoint;
    if (this.#state !== 'waiting' || peer === null) return;
    const machine = this.#makeMachine(peer.ip);
    if (machine === null) return;
    this.#machine = machine;
    this.#state = 'handshaking';
    const { kernel, dtls } = this.#network;
    this.#limit = kernel.now + milliseconds * 1e6;
    if (machine instanceof DtlsClient) machine.start(kernel.now);
    dtls.add(this);
  }

  /** Does what has to be done: see {@link DtlsWork}. */
  *serve(): Generator<Suspension, void, unknown> {
    const { kernel } = this.#network;
    yield* this.#drain();
    for (let datagram = this.#next(); datagram !== null; datagram = this.#next()) {
      this.#machine?.handleDatagram(datagram, kernel.now);
      yield* this.#drain();
    }
    this.#machine?.handleTimeout(kernel.now);
    yield* this.#drain();
    if (this.#state === 'handshaking' && this.#limit !== null && kernel.now >= this.#limit) {
      this.#report({ type: 'dtls-failed', role: this.role, peer: this.peerText, reason: 'timeout' });
      this.#end(ETIMEDOUT);
    }
  }

  /**
   * Waits until the handshake is over; begins it where it has not begun.
   *
   * @param service - what the thread is in, for reports
   * @returns 0; `ETIMEDOUT`; why it failed
   */
  *connected(service: string, ticks: number): Generator<Suspension, number, unknown> {
    this.begin();
    const settled = (): boolean => this.#state === 'connected' || this.#state === 'over';
    if (!(yield* this.endpoint.changed.until(service, ticks, settled))) return ticks === 0 ? EAGAIN : ETIMEDOUT;
    return this.#state === 'connected' ? 0 : this.reason;
  }

  /**
   * Takes the next message, or as much of it as there is room for: what is left is the next message then.
   *
   * @returns how many bytes; `EAGAIN` or `ETIMEDOUT` where nothing came; `EBADF`; why it is over
   */
  *receive(into: Uint8Array, ticks: number): Generator<Suspension, Transfer, unknown> {
    this.begin();
    const arrived = yield* this.endpoint.changed.until('dtls.recv', ticks, () => this.readable);
    const [message] = this.#messages;
    if (message !== undefined) return { ok: true, bytes: this.#give(message, into) };
    if (!arrived) return failed(ticks === 0 ? EAGAIN : ETIMEDOUT);
    return failed(this.endpoint.isOpen ? this.reason : EBADF);
  }

  #give(message: Uint8Array, into: Uint8Array): number {
    const length = Math.min(message.length, into.length);
    into.set(message.subarray(0, length));
    if (length < message.length) this.#messages[0] = message.subarray(length);
    else this.#messages.shift();
    this.#buffered -= length;
    return length;
  }

  /**
   * Sends data as one message.
   *
   * @returns how many bytes; `EMSGSIZE` for more than a record or the send buffer takes; `EAGAIN`, `ETIMEDOUT` where the
   *   handshake is not over in time; `EBADF`; why it is over
   */
  *send(bytes: Uint8Array, ticks: number): Generator<Suspension, Transfer, unknown> {
    const errno = yield* this.connected('dtls.send', ticks);
    if (errno !== 0) return failed(errno);
    const machine = this.#machine;
    if (machine === null) return failed(ENOTCONN);
    const { before, after } = machine.overhead;
    if (before + bytes.length + after > this.endpoint.options.sendBufferSize) return failed(EMSGSIZE);
    const sealed = machine.seal(bytes);
    if (!sealed.ok) return failed(sealed.failure.kind === 'record-too-large' ? EMSGSIZE : EPROTO);
    const sent = yield* this.endpoint.send(sealed.record, null, ticks);
    if (sent !== 0) this.#error = sent;
    return sent === 0 ? { ok: true, bytes: bytes.length } : failed(sent);
  }

  /** Says close_notify, and gives everything up. */
  *close(): Generator<Suspension, void, unknown> {
    if (!this.endpoint.isOpen) return;
    const wasConnected = this.#state === 'connected';
    this.#machine?.close();
    if (wasConnected) this.#report({ type: 'dtls-closed', role: this.role, peer: this.peerText, by: 'us' });
    yield* this.#drain();
    this.#finish(EBADF);
    this.#messages.length = 0;
    this.#buffered = 0;
    yield* this.endpoint.close();
  }

  /** Ends it without a word: its peer has begun another. */
  abandon(): void {
    this.#end(ECONNRESET);
  }

  /** The peer, for reports. */
  get peerText(): string {
    const { peer } = this.endpoint;
    return peer === null ? 'nobody' : formatAddressAndPort(peer.ip, peer.port);
  }

  get #network(): UdpEndpoint['network'] {
    return this.endpoint.network;
  }

  get #kernel(): Kernel {
    return this.#network.kernel;
  }

  #makeMachine(peer: NXD_ADDRESS): DtlsClient | DtlsServer | null {
    if (this.#client !== null) return new DtlsClient(clientConfig(this.#network, peer, this.#client));
    const { first } = this.endpoint;
    if (first !== null) this.#opening = clientRandom(first.bytes);
    const settings = this.#server;
    if (settings === null) return null;
    this.#chosen = settings;
    return new DtlsServer(serverConfig(this.#network, peer, () => this.#chosen ?? settings));
  }

  /** Whether a datagram is the ClientHello of another association than this one: the peer has lost it and begins anew. */
  #isOfAnother(bytes: Uint8Array): boolean {
    if (!isClientHello(bytes)) return false;
    const opening = this.#opening ?? (this.endpoint.first === null ? null : clientRandom(this.endpoint.first.bytes));
    const random = clientRandom(bytes);
    return opening !== null && random !== null && !sameBytes(opening, random);
  }

  #next(): Uint8Array | null {
    return this.#machine === null || this.#state === 'over' ? null : (this.endpoint.take()?.bytes ?? null);
  }

  /** Sends what the machine has to send, and takes note of what happened to it. */
  *#drain(): Generator<Suspension, void, unknown> {
    const kernel = this.#kernel;
    const machine = this.#machine;
    if (machine === null) return;
    // Nothing leaves before the processor has spent the time that it took to make it.
    const began = kernel.now;
    yield* kernel.finish(NX_SUCCESS);
    if (kernel.now > began) machine.postpone(kernel.now - began);
    for (let output = machine.poll(); output !== null; output = machine.poll()) {
      if (output.type === 'datagram') {
        const { flight, messages, retransmission } = output;
        this.#report({ type: 'dtls-flight', role: this.role, peer: this.peerText, flight, messages, retransmission });
        yield* this.endpoint.send(output.bytes, null, TX_NO_WAIT);
      } else if (output.type === 'question') {
        this.#decide(output.question);
        machine.answer(null, kernel.now);
      } else {
        this.#note(output);
      }
    }
  }

  #decide(question: DtlsQuestion): void {
    const settings = this.#server;
    if (question.about !== 'client-hello' || settings === null) return;
    this.#chosen = chooseIdentity(settings, requestedName(question.extensions), this.endpoint.local);
  }

  #note(output: DtlsOutput): void {
    const { role, peerText: peer } = this;
    switch (output.type) {
      case 'connected':
        if (this.#state !== 'handshaking') return;
        this.#state = 'connected';
        this.#report({ type: 'dtls-connected', role, peer, suite: output.suite.name });
        return this.#changed();
      case 'application-data':
        return this.#keep(output.data);
      case 'close-notify':
        this.#report({ type: 'dtls-closed', role, peer, by: 'peer' });
        return this.#end(ECONNRESET);
      case 'failed':
        this.#report({ type: 'dtls-failed', role, peer, reason: output.failure.kind });
        return this.#end(this.#errnoOf(output.failure));
      case 'discarded':
        return this.#report({ type: 'dtls-discarded', role, peer, reason: `${output.reason}: ${output.detail}` });
      case 'alert':
      case 'datagram':
      case 'question':
    }
  }

  #errnoOf(failure: DtlsFailure): number {
    switch (failure.kind) {
      case 'timeout':
        return ETIMEDOUT;
      case 'certificate':
      case 'empty-certificate':
        return EACCES;
      case 'alert-received':
        return this.#state === 'connected' ? ECONNRESET : ECONNABORTED;
      default:
        return EPROTO;
    }
  }

  #keep(data: Uint8Array): void {
    if (data.length === 0) return;
    if (this.#buffered > 0 && this.#buffered + data.length > this.endpoint.options.recvBufferSize) {
      const reason = `no room: ${this.#buffered} bytes wait to be received`;
      return this.#report({ type: 'dtls-discarded', role: this.role, peer: this.peerText, reason });
    }
    this.#messages.push(data);
    this.#buffered += data.length;
    this.#changed();
  }

  /** It is over, for a reason that the program is to hear of. */
  #end(errno: number): void {
    if (this.#state === 'over') return;
    this.#error = errno;
    this.#finish(errno);
  }

  #finish(errno: number): void {
    if (this.#state !== 'over') this.reason = errno;
    this.#state = 'over';
    this.#network.dtls.remove(this);
    this.#machine?.wipe();
    this.#machine = null;
    this.#changed();
  }

  #changed(): void {
    this.endpoint.changed.wake(this.#kernel);
  }

  #report(event: Parameters<NonNullable<ReturnType<typeof secureState>['trace']>['record']>[0]): void {
    secureState(this.#kernel).trace?.record(event);
  }
}
