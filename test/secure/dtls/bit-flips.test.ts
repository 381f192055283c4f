import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DtlsFailure } from '../../../secure/dtls/failure.ts';
import { datagramsOf, kindNamed, outcomeOf, pairOf } from '../../support/handshakes.ts';

/** What a flipped bit may lead to beside success: the failures that a changed message gives, and their consequences. */
const EXPECTED = new Set<string>([
  'connected',
  'silent',
  'timeout',
  'alert-received',
  'unsupported-cipher',
  'handshake-failure',
  'incorrect-message-length',
  'no-common-suite',
  'unknown-version',
  'unsupported-version',
  'bad-compression',
  'unsupported-public-key',
  'empty-certificate',
  'signature',
  'finished',
  'no-psk',
  'message-too-large',
  'unexpected-message',
  'unrecognized-message-type',
  'certificate',
] satisfies DtlsFailure['kind'][] | string[]);

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
  return flipped;
}

describe('one bit flipped', () => {
  for (const name of ['PSK', 'ECDSA', 'resumed', 'ECDSA with a client certificate', '1.0']) {
    const kind = kindNamed(name);
    for (const { from, index, bytes, output } of datagramsOf(kind)) {
      it(`${name}: any bit of ${output.messages.join(', ')} from the ${from}`, () => {
        const outcomes = new Map<string, number>();
        for (let bit = 0; bit < bytes.length * 8; bit++) {
          const pair = pairOf(kind, (datagram) => [
            datagram.from === from && datagram.index === index ? flip(datagram.bytes, bit) : datagram.bytes,
          ]);
          // Where both are connected this sends data both ways: they have the same keys, and saw the same handshake.
          const { client, server } = outcomeOf(pair);
          assert(EXPECTED.has(client) && EXPECTED.has(server), `bit ${bit}: ${client}, ${server}`);
          const both = `${client} and ${server}`;
          outcomes.set(both, (outcomes.get(both) ?? 0) + 1);
        }
        // Where every bit led to the same end, the flip did not get where it was meant to.
        assert(outcomes.size > 1 || output.messages.includes('HelloVerifyRequest') || index > 0, [...outcomes].join());
      });
    }
  }
});
