import type { Suspension } from '../../../kernel/op.ts';
import { sameBytes } from '../../../secure/bytes.ts';
import { clientRandom, isClientHello } from '../../../secure/dtls-demultiplex.ts';
import { DtlsClient } from '../../../secure/dtls/client.ts';
import type { DtlsQuestion } from '../../../secure/dtls/output.ts';
import { DtlsServer } from '../../../secure/dtls/server.ts';
import { ERRNO } from '../runtime/errno.ts';
import { chooseIdentity, requestedName } from './certificate-choice.ts';
import type { DtlsWork } from './dtls-thread.ts';
import { clientConfig, serverConfig } from './machine-config.ts';
import { MachineDriver, type AssociationEvents } from './machine-driver.ts';
import { MessageQueue } from './message-queue.ts';
import type { JsreNetwork } from './network.ts';
import type { ClientSettings, NamedIdentity, ServerSettings } from './settings.ts';
import type { UdpEndpoint } from './udp-endpoint.ts';

/**
 * - `waiting`: a client has proved its address, and its handshake has not begun
 * - `handshaking`, `connected`
 * - `over`: it has ended, or could not be made; {@link SecureSocket.reason} tells why
 */
export type AssociationState = 'waiting' | 'handshaking' | 'connected' | 'over';

/** Who a secure socket is. */
export type SecureRole =
  | { readonly role: 'client'; readonly settings: ClientSettings }
  | { readonly role: 'server'; readonly settings: ServerSettings | null };

/** The result of a call that transfers bytes: how many, or an error number. */
export type Transfer =
  | { readonly ok: true; readonly bytes: number }
  | {
      readonly ok: false;
      readonly errno: number;
      /** Whether it may work another time: only the time is over, not the connection. */
      readonly again: boolean;
    };

const failed = (errno: number): Transfer => ({ ok: false, errno, again: false });

/** The error number of a wait whose time is over. */
const lateness = (ticks: number): number => (ticks === 0 ? ERRNO.EAGAIN : ERRNO.ETIMEDOUT);

/**
 * A UDP endpoint with a peer, and DTLS over it. The DTLS thread drives its protocol machine; tasks wait for what they want
 * of it. Data that has come waits as messages, each as it was sent.
 */
export class SecureSocket implements DtlsWork, AssociationEvents {
  readonly endpoint: UdpEndpoint;
  readonly role: 'client' | 'server';
  readonly #client: ClientSettings | null;
  #server: ServerSettings | null;
  /** What a client is shown, and whom to trust. */
  #chosen: NamedIdentity | null = null;
  #driver: MachineDriver | null = null;
  #state: AssociationState = 'waiting';
  /** When the handshake has to be over, in virtual nanoseconds. */
  #limit = Infinity;
  #reason = 0;
  #error = 0;
  readonly #messages = new MessageQueue();
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

  get state(): AssociationState {
    return this.#state;
  }

  /** Why it is over, as an error number; 0 while it is not. */
  get reason(): number {
    return this.#reason;
  }

  /** Bytes of data that wait to be received. */
  get pending(): number {
    return this.#messages.bytes;
  }

  /** Whether a receive would not wait: there is data, or the end. */
  get readable(): boolean {
    return !this.#messages.isEmpty || this.#state === 'over';
  }

  /** Whether a send would not wait. */
  get writable(): boolean {
    return this.#state === 'connected' || this.#state === 'over';
  }

