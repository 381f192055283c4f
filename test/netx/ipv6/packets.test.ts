import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { World } from 'txsim';
import { out, tx_thread_sleep } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { solicitedNode } from '../../../netx/ipv6/address.ts';
import { formatIpv6 } from '../../../netx/nxd-address.ts';
import { readUint16, readUint32, writeUint16, writeUint32 } from '../../../netx/wire/bytes.ts';
import { addBytes, foldChecksum } from '../../../netx/wire/checksum.ts';
import { pseudoHeaderSum6 } from '../../../netx/wire/ipv6.ts';
import { emitFragmentHeader } from '../../../netx/wire/ipv6-extensions.ts';
import { buildNd, type NdMessage } from '../../../netx/wire/nd.ts';
import { NO_ND_OPTIONS } from '../../../netx/wire/nd-options.ts';
import {
  echoServer6,
  ipv6,
  ipv6Firmware,
  receiveText6,
  sendText6,
  twoDevices6,
  words6,
  type Ipv6Boot,
} from '../../support/ipv6-firmware.ts';
import { DEVICE, PEER, PEER_HARDWARE, peerWorld, runFor, type NdPeer } from '../../support/nd-world.ts';

const [UDP, ICMP, HOP, ROUTING, FRAGMENT, NONE, DESTINATION] = [17, 58, 0, 43, 44, 59, 60];

/** A UDP datagram from the peer to port 7 of the device. */
function datagram(text: string, { port = 7, checksum = true } = {}): Uint8Array {
  const data = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + data.length);
  writeUint16(bytes, 0, 99);
  writeUint16(bytes, 2, port);
  writeUint16(bytes, 4, bytes.length);
  bytes.set(data, 8);
  const sum = pseudoHeaderSum6(PEER, DEVICE, UDP, bytes.length);
  if (checksum) writeUint16(bytes, 6, foldChecksum(addBytes(sum, bytes, 0, bytes.length)) || 0xffff);
  return bytes;
}

/** An echo request with data of a length. */
function echoRequest(length: number): Uint8Array {
  const message = new Uint8Array(8 + length).fill(0x41, 8);
  message[0] = 128;
  writeUint32(message, 4, 0x00070001);
  return message;
}

/** A device that prints the datagrams to port 7, with its addresses in use. */
function listener(options: Ipv6Boot = {}): {
  readonly world: World;
  readonly peer: NdPeer;
  readonly heard: () => string[];
} {
  const firmware = ipv6Firmware(function* (network, socket) {
    yield* nx.nx_udp_socket_bind(socket, 7, 0);
    for (;;) network.board.print((yield* receiveText6(socket, nx.NX_WAIT_FOREVER)).text);
  }, options);
  const { world, peer } = peerWorld(firmware);
  runFor(world, 8);
  peer.seen.length = 0;
  const heard = (): string[] => world.devices.get('device')?.output.lines.map(({ text }) => text) ?? [];
  return { world, peer, heard };
}

/** The errors that the peer was told of: type, code, and the word after them. */
const errors = (peer: NdPeer): readonly (readonly number[])[] =>
  peer.seen.flatMap(({ icmp }) => (icmp !== null && icmp.type < 128 ? [[icmp.type, icmp.code, icmp.word]] : []));

