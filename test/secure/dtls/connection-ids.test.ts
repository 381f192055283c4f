import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClientSessionCache, ServerSessionCache } from '../../../secure/session-cache.ts';
import { buildFragment, parseFragments } from '../../../secure/dtls/wire/handshake.ts';
import {
  APPLICATION_DATA,
  buildRecord,
  DTLS_1_0,
  DTLS_1_2,
  parseRecord,
  TLS12_CID,
  type DtlsRecord,
} from '../../../secure/dtls/wire/record.ts';
import { buildServerHello, parseServerHello } from '../../../secure/dtls/wire/server-hello.ts';
import { idOf, meet, type IdLengths } from '../../support/connection-ids.ts';
import { assertWorks, FOUR_SUITES, type DtlsPair } from '../../support/dtls-pair.ts';
import { recordsOf } from '../../support/records.ts';

const [GCM, , CBC, CCM_8] = FOUR_SUITES;
const text = (line: string): Uint8Array => new TextEncoder().encode(line);

/** The record that an end seals for a text. */
function sealed(pair: DtlsPair, from: 'client' | 'server', line: string): Uint8Array {
  const result = pair[from].seal(text(line));
  assert(result.ok);
  return result.record;
}

/** A ServerHello that answers an extension that was not there. */
function withAnswer(record: DtlsRecord): Uint8Array {
  const [fragment] = parseFragments(record.fragment) ?? [];
  assert(fragment !== undefined);
  const hello = parseServerHello(fragment.body);
  assert(hello !== null);
  const body = buildServerHello({ ...hello, extensions: { ...hello.extensions, connectionId: Uint8Array.of(1) } });
  return buildRecord({ ...record, fragment: buildFragment({ ...fragment, length: body.length, body }) });
}

/** Each end's records have the ID that the other wants, and what the end says of its overhead is so. */
function assertIds(pair: DtlsPair, lengths: IdLengths): void {
  assertWorks(pair);
  for (const [from, to] of [
    ['client', 'server'],
    ['server', 'client'],
  ] as const) {
    const id = idOf(to, lengths[to] ?? 0);
    assert.deepEqual(pair[to].connectionId, id);
    const line = 'some data of 24 bytes...';
    const bytes = sealed(pair, from, line);
    const record = parseRecord(bytes, id.length)?.record;
    assert.equal(record?.type, id.length === 0 ? APPLICATION_DATA : TLS12_CID);
    assert.deepEqual(record.cid ?? new Uint8Array(0), id);
    const { before, after } = pair[from].overhead;
    assert(bytes.length > before + line.length && bytes.length <= before + line.length + after);
    if (from === 'client') pair.deliver('server', bytes);
  }
}

