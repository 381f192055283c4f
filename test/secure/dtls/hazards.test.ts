import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertWorks, DtlsPair, FOUR_SUITES, pairConfig } from '../../support/dtls-pair.ts';

const [ECDSA] = FOUR_SUITES;

for (const suite of FOUR_SUITES) {
  describe(`a network that misbehaves during the handshake: ${suite}`, () => {
    for (const from of ['client', 'server'] as const) {
      for (let lost = 0; lost < 3; lost++) {
        it(`datagram ${lost} of the ${from} lost, once and twice`, () => {
          for (const times of [1, 2]) {
            let left = times;
            const pair = new DtlsPair(pairConfig(suite, 'client'), pairConfig(suite, 'server'), (datagram) => {
              if (datagram.from !== from || datagram.index < lost || left === 0) return [datagram.bytes];
              left--;
              return [];
            });
            assertWorks(pair.run());
          }
        });
      }
    }

    it('every datagram twice', () => {
      const twice = new DtlsPair(pairConfig(suite, 'client'), pairConfig(suite, 'server'), ({ bytes }) => [
        bytes,
        bytes,
      ]);
      assertWorks(twice.run());
    });

    for (const size of [120, 256, 512]) {
      it(`flight 4 in datagrams of at most ${size} bytes, in reverse order`, () => {
        const held: Uint8Array[] = [];
        const server = { ...pairConfig(suite, 'server'), maxDatagram: size };
        const pair = new DtlsPair(pairConfig(suite, 'client'), server, ({ from, bytes, output }) => {
          if (from === 'client' || output.flight !== 4) return [bytes];
          assert(bytes.length <= size, `a datagram of ${bytes.length} bytes`);
          held.unshift(bytes);
          return output.messages.includes('ServerHelloDone') ? held.splice(0) : [];
        });
        assertWorks(pair.run());
      });
    }
  });
}

describe('retransmission', () => {
  it('an end that hears nothing gives up after its retries, with a time-out', () => {
    const pair = new DtlsPair(pairConfig(ECDSA, 'client'), pairConfig(ECDSA, 'server'), () => []).run(1000);
    assert.deepEqual(pair.failures('client'), ['timeout']);
    // 1 + 2 + 4 + 8 + 16 + 32 s and then five times 60 s: 11 transmissions in all.
    assert.equal(pair.sent.client, 11);
    assert.equal(pair.now, 363e9);
  });

  it('a finished server answers a client that missed the last flight', () => {
    let lost = 2;
    const pair = new DtlsPair(pairConfig(ECDSA, 'client'), pairConfig(ECDSA, 'server'), ({ output, bytes }) =>
      output.flight === 6 && lost-- > 0 ? [] : [bytes],
    );
    assertWorks(pair.run());
    assert.equal(pair.outputs('server', 'datagram').filter(({ flight }) => flight === 6).length, 3);
  });
});
