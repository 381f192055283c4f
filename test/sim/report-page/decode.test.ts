import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { emitIcmpv6, ICMPV6_ECHO_REQUEST } from '../../../netx/wire/icmpv6.ts';
import { emitFragmentHeader } from '../../../netx/wire/ipv6-extensions.ts';
import {
  emitIpv6Header,
  FRAGMENT_HEADER,
  HOP_BY_HOP_OPTIONS,
  IPV6_HEADER,
  PROTOCOL_ICMPV6,
  pseudoHeaderSum6,
  type Ipv6Address,
} from '../../../netx/wire/ipv6.ts';
import { buildNd } from '../../../netx/wire/nd.ts';
import { NO_ND_OPTIONS } from '../../../netx/wire/nd-options.ts';
import { buildUdpFrame } from '../../../sim/host/udp-frame.ts';
import { decodeFrame } from '../../../sim/report-page/page/decode.ts';

const ONE: Ipv6Address = Uint32Array.of(0xfe800000, 0, 0, 1);
const TWO: Ipv6Address = Uint32Array.of(0xfe800000, 0, 0, 2);

function ipv6(nextHeader: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(14 + IPV6_HEADER + payload.length);
  frame.set([0x86, 0xdd], 12);
  const header = { trafficClass: 0, flowLabel: 0x12345, payloadLength: payload.length, nextHeader, hopLimit: 255 };
  emitIpv6Header({ ...header, source: ONE, destination: TWO }, frame, 14);
  frame.set(payload, 14 + IPV6_HEADER);
  return frame;
}

const sum = (length: number): number => pseudoHeaderSum6(ONE, TWO, PROTOCOL_ICMPV6, length);

function echo(): Uint8Array {
  const message = new Uint8Array(12);
  emitIcmpv6({ type: ICMPV6_ECHO_REQUEST, code: 0, word: (7 << 16) | 3 }, message, sum(12));
  return message;
}

const hardware = { msw: 0x0200, lsw: 0x0000000a };
/** A ClientHello's record header and the header of its message, cut there. */
const hello = Uint8Array.from([22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 5, 0, 12, 1, ...new Uint8Array(11)]);

const udp = buildUdpFrame(
  { source: ONE, sourcePort: 5684, destination: TWO, destinationPort: 4443, payload: hello },
  hardware,
  hardware,
  0,
);
const fragment = new Uint8Array(16);
emitFragmentHeader({ nextHeader: 17, offset: 1232, moreFragments: false, identification: 0xabc }, fragment, 0);
const advertisement = buildNd({
  kind: 'router-advertisement',
  hopLimit: 64,
  managed: false,
  otherConfiguration: true,
  routerLifetime: 1800,
  reachableTime: 0,
  retransTimer: 1000,
  options: {
    ...NO_ND_OPTIONS,
    sourceLinkLayer: hardware,
    mtu: 1400,
    prefixes: [
      {
        prefix: Uint32Array.of(0xfd000000, 0, 0, 0),
        prefixLength: 64,
        onLink: true,
        autonomous: true,
        validLifetime: 0xffffffff,
        preferredLifetime: 600,
      },
    ],
  },
});

/** The layers of a frame after Ethernet by their names, with some of their fields. */
const FRAMES: readonly (readonly [what: string, frame: Uint8Array, layers: readonly string[], fields: object])[] = [
  [
    'UDP and DTLS',
    udp,
    ['IPv6', 'UDP', 'DTLS record: Handshake', 'ClientHello'],
    { source: 'fe80::1', destination: 'fe80::2', 'destination port': '4443' },
  ],
  [
    'an echo request',
    ipv6(PROTOCOL_ICMPV6, echo()),
    ['IPv6', 'ICMPv6'],
    { 'flow label': '0x12345', 'next header': 'ICMPv6', type: 'Echo Request (128)', identifier: '7', sequence: '3' },
  ],
  [
    'an echo request behind options',
    ipv6(HOP_BY_HOP_OPTIONS, Uint8Array.of(PROTOCOL_ICMPV6, 0, 1, 4, 0, 0, 0, 0, ...echo())),
    ['IPv6', 'IPv6 hop-by-hop options', 'ICMPv6'],
    { sequence: '3' },
  ],
  [
    'a fragment',
    ipv6(FRAGMENT_HEADER, fragment),
    ['IPv6', 'IPv6 fragment header'],
    { offset: '1232 bytes', 'more fragments': 'no, the last', identification: '0x00000abc' },
  ],
  [
    'a neighbor solicitation',
    ipv6(
      PROTOCOL_ICMPV6,
      buildNd({ kind: 'neighbor-solicitation', target: TWO, options: { ...NO_ND_OPTIONS, sourceLinkLayer: hardware } }),
    ),
    ['IPv6', 'ICMPv6'],
    { type: 'Neighbor Solicitation (135)', target: 'fe80::2', 'source hardware': '02:00:00:00:00:0a' },
  ],
  [
    'a router advertisement',
    ipv6(PROTOCOL_ICMPV6, advertisement),
    ['IPv6', 'ICMPv6'],
    {
      'default router': 'for 1800 s',
      'reachable time': 'not said',
      'retransmission timer': '1000 ms',
      prefix: 'fd00::/64, on link, for addresses, valid for ever',
      MTU: '1400 bytes',
    },
  ],
  ['a header that is too short', udp.subarray(0, 40), [], {}],
  ['options that go on past the end', ipv6(HOP_BY_HOP_OPTIONS, Uint8Array.of(58, 9, 0, 0, 0, 0, 0, 0)), ['IPv6'], {}],
];

describe('a frame over IPv6, taken apart', () => {
  for (const [what, frame, names, fields] of FRAMES) {
    it(`${what}: ${names.join(', ') || 'Ethernet only'}`, () => {
      const [ethernet, ...layers] = decodeFrame(frame);
      assert.equal(ethernet?.fields.find(([name]) => name === 'type')?.[1], 'IPv6 (0x86dd)');
      assert.deepEqual(
        layers.map(({ name }) => name),
        names,
      );
      const all = layers.flatMap((layer) => layer.fields.map(([name, value]) => `${name}: ${value}`));
      for (const [name, value] of Object.entries(fields)) {
        assert(all.includes(`${name}: ${String(value)}`), `${name}: ${String(value)} not in ${all.join('; ')}`);
      }
    });
  }

  it('tells a wrong checksum', () => {
    const frame = ipv6(PROTOCOL_ICMPV6, echo());
    const checksum = (): string | undefined =>
      decodeFrame(frame)
        .at(-1)
        ?.fields.find(([name]) => name === 'checksum')?.[1];
    assert.match(checksum() ?? '', /^0x[\da-f]{4}$/);
    frame[frame.length - 1] = 1;
    assert.match(checksum() ?? '', / \(wrong\)$/);
  });

  it('has layers within the frame, whatever the bytes', () => {
    const start = fc.constantFrom(...FRAMES.map(([, frame]) => frame));
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 });
    fc.assert(
      fc.property(start, changes, fc.nat(), (frame, list, cut) => {
        const changed = frame.slice(0, frame.length - (cut % 20));
        for (const [at, value] of list) changed[14 + (at % (changed.length - 14))] = value;
        for (const { from, to } of decodeFrame(changed)) {
          assert(from >= 0 && from <= to && to <= changed.length, `${from}..${to} of ${changed.length}`);
        }
      }),
    );
  });
});
