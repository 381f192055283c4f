import assert from 'node:assert/strict';
import { World, type DeviceOptions, type Firmware } from 'txsim';
import { linkLocalOf } from '../../netx/ipv6/address.ts';
import { ETHERNET_HEADER, parseEthernet } from '../../netx/wire/ethernet.ts';
import { parseIcmpv6, type Icmpv6Header } from '../../netx/wire/icmpv6.ts';
import {
  emitIpv6Header,
  IPV6_HEADER,
  parseIpv6Header,
  PROTOCOL_ICMPV6,
  pseudoHeaderSumAt,
  type Ipv6Address,
  type Ipv6Header,
} from '../../netx/wire/ipv6.ts';
import { parseNd, type NdMessage, type NeighborAdvertisement } from '../../netx/wire/nd.ts';
import { NO_ND_OPTIONS } from '../../netx/wire/nd-options.ts';
import { icmpv6Frame, ndFrame } from '../../sim/network/icmpv6-frame.ts';
import type { Attachment } from '../../sim/network/lan.ts';

/** The hardware address of the first device of a world, and of the peer that the test plays. */
export const DEVICE_HARDWARE = { msw: 0x0200, lsw: 1 };
export const PEER_HARDWARE = { msw: 0x02aa, lsw: 7 };
export const DEVICE = linkLocalOf(DEVICE_HARDWARE);
export const PEER = linkLocalOf(PEER_HARDWARE);

/** An IPv6 packet that the peer has seen. */
export interface SeenPacket {
  readonly time: number;
  readonly ip: Ipv6Header;
  /** What comes after the IPv6 header. */
  readonly payload: Uint8Array;
  readonly icmp: Icmpv6Header | null;
  readonly nd: NdMessage | null;
}

/** A peer on a device's network that sends what a test wants, and notes what it sees. */
export class NdPeer {
  readonly seen: SeenPacket[] = [];
  /** Whether it answers solicitations for its own address. */
  answers = true;
  readonly #world: World;
  readonly #attachment: Attachment;

  constructor(world: World, lan: ReturnType<World['lan']>) {
    this.#world = world;
    this.#attachment = lan.attach({ name: 'peer', deliver: ({ bytes }) => this.#deliver(bytes) });
  }

  transmit(frame: Uint8Array): void {
    this.#attachment.transmit(frame);
  }

  /** Sends a neighbor discovery message. */
  send(nd: NdMessage, destination: Ipv6Address, source: Ipv6Address = PEER): void {
    const to = destination[0] === DEVICE[0] ? { to: DEVICE_HARDWARE } : {};
    this.transmit(ndFrame(nd, { hardware: PEER_HARDWARE, source, destination, ...to }));
  }

  /** Sends an ICMPv6 message to the device. */
  icmp(message: Uint8Array, hopLimit = 255, source: Ipv6Address = PEER, destination: Ipv6Address = DEVICE): void {
    const ends = { hardware: PEER_HARDWARE, source, destination, to: DEVICE_HARDWARE };
    this.transmit(icmpv6Frame(message, ends, hopLimit));
  }

  /** Sends an IPv6 packet with any payload to the device. */
  packet(nextHeader: number, payload: Uint8Array, source: Ipv6Address = PEER, destination: Ipv6Address = DEVICE): void {
    const frame = icmpv6Frame(new Uint8Array(payload.length), {
      hardware: PEER_HARDWARE,
      source,
      destination,
      to: DEVICE_HARDWARE,
    });
    const header = { trafficClass: 0, flowLabel: 0, hopLimit: 64, source, destination };
    emitIpv6Header({ ...header, payloadLength: payload.length, nextHeader }, frame, ETHERNET_HEADER);
    frame.set(payload, ETHERNET_HEADER + IPV6_HEADER);
    this.transmit(frame);
  }

  /** What it has seen of a kind. */
  of<K extends NdMessage['kind']>(kind: K): readonly (SeenPacket & { readonly nd: Extract<NdMessage, { kind: K }> })[] {
    return this.seen.filter(
      (one): one is SeenPacket & { readonly nd: Extract<NdMessage, { kind: K }> } => one.nd?.kind === kind,
    );
  }

  #deliver(bytes: Uint8Array): void {
    const ip =
      parseEthernet(bytes)?.etherType === 0x86dd ? parseIpv6Header(bytes, ETHERNET_HEADER, bytes.length) : null;
    if (ip === null) return;
    const at = ETHERNET_HEADER + IPV6_HEADER;
    const payload = bytes.slice(at, at + ip.payloadLength);
    const sum = pseudoHeaderSumAt(bytes, ETHERNET_HEADER, PROTOCOL_ICMPV6, payload.length);
    const icmp = ip.nextHeader === PROTOCOL_ICMPV6 ? parseIcmpv6(payload, sum) : null;
    if (ip.nextHeader === PROTOCOL_ICMPV6) assert(icmp !== null, 'a message with a wrong checksum');
    const nd = icmp === null ? null : parseNd(payload);
    this.seen.push({ time: this.#world.clock.now, ip, payload, icmp, nd });
    const isForPeer = nd?.kind === 'neighbor-solicitation' && nd.target.every((word, index) => word === PEER[index]);
    if (!isForPeer || !this.answers) return;
    this.send(advertisementOf(PEER), ip.source);
  }
}

/** An answer to a solicitation, from the peer. */
export const advertisementOf = (target: Ipv6Address): NeighborAdvertisement => ({
  kind: 'neighbor-advertisement',
  router: false,
  solicited: true,
  override: true,
  target,
  options: { ...NO_ND_OPTIONS, targetLinkLayer: PEER_HARDWARE },
});

/** A world of one device and a peer. */
export function peerWorld(
  firmware: Firmware,
  config: NonNullable<DeviceOptions['config']> = {},
): { readonly world: World; readonly peer: NdPeer } {
  const world = new World();
  const lan = world.lan();
  world.device('device', { firmware, lan, config });
  return { world, peer: new NdPeer(world, lan) };
}

/** Runs a world on for some seconds; no packet may be lost in it. */
export function runFor(world: World, seconds: number): void {
  world.run({ until: world.clock.now + seconds * 1e9 });
  assert.deepEqual(world.leaks(), []);
}
