import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import { suiteByName, type CipherSuite } from '../../../secure/crypto/suites.ts';
import type { DtlsConfig, ResumableSession } from '../../../secure/dtls/config.ts';
import type { DtlsVersion } from '../../../secure/dtls/version.ts';
import { FALLBACK_SCSV } from '../../../secure/dtls/wire/client-hello.ts';
import { DTLS_1_0, DTLS_1_2 } from '../../../secure/dtls/wire/record.ts';
import { ClientSessionCache, ServerSessionCache } from '../../../secure/session-cache.ts';
import { assertWorks, DtlsPair, pairConfig, type Wire } from '../../support/dtls-pair.ts';

const ECDSA = 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA';
const BOTH = [DTLS_1_2, DTLS_1_0] as const;

/** The suite, and a second one of the number that says that the client came down. */
function withScsv(): readonly CipherSuite[] {
  const suite = suiteByName(ECDSA);
  assert(suite !== null);
  return [suite, { ...suite, id: FALLBACK_SCSV, name: 'TLS_FALLBACK_SCSV' }];
}

describe('TLS_FALLBACK_SCSV (RFC 7507)', () => {
  const meet = (ofClient: readonly DtlsVersion[], ofServer: readonly DtlsVersion[]): DtlsPair => {
    const client = { ...pairConfig(ECDSA, 'client'), suites: withScsv(), versions: ofClient };
    return new DtlsPair(client, { ...pairConfig(ECDSA, 'server'), versions: ofServer }).run();
  };

  for (const ofServer of [BOTH, [DTLS_1_2]] as const) {
    it(`a server that has 1.2 (and ${ofServer.length - 1} more) refuses a client that came down to 1.0`, () => {
      const refused = meet([DTLS_1_0], ofServer);
      assert.deepEqual(refused.failures('server'), ['inappropriate-fallback']);
      const alerts = refused.outputs('client', 'alert');
      assert.deepEqual(
        alerts.map(({ description }) => description),
        [86],
      );
      const [alert] = refused.outputs('server', 'datagram');
      assert.deepEqual(alert?.messages, ['Alert inappropriate_fallback']);
      assert.deepEqual([...alert.bytes.subarray(1, 3)], [0xfe, 0xff]);
    });
  }

  it('a server that has nothing newer does not mind', () => {
    assertWorks(meet([DTLS_1_0], [DTLS_1_0]));
    assertWorks(meet(BOTH, BOTH));
  });
});

describe('a client that somebody on the way makes come down', () => {
  /** Makes DTLS 1.0 of the version in ClientHellos, behind the headers of record and message. */
  const bringDown: Wire = ({ from, bytes, output }) => {
    const isHello = from === 'client' && output.messages.includes('ClientHello');
    return [isHello ? bytes.with(26, DTLS_1_0 & 255) : bytes];
  };

  it('finds out by the Finished message', () => {
    const config = (end: 'client' | 'server'): DtlsConfig => ({ ...pairConfig(ECDSA, end), versions: BOTH });
    const pair = new DtlsPair(config('client'), config('server'), bringDown).run();
    assert.equal(pair.client.version, DTLS_1_0);
    assert.deepEqual([pair.client.state, pair.server.state], ['failed', 'failed']);
  });

  it('finds out by the premaster secret, which begins with the version that was offered', () => {
    const suite = 'TLS_RSA_WITH_AES_128_CBC_SHA';
    const config = (end: 'client' | 'server'): DtlsConfig => ({ ...pairConfig(suite, end), versions: BOTH });
    const pair = new DtlsPair(config('client'), config('server'), bringDown).run();
    assert.equal(pair.client.version, DTLS_1_0);
    assert.deepEqual([pair.client.state, pair.server.state], ['failed', 'failed']);
    assert(pair.server.counters.authentication > 0);
  });
});

describe('resumption and versions', () => {
  class Acquaintances {
    readonly ofClient = new ClientSessionCache();
    readonly ofServer = new ServerSessionCache();
    #seed = 1;

    meet(ofClient: readonly DtlsVersion[], ofServer: readonly DtlsVersion[]): DtlsPair {
      this.#seed += 1;
      const client = { ...pairConfig(ECDSA, 'client', this.#seed), versions: ofClient, resumption: this.ofClient };
      const server = { ...pairConfig(ECDSA, 'server', this.#seed), versions: ofServer, resumption: this.ofServer };
      return new DtlsPair(client, server).run();
    }
  }

  const isResumed = (pair: DtlsPair): boolean =>
    pair.outputs('server', 'datagram')[0]?.messages.includes('Finished') === true;

  it('an association of 1.0 is taken up again in 1.0', () => {
    const both = new Acquaintances();
    assertWorks(both.meet(BOTH, [DTLS_1_0]));
    const second = both.meet(BOTH, [DTLS_1_0]);
    assert(isResumed(second));
    assert.equal(second.client.version, DTLS_1_0);
    assertWorks(second);
  });

  it('and not in 1.2, nor the other way round', () => {
    for (const [first, then] of [
      [[DTLS_1_0], BOTH],
      [BOTH, [DTLS_1_0]],
    ] as const) {
      const both = new Acquaintances();
      assertWorks(both.meet(BOTH, first));
      const second = both.meet(BOTH, then);
      assert(!isResumed(second));
      assertWorks(second);
    }
  });

  it('a client does not offer an association of a version that it does not speak any more', () => {
    const both = new Acquaintances();
    both.meet(BOTH, [DTLS_1_0]);
    const second = both.meet([DTLS_1_2], BOTH);
    assert(!isResumed(second));
    assertWorks(second);
  });

  it('a server that takes it up in another version is refused', () => {
    const kept: ResumableSession = {
      id: Uint8Array.of(1, 2, 3),
      version: DTLS_1_0,
      suite: 0xc009,
      master: nodeProvider.hash('sha384', new Uint8Array(0)),
      extended: true,
    };
    const found = (session: ResumableSession): NonNullable<ReturnType<typeof pairConfig>['resumption']> => ({
      find: () => ({ ...session, master: session.master.slice() }),
      store: () => undefined,
      forget: () => undefined,
    });
    const client = { ...pairConfig(ECDSA, 'client'), versions: BOTH, resumption: found(kept) };
    const server = { ...pairConfig(ECDSA, 'server'), resumption: found({ ...kept, version: DTLS_1_2 }) };
    const refused = new DtlsPair(client, server).run();
    assert.deepEqual(refused.failures('client'), ['protocol-version-changed']);
  });
});
