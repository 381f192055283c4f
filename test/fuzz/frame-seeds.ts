import { emitArp } from '../../netx/wire/arp.ts';
import {
  emitEthernet,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_RARP,
} from '../../netx/wire/ethernet.ts';
import { buildDhcp } from '../../netx/wire/dhcp.ts';
import { buildNd, type NdMessage } from '../../netx/wire/nd.ts';
import { NO_ND_OPTIONS } from '../../netx/wire/nd-options.ts';
import { parseIpv4 } from '../../sim/ipv4-text.ts';
import { parseIpv6Address } from '../../sim/ipv6-text.ts';
import { ipv6Packet } from '../support/ipv6-host.ts';
import { echoRequest, ipv4Packet } from '../support/network-hosts.ts';
import { ALL_RIGHT, inputOf } from './frames.ts';

const STATION = { msw: 0x02aa, lsw: 9 };
const DEVICE = { msw: 0x0200, lsw: 1 };

const framed = (etherType: number, packet: Uint8Array, destination = DEVICE): Uint8Array => {
  const frame = new Uint8Array(14 + packet.length);
  emitEthernet({ destination, source: STATION, etherType }, frame, 0);
  frame.set(packet, 14);
  return frame;
};

const data = (length: number): Uint8Array => new Uint8Array(length).map((_, at) => at & 255);
const udp = (from: number, to: number, payload: Uint8Array): Uint8Array =>
  Uint8Array.of(from >> 8, from & 255, to >> 8, to & 255, 0, 8 + payload.length, 0, 0, ...payload);

/** Addresses of those who take the frames. */
export interface SeedEnds {
  readonly ipv4: string;
  readonly from4: string;
  readonly ipv6: string;
  readonly from6: string;
  /** An address behind the receiver, of each version. */
  readonly beyond4: string;
  readonly beyond6: string;
}

/** Frames of every protocol, as they should be. */
export function seedFrames(ends: SeedEnds): readonly Uint8Array[] {
  return [...arpFrames(ends), ...ipv4Frames(ends), ...dhcpFrames(ends), ...ipv6Frames(ends)];
}

/** Inputs of one frame each, of those that belong together, and with time that passes in between. */
export function seedInputs(ends: SeedEnds): readonly Uint8Array[] {
  const frames = seedFrames(ends);
  const pairs = frames.slice(1).map((frame, at) => inputOf([frames[at] ?? frame, frame], ALL_RIGHT | 0xc0));
  return [...frames.map((frame) => inputOf([frame])), ...pairs];
}

function arpFrames({ ipv4, from4 }: SeedEnds): readonly Uint8Array[] {
  return [
    [1, ETHERTYPE_ARP, from4],
    [1, ETHERTYPE_ARP, '0.0.0.0'],
    [1, ETHERTYPE_ARP, ipv4],
    [2, ETHERTYPE_ARP, from4],
    [4, ETHERTYPE_RARP, from4],
  ].map(([operation, etherType, sender]) => {
    const message = new Uint8Array(46);
    const addresses = { senderAddress: parseIpv4(String(sender)), targetAddress: parseIpv4(ipv4) };
    emitArp(
      { operation: Number(operation), senderHardware: STATION, targetHardware: DEVICE, ...addresses },
      message,
      0,
    );
    return framed(Number(etherType), message);
  });
}

function ipv4Frames({ ipv4, from4, beyond4 }: SeedEnds): readonly Uint8Array[] {
  const datagram = udp(5000, 7, data(40));
  const about = ipv4Packet(ipv4, from4, udp(7, 5000, data(8))).subarray(0, 28);
  const error = (type: number, code: number, word = 0): Uint8Array =>
    Uint8Array.of(type, code, 0, 0, 0, 0, word >> 8, word & 255, ...about);
  const igmp = (type: number, group: number): Uint8Array =>
    Uint8Array.of(type, 10, 0, 0, group, group && 1, group && 1, group && 1);
  const packets = [
    ipv4Packet(from4, ipv4, datagram),
    ipv4Packet(from4, ipv4, udp(5000, 9999, data(4))),
    ipv4Packet(from4, beyond4, datagram),
    ipv4Packet(from4, ipv4, echoRequest(20), { protocol: 1 }),
    ipv4Packet(from4, ipv4, echoRequest(20).with(0, 0), { protocol: 1 }),
    ...[error(3, 3), error(3, 4, 600), error(4, 0), error(5, 1), error(11, 0), error(12, 0)].map((message) =>
      ipv4Packet(from4, ipv4, message, { protocol: 1 }),
    ),
    ipv4Packet(from4, ipv4, Uint8Array.of(13, 0, ...data(18)), { protocol: 1 }),
    ...[igmp(0x11, 0), igmp(0x11, 239), igmp(0x16, 239), igmp(0x17, 239)].map((message) =>
      ipv4Packet(from4, '224.0.0.1', message, { protocol: 2, ttl: 1 }),
    ),
    ipv4Packet(from4, ipv4, data(64), { moreFragments: true }),
    ipv4Packet(from4, ipv4, data(64), { fragmentOffset: 64 }),
    ipv4Packet(from4, ipv4, data(64), { fragmentOffset: 32, moreFragments: true }),
    ipv4Packet(from4, beyond4, data(1200), { identification: 9, dontFragment: true }),
    ipv4Packet(from4, '255.255.255.255', datagram),
    ipv4Packet(from4, ipv4, data(12), { protocol: 6 }),
  ];
  // With options: record route, and router alert.
  const plain = ipv4Packet(from4, ipv4, datagram);
  const options = Uint8Array.of(7, 7, 4, 0, 0, 0, 0, 1, 0x94, 4, 0, 0);
  const optioned = Uint8Array.of(0x48, ...plain.subarray(1, 20), ...options, ...plain.subarray(20));
  return [...packets, optioned].map((packet) => framed(ETHERTYPE_IPV4, packet));
}

