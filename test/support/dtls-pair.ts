import assert from 'node:assert/strict';
import { nodeProvider } from '../../secure/crypto/node-provider.ts';
import type { CryptoProvider, PublicKey } from '../../secure/crypto/provider.ts';
import { CIPHER_SUITES, isPsk, suiteByName, type CipherSuite } from '../../secure/crypto/suites.ts';
import { DtlsClient } from '../../secure/dtls/client.ts';
import type { DtlsConfig } from '../../secure/dtls/config.ts';
import { CookieExchange } from '../../secure/dtls/cookie.ts';
import type { DtlsConnection, DtlsOutput } from '../../secure/dtls/output.ts';
import { DtlsServer } from '../../secure/dtls/server.ts';
import { parseCertificate } from '../../secure/x509/certificate.ts';
import { RandomSource } from '../../sim/random.ts';
import { demo } from '../../apps/dtls-echo/credentials/demo.ts';

const SECOND = 1e9;
export const PEER = Uint8Array.of(192, 168, 1, 10, 0xc0, 0x00);

/** A datagram on its way, and what a test may do with it. */
export interface InFlight {
  readonly from: 'client' | 'server';
  /** How many datagrams this end has sent before. */
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly output: DtlsOutput & { type: 'datagram' };
}

/** What reaches the other end: nothing, the datagram, several. Later ones may be let through with others. */
export type Wire = (datagram: InFlight) => readonly Uint8Array[];

const importKey = (provider: CryptoProvider, der: Uint8Array): NonNullable<DtlsConfig['identity']>['privateKey'] => {
  const key = provider.importPrivateKey(der);
  if (key === null) throw new Error('the demo key cannot be imported');
  return key;
};

function trustAnything(provider: CryptoProvider, chain: readonly Uint8Array[]): ReturnType<DtlsConfig['verifyPeer']> {
  const [leaf] = chain;
  const parsed = leaf === undefined ? null : parseCertificate(leaf);
  const key: PublicKey | null = parsed?.ok === true ? provider.importPublicKey(parsed.certificate.spki) : null;
  return key === null
    ? { ok: false, failure: { kind: 'certificate', reason: 'unreadable', alert: 42 } }
    : { ok: true, publicKey: key };
}

/** What both ends of a test are configured with, before a test changes it. */
export function pairConfig(
  suite: string,
  end: 'client' | 'server',
  seed = 1,
  provider: CryptoProvider = nodeProvider,
): DtlsConfig {
  const wanted: CipherSuite | null = suiteByName(suite);
  const random = new RandomSource(seed).stream(end);
  const credentials = wanted?.keyExchange === 'ecdhe_ecdsa' ? demo.ecdsa : demo.rsa;
  const usesPsk = wanted !== null && isPsk(wanted);
  const psk = { identity: Uint8Array.of(1, 2, 3), key: Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2) };
  return {
    provider,
    random: (length) => random.bytes(length),
    suites: wanted === null ? CIPHER_SUITES : [wanted],
    groups: ['secp256r1', 'secp384r1'],
    ...(end === 'server' && !usesPsk
      ? {
          identity: {
            certificates: [credentials.certificate],
            privateKey: importKey(provider, credentials.private_key),
          },
        }
      : {}),
    ...(usesPsk
      ? {
          pskForHint: () => psk,
          pskForIdentity: (identity: Uint8Array) => (identity[0] === 1 ? psk.key : null),
          pskHint: Uint8Array.of(5),
        }
      : {}),
    verifyPeer: (chain) => trustAnything(provider, chain),
    maxDatagram: 1400,
    retransmit: { initial: SECOND, max: 60 * SECOND, retries: 10, shift: 1 },
    maxHandshakeMessage: 16_384,
  };
}

/** A client and a server joined by a wire that a test may cut, in virtual time. */
export class DtlsPair {
  readonly client: DtlsClient;
  readonly server: DtlsServer;
  now = 0;
  readonly events: { readonly end: 'client' | 'server'; readonly output: DtlsOutput }[] = [];
  readonly received: Record<'client' | 'server', Uint8Array[]> = { client: [], server: [] };
  readonly sent: Record<'client' | 'server', number> = { client: 0, server: 0 };
  readonly #wire: Wire;
  readonly #cookies: CookieExchange;
  #serverBegun = false;

