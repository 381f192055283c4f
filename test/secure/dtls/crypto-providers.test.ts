import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CryptoProvider } from '../../../secure/crypto/provider.ts';
import { CIPHER_SUITES } from '../../../secure/crypto/suites.ts';
import { assertWorks, DtlsPair, FOUR_SUITES, pairConfig, type Wire } from '../../support/dtls-pair.ts';
import { BOTH_WAYS, PROVIDERS, toHex } from '../../support/providers.ts';

const [node, js] = PROVIDERS;

describe('handshakes between the crypto providers', () => {
  for (const { name } of CIPHER_SUITES) {
    for (const [ofClient, ofServer] of BOTH_WAYS) {
      it(`${name}: a client on ${ofClient.name}, a server on ${ofServer.name}`, () => {
        const client = pairConfig(name, 'client', 1, ofClient);
        const pair = new DtlsPair(client, pairConfig(name, 'server', 1, ofServer)).run();
        assertWorks(pair);
        pair.client.close();
        pair.settle();
        assert.equal(pair.server.state, 'closed');
      });
    }
  }

  for (const name of FOUR_SUITES) {
    for (const group of ['secp256r1', 'secp384r1', 'secp521r1', 'x25519'] as const) {
      it(`${name}, ${group}: not a byte on the wire tells the provider`, () => {
        const datagrams = (provider: CryptoProvider): readonly string[] => {
          const sent: string[] = [];
          const wire: Wire = ({ from, bytes }) => {
            sent.push(`${from} ${toHex(bytes)}`);
            return [bytes];
          };
          const config = (end: 'client' | 'server'): ReturnType<typeof pairConfig> => ({
            ...pairConfig(name, end, 7, provider),
            groups: [group],
          });
          assertWorks(new DtlsPair(config('client'), config('server'), wire).run());
          return sent;
        };
        assert.deepEqual(datagrams(js), datagrams(node));
      });
    }
  }

  it('a record that was changed on the way is dropped by either', () => {
    for (const [ofClient, ofServer] of BOTH_WAYS) {
      for (const name of FOUR_SUITES) {
        const pair = new DtlsPair(
          pairConfig(name, 'client', 1, ofClient),
          pairConfig(name, 'server', 1, ofServer),
        ).run();
        const sealed = pair.client.seal(Uint8Array.of(1, 2, 3));
        assert(sealed.ok);
        pair.deliver('server', sealed.record.with(-1, (sealed.record.at(-1) ?? 0) ^ 1));
        pair.settle();
        assert.deepEqual(pair.received.server, []);
        assertWorks(pair);
      }
    }
  });
});
