import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CookieExchange } from '../../../secure/dtls/cookie.ts';
import { RecordLayer } from '../../../secure/dtls/record-layer.ts';
import { buildClientHello, parseClientHello } from '../../../secure/dtls/wire/client-hello.ts';
import { buildFragment, CLIENT_HELLO, parseFragments } from '../../../secure/dtls/wire/handshake.ts';
import { parseHelloVerifyRequest } from '../../../secure/dtls/wire/hello-verify-request.ts';
import { buildRecord, DTLS_1_2, HANDSHAKE, MAX_SEQUENCE, parseRecord } from '../../../secure/dtls/wire/record.ts';
import { DtlsPair, FOUR_SUITES, pairConfig, PEER } from '../../support/dtls-pair.ts';
import { kindNamed, pairOf } from '../../support/handshakes.ts';

const [ECDSA] = FOUR_SUITES;

describe('numbers that are used up', () => {
  it('a record layer writes up to the last number of an epoch, and no further', () => {
    const layer = new RecordLayer();
    layer.beginAt(MAX_SEQUENCE - 1);
    const numbers = [0, 1, 2].map(() => {
      const bytes = layer.write(HANDSHAKE, new Uint8Array(1));
      return bytes === null ? null : parseRecord(bytes)?.record.sequence;
    });
    assert.deepEqual(numbers, [MAX_SEQUENCE - 1, MAX_SEQUENCE, null]);
  });

  /** A ClientHello with a valid cookie in a record with a number of the test's choice. */
  function verifiedHello(cookies: CookieExchange, sequence: number): Uint8Array {
    const pair = pairOf(kindNamed('ECDSA'), () => []);
    const [first] = pair.run(0.5).outputs('client', 'datagram');
    const fragment = parseFragments(
      parseRecord(first?.bytes ?? new Uint8Array(0))?.record.fragment ?? new Uint8Array(0),
    );
    const hello = parseClientHello(fragment?.[0]?.body ?? new Uint8Array(0));
    assert(hello !== null);
    const build = (cookie: Uint8Array): Uint8Array => {
      const body = buildClientHello({ ...hello, cookie });
      const message = buildFragment({ type: CLIENT_HELLO, length: body.length, messageSeq: 1, offset: 0, body });
      return buildRecord({ type: HANDSHAKE, version: DTLS_1_2, epoch: 0, sequence, fragment: message });
    };
    const answer = cookies.answer(build(new Uint8Array(0)), PEER);
    assert(answer.verdict === 'verify');
    const reply = parseFragments(parseRecord(answer.reply)?.record.fragment ?? new Uint8Array(0));
    return build(parseHelloVerifyRequest(reply?.[0]?.body ?? new Uint8Array(0))?.cookie ?? new Uint8Array(0));
  }

  for (const [left, outcome] of [
    [0, 'failed'],
    [2, 'failed'],
    [40, 'handshaking'],
  ] as const) {
    it(`a ClientHello that leaves its server ${left} more: ${outcome}, and no datagram is empty or cut short`, () => {
      const config = pairConfig(ECDSA, 'server');
      const cookies = new CookieExchange(config.provider, config.random);
      const pair = new DtlsPair(pairConfig(ECDSA, 'client'), config);
      pair.server.handleDatagram(verifiedHello(cookies, MAX_SEQUENCE - left), 0);
      pair.settle();
      assert.equal(pair.server.state, outcome);
      const datagrams = pair.outputs('server', 'datagram');
      assert(datagrams.every(({ bytes }) => parseRecord(bytes) !== null));
      assert.deepEqual(pair.failures('server'), outcome === 'failed' ? ['sequence-exhausted'] : []);
      assert.equal(pair.server.deadline === null, outcome === 'failed');
    });
  }
});