describe('extension headers', () => {
  const padded = (next: number, ...options: number[]): Uint8Array => {
    const bytes = new Uint8Array(8);
    bytes.set([next, 0, ...options]);
    return bytes;
  };
  const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
  const hello = datagram('hello');
  const cases: readonly (readonly [string, number, Uint8Array, readonly string[], readonly (readonly number[])[]])[] = [
    ['none', UDP, hello, ['hello'], []],
    ['padding, twice', HOP, join(padded(DESTINATION, 1, 4), padded(UDP, 1, 4), hello), ['hello'], []],
    ['an option to be skipped', DESTINATION, join(padded(UDP, 0x05, 4), hello), ['hello'], []],
    ['an option to discard for', DESTINATION, join(padded(UDP, 0x45, 4), hello), [], []],
    ['an option to tell of', DESTINATION, join(padded(UDP, 0x85, 4), hello), [], [[4, 2, 42]]],
    ['an option longer than its header', DESTINATION, join(padded(UDP, 0x05, 9), hello), [], []],
    ['a source route at its end', ROUTING, join(padded(UDP, 0, 0), hello), ['hello'], []],
    ['a source route', ROUTING, join(padded(UDP, 0, 1), hello), [], [[4, 0, 42]]],
    [
      'hop-by-hop options in a wrong place',
      DESTINATION,
      join(padded(HOP, 1, 4), padded(UDP, 1, 4), hello),
      [],
      [[4, 1, 40]],
    ],
    ['a protocol that nobody knows', 200, hello, [], [[4, 1, 6]]],
    ['a protocol that nobody knows, after options', DESTINATION, join(padded(200, 1, 4), hello), [], [[4, 1, 40]]],
    ['no next header', NONE, hello, [], []],
    ['a header cut short', HOP, Uint8Array.of(UDP, 3, 0), [], []],
    ['too many of them', DESTINATION, join(...Array.from({ length: 20 }, () => padded(DESTINATION, 1, 4))), [], []],
    ['an atomic fragment', FRAGMENT, join(padded(UDP), hello), [], []],
  ];
  for (const [name, next, payload, texts, told] of cases) {
    it(name, () => {
      const { world, peer, heard } = listener();
      peer.packet(next, payload);
      runFor(world, 1);
      assert.deepEqual(heard(), texts);
      assert.deepEqual(errors(peer), told);
    });
  }

  it('an error quotes as much as fits any link, and errors are few', () => {
    const { world, peer } = listener();
    peer.icmp(echoRequest(1), 64);
    runFor(world, 2);
    for (let count = 0; count < 50; count++) {
      peer.packet(200, new Uint8Array(1400).fill(9));
      runFor(world, 0.001);
    }
    const quoting = peer.seen.filter(({ icmp }) => icmp?.type === 4);
    assert.equal(quoting.length, 10);
    assert.equal(quoting[0]?.payload.length, 1240);
  });

  it('nobody is told of errors in errors, nor of what came for a group', () => {
    const { world, peer } = listener();
    const inError = new Uint8Array(60).fill(0);
    peer.packet(ICMP, inError);
    peer.packet(200, new Uint8Array(8), PEER, words6('ff02::1'));
    peer.packet(UDP, datagram('x', { port: 8 }), words6('::'));
    runFor(world, 1);
    assert.deepEqual(errors(peer), []);
  });
});

describe('the loopback address on the wire', () => {
  it('is no destination: nothing is delivered, nothing told, and no packet kept', () => {
    const firmware = ipv6Firmware(function* ({ ip, pool, board }) {
      yield* tx_thread_sleep(1000);
      const kept = pool.nx_packet_pool_total - pool.nx_packet_pool_available;
      board.print(`${ip.nx_ip_invalid_receive_address} refused, ${kept} kept`);
    });
    const { world, peer } = peerWorld(firmware);
    runFor(world, 8);
    peer.packet(200, new Uint8Array(8), words6('fe80::77'), words6('::1'));
    runFor(world, 20);
    assert.equal(world.devices.get('device')?.output.toString(), '1 refused, 0 kept');
    assert.deepEqual(errors(peer), []);
  });
});