describe('connection IDs', () => {
  it('are for DTLS 1.2: not where the ends speak 1.0, nor with a client that speaks nothing else', () => {
    for (const versions of [[DTLS_1_0, DTLS_1_2], [DTLS_1_0]] as const) {
      const changes = { client: { versions }, server: { versions: [DTLS_1_0] as const } };
      const pair = meet('TLS_RSA_WITH_AES_128_CBC_SHA', { client: 4, server: 4 }, undefined, changes);
      assertWorks(pair);
      assert.equal(pair.client.connectionId.length + pair.server.connectionId.length, 0);
    }
  });

  for (const suite of [GCM, CBC, CCM_8]) {
    const directions: readonly IdLengths[] = [
      { client: 4, server: 0 },
      { client: 0, server: 7 },
      { client: 20, server: 1 },
      { client: 0, server: 0 },
    ];
    for (const lengths of directions) {
      it(`${suite}: the client wants ${lengths.client} bytes, the server ${lengths.server}`, () => {
        assertIds(meet(suite, lengths), lengths);
      });
    }
  }

  it('of every length', () => {
    for (let length = 0; length <= 20; length++) {
      const lengths = { client: length, server: 20 - length };
      assertIds(meet(CCM_8, lengths), lengths);
    }
    assertIds(meet(CCM_8, { client: 255, server: 255 }), { client: 255, server: 255 });
  });

  for (const lengths of [{ client: 5 }, { server: 5 }, {}]) {
    it(`there are none where ${'client' in lengths ? 'only the client' : 'server' in lengths ? 'only the server' : 'nobody'} has them`, () => {
      const pair = meet(GCM, lengths);
      assertIds(pair, {});
      assert.deepEqual(pair.server.connectionId, new Uint8Array(0));
    });
  }

  it('a hello of the shipped library has none', () => {
    const quirks = { answersBadRecords: false, forgetsLastFlight: false, bareHellos: true };
    for (const changes of [
      { client: { quirks }, server: {} },
      { client: {}, server: { quirks } },
    ]) {
      assertIds(meet(CCM_8, { client: 4, server: 4 }, undefined, changes), {});
    }
  });

  it('the Finished messages have them, and nothing before', () => {
    const pair = meet(GCM, { client: 3, server: 4 });
    for (const [from, idLength] of [
      ['client', 4],
      ['server', 3],
    ] as const) {
      const types: [epoch: number, type: number][] = [];
      for (const { bytes } of pair.outputs(from, 'datagram')) {
        let rest = bytes;
        for (let next = parseRecord(rest, idLength); next !== null; next = parseRecord(rest, idLength)) {
          types.push([next.record.epoch, next.record.type]);
          rest = next.rest;
        }
        assert.equal(rest.length, 0);
      }
      assert(types.every(([epoch, type]) => (epoch === 1) === (type === TLS12_CID)));
      assert.equal(types.filter(([epoch]) => epoch === 1).length, 1);
    }
  });

  it('a server that answers what was not asked is refused', () => {
    const pair = meet(CCM_8, {}, ({ from, index, bytes }) => {
      const hello = from === 'server' && index === 1 ? recordsOf(bytes)[0] : undefined;
      return hello === undefined ? [bytes] : [withAnswer(hello)];
    });
    assert.deepEqual(pair.failures('client'), ['handshake-failure']);
  });

  it('are agreed on anew when an association is taken up again', () => {
    const [ofClient, ofServer] = [new ClientSessionCache(), new ServerSessionCache()];
    const changes = { client: { resumption: ofClient }, server: { resumption: ofServer } };
    const all: readonly IdLengths[] = [
      { client: 2, server: 3 },
      { client: 0, server: 8 },
      { client: 2 },
      { client: 9, server: 9 },
    ];
    for (const [index, lengths] of all.entries()) {
      const pair = meet(GCM, lengths, undefined, changes);
      const [first] = pair.outputs('server', 'datagram');
      if (index > 0) assert.deepEqual(first?.messages, ['ServerHello', 'ChangeCipherSpec', 'Finished']);
      assertIds(pair, lengths.server === undefined ? {} : lengths);
    }
  });

  it('a record takes one byte less, for its type is among it', () => {
    const pair = meet(CCM_8, { client: 1, server: 0 });
    assert(pair.client.seal(new Uint8Array(2 ** 14)).ok);
    assert(!pair.server.seal(new Uint8Array(2 ** 14)).ok);
    const record = pair.server.seal(new Uint8Array(2 ** 14 - 1).fill(1));
    assert(record.ok);
    pair.deliver('client', record.record);
    pair.settle();
    assert.equal(pair.received.client.at(-1)?.length, 2 ** 14 - 1);
  });
});

describe('records that come', () => {
  it('without the ID that was agreed on are dropped, and with one that was not too', () => {
    const [withIds, without] = [meet(GCM, { client: 3, server: 3 }), meet(GCM, {})];
    const plain = sealed(without, 'client', 'plain');
    withIds.deliver('server', plain);
    without.deliver('server', sealed(withIds, 'client', 'with an ID'));
    for (const pair of [withIds, without]) {
      pair.settle();
      assert.equal(pair.received.server.length, 0);
      assert.equal(pair.server.counters['connection-id'], 1);
      assertWorks(pair);
    }
  });

  it('with another ID are dropped, and so is what is forged', () => {
    const pair = meet(CBC, { client: 3, server: 5 });
    const genuine = sealed(pair, 'client', 'genuine');
    for (let at = 0; at < genuine.length; at++) {
      const forged = genuine.slice();
      forged[at] = (forged[at] ?? 0) ^ 1;
      pair.deliver('server', forged);
      assert(!pair.server.locatesPeer, `byte ${at}`);
    }
    pair.settle();
    assert.equal(pair.received.server.length, 0);
    assert(pair.server.counters['connection-id'] >= 5);
    assertWorks(pair);
  });

  it('are taken once, and only a new one tells where the peer is', () => {
    const pair = meet(CCM_8, { client: 0, server: 2 });
    const [first, second] = [sealed(pair, 'client', 'first'), sealed(pair, 'client', 'second')];
    const located = [second, first, second, first].map((record) => {
      pair.deliver('server', record);
      return pair.server.locatesPeer;
    });
    pair.settle();
    assert.deepEqual(located, [true, false, false, false]);
    assert.deepEqual(pair.received.server, [text('second'), text('first')]);
    assert.equal(pair.server.counters.replay, 2);
  });

  it('several in a datagram', () => {
    const pair = meet(GCM, { client: 0, server: 20 });
    const records = ['a', 'b', ''].map((line) => sealed(pair, 'client', line));
    pair.deliver('server', new Uint8Array(Buffer.concat(records)));
    pair.settle();
    assert.deepEqual(pair.received.server, [text('a'), text('b'), text('')]);
  });

  it('close_notify is as good as ever', () => {
    const pair = meet(GCM, { client: 8, server: 8 });
    pair.client.close();
    pair.settle();
    assert.equal(pair.outputs('server', 'close-notify').length, 1);
    assert.equal(pair.outputs('client', 'close-notify').length, 1);
  });
});
