import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import type { DtlsConfig } from '../../../secure/dtls/config.ts';
import { deriveKeys } from '../../../secure/dtls/key-schedule.ts';
import type { DiscardReason } from '../../../secure/dtls/output.ts';
import { RecordProtection } from '../../../secure/dtls/record-protection.ts';
import { buildFragment, CLIENT_HELLO, parseFragments } from '../../../secure/dtls/wire/handshake.ts';
import {
  APPLICATION_DATA,
  buildRecord,
  DTLS_1_2,
  HANDSHAKE,
  MAX_CIPHERTEXT,
  MAX_PLAINTEXT,
  MAX_SEQUENCE,
  parseRecord,
  type DtlsRecord,
} from '../../../secure/dtls/wire/record.ts';
import { parseServerHello } from '../../../secure/dtls/wire/server-hello.ts';
import { assertWorks, connect, DtlsPair, FOUR_SUITES, pairConfig } from '../../support/dtls-pair.ts';
import { DtlsServer } from '../../../secure/dtls/server.ts';
import { concat } from '../../../secure/dtls/wire/writer.ts';

const [ECDSA] = FOUR_SUITES;

const record = (changes: Partial<DtlsRecord>): Uint8Array =>
  buildRecord({
    type: APPLICATION_DATA,
    version: DTLS_1_2,
    epoch: 1,
    sequence: 50,
    fragment: new Uint8Array(48),
    ...changes,
  });

/** A connected pair, and records that its server takes for its client's: sealed with the keys of the association. */
function withKeysOfClient(): {
  readonly pair: DtlsPair;
  readonly genuine: (type: number, fragment: Uint8Array) => Uint8Array;
} {
  const logged: { clientRandom: Uint8Array; master: Uint8Array }[] = [];
  const keyLog: DtlsConfig['keyLog'] = (_label, clientRandom, secret) =>
    void logged.push({ clientRandom: clientRandom.slice(), master: secret.slice() });
  const pair = new DtlsPair({ ...pairConfig(ECDSA, 'client'), keyLog }, pairConfig(ECDSA, 'server')).run();
  const [flight4] = pair.outputs('server', 'datagram');
  const fragments = parseFragments(
    parseRecord(flight4?.bytes ?? new Uint8Array(0))?.record.fragment ?? new Uint8Array(0),
  );
  const hello = parseServerHello(fragments?.[0]?.body ?? new Uint8Array(0));
  const [secrets] = logged;
  const { suite } = pair.server;
  assert(secrets !== undefined && suite !== null && hello !== null);
  const keys = deriveKeys(nodeProvider, suite, secrets.master, secrets.clientRandom, hello.random);
  const protection = new RecordProtection(nodeProvider, suite.cipher, keys.client, (length) => new Uint8Array(length));
  let sequence = 1000;
  return {
    pair,
    genuine: (type, fragment) => {
      const plain = { type, version: DTLS_1_2, epoch: 1, sequence: sequence++, fragment };
      return buildRecord({ ...plain, fragment: concat(...protection.seal(plain)) });
    },
  };
}

