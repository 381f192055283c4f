import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseIpv6 } from '../../../netx/ipv6/address-text.ts';
import { commonPrefix, linkLocalOf, maskAddress, solicitedNode } from '../../../netx/ipv6/address.ts';
import { formatIpv6 } from '../../../netx/nxd-address.ts';
import { emitIcmpv6, parseIcmpv6 } from '../../../netx/wire/icmpv6.ts';
import { emitFragmentHeader, judgeOptions, parseFragmentHeader } from '../../../netx/wire/ipv6-extensions.ts';
import { emitIpv6Header, parseIpv6Header, pseudoHeaderSum6, pseudoHeaderSumAt } from '../../../netx/wire/ipv6.ts';
import { buildNd, parseNd, type NdMessage } from '../../../netx/wire/nd.ts';
import type { NdOptions } from '../../../netx/wire/nd-options.ts';

const bits = (count: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** count - 1 });
const address = fc
  .array(fc.oneof(bits(32), fc.constant(0)), { minLength: 4, maxLength: 4 })
  .map((words) => Uint32Array.from(words));
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true });
const hardware = record({ msw: bits(16), lsw: bits(32) });
const options: fc.Arbitrary<NdOptions> = record<NdOptions>({
  sourceLinkLayer: fc.option(hardware),
  targetLinkLayer: fc.option(hardware),
  prefixes: fc.array(
    record<NdOptions['prefixes'][number]>({
      prefixLength: bits(8),
      onLink: fc.boolean(),
      autonomous: fc.boolean(),
      validLifetime: bits(32),
      preferredLifetime: bits(32),
      prefix: address,
    }),
    { maxLength: 3 },
  ),
  mtu: fc.option(bits(32)),
});
const nd: fc.Arbitrary<NdMessage> = fc.oneof(
  record<Extract<NdMessage, { kind: 'router-solicitation' }>>({ kind: fc.constant('router-solicitation'), options }),
  record<Extract<NdMessage, { kind: 'neighbor-solicitation' }>>({
    kind: fc.constant('neighbor-solicitation'),
    target: address,
    options,
  }),
  record<Extract<NdMessage, { kind: 'redirect' }>>({
    kind: fc.constant('redirect'),
    target: address,
    destination: address,
    options,
  }),
  record<Extract<NdMessage, { kind: 'neighbor-advertisement' }>>({
    kind: fc.constant('neighbor-advertisement'),
    router: fc.boolean(),
    solicited: fc.boolean(),
    override: fc.boolean(),
    target: address,
    options,
  }),
  record<Extract<NdMessage, { kind: 'router-advertisement' }>>({
    kind: fc.constant('router-advertisement'),
    hopLimit: bits(8),
    managed: fc.boolean(),
    otherConfiguration: fc.boolean(),
    routerLifetime: bits(16),
    reachableTime: bits(32),
    retransTimer: bits(32),
    options,
  }),
);

