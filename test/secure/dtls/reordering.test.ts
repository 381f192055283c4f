import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InFlight } from '../../support/dtls-pair.ts';
import { datagramsOf, HANDSHAKES, outcomeOf, pairOf } from '../../support/handshakes.ts';

/** Holds a datagram back until a later one of the same end has gone. */
function swap(from: InFlight['from'], first: number, second: number): (datagram: InFlight) => readonly Uint8Array[] {
  let held: Uint8Array | null = null;
  return (datagram) => {
    if (datagram.from !== from) return [datagram.bytes];
    if (datagram.index === first) {
      held = datagram.bytes;
      return [];
    }
    return datagram.index === second && held !== null ? [datagram.bytes, held] : [datagram.bytes];
  };
}

describe('reordering', () => {
  for (const kind of HANDSHAKES) {
    for (const maxDatagram of [1400, 250]) {
      it(`${kind.name}, at most ${maxDatagram} bytes: every two datagrams of an end swapped`, () => {
        const datagrams = datagramsOf(kind, { maxDatagram });
        for (const from of ['client', 'server'] as const) {
          // Beyond the last are those that are sent again because one is held back.
          const count = datagrams.filter((datagram) => datagram.from === from).length + 2;
          for (let first = 0; first < count; first++) {
            for (let second = first + 1; second < count; second++) {
              const { client, server } = outcomeOf(pairOf(kind, swap(from, first, second), { maxDatagram }));
              assert.deepEqual([client, server], ['connected', 'connected'], `${from} ${first} and ${second}`);
            }
          }
        }
      });
    }

    it(`${kind.name}: every flight last datagram first, in datagrams of every size from 200 to 400 bytes`, () => {
      for (let maxDatagram = 200; maxDatagram <= 400; maxDatagram += 3) {
        const sizes = new Map<string, number>();
        const flightOf = ({ from, output }: InFlight): string => `${from} ${output.flight}`;
        for (const one of datagramsOf(kind, { maxDatagram }))
          sizes.set(flightOf(one), (sizes.get(flightOf(one)) ?? 0) + 1);
        const held = new Map<string, Uint8Array[]>();
        const pair = pairOf(
          kind,
          (datagram) => {
            const flight = flightOf(datagram);
            const so = [datagram.bytes, ...(held.get(flight) ?? [])];
            const complete = so.length === (sizes.get(flight) ?? 1);
            held.set(flight, complete ? [] : so);
            return complete ? so : [];
          },
          { maxDatagram },
        );
        const { client, server } = outcomeOf(pair);
        assert.deepEqual([client, server], ['connected', 'connected'], `at most ${maxDatagram} bytes`);
        // Nothing had to be sent again: what came early was kept.
        assert.equal(pair.now, 0);
      }
    });
  }
});
