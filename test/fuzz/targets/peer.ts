import { suiteByName } from '../../../secure/crypto/suites.ts';
import { deriveKeys } from '../../../secure/dtls/key-schedule.ts';
import { Reassembly } from '../../../secure/dtls/reassembly.ts';
import { RecordProtection } from '../../../secure/dtls/record-protection.ts';
import { buildAlert } from '../../../secure/dtls/wire/alert.ts';
import { parseClientHello } from '../../../secure/dtls/wire/client-hello.ts';
import { buildFragment, CLIENT_HELLO, parseFragments, SERVER_HELLO } from '../../../secure/dtls/wire/handshake.ts';
import {
  APPLICATION_DATA,
  buildRecord,
  DTLS_1_2,
  HANDSHAKE,
  type DtlsRecord,
} from '../../../secure/dtls/wire/record.ts';
import { parseServerHello } from '../../../secure/dtls/wire/server-hello.ts';
import { datagramsOf, kindNamed, pairOf, type HandshakeKind } from '../../support/handshakes.ts';
import { memoProvider } from '../../support/memo-provider.ts';
import { recordsOf } from '../../support/records.ts';
import { equal, hold, type FuzzTarget } from '../target.ts';
import { concat } from '../../../secure/dtls/wire/writer.ts';

type End = 'client' | 'server';
const none = (): Uint8Array => new Uint8Array(16);

/** An end that reads protected records, and the other's keys. */
interface Reader {
  readonly kind: HandshakeKind;
  readonly end: End;
  /** What has come so far: everything, or all but the Finished message. */
  readonly before: readonly DtlsRecord[];
  readonly keys: () => RecordProtection;
  readonly finished: Uint8Array;
}

/** Client and server of a kind, connected and before the peer's Finished. */
function readersOf(kind: HandshakeKind): readonly Reader[] {
  const records = datagramsOf(kind).flatMap(({ from, bytes }) => recordsOf(bytes).map((record) => ({ from, record })));
  const find = (type: number): Uint8Array => {
    const bodies = records
      .filter(({ record }) => record.type === HANDSHAKE && record.epoch === 0)
      .flatMap(({ record }) => parseFragments(record.fragment) ?? [])
      .filter((fragment) => fragment.type === type);
    return bodies.at(-1)?.body ?? new Uint8Array(0);
  };
  let master: Uint8Array = new Uint8Array(0);
  pairOf(kind, undefined, { keyLog: (_label, _random, secret) => void (master = secret.slice()) }).run();
  const suite = suiteByName(kind.suite);
  const client = parseClientHello(find(CLIENT_HELLO));
  const server = parseServerHello(find(SERVER_HELLO));
  hold(suite !== null && client !== null && server !== null, 'the handshake is one');
  return (['client', 'server'] as const).flatMap((end) => {
    const from = end === 'client' ? 'server' : 'client';
    const keys = (): RecordProtection => {
      const both = deriveKeys(memoProvider, suite, master, client.random, server.random);
      return new RecordProtection(memoProvider, suite.cipher, both[from], none);
    };
    const all = records.filter((one) => one.from === from).map(({ record }) => record);
    // A server is there from the ClientHello with the cookie on.
    const before = all.slice(end === 'server' ? 1 : 0);
    const sealed = before.findIndex(({ epoch }) => epoch === 1);
    const finished = keys().open(before[sealed] ?? { type: 0, version: 0, epoch: 0, sequence: 0, fragment: none() });
    hold(finished !== null, 'the Finished message opens');
    const common = { kind, end, keys, finished };
    return [
      { ...common, before: before.slice(0, sealed) },
      { ...common, before: before.slice(0, sealed + 1) },
    ];
  });
}

const READERS = ['PSK', 'ECDSA', 'resumed'].flatMap((name) => readersOf(kindNamed(name)));

/** An input: which reader, then records as their type, two bytes of length, and plaintext. */
const inputOf = (index: number, type: number, plaintext: Uint8Array): Uint8Array =>
  Uint8Array.of(index, type, plaintext.length >>> 8, plaintext.length & 255, ...plaintext);

/** What a peer that has the keys may say: alerts, hellos, another Finished, ChangeCipherSpec, data. */
function seedsFor(finished: Uint8Array, index: number): readonly Uint8Array[] {
  const [fragment] = parseFragments(finished) ?? [];
  const next = (fragment?.messageSeq ?? 0) + 1;
  const hello = buildFragment({ type: CLIENT_HELLO, length: 4, messageSeq: next, offset: 0, body: new Uint8Array(2) });
  return [
    inputOf(index, HANDSHAKE, finished),
    inputOf(index, HANDSHAKE, hello),
    inputOf(index, 20, Uint8Array.of(1)),
    inputOf(index, 21, buildAlert({ level: 1, description: 0 })),
    inputOf(index, 21, buildAlert({ level: 2, description: 40 })),
    inputOf(index, 23, Uint8Array.of(1, 2, 3)),
  ];
}

/** Records that are genuine, of a peer that has the keys and says what it likes. */
export const peer: FuzzTarget = {
  name: 'peer',
  seeds: () => READERS.flatMap(({ finished }, index) => seedsFor(finished, index)),
  run: (input) => {
    const index = (input[0] ?? 0) % READERS.length;
    const reader = READERS[index];
    hold(reader !== undefined, 'there are readers');
    const pair = pairOf(reader.kind, () => []);
    const machine = pair[reader.end];
    if (reader.end === 'client') pair.client.start(0);
    for (const record of reader.before) machine.handleDatagram(buildRecord(record), 0);
    while (machine.poll() !== null);
    const wasConnected = machine.state === 'connected';
    const keys = reader.keys();
    const happened = new Set<string>();
    const [genuine] = parseFragments(reader.finished) ?? [];
    hold(genuine !== undefined, 'there is a Finished message');
    const said = new Reassembly(genuine.messageSeq, 16_384);
    let rest = input.subarray(1);
    for (let sequence = 100; rest.length >= 3 && sequence < 108; sequence++) {
      const [type = 0, high = 0, low = 0] = rest;
      const plain = { type, version: DTLS_1_2, epoch: 1, sequence, fragment: rest.subarray(3, 3 + high * 256 + low) };
      rest = rest.subarray(3 + plain.fragment.length);
      if (type === HANDSHAKE) for (const fragment of parseFragments(plain.fragment) ?? []) said.add(fragment);
      machine.handleDatagram(buildRecord({ ...plain, fragment: concat(...keys.seal(plain)) }), sequence * 1e8);
      for (let output = machine.poll(); output !== null; output = machine.poll()) {
        if (output.type === 'application-data') {
          hold(type === APPLICATION_DATA && equal(output.data, plain.fragment), 'data is as it was sent');
        }
        if (output.type === 'connected') {
          const message = said.take();
          hold(
            message !== null && equal(message.body, genuine.body),
            'nothing but the Finished message ends a handshake',
          );
        }
        happened.add(output.type === 'discarded' ? output.reason : output.type);
        if (output.type === 'failed') happened.add(output.failure.kind);
      }
    }
    const { state, deadline } = machine;
    hold(state === 'connected' || state === 'handshaking' || deadline === null, 'nobody waits for nothing');
    hold(!happened.has('connected') || !wasConnected, 'an association is made once');
    hold(!happened.has('authentication'), 'what is genuine opens');
    return `${index} ${state} ${[...happened].sort().join()}`;
  },
};