describe('IPv6 on the wire: what is written is read, and any bytes are read or refused', () => {
  it('the header', () => {
    const header = record({
      trafficClass: bits(8),
      flowLabel: bits(20),
      payloadLength: bits(16),
      nextHeader: bits(8),
      hopLimit: bits(8),
      source: address,
      destination: address,
    });
    fc.assert(
      fc.property(header, bits(4), (written, at) => {
        const bytes = new Uint8Array(at + 40);
        emitIpv6Header(written, bytes, at);
        assert.deepEqual(parseIpv6Header(bytes, at, at + 40 + written.payloadLength), written);
        assert.equal(parseIpv6Header(bytes, at, at + 39 + written.payloadLength), null);
        assert.equal(
          pseudoHeaderSumAt(bytes, at, 17, 9) % 0xffff,
          pseudoHeaderSum6(written.source, written.destination, 17, 9) % 0xffff,
        );
      }),
    );
  });

  it('the fragment header', () => {
    const header = record({
      nextHeader: bits(8),
      offset: bits(13).map((units) => units * 8),
      moreFragments: fc.boolean(),
      identification: bits(32),
    });
    fc.assert(
      fc.property(header, (written) => {
        const bytes = new Uint8Array(8);
        emitFragmentHeader(written, bytes, 0);
        assert.deepEqual(parseFragmentHeader(bytes, 0, 8), written);
        assert.equal(parseFragmentHeader(bytes, 0, 7), null);
      }),
    );
  });

  it('an ICMPv6 message, of which no bit may change', () => {
    fc.assert(
      fc.property(bits(8), bits(8), bits(32), fc.uint8Array({ maxLength: 40 }), bits(32), bits(16), (...parts) => {
        const [type, code, word, data, pseudo, flip] = parts;
        const message = new Uint8Array(8 + data.length);
        message.set(data, 8);
        emitIcmpv6({ type, code, word }, message, pseudo);
        assert.deepEqual(parseIcmpv6(message, pseudo), { type, code, word });
        const bit = flip % (message.length * 8);
        message[bit >> 3] = (message[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.equal(parseIcmpv6(message, pseudo), null);
      }),
    );
  });

  it('neighbor discovery', () => {
    fc.assert(
      fc.property(nd, (written) => {
        const bytes = buildNd(written);
        assert.deepEqual(parseNd(bytes), written);
        assert.equal(bytes.length % 8, 0);
      }),
    );
  });

  it('a neighbor discovery message cut short or with any bytes for options is read or refused', () => {
    fc.assert(
      fc.property(nd, fc.uint8Array({ maxLength: 60 }), bits(8), (written, noise, cut) => {
        const bytes = buildNd(written);
        parseNd(bytes.subarray(0, cut % (bytes.length + 1)));
        parseNd(Uint8Array.of(...bytes, ...noise));
        const zero = parseNd(Uint8Array.of(...bytes, 1, 0, 0, 0, 0, 0, 0, 0));
        assert.equal(zero, null, 'an option of length 0');
      }),
    );
  });

  it('options: padding is skipped, and what is not known does as its highest bits say', () => {
    const judge = (...bytes: number[]): unknown => judgeOptions(Uint8Array.from(bytes), 0, bytes.length);
    assert.deepEqual(judge(0, 0, 1, 2, 0, 0), { action: 'accept' });
    assert.deepEqual(judge(0x05, 2, 0, 0, 0, 0), { action: 'accept' });
    assert.deepEqual(judge(0x45, 2, 0, 0), { action: 'discard' });
    assert.deepEqual(judge(0, 0x85, 0), { action: 'problem', at: 1, toGroups: true });
    assert.deepEqual(judge(0xc5, 0), { action: 'problem', at: 0, toGroups: false });
    assert.deepEqual(judge(1, 5, 0, 0), { action: 'discard' });
    assert.deepEqual(judge(1), { action: 'discard' });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        judgeOptions(bytes, 0, bytes.length);
      }),
    );
  });
});

describe('IPv6 addresses', () => {
  it('text is that of RFC 5952', () => {
    for (const [text, expected] of [
      ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
      ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
      ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
      ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
      ['2001:DB8::AbC', '2001:db8::abc'],
      ['::', '::'],
      ['::1', '::1'],
      ['1::', '1::'],
      ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
      ['::13.1.68.3', '::d01:4403'],
      ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
      ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
      ['fe80::200:ff:fe00:1', 'fe80::200:ff:fe00:1'],
    ] as const) {
      const words = parseIpv6(text);
      assert(words !== null, text);
      assert.equal(formatIpv6(words), expected);
    }
  });

  it('what is no address is refused', () => {
    for (const text of [
      '',
      ':',
      ':::',
      '1',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7:8::',
      '1::2::3',
      ':1:2:3:4:5:6:7:8',
      '1:2:3:4:5:6:7:8:',
      '12345::',
      'g::',
      '::1.2.3',
      '::1.2.3.256',
      '::01.2.3.4',
      '1.2.3.4::',
      '192.0.2.1',
      'fe80::1%eth0',
      '2001:db8::/32',
      ' ::1',
    ]) {
      assert.equal(parseIpv6(text), null, text);
    }
  });

  it('what is written is read', () => {
    fc.assert(
      fc.property(address, (words) => {
        assert.deepEqual(parseIpv6(formatIpv6(words)), words);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseIpv6(text);
      }),
    );
  });

  it('those of an interface and of its group', () => {
    // RFC 2464 section 4, and RFC 4291 section 2.7.1.
    assert.equal(formatIpv6(linkLocalOf({ msw: 0x3456, lsw: 0x789abcde })), 'fe80::3656:78ff:fe9a:bcde');
    const one = parseIpv6('4037::01:800:200e:8c6c');
    assert(one !== null);
    assert.equal(formatIpv6(solicitedNode(one)), 'ff02::1:ff0e:8c6c');
  });

  it('a prefix is what two addresses have in common', () => {
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 128 }), (one, other, length) => {
        const same = commonPrefix(one, other) >= length;
        assert.equal(same, formatIpv6(maskAddress(one, length)) === formatIpv6(maskAddress(other, length)));
      }),
    );
  });
});
