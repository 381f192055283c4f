import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertWorks, DtlsPair, FOUR_SUITES, pairConfig } from '../../support/dtls-pair.ts';

const [ECDSA, , , PSK] = FOUR_SUITES;

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

describe('corruption', () => {
  it('any bit flipped in any datagram ends in success or a failure with a name, and nothing is thrown', () => {
    for (const suite of [ECDSA, PSK]) {
      for (const from of ['client', 'server'] as const) {
        for (let index = 0; index < 3; index++) {
          for (let bit = 0; bit < 8 * 700; bit += 37) {
            const pair = new DtlsPair(pairConfig(suite, 'client'), pairConfig(suite, 'server'), (datagram) => {
              const { bytes } = datagram;
              if (datagram.from !== from || datagram.index !== index || bit >> 3 >= bytes.length) return [bytes];
              const flipped = bytes.slice();
              flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
              return [flipped];
            });
            const { state } = pair.run(1000).client;
            assert(state === 'connected' || state === 'failed', `${from} ${index} bit ${bit}: ${state}`);
            if (state === 'connected' && pair.server.state === 'connected') assertWorks(pair);
          }
        }
      }
    }
  });
});
