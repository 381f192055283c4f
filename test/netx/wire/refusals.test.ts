import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emitArp, parseArp } from '../../../netx/wire/arp.ts';
import { addBytes, addWord32, foldChecksum } from '../../../netx/wire/checksum.ts';
import { parseEthernet } from '../../../netx/wire/ethernet.ts';
import { emitIpv4Header, parseIpv4Header } from '../../../netx/wire/ipv4.ts';
import { emitUdpHeader, parseUdpHeader, pseudoHeaderSum } from '../../../netx/wire/udp.ts';

type Change = (bytes: Uint8Array) => void;

const set =
  (at: number, ...values: readonly number[]): Change =>
  (bytes) => {
    bytes.set(values, at);
  };

const IPV4 = {
  tos: 0,
  totalLength: 40,
  identification: 7,
  dontFragment: true,
  moreFragments: false,
  fragmentOffset: 0,
  ttl: 64,
  protocol: 17,
  source: 0xc0a80001,
  destination: 0xc0a800c7,
};

/** An IPv4 packet of 40 bytes in a buffer of 60, changed, with its checksum right again. */
function packet(...changes: readonly Change[]): Uint8Array {
  const bytes = new Uint8Array(60);
  emitIpv4Header(IPV4, bytes, 0);
  for (const change of changes) change(bytes);
  bytes.set([0, 0], 10);
  const headerLength = Math.min(60, ((bytes[0] ?? 0) & 15) * 4);
  const checksum = foldChecksum(addBytes(0, bytes, 0, headerLength));
  bytes.set([checksum >> 8, checksum & 255], 10);
  return bytes;
}

describe('IPv4 headers', () => {
  it('the checksum is that of a known packet', () => {
    // A packet of 115 bytes from 192.168.0.1 to 192.168.0.199 with the DF bit: its checksum is 0xb861.
    const bytes = new Uint8Array(20);
    emitIpv4Header({ ...IPV4, totalLength: 115, identification: 0 }, bytes, 0);
    assert.deepEqual(
      [...bytes],
      [0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, 0xb8, 0x61, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0, 0xc7],
    );
  });

  for (const [what, changes, end] of [
    ['a version that is not 4', [set(0, 0x65)], 60],
    ['a header shorter than 20 bytes', [set(0, 0x44)], 60],
    ['a total length below the header', [set(2, 0, 19)], 60],
    ['a total length below the header with its options', [set(0, 0x48), set(2, 0, 31)], 60],
    ['a total length beyond the end', [set(2, 0, 61)], 60],
    ['an end before the total length', [], 39],
    ['an end within the header', [], 19],
    ['options beyond the end', [set(0, 0x4f), set(2, 0, 60)], 59],
  ] as const) {
    it(`${what}: refused`, () => assert.equal(parseIpv4Header(packet(...changes), 0, end), null));
  }

  it('options are skipped', () => {
    const parsed = parseIpv4Header(packet(set(0, 0x46), set(20, 0x94, 4, 0, 0)), 0, 60);
    assert.deepEqual(parsed, { ...IPV4, headerLength: 24 });
  });

  it('padding behind the total length is none of its business', () => {
    assert.equal(parseIpv4Header(packet(), 0, 60)?.totalLength, 40);
    assert.equal(parseIpv4Header(packet(), 0, 40)?.totalLength, 40);
  });

  it('flags and offset of a fragment', () => {
    const parsed = parseIpv4Header(packet(set(6, 0x20, 0x03)), 0, 60);
    assert.deepEqual(
      [parsed?.dontFragment, parsed?.moreFragments, parsed?.fragmentOffset, parsed?.identification],
      [false, true, 24, 7],
    );
  });

  it('a payload that goes on elsewhere may end beyond the bytes, the header may not', () => {
    const bytes = packet();
    assert.equal(parseIpv4Header(bytes.subarray(0, 20), 0, 40)?.totalLength, 40);
    assert.equal(parseIpv4Header(bytes.subarray(0, 19), 0, 40), null);
  });
});

