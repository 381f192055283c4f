import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineFirmware, World } from 'txsim';
import { IP_ADDRESS, nx_icmp_enable } from 'txsim/nx_api';
import { emitEthernet, ETHERTYPE_IPV4 } from '../../netx/wire/ethernet.ts';
import { emitIcmpv4Header, parseIcmpv4Header } from '../../netx/wire/icmpv4.ts';
import { emitIpv4Header, parseIpv4Header } from '../../netx/wire/ipv4.ts';
import { buildUdpFrame } from '../../sim/host/udp-frame.ts';
import { bootNetwork } from '../support/dtls-firmware.ts';

const US = IP_ADDRESS(192, 168, 1, 20);
const DEVICE = IP_ADDRESS(192, 168, 1, 10);
const OUR_HARDWARE = { msw: 0x02aa, lsw: 7 };
const DEVICE_HARDWARE = { msw: 0x0200, lsw: 1 };

/** What a device with ICMP sends back for a frame; ARP is answered for it. */
function answers(frame: Uint8Array, icmp = true): Uint8Array[] {
  const world = new World();
  const lan = world.lan();
  const firmware = defineFirmware((board) => {
    const network = bootNetwork(board);
    return {
      *tx_application_define(memory) {
        yield* network.define(memory);
        if (icmp) yield* nx_icmp_enable(network.ip);
      },
    };
  });
  world.device('device', { firmware, lan });
  const received: Uint8Array[] = [];
  const port = lan.attach({
    name: 'us',
    deliver: ({ bytes }) => {
      if (bytes[13] !== 0x06) {
        received.push(bytes.slice(14));
        return;
      }
      // An ARP request becomes its reply: we are who is asked for.
      const reply = bytes.slice();
      reply.set(bytes.subarray(6, 12), 0);
      reply.set([0x02, 0xaa, 0, 0, 0, 7], 6);
      reply[21] = 2;
      reply.set([0x02, 0xaa, 0, 0, 0, 7, 192, 168, 1, 20], 22);
      reply.set(bytes.subarray(22, 32), 32);
      port.transmit(reply);
    },
  });
  world.run({ until: '100ms' });
  port.transmit(frame);
  world.run({ until: '200ms' });
  assert.deepEqual(world.leaks(), []);
  return received;
}

function echoRequest(payload: string): Uint8Array {
  const data = new TextEncoder().encode(payload);
  const frame = new Uint8Array(14 + 20 + 8 + data.length);
  emitEthernet({ destination: DEVICE_HARDWARE, source: OUR_HARDWARE, etherType: ETHERTYPE_IPV4 }, frame, 0);
  const header = {
    tos: 0,
    totalLength: frame.length - 14,
    identification: 1,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: 64,
    protocol: 1,
    source: US,
    destination: DEVICE,
  };
  emitIpv4Header(header, frame, 14);
  frame.set(data, 42);
  emitIcmpv4Header({ type: 8, code: 0, identifier: 77, sequence: 3 }, frame, 34, frame.length);
  return frame;
}

describe('ICMP', () => {
  it('an echo request comes back as a reply with the same data', () => {
    const [reply] = answers(echoRequest('are you there?'));
    assert(reply !== undefined);
    const ip = parseIpv4Header(reply, 0, reply.length);
    assert.deepEqual([ip?.source, ip?.destination, ip?.protocol], [DEVICE, US, 1]);
    const icmp = parseIcmpv4Header(reply, 20, ip?.totalLength ?? 0);
    assert.deepEqual(icmp, { type: 0, code: 0, identifier: 77, sequence: 3 });
    assert.equal(new TextDecoder().decode(reply.subarray(28, ip?.totalLength)), 'are you there?');
  });

  it('a damaged request, and a device without ICMP, stay silent', () => {
    const damaged = echoRequest('hello');
    damaged[45] = (damaged[45] ?? 0) ^ 1;
    assert.deepEqual(answers(damaged), []);
    assert.deepEqual(answers(echoRequest('hello'), false), []);
  });

  it('a datagram to a port that nobody has is answered with its headers', () => {
    const datagram = {
      source: US,
      sourcePort: 5,
      destination: DEVICE,
      destinationPort: 99,
      payload: new Uint8Array(30),
    };
    const frame = buildUdpFrame(datagram, OUR_HARDWARE, DEVICE_HARDWARE, 1);
    const [reply] = answers(frame);
    assert(reply !== undefined);
    const ip = parseIpv4Header(reply, 0, reply.length);
    const icmp = parseIcmpv4Header(reply, 20, ip?.totalLength ?? 0);
    assert.deepEqual(icmp, { type: 3, code: 3, identifier: 0, sequence: 0 });
    assert.deepEqual(reply.slice(28, 28 + 28), frame.slice(14, 14 + 28));
    assert.deepEqual(answers(frame, false), []);
  });
});
