import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertWorks, type InFlight } from '../../support/dtls-pair.ts';
import { datagramsOf, HANDSHAKES, outcomeOf, pairOf } from '../../support/handshakes.ts';
import { splitRecords } from '../../support/records.ts';

const CONNECTED = { client: 'connected', server: 'connected' };
const join = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

describe('packing of records into datagrams', () => {
  for (const kind of HANDSHAKES) {
    it(`${kind.name}: each record in a datagram of its own, in order and the last first`, () => {
      assert.deepEqual(outcomeOf(pairOf(kind, ({ bytes }) => splitRecords(bytes))), CONNECTED);
      assert.deepEqual(outcomeOf(pairOf(kind, ({ bytes }) => splitRecords(bytes).toReversed())), CONNECTED);
    });

    it(`${kind.name}: the datagrams of a flight put together into one`, () => {
      const maxDatagram = 250;
      const sizes = new Map<number, number>();
      for (const { output } of datagramsOf(kind, { maxDatagram })) {
        sizes.set(output.flight, (sizes.get(output.flight) ?? 0) + 1);
      }
      let held: Uint8Array[] = [];
      const together = ({ output, bytes }: InFlight): readonly Uint8Array[] => {
        held.push(bytes);
        return held.length === sizes.get(output.flight) ? [join(held.splice(0))] : [];
      };
      const pair = pairOf(kind, together, { maxDatagram });
      assert.deepEqual(outcomeOf(pair), CONNECTED);
      held = [];
    });

    it(`${kind.name}: rubbish behind the records, and between them, costs nothing but itself`, () => {
      const unknown = Uint8Array.of(99, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 0);
      const late = Uint8Array.of(23, 0xfe, 0xfd, 0, 7, 0, 0, 0, 0, 0, 9, 0, 1, 0);
      const pair = pairOf(kind, ({ from, index, bytes }) => {
        // The server reads no more than one record of a datagram before it has verified the client's cookie.
        if (from === 'client' && index < 2) return [join([bytes, unknown, late, Uint8Array.of(1, 2, 3)])];
        return [
          join([unknown, late, ...splitRecords(bytes).flatMap((record) => [record, unknown]), Uint8Array.of(22)]),
        ];
      });
      assertWorks(pair.run());
      for (const end of ['client', 'server'] as const) {
        const { malformed, unexpected, epoch } = pair[end].counters;
        assert(malformed > 0 && unexpected > 0 && epoch > 0, JSON.stringify(pair[end].counters));
      }
    });
  }

  it('the resumed kind is really resumed, and the one with a client certificate really has it', () => {
    const messages = HANDSHAKES.map((kind) => [kind, datagramsOf(kind).map(({ output }) => output.messages)] as const);
    for (const [kind, flights] of messages) {
      assert.equal(flights.flat().includes('ServerHelloDone'), kind.resumed !== true);
      assert.equal(flights.flat().includes('CertificateVerify'), kind.client !== undefined);
    }
  });
});