  constructor(client: DtlsConfig | DtlsClient, server: DtlsConfig, wire: Wire = ({ bytes }) => [bytes]) {
    this.client = client instanceof DtlsClient ? client : new DtlsClient(client);
    this.server = new DtlsServer(server);
    this.#wire = wire;
    this.#cookies = new CookieExchange(server.provider, server.random);
  }

  /** The outputs of one end of one type. */
  outputs<T extends DtlsOutput['type']>(end: 'client' | 'server', type: T): readonly (DtlsOutput & { type: T })[] {
    return this.events
      .filter((event) => event.end === end)
      .map((event) => event.output)
      .filter((output): output is DtlsOutput & { type: T } => output.type === type);
  }

  /** Why an end failed. */
  failures(end: 'client' | 'server'): readonly string[] {
    return this.outputs(end, 'failed').map(({ failure }) => failure.kind);
  }

  /** Starts the client and lets time pass until both ends are quiet, or the limit (in seconds) is reached. */
  run(limit = 400): this {
    if (this.client.state === 'idle') this.client.start(this.now);
    for (;;) {
      this.settle();
      const deadlines = [this.client.deadline, this.server.deadline].filter((deadline) => deadline !== null);
      const next = Math.min(...deadlines);
      if (deadlines.length === 0 || next > limit * SECOND) {
        this.settle();
        return this;
      }
      this.now = next;
      this.client.handleTimeout(this.now);
      this.server.handleTimeout(this.now);
    }
  }

  /** Lets everything that can happen without time passing happen. */
  settle(): void {
    for (let moved = true; moved;) {
      moved = this.#drain('client', this.client);
      moved = this.#drain('server', this.server) || moved;
    }
  }

  /** Sends application data from one end; what arrives is in {@link DtlsPair.received}. */
  send(from: 'client' | 'server', data: Uint8Array): void {
    const sealed = this[from].seal(data);
    if (!sealed.ok) throw new Error(`sealing failed: ${sealed.failure.kind}`);
    this.deliver(from === 'client' ? 'server' : 'client', sealed.record);
    this.settle();
  }

  /** Hands a datagram to an end, as if it came over the wire. */
  deliver(to: 'client' | 'server', bytes: Uint8Array): void {
    if (to === 'client') {
      this.client.handleDatagram(bytes, this.now);
      return;
    }
    if (!this.#serverBegun) {
      const answer = this.#cookies.answer(bytes, PEER);
      if (answer.verdict === 'verify') this.#pass('server', answer.reply, ['HelloVerifyRequest']);
      if (answer.verdict !== 'verified') return;
      this.#serverBegun = true;
    }
    this.server.handleDatagram(bytes, this.now);
  }

  #drain(end: 'client' | 'server', machine: DtlsConnection): boolean {
    let moved = false;
    for (let output = machine.poll(); output !== null; output = machine.poll()) {
      moved = true;
      this.events.push({ end, output });
      if (output.type === 'application-data') this.received[end].push(output.data);
      if (output.type === 'datagram') this.#pass(end, output.bytes, output.messages, output);
    }
    return moved;
  }

  #pass(
    from: 'client' | 'server',
    bytes: Uint8Array,
    messages: readonly string[],
    output: DtlsOutput & { type: 'datagram' } = { type: 'datagram', bytes, flight: 2, messages, retransmission: false },
  ): void {
    const index = this.sent[from]++;
    for (const arriving of this.#wire({ from, index, bytes, output })) {
      this.deliver(from === 'client' ? 'server' : 'client', arriving);
    }
  }
}

export const FOUR_SUITES = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_RSA_WITH_AES_128_CBC_SHA256',
  'TLS_PSK_WITH_AES_128_CCM_8',
] as const;

/** A client and a server with one suite, connected over a good wire. */
export function connect(suite: string): DtlsPair {
  return new DtlsPair(pairConfig(suite, 'client'), pairConfig(suite, 'server')).run();
}

/** Both ends are connected, and data goes both ways. */
export function assertWorks(pair: DtlsPair): void {
  assert.equal(pair.client.state, 'connected');
  assert.equal(pair.server.state, 'connected');
  for (const [from, to] of [
    ['client', 'server'],
    ['server', 'client'],
  ] as const) {
    pair.send(from, new TextEncoder().encode(`from the ${from}`));
    assert.equal(new TextDecoder().decode(pair.received[to].at(-1)), `from the ${from}`);
  }
}
