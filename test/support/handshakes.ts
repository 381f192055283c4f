import assert from 'node:assert/strict';
import { demo, type DemoCredentials } from '../../apps/dtls-echo/credentials/demo.ts';
import { sameBytes } from '../../secure/bytes.ts';
import type { DtlsConfig, ResumableSession, Resumption } from '../../secure/dtls/config.ts';
import type { DtlsVersion } from '../../secure/dtls/version.ts';
import { DTLS_1_0, DTLS_1_2 } from '../../secure/dtls/wire/record.ts';
import { assertWorks, DtlsPair, FOUR_SUITES, pairConfig, type InFlight, type Wire } from './dtls-pair.ts';
import { memoProvider } from './memo-provider.ts';

const [ECDSA, RSA, TLS_RSA, PSK] = FOUR_SUITES;

/** A kind of handshake, as far as its messages differ. */
export interface HandshakeKind {
  readonly name: string;
  readonly suite: string;
  /** What the client shows, if the server asks. */
  readonly client?: DemoCredentials;
  readonly resumed?: boolean;
  /** What the server speaks; the client speaks 1.2 too. */
  readonly versions?: readonly DtlsVersion[];
}

export const HANDSHAKES: readonly HandshakeKind[] = [
  { name: 'ECDSA', suite: ECDSA },
  { name: 'ECDSA with a client certificate', suite: ECDSA, client: demo.client_ecdsa },
  { name: 'RSA', suite: RSA },
  { name: 'RSA with a client certificate', suite: RSA, client: demo.rsa },
  { name: 'PSK', suite: PSK },
  { name: 'TLS_RSA', suite: TLS_RSA },
  { name: 'resumed', suite: ECDSA, resumed: true },
  { name: '1.0', suite: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', client: demo.rsa, versions: [DTLS_1_0] },
];

export function kindNamed(name: string): HandshakeKind {
  const kind = HANDSHAKES.find((one) => one.name === name);
  assert(kind !== undefined, name);
  return kind;
}

/** One earlier association, offered again and again. */
class OneSession implements Resumption {
  session: ResumableSession | null = null;

  find(id: Uint8Array): ResumableSession | null {
    const { session } = this;
    if (session === null || (id.length > 0 && !sameBytes(id, session.id))) return null;
    return { ...session, master: session.master.slice() };
  }

  store(session: ResumableSession): void {
    this.session ??= session;
  }

  forget(): void {}
}

const identityOf = (credentials: DemoCredentials): NonNullable<DtlsConfig['identity']> => {
  const privateKey = memoProvider.importPrivateKey(credentials.private_key);
  assert(privateKey !== null);
  return { certificates: [credentials.certificate], privateKey };
};

const configs = new Map<HandshakeKind, Record<'client' | 'server', DtlsConfig>>();

/** The configurations of a kind, made once: importing keys takes longer than a handshake. */
function configsOf(kind: HandshakeKind): Record<'client' | 'server', DtlsConfig> {
  const known = configs.get(kind);
  if (known !== undefined) return known;
  const common = { provider: memoProvider, ...(kind.resumed === true ? { resumption: new OneSession() } : {}) };
  const made: Record<'client' | 'server', DtlsConfig> = {
    client: {
      ...pairConfig(kind.suite, 'client'),
      ...common,
      ...(kind.client === undefined ? {} : { identity: identityOf(kind.client) }),
      versions: [DTLS_1_2, ...(kind.versions ?? [])],
    },
    server: {
      ...pairConfig(kind.suite, 'server'),
      ...common,
      requestClientCertificate: kind.client !== undefined,
      versions: kind.versions ?? [DTLS_1_2],
    },
  };
  if (kind.resumed === true) assertWorks(new DtlsPair(made.client, made.server).run());
  configs.set(kind, made);
  return made;
}

/** A pair that is about to shake hands, always from the same seed. No end may send without end. */
export function pairOf(
  kind: HandshakeKind,
  wire: Wire = ({ bytes }) => [bytes],
  changes: Partial<DtlsConfig> = {},
): DtlsPair {
  const base = configsOf(kind);
  const config = (end: 'client' | 'server'): DtlsConfig => {
    const { random } = pairConfig(PSK, end);
    return { ...base[end], random, ...changes };
  };
  return new DtlsPair(config('client'), config('server'), (datagram) => {
    assert(datagram.index < 20_000, 'an end sends without end');
    return wire(datagram);
  });
}

/** The datagrams of a handshake that nothing disturbs. */
export function datagramsOf(kind: HandshakeKind, changes: Partial<DtlsConfig> = {}): readonly InFlight[] {
  const seen: InFlight[] = [];
  const pair = pairOf(
    kind,
    (datagram) => {
      seen.push(datagram);
      return [datagram.bytes];
    },
    changes,
  );
  assertWorks(pair.run());
  return seen;
}

/** How a handshake ended: `connected`, or why not; `silent` for a server that was never spoken to. */
export function endOf(pair: DtlsPair, end: 'client' | 'server'): string {
  const { state } = pair[end];
  if (state === 'connected') return state;
  if (state === 'handshaking' && end === 'server') return 'silent';
  assert.equal(state, 'failed');
  const [failure, ...more] = pair.failures(end);
  assert(failure !== undefined && more.length === 0, `${more.length} more failures`);
  return failure;
}

/**
 * Runs a handshake to its end and checks what holds however it ends: nobody waits any more; where both are connected data
 * goes both ways; and wiped machines take and send nothing. Gives how the client and the server ended.
 */
export function outcomeOf(pair: DtlsPair): { readonly client: string; readonly server: string } {
  // Both give up within 363 seconds; the server's may begin as the client's ends.
  pair.run(1000);
  assert.equal(pair.client.deadline, null);
  assert.equal(pair.server.deadline, null);
  const outcome = { client: endOf(pair, 'client'), server: endOf(pair, 'server') };
  if (outcome.client === 'connected' && outcome.server === 'connected') assertWorks(pair);
  assertWiped(pair);
  return outcome;
}

/** Wipes both ends; nothing that was on the wire moves them any more. */
export function assertWiped(pair: DtlsPair): void {
  const seen = (['client', 'server'] as const).map((end) => pair.outputs(end, 'datagram').map(({ bytes }) => bytes));
  for (const [index, end] of (['client', 'server'] as const).entries()) {
    const machine = pair[end];
    machine.wipe();
    assert(['closed', 'failed'].includes(machine.state));
    assert.equal(machine.deadline, null);
    assert(!machine.seal(new Uint8Array(1)).ok);
    for (const bytes of seen[1 - index] ?? []) machine.handleDatagram(bytes, pair.now);
    for (let output = machine.poll(); output !== null; output = machine.poll()) assert.equal(output.type, 'discarded');
  }
}
