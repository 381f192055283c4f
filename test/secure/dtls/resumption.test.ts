import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DTLS_1_2 } from '../../../secure/dtls/wire/record.ts';
import { ClientSessionCache, ServerSessionCache } from '../../../secure/session-cache.ts';
import { assertWorks, DtlsPair, FOUR_SUITES, pairConfig, type Wire } from '../../support/dtls-pair.ts';

const [ECDSA, RSA, , PSK] = FOUR_SUITES;

/** Handshakes of one client with one server, each of which may take up the association of the one before. */
class Acquaintances {
  readonly ofClient = new ClientSessionCache();
  readonly ofServer = new ServerSessionCache();
  #seed = 1;

  meet(suite: string = ECDSA, wire?: Wire, changes = {}): DtlsPair {
    this.#seed += 1;
    const client = { ...pairConfig(suite, 'client', this.#seed), resumption: this.ofClient, ...changes };
    const server = { ...pairConfig(suite, 'server', this.#seed), resumption: this.ofServer };
    return new DtlsPair(client, server, wire).run();
  }
}

const messages = (pair: DtlsPair): readonly (readonly string[])[] =>
  pair.outputs('server', 'datagram').map((output) => output.messages);

describe('resumption', () => {
  for (const suite of FOUR_SUITES) {
    it(`${suite}: the second handshake has neither certificate nor key exchange`, () => {
      const both = new Acquaintances();
      assertWorks(both.meet(suite));
      const second = both.meet(suite);
      assert.deepEqual(messages(second)[0], ['ServerHello', 'ChangeCipherSpec', 'Finished']);
      assertWorks(second);
      assertWorks(both.meet(suite));
    });
  }

  it('each handshake has its own keys', () => {
    const both = new Acquaintances();
    both.meet();
    const records = [both.meet(), both.meet()].map((pair) => {
      const sealed = pair.client.seal(new Uint8Array(32));
      assert(sealed.ok);
      return Buffer.from(sealed.record).toString('hex');
    });
    assert.notEqual(records[0], records[1]);
  });

  for (const [lost, from, index] of [
    ['the server’s flight', 'server', 1],
    ['the client’s flight', 'client', 2],
  ] as const) {
    it(`${lost} is lost once`, () => {
      const both = new Acquaintances();
      both.meet();
      const second = both.meet(ECDSA, (one) => (one.from === from && one.index === index ? [] : [one.bytes]));
      assertWorks(second);
      assert(!messages(second).flat().includes('Certificate'));
    });
  }

  it('a server that forgot the association makes a new one', () => {
    const both = new Acquaintances();
    both.meet();
    both.ofServer.wipe();
    const second = both.meet();
    assert(messages(second)[0]?.includes('Certificate'));
    assertWorks(second);
    assert.deepEqual(messages(both.meet())[0], ['ServerHello', 'ChangeCipherSpec', 'Finished']);
  });

  it('a client that no longer offers the suite gets a new association', () => {
    const both = new Acquaintances();
    both.meet(ECDSA);
    const second = both.meet(RSA);
    assert(messages(second)[0]?.includes('Certificate'));
    assertWorks(second);
  });

  it('a failed association is not taken up again', () => {
    const both = new Acquaintances();
    both.meet(PSK);
    const id = both.ofClient.find()?.id ?? new Uint8Array(0);
    assert(both.ofServer.find(id) !== null);
    // From its second ClientHello on, nothing more comes from the client.
    const second = both.meet(PSK, (one) => (one.from === 'client' && one.index >= 2 ? [] : [one.bytes]));
    assert.deepEqual(second.failures('server'), ['timeout']);
    assert.equal(both.ofServer.find(id), null);
  });

  it('what is kept is overwritten when it is wiped', () => {
    const both = new Acquaintances();
    both.meet();
    const kept = both.ofClient.find();
    assert(kept !== null);
    assert(kept.master.some((byte) => byte !== 0));
    const ofServer = both.ofServer.find(kept.id);
    both.ofClient.wipe();
    both.ofServer.wipe();
    assert(kept.master.every((byte) => byte === 0));
    assert(ofServer?.master.every((byte) => byte === 0));
  });

  it('a client keeps what it had with one server for that server alone', () => {
    const cache = new ClientSessionCache();
    cache.begin('192.168.1.1:4433');
    cache.store({ id: Uint8Array.of(1), version: DTLS_1_2, suite: 0xc02b, master: new Uint8Array(48), extended: true });
    cache.begin('192.168.1.1:4433');
    assert(cache.find() !== null);
    cache.begin('192.168.1.2:4433');
    assert.equal(cache.find(), null);
  });

  it('a server keeps 256 associations, the newest', () => {
    const cache = new ServerSessionCache();
    const id = (n: number): Uint8Array => Uint8Array.of(n >>> 8, n & 255);
    for (let n = 0; n < 300; n++) {
      cache.store({ id: id(n), version: DTLS_1_2, suite: 0xc02b, master: new Uint8Array(48), extended: true });
    }
    assert.equal(cache.find(id(43)), null);
    assert(cache.find(id(44)) !== null);
    assert(cache.find(id(299)) !== null);
  });
});