describe('UDP over IPv6', () => {
  it('a port that nobody has is unreachable; a datagram without a checksum is dropped', () => {
    const { world, peer, heard } = listener();
    peer.packet(UDP, datagram('x', { port: 8 }));
    peer.packet(UDP, datagram('no checksum', { checksum: false }));
    const damaged = datagram('damaged');
    damaged[10] = 0;
    peer.packet(UDP, damaged);
    peer.packet(UDP, datagram('good'));
    runFor(world, 1);
    assert.deepEqual(heard(), ['good']);
    assert.deepEqual(errors(peer), [[1, 4, 0]]);
    const told = peer.seen.find(({ icmp }) => icmp?.type === 1);
    assert.deepEqual(told?.payload.slice(48), datagram('x', { port: 8 }));
  });

  it('what is sent to oneself comes back, by ::1 too', () => {
    const texts: string[] = [];
    const firmware = ipv6Firmware(
      function* (network, socket) {
        yield* nx.nx_udp_socket_bind(socket, 7, 0);
        for (const to of ['::1', '2001:db8::1', 'fe80::ff:fe00:1']) {
          yield* sendText6(network, socket, to, ipv6(to), 7);
          const { text, from } = yield* receiveText6(socket, 10);
          texts.push(`${text} from ${formatIpv6(from.nxd_ip_address.v6)}`);
        }
      },
      { addresses: ['2001:db8::1'] },
    );
    const { world } = peerWorld(firmware);
    runFor(world, 10);
    assert.deepEqual(
      texts,
      ['::1', '2001:db8::1', 'fe80::ff:fe00:1'].map((to) => `${to} from ${to}`),
    );
  });

  it('a group that was joined is heard until it is left', () => {
    const texts: string[] = [];
    const listening = ipv6Firmware(function* ({ ip }, socket) {
      yield* nx.nx_udp_socket_bind(socket, 7, 0);
      const group = ipv6('ff02::99');
      for (const change of [null, nx.nxd_ipv6_multicast_interface_join, nx.nxd_ipv6_multicast_interface_leave]) {
        if (change !== null) assert.equal(yield* change(ip, group, 0), nx.NX_SUCCESS);
        texts.push((yield* receiveText6(socket, 100)).text);
      }
    });
    const sending = ipv6Firmware(function* (network, socket) {
      yield* nx.nx_udp_socket_bind(socket, 9, 0);
      for (;;) {
        yield* tx_thread_sleep(70);
        yield* sendText6(network, socket, 'all', ipv6('ff02::99'), 7);
      }
    });
    const world = new World();
    const lan = world.lan();
    world.device('listener', { firmware: listening, lan, config: { NX_ENABLE_IPV6_MULTICAST: true } });
    world.device('sender', { firmware: sending, lan });
    runFor(world, 12);
    assert.deepEqual(texts, ['status 1', 'all', 'status 1']);
  });
});

