import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CLIENT_HELLO, type HandshakeFragment } from '../../../secure/dtls/wire/handshake.ts';
import { assertWorks } from '../../support/dtls-pair.ts';
import { datagramsOf, HANDSHAKES, kindNamed, outcomeOf, pairOf } from '../../support/handshakes.ts';
import { recut } from '../../support/records.ts';

describe('fragmentation by the ends', () => {
  for (const kind of HANDSHAKES) {
    it(`${kind.name}: datagrams of every size, from the first that holds a ClientHello to 1400 bytes`, () => {
      const hellos = datagramsOf(kind).filter(({ output }) => output.messages.includes('ClientHello'));
      const least = Math.max(...hellos.map(({ bytes }) => bytes.length));
      for (let maxDatagram = least; maxDatagram <= 1400; maxDatagram++) {
        const wire = ({ bytes }: { readonly bytes: Uint8Array }): readonly Uint8Array[] => {
          assert(bytes.length <= maxDatagram, `a datagram of ${bytes.length} bytes`);
          return [bytes];
        };
        const { client, server } = outcomeOf(pairOf(kind, wire, { maxDatagram }));
        assert.deepEqual([client, server], ['connected', 'connected'], `at most ${maxDatagram} bytes`);
      }
    });
  }

  it('a ClientHello that has to be cut is not answered: the server remembers nothing of a stranger', () => {
    for (let maxDatagram = 1; maxDatagram < 100; maxDatagram++) {
      const outcome = outcomeOf(pairOf(kindNamed('PSK'), undefined, { maxDatagram }));
      assert.deepEqual(outcome, { client: 'timeout', server: 'silent' });
    }
  });
});

/** Pieces of one message, as long as said, beginning so far apart. */
function pieces(whole: HandshakeFragment, length: number, apart: number): readonly HandshakeFragment[] {
  // The server takes a ClientHello in one piece only.
  if (whole.type === CLIENT_HELLO || whole.body.length === 0) return [whole];
  const cut: HandshakeFragment[] = [];
  for (let at = 0; at < whole.body.length; at += apart) {
    cut.push({ ...whole, offset: whole.offset + at, body: whole.body.subarray(at, at + length) });
  }
  return cut;
}

describe('fragmentation on the way', () => {
  const kind = kindNamed('ECDSA with a client certificate');
  const longest = Math.max(...datagramsOf(kind).map(({ bytes }) => bytes.length));
  const ways: Readonly<Record<string, (whole: HandshakeFragment, length: number) => readonly HandshakeFragment[]>> = {
    'in order': (whole, length) => pieces(whole, length, length),
    'last to first': (whole, length) => [...pieces(whole, length, length)].reverse(),
    'each twice': (whole, length) => pieces(whole, length, length).flatMap((piece) => [piece, piece]),
    'each overlapping the next by half': (whole, length) => pieces(whole, length, Math.ceil(length / 2)),
    'with an empty one before each': (whole, length) =>
      pieces(whole, length, length).flatMap((piece) => [{ ...piece, body: new Uint8Array(0) }, piece]),
  };
  for (const [way, cut] of Object.entries(ways)) {
    it(`${kind.name}: pieces of every length, ${way}`, () => {
      for (let length = 1; length <= longest; length++) {
        const pair = pairOf(kind, ({ bytes }) => recut(bytes, (whole) => cut(whole, length)));
        const { client, server } = outcomeOf(pair);
        assert.deepEqual([client, server], ['connected', 'connected'], `${length} bytes`);
      }
    });
  }

  it('cut anew when it is sent again, and one piece of each is lost', () => {
    for (let length = 20; length <= 300; length += 7) {
      let transmission = 0;
      const pair = pairOf(kind, ({ bytes }) => {
        transmission++;
        const all = recut(bytes, (whole) => pieces(whole, length + 13 * transmission, length + 13 * transmission));
        return transmission <= 6 && all.length > 2
          ? all.filter((_, index) => index !== transmission % all.length)
          : all;
      });
      assertWorks(pair.run());
    }
  });
});
