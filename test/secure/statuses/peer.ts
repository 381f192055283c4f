import { CookieExchange } from '../../../secure/dtls/cookie.ts';
import { DtlsClient } from '../../../secure/dtls/client.ts';
import type { DtlsConfig } from '../../../secure/dtls/config.ts';
import { DtlsServer } from '../../../secure/dtls/server.ts';
import { APPLICATION_DATA, DTLS_1_2 } from '../../../secure/dtls/wire/record.ts';
import { PEER, pairConfig } from '../../support/dtls-pair.ts';

const SUITE = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';

/** The other end, as far as bytes go. */
export interface Peer {
  /** What it sends of its own accord. */
  readonly begin: () => readonly Uint8Array[];
  /** What it sends for a datagram. */
  readonly answer: (datagram: Uint8Array) => readonly Uint8Array[];
}

/** What a peer that has the right keys does wrong. */
export interface Lies {
  readonly suite?: string;
  readonly config?: Partial<DtlsConfig>;
  /** Another handshake message in place of the right one; what follows is computed from the lie. */
  readonly message?: (type: number, body: Uint8Array) => readonly [type: number, body: Uint8Array];
  /** Another datagram in place of the right one, which no computation knows of. */
  readonly datagram?: (bytes: Uint8Array, messages: readonly string[]) => Uint8Array;
  /** What it sends once the handshake is over. */
  readonly afterwards?: (seal: Seal) => readonly Uint8Array[];
}

/** Makes a record that is protected with the right keys, of whatever type and version. */
export type Seal = (type: number, fragment: Uint8Array, version?: number) => Uint8Array;

type Machine = (DtlsServer | DtlsClient) & { readonly seals: Seal };

class LyingServer extends DtlsServer {
  readonly #message: Lies['message'];

  constructor(config: DtlsConfig, lies: Lies) {
    super(config);
    this.#message = lies.message;
  }

  readonly seals: Seal = (type, fragment, version = DTLS_1_2) =>
    this.records.write(type, fragment, this.records.writeEpoch, version) ?? fragment;

  protected override queue(type: number, body: Uint8Array): void {
    super.queue(...(this.#message?.(type, body) ?? [type, body]));
  }
}

class LyingClient extends DtlsClient {
  readonly #message: Lies['message'];

  constructor(config: DtlsConfig, lies: Lies) {
    super(config);
    this.#message = lies.message;
  }

  readonly seals: Seal = (type, fragment, version = DTLS_1_2) =>
    this.records.write(type, fragment, this.records.writeEpoch, version) ?? fragment;

  protected override queue(type: number, body: Uint8Array): void {
    super.queue(...(this.#message?.(type, body) ?? [type, body]));
  }
}

/** Everything that a machine has to send, with the lies of its owner; data goes back to where it came from. */
function* sendsOf(machine: Machine, lies: Lies): Generator<Uint8Array> {
  for (let output = machine.poll(); output !== null; output = machine.poll()) {
    if (output.type === 'datagram') yield lies.datagram?.(output.bytes, output.messages) ?? output.bytes;
    if (output.type === 'connected') yield* lies.afterwards?.(machine.seals) ?? [];
    if (output.type === 'application-data') yield machine.seals(APPLICATION_DATA, output.data);
  }
}

/** A server at the other end, for the device's client session. */
export const server =
  (lies: Lies = {}): (() => Peer) =>
  () => {
    const config = { ...pairConfig(lies.suite ?? SUITE, 'server'), ...lies.config };
    const cookies = new CookieExchange(config.provider, config.random);
    const machine = new LyingServer(config, lies);
    let verified = false;
    return {
      begin: () => [],
      answer: (datagram) => {
        if (!verified) {
          const answer = cookies.answer(datagram, PEER);
          if (answer.verdict === 'verify') return [answer.reply];
          verified = answer.verdict === 'verified';
        }
        machine.handleDatagram(datagram, 0);
        return [...sendsOf(machine, lies)];
      },
    };
  };

/** A client at the other end, for the device's server. */
export const client =
  (lies: Lies = {}): (() => Peer) =>
  () => {
    const machine = new LyingClient({ ...pairConfig(lies.suite ?? SUITE, 'client'), ...lies.config }, lies);
    return {
      begin: () => {
        machine.start(0);
        return [...sendsOf(machine, lies)];
      },
      answer: (datagram) => {
        machine.handleDatagram(datagram, 0);
        return [...sendsOf(machine, lies)];
      },
    };
  };