  get deadline(): number | null {
    const deadline = Math.min(this.#driver?.machine.deadline ?? Infinity, this.#limit);
    return deadline === Infinity ? null : deadline;
  }

  /** The last error, which is forgotten then; 0 for none. */
  takeError(): number {
    const error = this.#error;
    this.#error = 0;
    return error;
  }

  /** Makes a server's end whose handshake has not begun show the certificates of another server. */
  adopt(settings: ServerSettings): void {
    this.#server = settings;
  }

  /** Begins the handshake, unless it has begun. */
  begin(): void {
    const { peer } = this.endpoint;
    const settings = this.#client ?? this.#server;
    if (this.#state !== 'waiting' || peer === null || settings === null) return;
    const { kernel, dtls } = this.#network;
    if (this.#client !== null) {
      const machine = new DtlsClient(clientConfig(this.#network, peer.ip, this.#client));
      this.#driver = new MachineDriver(machine, this.endpoint, 'client', this);
      machine.start(kernel.now);
    } else {
      const { first } = this.endpoint;
      this.#opening = first === null ? null : clientRandom(first.bytes);
      const chosen = (): NamedIdentity => this.#chosen ?? this.#server ?? failChoice();
      const machine = new DtlsServer(serverConfig(this.#network, peer.ip, chosen));
      this.#driver = new MachineDriver(machine, this.endpoint, 'server', this);
    }
    this.#state = 'handshaking';
    this.#limit = kernel.now + settings.handshakeTimeout * 1e6;
    dtls.add(this);
  }

  /** Deals with what has come and what is due: see {@link DtlsWork}. */
  *serve(): Generator<Suspension, void, unknown> {
    const { kernel } = this.#network;
    const driver = this.#driver;
    if (driver === null) return;
    yield* driver.drain();
    while (this.#driver === driver) {
      const datagram = this.endpoint.take();
      if (datagram === null) break;
      driver.machine.handleDatagram(datagram.bytes, kernel.now);
      yield* driver.drain();
    }
    if (this.#driver !== driver) return;
    driver.machine.handleTimeout(kernel.now);
    yield* driver.drain();
    if (this.#state === 'handshaking' && kernel.now >= this.#limit) driver.giveUp();
  }

  /**
   * Waits until the handshake is over; begins it where it has not begun.
   *
   * @param service - what the thread is in, for reports
   * @returns 0; `EAGAIN` or `ETIMEDOUT` where it is not over in time; why it failed
   */
  *connection(service: string, ticks: number): Generator<Suspension, number, unknown> {
    this.begin();
    const settled = (): boolean => this.writable;
    if (!(yield* this.endpoint.changed.until(service, ticks, settled))) return lateness(ticks);
    return this.#reason;
  }

  /**
   * Takes the next message, or as much of it as there is room for: what is left is the next message then.
   *
   * @returns how many bytes; `EAGAIN` or `ETIMEDOUT` where nothing came; why it is over
   */
  *receive(into: Uint8Array, ticks: number): Generator<Suspension, Transfer, unknown> {
    this.begin();
    const arrived = yield* this.endpoint.changed.until('dtls.recv', ticks, () => this.readable);
    if (!this.#messages.isEmpty) return { ok: true, bytes: this.#messages.take(into) };
    return arrived ? failed(this.#reason) : { ok: false, errno: lateness(ticks), again: true };
  }

  /**
   * Sends data as one message; waits for the handshake to be over.
   *
   * @returns how many bytes; `EMSGSIZE` for more than a record or the send buffer takes; `EAGAIN`, `ETIMEDOUT` where the
   *   handshake is not over in time; `ENOBUFS`, `ENETUNREACH`; why it is over
   */
  *send(bytes: Uint8Array, ticks: number): Generator<Suspension, Transfer, unknown> {
    const errno = yield* this.connection('dtls.send', ticks);
    if (errno !== 0) return { ok: false, errno, again: this.#state !== 'over' };
    const machine = this.#driver?.machine;
    if (machine === undefined) return failed(ERRNO.ENOTCONN);
    if (bytes.length === 0) return { ok: true, bytes: 0 };
    const { before, after } = machine.overhead;
    if (before + bytes.length + after > this.endpoint.options.sendBufferSize) return failed(ERRNO.EMSGSIZE);
    const sealed = machine.seal(bytes);
    if (!sealed.ok) return failed(sealed.failure.kind === 'record-too-large' ? ERRNO.EMSGSIZE : ERRNO.EPROTO);
    const sent = yield* this.endpoint.send(sealed.record, null, ticks);
    if (sent === 0) return { ok: true, bytes: bytes.length };
    this.#error = sent;
    return failed(sent);
  }

  /** Says close_notify, and gives everything up. */
  *close(): Generator<Suspension, void, unknown> {
    if (!this.endpoint.isOpen) return;
    const driver = this.#driver;
    driver?.close();
    if (driver !== null) yield* driver.drain();
    this.#finish(ERRNO.EBADF);
    this.#messages.clear();
    yield* this.endpoint.close();
  }

  asked(question: DtlsQuestion): void {
    if (question.about !== 'client-hello' || this.#server === null) return;
    this.#chosen = chooseIdentity(this.#server, requestedName(question.extensions), this.endpoint.local);
  }

  connected(): void {
    this.#state = 'connected';
    this.#limit = Infinity;
    this.#changed();
  }

  received(data: Uint8Array): boolean {
    const isKept = this.#messages.add(data, this.endpoint.options.recvBufferSize);
    if (isKept) this.#changed();
    return isKept;
  }

  ended(errno: number): void {
    if (this.#state === 'over') return;
    this.#error = errno;
    this.#finish(errno);
  }

  get #network(): JsreNetwork {
    return this.endpoint.network;
  }

  /** Whether a datagram is the ClientHello of another association than this one: the peer has lost it and begins anew. */
  #isOfAnother(bytes: Uint8Array): boolean {
    const { first } = this.endpoint;
    const opening = this.#opening ?? (first === null ? null : clientRandom(first.bytes));
    const random = isClientHello(bytes) ? clientRandom(bytes) : null;
    return opening !== null && random !== null && !sameBytes(opening, random);
  }

  #finish(errno: number): void {
    if (this.#state !== 'over') this.#reason = errno;
    this.#state = 'over';
    this.#network.dtls.remove(this);
    // What the peer still sends is for the association after this one, if there is.
    this.endpoint.declines = () => true;
    this.#driver?.machine.wipe();
    this.#driver = null;
    this.#changed();
  }

  #changed(): void {
    this.endpoint.changed.wake(this.#network.kernel);
  }
}

function failChoice(): never {
  throw new TypeError("a server's handshake has begun without certificates");
}
