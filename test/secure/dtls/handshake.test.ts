import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demo } from '../../../apps/dtls-echo/credentials/demo.ts';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import { CIPHER_SUITES } from '../../../secure/crypto/suites.ts';
import { DtlsClient } from '../../../secure/dtls/client.ts';
import { CLIENT_HELLO } from '../../../secure/dtls/wire/handshake.ts';
import { assertWorks, connect, DtlsPair, FOUR_SUITES, pairConfig } from '../../support/dtls-pair.ts';

const [ECDSA, RSA, , PSK] = FOUR_SUITES;

/** A client that begins another handshake in its association, with message numbers from 0 as the RFC has it. */
class Renegotiator extends DtlsClient {
  renegotiate(): void {
    this.numberFrom(0);
    this.queue(CLIENT_HELLO, new Uint8Array(60));
    this.sendFlight(1, false);
  }
}

describe('handshake', () => {
  for (const { name } of CIPHER_SUITES) {
    it(`${name}: handshake, data both ways, close`, () => {
      const pair = connect(name);
      assertWorks(pair);
      const [connected] = pair.outputs('client', 'connected');
      assert.equal(connected?.suite.name, name);
      assert.equal(connected.extendedMasterSecret, true);
      pair.client.close();
      pair.settle();
      assert.equal(pair.outputs('server', 'close-notify').length, 1);
      assert.equal(pair.outputs('client', 'close-notify').length, 1);
      assert.equal(pair.server.state, 'closed');
    });
  }

  it('data sent before a close_notify is taken after it', () => {
    const pair = connect(ECDSA);
    const early = pair.client.seal(Uint8Array.of(1));
    assert(early.ok);
    pair.client.close();
    pair.settle();
    assert.equal(pair.server.state, 'closed');
    pair.deliver('server', early.record);
    pair.settle();
    assert.deepEqual(pair.received.server, [Uint8Array.of(1)]);
  });

  for (const group of ['secp256r1', 'x25519', 'secp384r1', 'secp521r1'] as const) {
    it(`ephemeral keys on ${group}`, () => {
      const suites = [ECDSA, 'TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256'];
      for (const suite of suites) {
        const client = { ...pairConfig(suite, 'client'), groups: [group] };
        assertWorks(new DtlsPair(client, { ...pairConfig(suite, 'server'), groups: [group] }).run());
      }
    });
  }

  it('the flights are those of RFC 6347 figure 1', () => {
    const pair = connect(ECDSA);
    const flights = (end: 'client' | 'server'): unknown[] =>
      pair.outputs(end, 'datagram').map(({ flight, messages }) => [flight, ...messages]);
    assert.deepEqual(flights('client'), [
      [1, 'ClientHello'],
      [3, 'ClientHello'],
      [5, 'ClientKeyExchange', 'ChangeCipherSpec', 'Finished'],
    ]);
    assert.deepEqual(flights('server'), [
      [4, 'ServerHello', 'Certificate', 'ServerKeyExchange', 'ServerHelloDone'],
      [6, 'ChangeCipherSpec', 'Finished'],
    ]);
  });

  it('a client that wants to renegotiate is warned, and goes on with the association it has', () => {
    const client = new Renegotiator(pairConfig(ECDSA, 'client'));
    const pair = new DtlsPair(client, pairConfig(ECDSA, 'server')).run();
    client.renegotiate();
    pair.settle();
    assert.deepEqual(
      pair.outputs('client', 'alert').map(({ level, description }) => [level, description]),
      [[1, 100]],
    );
    assertWorks(pair);
  });

  it('the same seed gives the same bytes, another seed others', () => {
    const record = (seed: number): string => {
      const pair = new DtlsPair(pairConfig(ECDSA, 'client', seed), pairConfig(ECDSA, 'server', seed)).run();
      return pair
        .outputs('server', 'datagram')
        .map(({ bytes }) => Buffer.from(bytes).toString('hex'))
        .join();
    };
    assert.equal(record(1), record(1));
    assert.notEqual(record(1), record(2));
  });
});

describe('client authentication', () => {
  const server = { ...pairConfig(ECDSA, 'server'), requestClientCertificate: true };

  it('a client with a certificate is let in', () => {
    const privateKey = nodeProvider.importPrivateKey(demo.client_ecdsa.private_key);
    assert(privateKey !== null);
    const identity = { certificates: [demo.client_ecdsa.certificate], privateKey };
    assertWorks(new DtlsPair({ ...pairConfig(ECDSA, 'client'), identity }, server).run());
  });

  it('a client without one is refused', () => {
    const pair = new DtlsPair(pairConfig(ECDSA, 'client'), server).run();
    assert.deepEqual(pair.failures('server'), ['empty-certificate']);
    assert.deepEqual(pair.failures('client'), ['alert-received']);
  });
});

describe('what cannot be agreed on', () => {
  it('no common suite', () => {
    const pair = new DtlsPair(pairConfig(RSA, 'client'), pairConfig(ECDSA, 'server')).run();
    assert.deepEqual(pair.failures('server'), ['no-common-suite']);
    assert.equal(pair.outputs('client', 'alert')[0]?.description, 40);
  });

  it('an unknown pre-shared key identity', () => {
    const stranger = { identity: Uint8Array.of(2), key: Uint8Array.of(1) };
    const client = { ...pairConfig(PSK, 'client'), pskForHint: () => stranger };
    const pair = new DtlsPair(client, pairConfig(PSK, 'server')).run();
    assert.deepEqual(pair.failures('server'), ['no-psk']);
    assert.equal(pair.outputs('client', 'alert')[0]?.description, 115);
  });

  it('a hint that the client has no key for', () => {
    const client = { ...pairConfig(PSK, 'client'), pskForHint: () => null };
    const pair = new DtlsPair(client, pairConfig(PSK, 'server')).run();
    assert.deepEqual(pair.failures('client'), ['no-psk']);
  });

  it('a certificate that the judge refuses', () => {
    const failure = { kind: 'certificate', reason: 'expired', alert: 45 } as const;
    const client = { ...pairConfig(ECDSA, 'client'), verifyPeer: () => ({ ok: false, failure }) as const };
    const pair = new DtlsPair(client, pairConfig(ECDSA, 'server')).run();
    assert.deepEqual(pair.failures('client'), ['certificate']);
    assert.equal(pair.outputs('server', 'alert')[0]?.description, 45);
  });

  it('a handshake message longer than there is room for', () => {
    const client = { ...pairConfig(ECDSA, 'client'), maxHandshakeMessage: 200 };
    const pair = new DtlsPair(client, pairConfig(ECDSA, 'server')).run();
    assert.deepEqual(pair.failures('client'), ['message-too-large']);
  });

  it('a wrong pre-shared key: the Finished cannot be opened, and the handshake times out', () => {
    const other = { identity: Uint8Array.of(1), key: Uint8Array.of(7, 7, 7) };
    const client = { ...pairConfig(PSK, 'client'), pskForHint: () => other };
    const pair = new DtlsPair(client, pairConfig(PSK, 'server')).run(1000);
    assert.deepEqual(pair.failures('client'), ['timeout']);
    assert.notEqual(pair.server.state, 'connected');
    assert(pair.server.counters.authentication > 0);
  });
});