describe('fragments', () => {
  const fragment = (data: Uint8Array, offset: number, moreFragments: boolean, identification = 5): Uint8Array => {
    const bytes = new Uint8Array(8 + data.length);
    emitFragmentHeader({ nextHeader: UDP, offset, moreFragments, identification }, bytes, 0);
    bytes.set(data, 8);
    return bytes;
  };
  const text = 'abcdefghijklmnopqrstuvwxyz'.repeat(4);
  const whole = datagram(text);
  const pieces = [0, 40, 80].map((at) => fragment(whole.subarray(at, at + 40), at, at < 80));
  const [first, second, third] = pieces;
  assert(first !== undefined && second !== undefined && third !== undefined);
  const overlap = fragment(whole.subarray(32, 72), 32, true);
  const cases: readonly (readonly [string, readonly Uint8Array[], readonly string[]])[] = [
    ['in order', [first, second, third], [text]],
    ['in any order', [third, first, second], [text]],
    ['twice', [first, first, second, second, third], [text]],
    ['overlapping', [first, overlap, second, third], []],
    ['beyond the last', [first, third, fragment(whole.subarray(0, 8), 120, false), second], []],
    ['in one piece', [fragment(whole, 0, false)], [text]],
    ['of two datagrams', [first, fragment(whole.subarray(40, 80), 40, true, 6), third], []],
    ['of a length that is no multiple of eight', [fragment(whole.subarray(0, 41), 0, true), third], []],
  ];
  for (const [name, sent, texts] of cases) {
    it(name, () => {
      const { world, peer, heard } = listener({ fragments: true });
      for (const one of sent) peer.packet(FRAGMENT, one);
      runFor(world, 70);
      assert.deepEqual(heard(), texts);
    });
  }

  it('are dropped where they are not enabled', () => {
    const { world, peer, heard } = listener();
    for (const one of pieces) peer.packet(FRAGMENT, one);
    runFor(world, 1);
    assert.deepEqual(heard(), []);
  });

  it('that miss one are given up after 60 seconds, and the sender of the first is told', () => {
    const { world, peer } = listener({ fragments: true });
    peer.packet(FRAGMENT, first);
    peer.packet(FRAGMENT, third);
    peer.packet(FRAGMENT, fragment(new Uint8Array(8), 8, true, 77));
    runFor(world, 58);
    assert.deepEqual(errors(peer), []);
    runFor(world, 5);
    assert.deepEqual(errors(peer), [[3, 1, 0]]);
  });

  it('that make more than a packet can hold are refused', () => {
    const { world, peer } = listener({ fragments: true });
    peer.packet(FRAGMENT, fragment(new Uint8Array(64), 65_528, false));
    runFor(world, 1);
    assert.deepEqual(errors(peer), [[4, 0, 42]]);
  });

  it('a flood of them takes no more than half the pool', () => {
    const { world, peer, heard } = listener({ fragments: true });
    for (let count = 0; count < 300; count++) {
      peer.packet(FRAGMENT, fragment(new Uint8Array(16), (count % 7) * 32, true, count >> 5));
    }
    runFor(world, 1);
    peer.packet(UDP, datagram('still there'));
    runFor(world, 1);
    assert.deepEqual(heard(), ['still there']);
  });

  it('a datagram longer than the link goes in fragments, and comes back the same', () => {
    const lengths = [1453, 2000, 4000, 9000];
    const options = { addresses: ['2001:db8::1'], fragments: true, packets: 60 };
    const world = twoDevices6(
      echoServer6(options),
      ipv6Firmware(
        function* (network, socket) {
          yield* nx.nx_udp_socket_bind(socket, 0, 0);
          for (const length of lengths) {
            const long = Array.from({ length }, (_, at) => String.fromCharCode(97 + (at % 26))).join('');
            yield* sendText6(network, socket, long, ipv6('2001:db8::1'), 7);
            network.board.print(String((yield* receiveText6(socket, 200)).text === long));
          }
        },
        { ...options, addresses: ['2001:db8::2'] },
      ),
    );
    assert.deepEqual(world.devices.get('client')?.output.toString(), 'true\ntrue\ntrue\ntrue');
  });
});

describe('path MTU', () => {
  /** A device that pings with long packets once a second. */
  const pinger = ipv6Firmware(
    function* ({ ip }) {
      for (;;) {
        yield* nx.nxd_icmp_ping(ip, ipv6(formatIpv6(PEER)), null, 1400, out(), 0);
        yield* tx_thread_sleep(100);
      }
    },
    { fragments: true },
  );
  const tooBig = (mtu: number, source = DEVICE): Uint8Array => {
    const message = new Uint8Array(8 + 48);
    message[0] = 2;
    writeUint32(message, 4, mtu);
    message[8] = 0x60;
    for (const [index, word] of source.entries()) writeUint32(message, 8 + 8 + index * 4, word);
    for (const [index, word] of PEER.entries()) writeUint32(message, 8 + 24 + index * 4, word);
    return message;
  };
  const longest = (peer: NdPeer): number => Math.max(...peer.seen.map(({ payload }) => payload.length + 40));

  for (const [name, config, message, expected] of [
    ['a smaller one is taken', { NX_ENABLE_IPV6_PATH_MTU_DISCOVERY: true }, tooBig(1300), 1296],
    ['less than 1280 is not believed', { NX_ENABLE_IPV6_PATH_MTU_DISCOVERY: true }, tooBig(600), 1448],
    ['one about somebody else’s packet is not', { NX_ENABLE_IPV6_PATH_MTU_DISCOVERY: true }, tooBig(1300, PEER), 1448],
    ['without the macro nothing is learned', {}, tooBig(1300), 1448],
  ] as const) {
    it(name, () => {
      const { world, peer } = peerWorld(pinger, config);
      runFor(world, 9);
      peer.icmp(message, 64);
      runFor(world, 1);
      peer.seen.length = 0;
      runFor(world, 5);
      assert.equal(longest(peer), expected);
    });
  }

  it('is forgotten after ten minutes', () => {
    const { world, peer } = peerWorld(pinger, { NX_ENABLE_IPV6_PATH_MTU_DISCOVERY: true });
    runFor(world, 9);
    peer.icmp(tooBig(1300), 64);
    runFor(world, 603);
    peer.seen.length = 0;
    runFor(world, 5);
    assert.equal(longest(peer), 1448);
  });
});

