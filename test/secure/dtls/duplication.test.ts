import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertWorks, type DtlsPair, type InFlight } from '../../support/dtls-pair.ts';
import { datagramsOf, HANDSHAKES, kindNamed, outcomeOf, pairOf } from '../../support/handshakes.ts';

const other = (end: InFlight['from']): InFlight['from'] => (end === 'client' ? 'server' : 'client');

function assertConnected(pair: DtlsPair, why: string): void {
  assert.deepEqual(outcomeOf(pair), { client: 'connected', server: 'connected' }, why);
}

describe('duplication', () => {
  for (const kind of HANDSHAKES) {
    for (const maxDatagram of [1400, 250]) {
      const datagrams = datagramsOf(kind, { maxDatagram });
      const matches = (a: InFlight, b: InFlight): boolean => a.from === b.from && a.index === b.index;
      const name = ({ from, index }: InFlight): string => `${from} ${index}`;

      it(`${kind.name}, at most ${maxDatagram} bytes: each datagram comes three times`, () => {
        for (const one of datagrams) {
          const times = (datagram: InFlight): number => (matches(one, datagram) ? 3 : 1);
          const wire = (datagram: InFlight): Uint8Array[] =>
            new Array<Uint8Array>(times(datagram)).fill(datagram.bytes);
          assertConnected(pairOf(kind, wire, { maxDatagram }), name(one));
        }
      });

      it(`${kind.name}, at most ${maxDatagram} bytes: each datagram comes again behind each later one`, () => {
        for (const [at, one] of datagrams.entries()) {
          const later = datagrams.slice(at + 1).filter(({ from }) => from === one.from);
          for (const behind of later) {
            let copy: Uint8Array = new Uint8Array(0);
            const wire = (datagram: InFlight): readonly Uint8Array[] => {
              if (matches(one, datagram)) copy = datagram.bytes;
              return matches(behind, datagram) ? [datagram.bytes, copy] : [datagram.bytes];
            };
            assertConnected(pairOf(kind, wire, { maxDatagram }), `${name(one)} behind ${name(behind)}`);
          }
        }
      });
    }

    it(`${kind.name}: the whole handshake comes again much later, and is answered by its last flight at most`, () => {
      const seen: InFlight[] = [];
      const pair = pairOf(kind, (datagram) => {
        seen.push(datagram);
        return [datagram.bytes];
      });
      assertWorks(pair.run());
      const before = seen.slice();
      pair.now += 3600e9;
      for (const { from, bytes } of before) pair.deliver(other(from), bytes);
      pair.settle();
      for (const { output } of seen.slice(before.length)) {
        assert(output.retransmission, output.messages.join());
        assert(output.messages.includes('Finished'));
      }
      assertWorks(pair);
    });
  }
});

describe('a client that begins anew', () => {
  it('its ClientHello does not disturb the established association, which is above the machines to replace', () => {
    const kind = kindNamed('ECDSA');
    const fresh = pairOf(kind, () => [], { random: (length) => new Uint8Array(length).fill(7) });
    const hello = fresh.run(0.5).outputs('client', 'datagram')[0]?.bytes;
    assert(hello !== undefined);
    const pair = pairOf(kind);
    assertWorks(pair.run());
    const sent = pair.sent.server;
    const { epoch } = pair.server.counters;
    for (let time = 0; time < 3; time++) pair.deliver('server', hello);
    pair.settle();
    assert.equal(pair.sent.server, sent);
    assert.equal(pair.server.counters.epoch, epoch + 3);
    assertWorks(pair);
  });

  it('in the middle of a handshake, the server goes on with the one it has begun', () => {
    const kind = kindNamed('ECDSA');
    const fresh = pairOf(kind, () => [], { random: (length) => new Uint8Array(length).fill(7) });
    const hello = fresh.run(0.5).outputs('client', 'datagram')[0]?.bytes;
    assert(hello !== undefined);
    const pair = pairOf(kind, ({ from, index, bytes }) =>
      from === 'client' && index === 2 ? [hello, bytes] : [bytes],
    );
    assertConnected(pair, 'a ClientHello before flight 5');
  });
});