describe('UDP headers', () => {
  const datagram = (length: number): Uint8Array => {
    const bytes = new Uint8Array(20);
    emitUdpHeader({ sourcePort: 1, destinationPort: 2, length, checksum: 3 }, bytes, 0);
    return bytes;
  };

  for (const [what, length, end, expected] of [
    ['no payload', 8, 20, 8],
    ['the whole of it', 20, 20, 20],
    ['a length below the header', 7, 20, undefined],
    ['a length of 0', 0, 20, undefined],
    ['a length beyond the end', 21, 20, undefined],
    ['an end within the header', 8, 7, undefined],
    ['a payload that goes on elsewhere', 300, 300, 300],
  ] as const) {
    it(`${what}: ${expected === undefined ? 'refused' : 'taken'}`, () => {
      assert.equal(parseUdpHeader(datagram(length), 0, end)?.length, expected);
    });
  }

  it('a header that goes on elsewhere: refused', () => {
    assert.equal(parseUdpHeader(datagram(20).subarray(0, 7), 0, 20), null);
  });

  it('the checksum covers the pseudo header', () => {
    // 192.168.0.1 port 1 to 192.168.0.199 port 2, one byte of payload, which counts as the high half of a word.
    const bytes = Uint8Array.of(0, 1, 0, 2, 0, 9, 0, 0, 0x41);
    const sum = addBytes(pseudoHeaderSum(0xc0a80001, 0xc0a800c7, 9), bytes, 0, 9);
    assert.equal(sum, 2 * 0xc0a8 + 0x0001 + 0x00c7 + 17 + 9 + 1 + 2 + 9 + 0x4100);
    // 0x1c33e in full: its carry comes back in, and all of it is complemented.
    assert.equal(foldChecksum(sum), ~0xc33f & 0xffff);
  });
});

describe('checksums', () => {
  it('of nothing, and of what sums to all ones', () => {
    assert.equal(foldChecksum(0), 0xffff);
    assert.equal(foldChecksum(0xffff), 0);
  });

  it('carries of more than 32 bits come back in', () => {
    assert.equal(foldChecksum(2 ** 40), ~(2 ** 8) & 0xffff);
  });

  it('addresses count as two words', () => {
    const bytes = Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc);
    assert.equal(addWord32(1, 0xfffefdfc), addBytes(1, bytes, 0, 4));
  });
});

describe('ARP packets', () => {
  const request = (...changes: readonly Change[]): Uint8Array => {
    const bytes = new Uint8Array(28);
    const hardware = { msw: 0x0200, lsw: 1 };
    const addresses = { senderAddress: 0xc0a80001, targetAddress: 0xc0a80002 };
    emitArp({ operation: 1, senderHardware: hardware, targetHardware: { msw: 0, lsw: 0 }, ...addresses }, bytes, 0);
    for (const change of changes) change(bytes);
    return bytes;
  };

  it('for IPv4 over Ethernet: taken', () => assert.equal(parseArp(request(), 0, 28)?.targetAddress, 0xc0a80002));
  for (const [what, changes, end] of [
    ['another hardware type', [set(1, 6)], 28],
    ['another protocol', [set(2, 0x86, 0xdd)], 28],
    ['other lengths', [set(4, 8)], 28],
    ['an end within it', [], 27],
  ] as const) {
    it(`${what}: refused`, () => assert.equal(parseArp(request(...changes), 0, end), null));
  }
});

describe('Ethernet headers', () => {
  for (const [what, etherType, length, taken] of [
    ['a type', [0x08, 0x00], 14, true],
    ['the least type', [0x06, 0x00], 14, true],
    ['a length in its place (IEEE 802.3)', [0x05, 0xdc], 60, false],
    ['too short a frame', [0x08, 0x00], 13, false],
  ] as const) {
    it(`${what}: ${taken ? 'taken' : 'refused'}`, () => {
      const bytes = new Uint8Array(60);
      bytes.set(etherType, 12);
      assert.equal(parseEthernet(bytes.subarray(0, length)) !== null, taken);
    });
  }
});
