import { describeFrame, type World } from 'txsim';
import { readUint16 } from '../../netx/wire/bytes.ts';
import { emitEthernet, ETHERTYPE_ARP, ETHERTYPE_IPV6, type HardwareAddress } from '../../netx/wire/ethernet.ts';
import { ARP_REPLY, ARP_REQUEST, emitArp, parseArp } from '../../netx/wire/arp.ts';
import { parseIpv6Header, type Ipv6Address } from '../../netx/wire/ipv6.ts';
import { parseNd } from '../../netx/wire/nd.ts';
import { NO_ND_OPTIONS } from '../../netx/wire/nd-options.ts';
import { formatIpv4 } from '../../netx/nxd-address.ts';
import type { Lan } from '../../sim/index.ts';
import { icmpv6Frame, ndFrame } from '../../sim/network/icmpv6-frame.ts';
import { echoRequest, ipv4Packet } from '../support/network-hosts.ts';
import { hold } from './target.ts';

const HARDWARE: HardwareAddress = { msw: 0x02aa, lsw: 7 };

/** Who is asked whether he still answers. */
export interface Pinged {
  readonly hardware: HardwareAddress;
  readonly ipv4: string;
  /** An IPv4 address of the station that nobody has spoken of. */
  readonly fresh4: string;
  readonly ipv6: Ipv6Address;
  readonly fresh6: Ipv6Address;
}

/** What sends the frames of inputs, and sees what comes back. */
export class FrameStation {
  readonly #world: World;
  readonly #transmit: (frame: Uint8Array) => void;
  readonly #seen: string[] = [];
  #answersFor: Pinged | null = null;

  constructor(world: World, lan: Lan) {
    this.#world = world;
    const attachment = lan.attach({ name: 'fuzz', deliver: ({ bytes }) => this.#deliver(bytes) });
    this.#transmit = (frame) => attachment.transmit(frame);
  }

  /** Sends a frame. */
  send(frame: Uint8Array): void {
    this.#transmit(frame);
  }

  /** Lets time pass; holds that little happens in it. */
  wait(nanoseconds: number): void {
    const { clock } = this.#world;
    const until = clock.now + nanoseconds;
    clock.limit = until;
    let events = 0;
    const most = 10_000 + nanoseconds / 1e5;
    while (clock.runNext()) hold(++events < most, 'few things happen in a time');
    clock.now = until;
  }

  /** Holds that somebody answers echo requests of both versions. */
  ping(who: Pinged): void {
    this.#answersFor = who;
    const hardware = HARDWARE;
    const request = ipv4Packet(who.fresh4, who.ipv4, echoRequest(8), { protocol: 1 });
    const frame = new Uint8Array(60);
    emitEthernet({ destination: who.hardware, source: hardware, etherType: 0x0800 }, frame, 0);
    frame.set(request, 14);
    const ends = { hardware, source: who.fresh6, destination: who.ipv6, to: who.hardware };
    const echo = Uint8Array.of(128, 0, 0, 0, 0, 3, 0, 4, 1, 2, 3, 4);
    for (const [version, bytes, reply] of [
      [4, frame, 'ICMP Echo Reply'],
      [6, icmpv6Frame(echo, ends), 'ICMPv6 Echo Reply'],
    ] as const) {
      this.#seen.length = 0;
      this.#transmit(bytes);
      this.wait(3e9);
      hold(
        this.#seen.some((line) => line.startsWith(reply)),
        `echo requests over IPv${version} are answered`,
      );
    }
    this.#answersFor = null;
  }

  #deliver(bytes: Uint8Array): void {
    const who = this.#answersFor;
    if (who === null) return;
    this.#seen.push(describeFrame(bytes));
    const etherType = readUint16(bytes, 12);
    const arp = etherType === ETHERTYPE_ARP ? parseArp(bytes, 14, bytes.length) : null;
    if (arp?.operation === ARP_REQUEST && formatIpv4(arp.targetAddress) === who.fresh4) {
      const reply = new Uint8Array(60);
      emitEthernet({ destination: arp.senderHardware, source: HARDWARE, etherType: ETHERTYPE_ARP }, reply, 0);
      const [senderAddress, targetAddress] = [arp.targetAddress, arp.senderAddress];
      const targetHardware = arp.senderHardware;
      emitArp(
        { operation: ARP_REPLY, senderHardware: HARDWARE, senderAddress, targetHardware, targetAddress },
        reply,
        14,
      );
      this.#transmit(reply);
    }
    const ip = etherType === ETHERTYPE_IPV6 ? parseIpv6Header(bytes, 14, bytes.length) : null;
    const nd = ip?.nextHeader === 58 ? parseNd(bytes.subarray(54, 54 + ip.payloadLength)) : null;
    if (ip === null || nd?.kind !== 'neighbor-solicitation' || nd.target.join() !== who.fresh6.join()) return;
    const options = { ...NO_ND_OPTIONS, targetLinkLayer: HARDWARE };
    const flags = { router: false, solicited: true, override: true };
    const ends = { hardware: HARDWARE, source: nd.target, destination: ip.source, to: who.hardware };
    this.#transmit(ndFrame({ kind: 'neighbor-advertisement', ...flags, target: nd.target, options }, ends));
  }
}
