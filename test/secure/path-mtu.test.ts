import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FrameRule } from '../../sim/network/rules.ts';
import { connect, runDtlsWorld } from '../support/dtls-world.ts';

const SUCCESS = 'NX_SUCCESS (0x00)';
const HEADERS = 14 + 20 + 8;

/** Notes the UDP payloads of the server's frames, and drops those that are longer than the path takes. */
function path(longest: number): { readonly rule: FrameRule; readonly sent: number[] } {
  const sent: number[] = [];
  return {
    sent,
    rule: ({ from, bytes }) => {
      const isUdp = bytes[12] === 8 && bytes[13] === 0;
      if (isUdp && from === 'server') sent.push(bytes.length - HEADERS);
      return { action: isUdp && bytes.length - HEADERS > longest ? 'drop' : 'pass' };
    },
  };
}

describe('the size of handshake datagrams', () => {
  it('a flight that gets no answer twice is sent in smaller ones', () => {
    const { rule, sent } = path(548);
    let status = '';
    runDtlsWorld({
      lan: { rules: [rule] },
      *client(bench) {
        status = yield* connect(bench, 3000);
      },
    });
    assert.equal(status, SUCCESS);
    assert(Math.max(...sent) > 548);
    assert(sent.filter((length) => length > 548).length <= 5);
  });

  it('a device can keep them small from the beginning', () => {
    const { rule, sent } = path(300);
    let status = '';
    const config = { NX_SECURE_DTLS_MAXIMUM_DATAGRAM_SIZE: 300 };
    runDtlsWorld({
      lan: { rules: [rule] },
      serverConfig: config,
      clientConfig: config,
      *client(bench) {
        status = yield* connect(bench, 90);
      },
    });
    assert.equal(status, SUCCESS);
    assert(Math.max(...sent) <= 300);
  });
});
