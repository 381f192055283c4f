import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InFlight } from '../../support/dtls-pair.ts';
import { datagramsOf, HANDSHAKES, outcomeOf, pairOf, type HandshakeKind } from '../../support/handshakes.ts';

const BOTH_CONNECTED = { client: 'connected', server: 'connected' };
const flightOf = ({ from, output }: InFlight): string => `${from} ${output.flight}`;

/** Names each datagram by its flight and its place in it, the same when it is sent again. */
function placeNames(kind: HandshakeKind, maxDatagram: number): () => (datagram: InFlight) => string {
  const sizes = new Map<string, number>();
  for (const datagram of datagramsOf(kind, { maxDatagram })) {
    sizes.set(flightOf(datagram), (sizes.get(flightOf(datagram)) ?? 0) + 1);
  }
  return () => {
    const seen = new Map<string, number>();
    return (datagram) => {
      const flight = flightOf(datagram);
      const before = seen.get(flight) ?? 0;
      seen.set(flight, before + 1);
      return `${flight} ${before % (sizes.get(flight) ?? 1)}`;
    };
  };
}

describe('loss', () => {
  for (const kind of HANDSHAKES) {
    // Larger ones would be sent again in smaller ones, and have no places that stay the same.
    for (const maxDatagram of [540, 250]) {
      const names = placeNames(kind, maxDatagram);
      const name = names();
      const datagrams = datagramsOf(kind, { maxDatagram });
      const places = new Set(datagrams.map(name));
      const flights = new Set(datagrams.map(flightOf));
      const lose = (matches: (datagram: InFlight, place: string) => boolean, times: number): typeof BOTH_CONNECTED => {
        const nameOf = names();
        let left = times;
        return outcomeOf(
          pairOf(
            kind,
            (datagram) => {
              const place = nameOf(datagram);
              return matches(datagram, place) && left-- > 0 ? [] : [datagram.bytes];
            },
            { maxDatagram },
          ),
        );
      };

      for (const times of [1, 2, 5]) {
        it(`${kind.name}, at most ${maxDatagram} bytes: each datagram and each flight lost ${times} times`, () => {
          for (const lost of places)
            assert.deepEqual(
              lose((_, place) => place === lost, times),
              BOTH_CONNECTED,
              lost,
            );
          for (const lost of flights) {
            const inFlight = (datagram: InFlight): boolean => flightOf(datagram) === lost;
            const size = datagrams.filter(inFlight).length;
            assert.deepEqual(lose(inFlight, times * size), BOTH_CONNECTED, lost);
          }
        });
      }

      it(`${kind.name}, at most ${maxDatagram} bytes: each datagram lost for ever ends in a time-out`, () => {
        for (const lost of places) {
          const { client, server } = lose((_, place) => place === lost, Infinity);
          const ends = [client, server].sort().join(' and ');
          assert(
            ['timeout and timeout', 'silent and timeout', 'connected and timeout'].includes(ends),
            `${lost}: ${ends}`,
          );
        }
      });
    }
  }
});
