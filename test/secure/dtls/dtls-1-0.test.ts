import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demo } from '../../../apps/dtls-echo/credentials/demo.ts';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import { CIPHER_SUITES } from '../../../secure/crypto/suites.ts';
import type { DtlsConfig } from '../../../secure/dtls/config.ts';
import type { DtlsVersion } from '../../../secure/dtls/version.ts';
import { DTLS_1_0, DTLS_1_2 } from '../../../secure/dtls/wire/record.ts';
import { assertWorks, DtlsPair, pairConfig, type Wire } from '../../support/dtls-pair.ts';
import { BOTH_WAYS } from '../../support/providers.ts';

const OLD = CIPHER_SUITES.filter(({ minVersion }) => minVersion === '1.0').map(({ name }) => name);
const ECDSA = 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA';
const RSA = 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA';
const BOTH = [DTLS_1_2, DTLS_1_0] as const;
const ONLY_1_0 = [DTLS_1_0] as const;

type Versions = readonly DtlsVersion[];

/** A pair whose ends speak some versions. */
function pair(suite: string, ofClient: Versions, ofServer: Versions, wire?: Wire): DtlsPair {
  const client = { ...pairConfig(suite, 'client'), versions: ofClient };
  return new DtlsPair(client, { ...pairConfig(suite, 'server'), versions: ofServer }, wire).run();
}

const identity = ({ certificate, private_key }: typeof demo.rsa): NonNullable<DtlsConfig['identity']> => {
  const privateKey = nodeProvider.importPrivateKey(private_key);
  assert(privateKey !== null);
  return { certificates: [certificate], privateKey };
};

describe('DTLS 1.0', () => {
  it('has the suites with CBC and SHA-1, and with a pre-shared key those with SHA-256 too', () => {
    assert.equal(OLD.length, 9);
    assert(OLD.every((name) => name.endsWith('_CBC_SHA') || name.endsWith('PSK_WITH_AES_128_CBC_SHA256')));
  });

  for (const suite of OLD) {
    for (const [ofClient, ofServer] of BOTH_WAYS) {
      it(`${suite}: a client on ${ofClient.name}, a server on ${ofServer.name}`, () => {
        const versions = new Set<number>();
        const client = { ...pairConfig(suite, 'client', 1, ofClient), versions: ONLY_1_0 };
        const server = { ...pairConfig(suite, 'server', 1, ofServer), versions: ONLY_1_0 };
        const both = new DtlsPair(client, server, ({ bytes }) => {
          versions.add(new DataView(bytes.buffer, bytes.byteOffset).getUint16(1));
          return [bytes];
        }).run();
        assertWorks(both);
        assert.equal(both.outputs('client', 'connected')[0]?.extendedMasterSecret, true);
        assert.deepEqual([...versions], [DTLS_1_0]);
        both.client.close();
        both.settle();
        assert.equal(both.server.state, 'closed');
      });
    }
  }

  for (const [ofClient, ofServer] of [
    [ONLY_1_0, BOTH],
    [BOTH, ONLY_1_0],
  ] as const) {
    for (const suite of OLD) {
      it(`${suite}: ${ofClient.length} version(s) of the client, ${ofServer.length} of the server`, () => {
        const both = pair(suite, ofClient, ofServer);
        assert.deepEqual([both.client.version, both.server.version], [DTLS_1_0, DTLS_1_0]);
        assertWorks(both);
      });
    }
  }

  it('is not spoken where both have 1.2', () => {
    const both = pair(ECDSA, BOTH, BOTH);
    assert.deepEqual([both.client.version, both.server.version], [DTLS_1_2, DTLS_1_2]);
    assertWorks(both);
  });

  it('is not spoken unless asked for', () => {
    const client = { ...pairConfig(ECDSA, 'client'), versions: ONLY_1_0 };
    const refused = new DtlsPair(client, pairConfig(ECDSA, 'server')).run();
    assert.deepEqual(refused.failures('server'), ['unsupported-version']);
    assert.deepEqual(
      refused.outputs('client', 'alert').map(({ description }) => description),
      [70],
    );
    const server = { ...pairConfig(ECDSA, 'server'), versions: ONLY_1_0 };
    assert.deepEqual(new DtlsPair(pairConfig(ECDSA, 'client'), server).run().failures('client'), [
      'unsupported-version',
    ]);
  });

  it('has no suites of 1.2', () => {
    const suite = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';
    assert.deepEqual(pair(suite, BOTH, ONLY_1_0).failures('server'), ['no-common-suite']);
    assert.deepEqual(pair(suite, ONLY_1_0, BOTH).failures('server'), ['no-common-suite']);
    assertWorks(pair(suite, BOTH, BOTH));
  });

  for (const [shown, named] of [
    [demo.rsa, 'RSA'],
    [demo.client_ecdsa, 'EC'],
  ] as const) {
    for (const suite of [ECDSA, RSA, 'TLS_RSA_WITH_AES_128_CBC_SHA']) {
      it(`${suite}: the client shows an ${named} certificate`, () => {
        const client = { ...pairConfig(suite, 'client'), versions: BOTH, identity: identity(shown) };
        const server = { ...pairConfig(suite, 'server'), versions: ONLY_1_0, requestClientCertificate: true };
        const both = new DtlsPair(client, server).run();
        assertWorks(both);
        const messages = both.outputs('client', 'datagram').flatMap((output) => output.messages);
        assert(messages.includes('CertificateVerify'));
      });
    }
  }

  it('a client without a certificate is refused where it is asked for one', () => {
    const server = { ...pairConfig(ECDSA, 'server'), versions: ONLY_1_0, requestClientCertificate: true };
    const refused = new DtlsPair({ ...pairConfig(ECDSA, 'client'), versions: BOTH }, server).run();
    assert.deepEqual(refused.failures('server'), ['empty-certificate']);
  });

  it('recovers from loss, also where the first ClientHello comes again', () => {
    for (let lost = 0; lost < 4; lost++) {
      for (const end of ['client', 'server'] as const) {
        const wire: Wire = ({ from, index, bytes }) => (from === end && index === lost ? [] : [bytes]);
        for (const versions of [BOTH, ONLY_1_0]) assertWorks(pair(ECDSA, versions, versions, wire));
      }
    }
  });

  it('a protected record of the other version is dropped', () => {
    for (const [versions, other] of [
      [ONLY_1_0, DTLS_1_2],
      [BOTH, DTLS_1_0],
    ] as const) {
      const both = pair(ECDSA, versions, versions);
      const sealed = both.client.seal(Uint8Array.of(1));
      assert(sealed.ok);
      both.deliver('server', sealed.record.with(2, other & 255));
      both.settle();
      const [discarded] = both.outputs('server', 'discarded');
      assert.deepEqual([discarded?.reason, discarded?.fault], ['version', 'protocol-version-changed']);
      assertWorks(both);
    }
  });
});
