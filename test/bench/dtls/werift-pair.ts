/**
 * A peer that is a JavaScript stack too: werift-dtls, client and server joined in memory. It verifies no chain, has neither
 * IP nor packets beneath it, and takes X25519 by itself.
 */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { stopwatch, wallClock } from './stopwatch.ts';
import type { Suite } from './suites.ts';

interface WeriftTransport {
  onData: (data: Buffer) => void;
  send: (data: Buffer) => Promise<void>;
  close: () => void;
}

interface WeriftOptions {
  readonly transport: WeriftTransport;
  readonly cert?: string;
  readonly key?: string;
  readonly signatureHash?: { readonly hash: number; readonly signature: number };
  readonly extendedMasterSecret: boolean;
}

interface WeriftSocket {
  readonly onConnect: { once(listener: () => void): void };
  readonly onData: { subscribe(listener: (data: Buffer) => void): void };
  connect(): Promise<void>;
  send(data: Buffer): Promise<void>;
}

interface WeriftModule {
  readonly DtlsClient: new (options: WeriftOptions) => WeriftSocket;
  readonly DtlsServer: new (options: WeriftOptions) => WeriftSocket;
}

const SHA256 = 4;
const SIGNATURES = { ecdsa: 3, rsa: 1 } as const;
/** Handshakes that go on at once, so that its pauses cost nothing. */
const AT_ONCE = 20;
const IN_TURN = 20;

// The package's own entry point names a file that it does not have.
const load = (): WeriftModule => createRequire(import.meta.url)('werift-dtls/lib/dtls/src/index.js') as WeriftModule;

function transports(): readonly [WeriftTransport, WeriftTransport] {
  const make = (): WeriftTransport => ({
    onData: () => undefined,
    send: () => Promise.resolve(),
    close: () => undefined,
  });
  const [a, b] = [make(), make()];
  const join = (from: WeriftTransport, to: WeriftTransport): void => {
    from.send = (data) => {
      setImmediate(() => to.onData(data));
      return Promise.resolve();
    };
  };
  join(a, b);
  join(b, a);
  return [a, b];
}

/** What werift-dtls does a second. */
export interface WeriftRates {
  readonly handshakes: number;
  /** One after the other, by the wall clock. */
  readonly inTurn: number;
  readonly small: number;
  readonly large: number;
}

/** Null for suites that it does not have. */
export async function weriftPair(suite: Suite, handshakes: number, records: number): Promise<WeriftRates | null> {
  if (suite.auth === 'psk' || !suite.name.startsWith('TLS_ECDHE')) return null;
  const { DtlsClient, DtlsServer } = load();
  const folder = new URL('../../../apps/dtls-echo/credentials/', import.meta.url);
  const read = (name: string): string => readFileSync(new URL(`server-${suite.auth}${name}`, folder), 'latin1');
  const cert = read('.pem');
  const key = createPrivateKey(read('.key.pem')).export({ type: 'pkcs8', format: 'pem' }).toString();
  const signatureHash = { hash: SHA256, signature: SIGNATURES[suite.auth] };

  const connect = async (): Promise<readonly [WeriftSocket, WeriftSocket]> => {
    const [near, far] = transports();
    const server = new DtlsServer({ transport: far, cert, key, signatureHash, extendedMasterSecret: true });
    const client = new DtlsClient({ transport: near, extendedMasterSecret: true });
    const connected = new Promise<void>((resolve) => client.onConnect.once(resolve));
    void client.connect();
    await connected;
    return [client, server];
  };
  const connectMany = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, connect));
  };
  const send = async ([client, server]: readonly [WeriftSocket, WeriftSocket], length: number): Promise<number> => {
    let received = 0;
    const data = Buffer.alloc(length, 0x5a);
    const all = new Promise<void>((resolve) => {
      server.onData.subscribe(() => {
        if (++received === records) resolve();
      });
    });
    const elapsed = stopwatch();
    for (let sent = 0; sent < records; sent++) await client.send(data);
    await all;
    return records / elapsed();
  };

  await connectMany(AT_ONCE);
  const elapsed = stopwatch();
  await connectMany(handshakes);
  const rate = handshakes / elapsed();
  const waited = wallClock();
  for (let done = 0; done < IN_TURN; done++) await connect();
  const inTurn = IN_TURN / waited();
  return { handshakes: rate, inTurn, small: await send(await connect(), 64), large: await send(await connect(), 1024) };
}