describe('records of unusual length and kind', () => {
  it('application data may be empty, and as long as a record can be', () => {
    for (const suite of FOUR_SUITES) {
      const pair = connect(suite);
      for (const length of [0, 1, 15, 16, 17, MAX_PLAINTEXT]) {
        pair.send('client', new Uint8Array(length).fill(5));
        assert.deepEqual(pair.received.server.at(-1), new Uint8Array(length).fill(5));
      }
      assert.deepEqual(pair.client.seal(new Uint8Array(MAX_PLAINTEXT + 1)), {
        ok: false,
        failure: { kind: 'record-too-large' },
      });
    }
  });

  const header = record({}).subarray(0, 13);
  const cases: readonly (readonly [what: string, bytes: Uint8Array, counter: DiscardReason])[] = [
    ['nothing but a byte', Uint8Array.of(22), 'malformed'],
    ['a header cut short', header.subarray(0, 12), 'malformed'],
    ['a header without its fragment', header, 'malformed'],
    ['a fragment cut short by a byte', record({}).subarray(0, -1), 'malformed'],
    ['a fragment longer than ciphertext may be', record({ fragment: new Uint8Array(MAX_CIPHERTEXT + 1) }), 'too-long'],
    ['the longest length there is', record({ fragment: new Uint8Array(0xffff) }), 'too-long'],
    [
      'a fragment of the greatest length, forged',
      record({ fragment: new Uint8Array(MAX_CIPHERTEXT) }),
      'authentication',
    ],
    ['a protected record of no bytes', record({ fragment: new Uint8Array(0) }), 'authentication'],
    ['a protected record of one block', record({ fragment: new Uint8Array(16) }), 'authentication'],
    ['another major version', record({ version: 0x0303 }), 'version'],
    ['the epoch before', record({ epoch: 0 }), 'epoch'],
    ['an epoch to come', record({ epoch: 2 }), 'epoch'],
    ['the last epoch', record({ epoch: 0xffff }), 'epoch'],
    ['an unknown content type, forged', record({ type: 99 }), 'authentication'],
    ['the highest number, forged', record({ sequence: MAX_SEQUENCE }), 'authentication'],
  ];
  for (const suite of FOUR_SUITES) {
    it(`${suite}: each is counted and ends nothing`, () => {
      const pair = connect(suite);
      for (const end of ['client', 'server'] as const) {
        for (const [what, bytes, counter] of cases) {
          const before = { ...pair[end].counters };
          pair.deliver(end, bytes);
          assert.deepEqual(pair[end].counters, { ...before, [counter]: before[counter] + 1 }, what);
        }
      }
      pair.settle();
      assert.equal(pair.outputs('server', 'discarded').length, cases.length);
      assertWorks(pair);
    });
  }

  it('genuine records of kinds that are not for now: each is counted or answered, and ends nothing', () => {
    const { pair, genuine } = withKeysOfClient();
    for (const [type, fragment, counter] of [
      [99, Uint8Array.of(1), 'unexpected'],
      [20, Uint8Array.of(1, 1), 'malformed'],
      [20, Uint8Array.of(2), 'malformed'],
      [21, Uint8Array.of(1), 'malformed'],
      [21, Uint8Array.of(3, 0), 'malformed'],
      [22, Uint8Array.of(1, 2, 3), 'malformed'],
    ] as const) {
      const before = { ...pair.server.counters };
      pair.deliver('server', genuine(type, fragment));
      assert.deepEqual(pair.server.counters, { ...before, [counter]: before[counter] + 1 }, `type ${type}`);
    }
    pair.deliver('server', genuine(20, Uint8Array.of(1)));
    // From here on the client's own numbers have left the window.
    pair.deliver('server', genuine(APPLICATION_DATA, Uint8Array.of(42)));
    pair.settle();
    assert.deepEqual(pair.received.server, [Uint8Array.of(42)]);
    assert.equal(pair.server.state, 'connected');
  });

  it('a handshake on an established association is answered with a warning', () => {
    const { pair, genuine } = withKeysOfClient();
    const message = { type: CLIENT_HELLO, length: 1, messageSeq: 4, offset: 0, body: new Uint8Array(1) };
    pair.deliver('server', genuine(HANDSHAKE, buildFragment(message)));
    pair.settle();
    assert.deepEqual(pair.outputs('client', 'alert'), [{ type: 'alert', level: 1, description: 100 }]);
    assert.equal(pair.server.state, 'connected');
    assert.equal(pair.client.state, 'connected');
  });

  it('sixteen records of the epoch to come are kept, the others counted', () => {
    const server = new DtlsServer(pairConfig(ECDSA, 'server'));
    for (let count = 0; count < 20; count++) server.handleDatagram(record({}), 0);
    assert.equal(server.counters.epoch, 4);
  });
});