function dhcpFrames({ from4 }: SeedEnds): readonly Uint8Array[] {
  const [mask, lease] = [Uint8Array.of(255, 255, 255, 0), Uint8Array.of(0, 0, 0, 60)];
  const server = Uint8Array.of(192, 168, 1, 9);
  return [2, 5, 6].map((type) => {
    const options = new Map([
      [53, Uint8Array.of(type)],
      [54, server],
      [1, mask],
      [3, server],
      [51, lease],
      [6, server],
    ]);
    const message = buildDhcp({
      op: 2,
      xid: 0,
      secs: 0,
      broadcast: true,
      clientAddress: 0,
      yourAddress: parseIpv4('192.168.1.99'),
      serverAddress: parseIpv4('192.168.1.9'),
      relayAddress: 0,
      hardware: DEVICE,
      options,
    });
    return framed(ETHERTYPE_IPV4, ipv4Packet(from4, '255.255.255.255', udp(67, 68, message)));
  });
}

function ipv6Frames({ ipv6, from6, beyond6 }: SeedEnds): readonly Uint8Array[] {
  const local = 'fe80::aa:ff:fe00:9';
  const [target, source] = [parseIpv6Address(ipv6), parseIpv6Address(from6)];
  const prefix = { prefix: parseIpv6Address('fd00:7::'), prefixLength: 64, onLink: true, autonomous: true };
  const lifetimes = { validLifetime: 60, preferredLifetime: 30 };
  const advertisement: NdMessage = {
    kind: 'router-advertisement',
    hopLimit: 64,
    managed: false,
    otherConfiguration: false,
    routerLifetime: 60,
    reachableTime: 0,
    retransTimer: 0,
    options: { ...NO_ND_OPTIONS, sourceLinkLayer: STATION, prefixes: [{ ...prefix, ...lifetimes }], mtu: 1400 },
  };
  const flags = { router: true, solicited: true, override: true };
  const options = { ...NO_ND_OPTIONS, sourceLinkLayer: STATION };
  const messages: readonly NdMessage[] = [
    { kind: 'neighbor-solicitation', target, options },
    {
      kind: 'neighbor-advertisement',
      ...flags,
      target: source,
      options: { ...NO_ND_OPTIONS, targetLinkLayer: STATION },
    },
    { kind: 'neighbor-advertisement', ...flags, target, options: NO_ND_OPTIONS },
    { kind: 'router-solicitation', options },
    { kind: 'redirect', target: parseIpv6Address(local), destination: source, options: NO_ND_OPTIONS },
  ];
  const datagram = udp(5000, 7, data(40));
  const about = ipv6Packet(ipv6, from6, udp(7, 5000, data(8)));
  const icmp = { nextHeader: 58 };
  const echo = Uint8Array.of(128, 0, 0, 0, 0, 3, 0, 4, ...data(20));
  const error = (type: number, code: number, word: number): Uint8Array =>
    ipv6Packet(from6, ipv6, Uint8Array.of(type, code, 0, 0, 0, 0, word >> 8, word & 255, ...about), icmp);
  const padding = (next: number): Uint8Array => Uint8Array.of(next, 0, 1, 4, 0, 0, 0, 0);
  const fragment = (offset: number, more: number): Uint8Array =>
    Uint8Array.of(17, 0, offset >> 8, (offset & 0xf8) | more, 0, 0, 0, 7, ...data(64));
  const packets = [
    ...messages.map((nd) => ipv6Packet(from6, ipv6, buildNd(nd), { ...icmp, hopLimit: 255 })),
    ipv6Packet(local, 'ff02::1', buildNd(advertisement), { ...icmp, hopLimit: 255 }),
    ipv6Packet(from6, ipv6, datagram),
    ipv6Packet(from6, ipv6, udp(5000, 9999, data(4))),
    ipv6Packet(from6, beyond6, datagram),
    ipv6Packet(from6, ipv6, echo, icmp),
    ipv6Packet(from6, 'ff02::1', echo, icmp),
    error(1, 4, 0),
    error(2, 0, 1300),
    error(3, 0, 0),
    error(4, 1, 40),
    ipv6Packet(from6, ipv6, Uint8Array.of(...padding(60), ...padding(17), ...datagram), { nextHeader: 0 }),
    ipv6Packet(from6, ipv6, Uint8Array.of(17, 0, 0xc2, 4, 0, 0, 0, 0, ...datagram), { nextHeader: 60 }),
    ipv6Packet(from6, ipv6, Uint8Array.of(17, 2, 0, 1, 0, 0, 0, 0, ...data(16), ...datagram), { nextHeader: 43 }),
    ...[fragment(0, 1), fragment(64, 0), fragment(32, 1)].map((one) =>
      ipv6Packet(from6, ipv6, one, { nextHeader: 44 }),
    ),
    ipv6Packet(from6, ipv6, data(12), { nextHeader: 6 }),
    ipv6Packet(from6, ipv6, new Uint8Array(0), { nextHeader: 59 }),
  ];
  return packets.map((packet) => framed(ETHERTYPE_IPV6, packet));
}
