import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ReplayWindow } from '../../../secure/dtls/replay-window.ts';
import { Reassembly } from '../../../secure/dtls/reassembly.ts';
import { assertWorks, connect, FOUR_SUITES } from '../../support/dtls-pair.ts';

const bytes = (line: string): Uint8Array => new TextEncoder().encode(line);
const text = (data: Uint8Array | undefined): string => new TextDecoder().decode(data);
const [ECDSA] = FOUR_SUITES;

describe('records of an established association', () => {
  it('each is taken once', () => {
    const pair = connect(ECDSA);
    const sealed = pair.client.seal(bytes('once'));
    assert(sealed.ok);
    for (let time = 0; time < 3; time++) pair.deliver('server', sealed.record);
    pair.settle();
    assert.equal(pair.received.server.length, 1);
    assert.equal(pair.server.counters.replay, 2);
  });

  it('they may come out of order, several in a datagram, and empty', () => {
    const pair = connect(ECDSA);
    const records = ['a', 'b', 'c', ''].map((line) => {
      const sealed = pair.client.seal(bytes(line));
      assert(sealed.ok);
      return sealed.record;
    });
    pair.deliver('server', new Uint8Array(Buffer.concat(records.reverse())));
    pair.settle();
    assert.deepEqual(pair.received.server.map(text), ['', 'c', 'b', 'a']);
  });

  for (const suite of FOUR_SUITES) {
    it(`${suite}: what is forged is dropped without an answer, and the association works on`, () => {
      const pair = connect(suite);
      const sealed = pair.client.seal(bytes('genuine'));
      assert(sealed.ok);
      for (let at = 13; at < sealed.record.length; at++) {
        const forged = sealed.record.slice();
        forged[at] = (forged[at] ?? 0) ^ 1;
        pair.deliver('server', forged);
      }
      const before = pair.sent.server;
      pair.settle();
      assert.equal(pair.sent.server, before);
      assert.equal(pair.received.server.length, 0);
      assert.equal(pair.server.counters.authentication, sealed.record.length - 13);
      assertWorks(pair);
    });
  }

  it('an alert in the clear ends nothing', () => {
    const pair = connect(ECDSA);
    pair.deliver('server', Uint8Array.of(21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 2, 40));
    pair.deliver('client', Uint8Array.of(21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 1, 0));
    pair.settle();
    assertWorks(pair);
  });

  it('random datagrams throw nothing and end nothing', () => {
    const pair = connect(ECDSA);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('client', 'server'), (datagram, end) => {
        pair.deliver(end, datagram);
        pair.settle();
      }),
      { numRuns: 2000 },
    );
    assertWorks(pair);
  });

  it('nothing can be sealed once the keys are wiped', () => {
    const pair = connect(ECDSA);
    pair.client.wipe();
    assert.deepEqual(pair.client.seal(bytes('x')), { ok: false, failure: { kind: 'not-connected' } });
  });
});

describe('the replay window', () => {
  it('admits each number once, and none that is too far back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { maxLength: 300 }), (numbers) => {
        const window = new ReplayWindow();
        const taken = new Set<number>();
        let highest = -1;
        for (const number of numbers) {
          const expected = !taken.has(number) && number > highest - 64;
          assert.equal(window.admits(number), expected);
          if (!expected) continue;
          window.note(number);
          taken.add(number);
          highest = Math.max(highest, number);
        }
      }),
    );
  });
});

describe('reassembly', () => {
  it('puts a message together from any fragments that cover it, in any order, overlapping or not', () => {
    const cuts = fc.array(fc.tuple(fc.nat(99), fc.integer({ min: 1, max: 100 })), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, fc.uint8Array({ minLength: 100, maxLength: 100 }), (ranges, body) => {
        const reassembly = new Reassembly(3, 1000);
        const whole: [number, number][] = [...ranges, [0, 100]];
        for (const [offset, length] of whole) {
          const part = body.subarray(offset, Math.min(100, offset + length));
          const fate = reassembly.add({ type: 11, length: 100, messageSeq: 3, offset, body: part });
          assert.equal(fate, 'kept');
        }
        assert.deepEqual(reassembly.take(), { type: 11, messageSeq: 3, body });
        assert.equal(reassembly.take(), null);
        assert.equal(reassembly.add({ type: 11, length: 100, messageSeq: 3, offset: 0, body }), 'old');
      }),
    );
  });

  it('keeps a bounded number of messages ahead, and refuses what does not fit together', () => {
    const reassembly = new Reassembly(0, 50);
    const fragment = (messageSeq: number, length: number): Parameters<Reassembly['add']>[0] => ({
      type: 1,
      length,
      messageSeq,
      offset: 0,
      body: new Uint8Array(1),
    });
    assert.equal(reassembly.add(fragment(8, 10)), 'too-far-ahead');
    assert.equal(reassembly.add(fragment(1, 51)), 'too-large');
    assert.equal(reassembly.add(fragment(1, 10)), 'kept');
    assert.equal(reassembly.add(fragment(1, 11)), 'inconsistent');
  });
});
