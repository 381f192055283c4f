import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DtlsConfig } from '../../../secure/dtls/config.ts';
import type { InFlight } from '../../support/dtls-pair.ts';
import { datagramsOf, kindNamed, outcomeOf, pairOf } from '../../support/handshakes.ts';

const BOTH_CONNECTED = { client: 'connected', server: 'connected' };

/** Each association's ends have IDs of their own. */
function withIds(maxDatagram: number): Partial<DtlsConfig> {
  let next = 0;
  return { maxDatagram, connectionId: () => Uint8Array.of(0xc1, 0xd0, next++) };
}

describe('connection IDs on a bad network', () => {
  for (const name of ['ECDSA with a client certificate', 'PSK', 'resumed']) {
    const kind = kindNamed(name);
    for (const maxDatagram of [1400, 250]) {
      const datagrams = datagramsOf(kind, withIds(maxDatagram));

      it(`${name}, at most ${maxDatagram} bytes: each datagram lost once`, () => {
        for (const { from, index } of datagrams) {
          const lose = (one: InFlight): readonly Uint8Array[] =>
            one.from === from && one.index === index ? [] : [one.bytes];
          assert.deepEqual(outcomeOf(pairOf(kind, lose, withIds(maxDatagram))), BOTH_CONNECTED, `${from} ${index}`);
        }
      });

      it(`${name}, at most ${maxDatagram} bytes: each pair of datagrams changes places`, () => {
        for (const { from, index } of datagrams) {
          let held: Uint8Array | null = null;
          const swap = (one: InFlight): readonly Uint8Array[] => {
            if (one.from !== from) return [one.bytes];
            if (one.index === index) {
              held = one.bytes;
              return [];
            }
            const late = held === null ? [] : [held];
            held = null;
            return [one.bytes, ...late];
          };
          assert.deepEqual(outcomeOf(pairOf(kind, swap, withIds(maxDatagram))), BOTH_CONNECTED, `${from} ${index}`);
        }
      });

      it(`${name}, at most ${maxDatagram} bytes: every datagram comes twice`, () => {
        const twice = ({ bytes }: InFlight): readonly Uint8Array[] => [bytes, bytes];
        assert.deepEqual(outcomeOf(pairOf(kind, twice, withIds(maxDatagram))), BOTH_CONNECTED);
      });
    }
  }
});
