import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { describeFrame } from 'txsim';
import { BOOTP_REPLY, BOOTP_REQUEST, buildDhcp } from '../../netx/wire/dhcp.ts';
import { emitIcmpv4Header } from '../../netx/wire/icmpv4.ts';
import { emitIgmp } from '../../netx/wire/igmp.ts';
import { echoRequest, ipv4Packet } from '../support/network-hosts.ts';

const framed = (packet: Uint8Array): Uint8Array => Uint8Array.of(...new Uint8Array(12), 8, 0, ...packet);

const icmp = (type: number, code: number, identifier = 0, sequence = 0): Uint8Array => {
  const message = new Uint8Array(36);
  emitIcmpv4Header({ type, code, identifier, sequence }, message, 0, message.length);
  return framed(ipv4Packet('10.0.0.1', '10.0.0.2', message, { protocol: 1 }));
};

const igmp = (type: number, group: number): Uint8Array => {
  const message = new Uint8Array(8);
  emitIgmp({ type, maxResponseTime: 0, group }, message, 0);
  return framed(ipv4Packet('10.0.0.1', '10.0.0.2', message, { protocol: 2 }));
};

const dhcp = (type: number, yourAddress: number): Uint8Array => {
  const payload = buildDhcp({
    op: yourAddress === 0 ? BOOTP_REQUEST : BOOTP_REPLY,
    xid: 1,
    secs: 0,
    broadcast: false,
    clientAddress: 0,
    yourAddress,
    serverAddress: 0,
    relayAddress: 0,
    hardware: { msw: 2, lsw: 1 },
    options: new Map(type === 0 ? [] : [[53, Uint8Array.of(type)]]),
  });
  const udp = new Uint8Array(8 + payload.length);
  udp.set([0, 67, 0, 68, udp.length >> 8, udp.length & 255]);
  udp.set(payload, 8);
  return framed(ipv4Packet('10.0.0.1', '10.0.0.2', udp));
};

describe('frames in words', () => {
  for (const [frame, words] of [
    [framed(ipv4Packet('10.0.0.1', '10.0.0.2', echoRequest(8), { protocol: 1 })), 'ICMP Echo Request 4'],
    [icmp(0, 0, 3, 9), 'ICMP Echo Reply 9'],
    [icmp(3, 3), 'ICMP Destination Unreachable, port'],
    [icmp(3, 9), 'ICMP Destination Unreachable, code 9'],
    [icmp(3, 4, 0, 1280), 'ICMP Fragmentation Needed, MTU 1280'],
    [icmp(4, 0), 'ICMP Source Quench'],
    [icmp(5, 1, 0x0a00, 0x00fe), 'ICMP Redirect to 10.0.0.254'],
    [icmp(11, 0), 'ICMP Time Exceeded'],
    [icmp(11, 1), 'ICMP Reassembly Time Exceeded'],
    [icmp(12, 0, 0x1400), 'ICMP Parameter Problem at 20'],
    [icmp(42, 0), 'ICMP type 42'],
    [framed(ipv4Packet('10.0.0.1', '10.0.0.2', new Uint8Array(4), { protocol: 1 })), 'ICMP'],
    [igmp(0x11, 0), 'IGMP General Query'],
    [igmp(0x11, 0xef010101), 'IGMP Query of 239.1.1.1'],
    [igmp(0x12, 0xef010101), 'IGMP v1 Report of 239.1.1.1'],
    [igmp(0x16, 0xef010101), 'IGMP v2 Report of 239.1.1.1'],
    [igmp(0x17, 0xef010101), 'IGMP Leave of 239.1.1.1'],
    [igmp(0x22, 0), 'IGMP type 34'],
    [framed(ipv4Packet('10.0.0.1', '10.0.0.2', new Uint8Array(8), { protocol: 6 })), 'IP protocol 6'],
  ] as const) {
    it(words, () => assert.equal(describeFrame(frame), `${words}, 10.0.0.1 to 10.0.0.2`));
  }

  for (const [frame, words] of [
    [dhcp(1, 0), 'DHCP Discover'],
    [dhcp(2, 0x0a000064), 'DHCP Offer of 10.0.0.100'],
    [dhcp(6, 0), 'DHCP NAK'],
    [dhcp(99, 0), 'DHCP type 99'],
    [dhcp(0, 0x0a000064), 'BOOTP of 10.0.0.100'],
  ] as const) {
    it(words, () => assert.equal(describeFrame(frame), `${words}, 10.0.0.1:67 to 10.0.0.2:68`));
  }

  it('fragments', () => {
    const [first, last] = [{ moreFragments: true }, { fragmentOffset: 64 }].map((parts) =>
      describeFrame(framed(ipv4Packet('10.0.0.1', '10.0.0.2', new Uint8Array(64), parts))),
    );
    assert.equal(first, 'IP fragment at 0, 10.0.0.1 to 10.0.0.2');
    assert.equal(last, 'IP fragment at 64, the last, 10.0.0.1 to 10.0.0.2');
  });

  it('any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(0x0800, 0x0806, 0x86dd), (bytes, etherType) => {
        const frame = Uint8Array.of(...new Uint8Array(12), etherType >> 8, etherType & 255, ...bytes);
        assert(describeFrame(frame).length > 0);
      }),
    );
  });
});
