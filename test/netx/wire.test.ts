import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { emitArp, parseArp } from '../../netx/wire/arp.ts';
import { addBytes, foldChecksum } from '../../netx/wire/checksum.ts';
import { emitEthernet, parseEthernet } from '../../netx/wire/ethernet.ts';
import { emitIcmpv4Header, parseIcmpv4Header } from '../../netx/wire/icmpv4.ts';
import { emitIgmp, parseIgmp } from '../../netx/wire/igmp.ts';
import { emitIpv4Header, emitIpv4HeaderWithOptions, parseIpv4Header } from '../../netx/wire/ipv4.ts';
import { emitUdpHeader, parseUdpHeader } from '../../netx/wire/udp.ts';

const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const plain = { noNullPrototype: true };
const hardware = fc.record({ msw: uint16, lsw: uint32 }, plain);

describe('the Internet checksum', () => {
  it('is that of the example of RFC 1071', () => {
    const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
    assert.equal(foldChecksum(addBytes(0, bytes, 0, 8)), ~0xddf2 & 0xffff);
  });

  it('is the sum of 16-bit words, wherever in memory they lie and however many there are', () => {
    const place = fc.record({ offset: fc.nat(9), start: fc.nat(9), length: fc.nat(300), before: fc.nat(0xffffff) });
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 400, maxLength: 400 }),
        place,
        (memory, { offset, start, length, before }) => {
          const bytes = memory.subarray(offset);
          let plain = before;
          for (let at = start; at < start + length; at += 2) {
            const low = at + 1 < start + length ? (bytes[at + 1] ?? 0) : 0;
            plain += (bytes[at] ?? 0) * 256 + low;
          }
          assert.equal(addBytes(before, bytes, start, start + length), plain);
        },
      ),
    );
  });

  it('of the longest datagram there is does not overflow', () => {
    const bytes = new Uint8Array(65_536).fill(0xff);
    assert.equal(addBytes(0, bytes, 0, bytes.length), 32_768 * 0xffff);
  });

  it('does not depend on where an even stretch is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(50), (bytes, half) => {
        const cut = Math.min(half * 2, bytes.length - (bytes.length % 2));
        const parts = addBytes(addBytes(0, bytes, 0, cut), bytes, cut, bytes.length);
        assert.equal(foldChecksum(parts), foldChecksum(addBytes(0, bytes, 0, bytes.length)));
      }),
    );
  });
});

describe('headers: what is written is read, and any bytes are read or refused', () => {
  it('Ethernet', () => {
    const header = fc.record(
      {
        destination: hardware,
        source: hardware,
        etherType: fc.integer({ min: 0x600, max: 0xffff }),
      },
      plain,
    );
    fc.assert(
      fc.property(header, (written) => {
        const bytes = new Uint8Array(14);
        emitEthernet(written, bytes, 0);
        assert.deepEqual(parseEthernet(bytes), written);
      }),
    );
  });

  it('ARP', () => {
    const packet = fc.record(
      {
        operation: uint16,
        senderHardware: hardware,
        senderAddress: uint32,
        targetHardware: hardware,
        targetAddress: uint32,
      },
      plain,
    );
    fc.assert(
      fc.property(packet, (written) => {
        const bytes = new Uint8Array(28);
        emitArp(written, bytes, 0);
        assert.deepEqual(parseArp(bytes, 0, 28), written);
      }),
    );
  });

  it('IPv4, with a checksum that any flipped bit breaks', () => {
    const header = fc.record(
      {
        tos: fc.nat(255),
        totalLength: fc.integer({ min: 20, max: 60 }),
        identification: uint16,
        dontFragment: fc.boolean(),
        moreFragments: fc.boolean(),
        fragmentOffset: fc.nat(8191).map((units) => units * 8),
        ttl: fc.nat(255),
        protocol: fc.nat(255),
        source: uint32,
        destination: uint32,
      },
      plain,
    );
    fc.assert(
      fc.property(header, fc.nat(159), (written, bit) => {
        const bytes = new Uint8Array(60);
        emitIpv4Header(written, bytes, 0);
        assert.deepEqual(parseIpv4Header(bytes, 0, 60), { ...written, headerLength: 20 });
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.equal(parseIpv4Header(bytes, 0, 60), null);
      }),
    );
  });

  it('UDP', () => {
    const header = fc.record(
      {
        sourcePort: uint16,
        destinationPort: uint16,
        length: fc.integer({ min: 8, max: 40 }),
        checksum: uint16,
      },
      plain,
    );
    fc.assert(
      fc.property(header, (written) => {
        const bytes = new Uint8Array(40);
        emitUdpHeader(written, bytes, 0);
        assert.deepEqual(parseUdpHeader(bytes, 0, 40), written);
      }),
    );
  });

  it('IPv4 with options, which are left out when they are read', () => {
    const options = fc
      .integer({ min: 0, max: 10 })
      .chain((words) => fc.uint8Array({ minLength: words * 4, maxLength: words * 4 }));
    fc.assert(
      fc.property(uint32, uint32, options, (source, destination, extra) => {
        const bytes = new Uint8Array(80);
        const written = {
          tos: 0,
          totalLength: 20 + extra.length + 3,
          identification: 1,
          dontFragment: false,
          moreFragments: false,
          fragmentOffset: 0,
          ttl: 1,
          protocol: 2,
          source,
          destination,
        };
        emitIpv4HeaderWithOptions(written, extra, bytes, 0);
        assert.deepEqual(parseIpv4Header(bytes, 0, 80), { ...written, headerLength: 20 + extra.length });
        assert.deepEqual(bytes.slice(20, 20 + extra.length), extra);
      }),
    );
  });

  it('IGMP, with a checksum that any flipped bit breaks', () => {
    const message = fc.record({ type: fc.nat(255), maxResponseTime: fc.nat(255), group: uint32 }, plain);
    fc.assert(
      fc.property(message, fc.nat(63), (written, bit) => {
        const bytes = new Uint8Array(8);
        emitIgmp(written, bytes, 0);
        assert.deepEqual(parseIgmp(bytes, 0, 8), written);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.equal(parseIgmp(bytes, 0, 8), null);
      }),
    );
  });

  it('ICMP, with data of any length behind it', () => {
    const header = fc.record({ type: fc.nat(255), code: fc.nat(255), identifier: uint16, sequence: uint16 }, plain);
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 60 }), fc.nat(63), (written, data, bit) => {
        const bytes = new Uint8Array(8 + data.length);
        bytes.set(data, 8);
        emitIcmpv4Header(written, bytes, 0, bytes.length);
        assert.deepEqual(parseIcmpv4Header(bytes, 0, bytes.length), written);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.equal(parseIcmpv4Header(bytes, 0, bytes.length), null);
      }),
    );
  });

  it('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        parseEthernet(bytes);
        parseArp(bytes, 0, bytes.length);
        parseUdpHeader(bytes, 0, bytes.length);
        if (bytes.length < 8) {
          assert.equal(parseIgmp(bytes, 0, bytes.length) ?? parseIcmpv4Header(bytes, 0, bytes.length), null);
        }
        const ip = parseIpv4Header(bytes, 0, bytes.length);
        if (ip !== null) assert(ip.totalLength <= bytes.length && ip.headerLength <= ip.totalLength);
      }),
      { numRuns: 2000 },
    );
  });
});