describe('echo', () => {
  for (const length of [0, 1, 56, 1452]) {
    it(`a request with ${length} bytes is answered with the same`, () => {
      const { world, peer } = listener();
      peer.icmp(echoRequest(length), 64);
      runFor(world, 1);
      const reply = peer.seen.find(({ icmp }) => icmp?.type === 129);
      assert.equal(reply?.icmp?.word, 0x00070001);
      assert.deepEqual(reply.payload.slice(8), echoRequest(length).slice(8));
      assert.deepEqual([formatIpv6(reply.ip.source), readUint16(reply.payload, 4)], [formatIpv6(DEVICE), 7]);
    });
  }

  it('a request with a wrong checksum is not answered', () => {
    const { world, peer } = listener();
    peer.packet(ICMP, echoRequest(8));
    runFor(world, 1);
    assert.deepEqual(
      peer.seen.filter(({ icmp }) => icmp?.type === 129),
      [],
    );
  });

  it('two devices, by ping', () => {
    const world = twoDevices6(
      echoServer6({ addresses: ['2001:db8::1'] }),
      ipv6Firmware(
        function* ({ ip, board }) {
          for (const to of ['2001:db8::1', 'fe80::ff:fe00:1']) {
            const response = out<nx.NX_PACKET>();
            const status = yield* nx.nxd_icmp_ping(ip, ipv6(to), 'ABCDEFGH', 8, response, 100);
            board.print(`${status} ${new TextDecoder().decode(nx.packetBytes(response.value))}`);
            yield* nx.nx_packet_release(response.value);
          }
        },
        { addresses: ['2001:db8::2'] },
      ),
    );
    assert.equal(world.devices.get('client')?.output.toString(), '0 ABCDEFGH\n0 ABCDEFGH');
  });
});

describe('hostile neighbor discovery', () => {
  const solicitation: NdMessage = {
    kind: 'neighbor-solicitation',
    target: DEVICE,
    options: { ...NO_ND_OPTIONS, sourceLinkLayer: PEER_HARDWARE },
  };

  it('what came through a router, or has a wrong option, is dropped', () => {
    const { world, peer } = listener();
    const good = buildNd(solicitation);
    peer.icmp(good, 254);
    peer.icmp(Uint8Array.of(...good, 1, 0, 0, 0, 0, 0, 0, 0));
    peer.icmp(Uint8Array.of(...good.subarray(0, 23)));
    const coded = good.slice();
    coded[1] = 1;
    peer.icmp(coded);
    peer.icmp(buildNd({ ...solicitation, target: words6('ff02::1') }));
    peer.icmp(good, 255, words6('::'), solicitedNode(DEVICE));
    runFor(world, 1);
    assert.equal(peer.of('neighbor-advertisement').length, 0);
    peer.icmp(good);
    runFor(world, 1);
    assert.equal(peer.of('neighbor-advertisement').length, 1);
  });

  it('any bytes as a message, or as a packet, do no harm', () => {
    const { world, peer, heard } = listener({ fragments: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 255 }),
        fc.uint8Array({ maxLength: 120 }),
        fc.constantFrom(HOP, ROUTING, FRAGMENT, DESTINATION, UDP, ICMP),
        (type, bytes, next) => {
          peer.icmp(Uint8Array.of(128 + (type % 16), 0, 0, 0, ...bytes));
          peer.packet(next, bytes);
          world.run({ until: world.clock.now + 1e6 });
        },
      ),
      { numRuns: 300 },
    );
    runFor(world, 100);
    peer.packet(UDP, datagram('still there'));
    runFor(world, 1);
    assert.equal(heard().at(-1), 'still there');
    assert.equal(readUint32(datagram(''), 0), 0x00630007);
  });
});
