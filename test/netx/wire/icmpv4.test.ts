import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { emitIcmpv4Header, ICMPV4_ECHO_REQUEST, ICMPV4_HEADER, parseIcmpv4Header } from '../../../netx/wire/icmpv4.ts';

const uint8 = fc.nat(255);
const uint16 = fc.nat(0xffff);
const header = fc.record({ type: uint8, code: uint8, identifier: uint16, sequence: uint16 }, { noNullPrototype: true });

describe('ICMP headers', () => {
  it('an echo request as it is on the wire', () => {
    const bytes = new Uint8Array(12);
    bytes.set([0x61, 0x62, 0x63, 0x64], ICMPV4_HEADER);
    emitIcmpv4Header({ type: ICMPV4_ECHO_REQUEST, code: 0, identifier: 1, sequence: 9 }, bytes, 0, 12);
    // 0x0800 + 0x0001 + 0x0009 + 0x6162 + 0x6364 = 0xccd0, complemented 0x332f.
    assert.deepEqual([...bytes], [8, 0, 0x33, 0x2f, 0, 1, 0, 9, 0x61, 0x62, 0x63, 0x64]);
  });

  it('what is written is read, with data of any length', () => {
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 40 }), fc.nat(8), (written, data, at) => {
        const end = at + ICMPV4_HEADER + data.length;
        const bytes = new Uint8Array(end + 3).fill(0xaa);
        bytes.set(data, at + ICMPV4_HEADER);
        emitIcmpv4Header(written, bytes, at, end);
        assert.deepEqual(parseIcmpv4Header(bytes, at, end), written);
        assert.deepEqual(bytes.subarray(at + ICMPV4_HEADER, end), data);
        assert(bytes.subarray(end).every((byte) => byte === 0xaa));
      }),
    );
  });

  it('a flipped bit is noticed, in the header and in the data', () => {
    fc.assert(
      fc.property(header, fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.nat(), (written, data, pick) => {
        const bytes = new Uint8Array(ICMPV4_HEADER + data.length);
        bytes.set(data, ICMPV4_HEADER);
        emitIcmpv4Header(written, bytes, 0, bytes.length);
        const bit = pick % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.equal(parseIcmpv4Header(bytes, 0, bytes.length), null);
      }),
    );
  });

  it('messages that are too short, or longer than the bytes at hand, are refused', () => {
    // All ones sum to a checksum that is right.
    const bytes = new Uint8Array(16).fill(0xff);
    assert.notEqual(parseIcmpv4Header(bytes, 0, 16), null);
    assert.equal(parseIcmpv4Header(bytes, 0, 7), null);
    assert.equal(parseIcmpv4Header(bytes, 12, 16), null);
    assert.equal(parseIcmpv4Header(bytes, 0, 18), null);
  });
});
