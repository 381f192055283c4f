import { ALL_NODES, groupHardware, isUnspecified } from '../../netx/ipv6/address.ts';
import { ARP_LENGTH, ARP_REPLY, ARP_REQUEST, emitArp, parseArp } from '../../netx/wire/arp.ts';
import {
  emitEthernet,
  ETHERNET_HEADER,
  ETHERNET_MINIMUM,
  ETHERTYPE_ARP,
  type HardwareAddress,
} from '../../netx/wire/ethernet.ts';
import { parseIcmpv6, putIcmpv6Checksum } from '../../netx/wire/icmpv6.ts';
import { PROTOCOL_ICMPV6 } from '../../netx/wire/ipv6.ts';
import { buildNd, parseNd } from '../../netx/wire/nd.ts';
import { formatAddress, type IpAddress } from './ip-address.ts';
import { pseudoHeader, type IpPacket, type ReceivedPacket } from './ip-packet.ts';

/** The addresses that the gateway stands for, and what it answers those who look for them. */
export class StandIns {
  readonly #hardware: HardwareAddress;
  readonly #addresses = new Set<string>();

  constructor(hardware: HardwareAddress) {
    this.#hardware = hardware;
  }

  add(address: IpAddress): void {
    this.#addresses.add(formatAddress(address));
  }

  has(address: IpAddress): boolean {
    return this.#addresses.has(formatAddress(address));
  }

  /** The answer to an ARP request for one of the addresses, as a frame; or null. */
  answerArp(frame: Uint8Array): Uint8Array | null {
    const arp = parseArp(frame, ETHERNET_HEADER, frame.length);
    if (arp?.operation !== ARP_REQUEST || !this.has(arp.targetAddress)) return null;
    const answer = new Uint8Array(Math.max(ETHERNET_MINIMUM, ETHERNET_HEADER + ARP_LENGTH));
    const [destination, source] = [arp.senderHardware, this.#hardware];
    emitEthernet({ destination, source, etherType: ETHERTYPE_ARP }, answer, 0);
    const reply = {
      operation: ARP_REPLY,
      senderHardware: source,
      senderAddress: arp.targetAddress,
      targetHardware: destination,
      targetAddress: arp.senderAddress,
    };
    emitArp(reply, answer, ETHERNET_HEADER);
    return answer;
  }

  /** The answer to a neighbor solicitation for one of the addresses, and where it goes; or null. */
  answerSolicitation(packet: ReceivedPacket): { readonly packet: IpPacket; readonly to: HardwareAddress } | null {
    const { source, payload } = packet;
    if (packet.protocol !== PROTOCOL_ICMPV6 || typeof source === 'number') return null;
    const nd = parseIcmpv6(payload, pseudoHeader(packet)) === null ? null : parseNd(payload);
    if (nd?.kind !== 'neighbor-solicitation' || !this.has(nd.target)) return null;
    // Somebody who asks without an address wants it for himself: everybody is told that it is taken.
    const isProbe = isUnspecified(source);
    const options = { sourceLinkLayer: null, targetLinkLayer: this.#hardware, prefixes: [], mtu: null };
    const advertisement = { router: false, solicited: !isProbe, override: true, target: nd.target, options };
    const answer = {
      source: nd.target,
      destination: isProbe ? ALL_NODES : source,
      protocol: PROTOCOL_ICMPV6,
      payload: buildNd({ kind: 'neighbor-advertisement', ...advertisement }),
    };
    putIcmpv6Checksum(answer.payload, pseudoHeader(answer));
    return { packet: answer, to: isProbe ? groupHardware(ALL_NODES) : packet.hardware };
  }
}
