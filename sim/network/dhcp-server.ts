import type { Clock } from '../../kernel/ports.ts';
import { ARP_LENGTH, ARP_REPLY, ARP_REQUEST, emitArp, parseArp } from '../../netx/wire/arp.ts';
import { addBytes, foldChecksum } from '../../netx/wire/checksum.ts';
import {
  addressOption,
  BOOTP_REPLY,
  BOOTP_REQUEST,
  buildDhcp,
  DHCP_CLIENT_PORT,
  DHCP_SERVER_PORT,
  numberOption,
  parseDhcp,
  word,
  type DhcpMessage,
} from '../../netx/wire/dhcp.ts';
import {
  BROADCAST,
  emitEthernet,
  ETHERNET_HEADER,
  ETHERNET_MINIMUM,
  ETHERTYPE_ARP,
  parseEthernet,
  type HardwareAddress,
} from '../../netx/wire/ethernet.ts';
import { pseudoHeaderSum, UDP_HEADER } from '../../netx/wire/udp.ts';
import { buildUdpFrame } from '../host/udp-frame.ts';
import { parseUdpFrame } from './ipv4-udp-frame.ts';
import { DhcpLeases, type DhcpLease } from './dhcp-leases.ts';
import { dhcpServerSettings, type DhcpServerOptions, type DhcpServerSettings } from './dhcp-options.ts';
import type { Frame } from './frame.ts';
import type { Attachment, Lan } from './lan.ts';
import type { NetworkPort } from './port.ts';

const EVERYBODY = 0xffffffff;

const DISCOVER = 1;
const OFFER = 2;
const REQUEST = 3;
const DECLINE = 4;
const ACK = 5;
const NAK = 6;
const RELEASE = 7;
const INFORM = 8;

const MASK = 1;
const ROUTER = 3;
const DNS = 6;
const WISH = 50;
const LEASE = 51;
const TYPE = 53;
const SERVER = 54;
const RENEWAL = 58;
const REBIND = 59;
const CLIENT_ID = 61;

/** Hardware addresses of servers: locally administered, and no device's. */
const HARDWARE_MSW = 0x02fd;

/**
 * A DHCP server on a network (RFC 2131): no device, but a port that answers ARP for its own address and gives addresses of
 * a pool. What is malformed, damaged or through a relay it ignores.
 */
export class DhcpServer implements NetworkPort {
  readonly name: string;
  /** Whether it answers; one that does not keeps its leases. */
  isUp = true;
  readonly #settings: DhcpServerSettings;
  readonly #clock: Clock;
  readonly #attachment: Attachment;
  readonly #leases: DhcpLeases;
  readonly #hardware: HardwareAddress;
  #identification = 0;

  /** @throws SimulationError for options that make no sense */
  constructor(lan: Lan, clock: Clock, options: DhcpServerOptions = {}) {
    this.#settings = dhcpServerSettings(options);
    this.name = this.#settings.name;
    this.#clock = clock;
    this.#leases = new DhcpLeases(this.#settings.first, this.#settings.last);
    this.#hardware = { msw: HARDWARE_MSW, lsw: this.#settings.address };
    this.#attachment = lan.attach(this);
  }

  /** The leases and offers that are held, in the order in which they were first given. */
  get leases(): readonly DhcpLease[] {
    return this.#leases.held;
  }

  /** Forgets all leases, as a server that has lost its disk. */
  forget(): void {
    for (const { client } of this.#leases.held) this.#leases.release(client);
  }

  deliver({ bytes }: Frame): void {
    if (!this.isUp) return;
    const ethernet = parseEthernet(bytes);
    if (ethernet === null) return;
    if (ethernet.etherType === ETHERTYPE_ARP) {
      this.#answerArp(bytes);
      return;
    }
    const { msw, lsw } = ethernet.destination;
    const isOurs = msw === this.#hardware.msw && lsw === this.#hardware.lsw;
    if (!isOurs && (msw !== BROADCAST.msw || lsw !== BROADCAST.lsw)) return;
    const datagram = parseUdpFrame(bytes);
    if (datagram?.destinationPort !== DHCP_SERVER_PORT || !isUndamaged(datagram)) return;
    if (datagram.destination !== EVERYBODY && datagram.destination !== this.#settings.address) return;
    const message = parseDhcp(datagram.payload);
    if (message?.op === BOOTP_REQUEST && message.relayAddress === 0) this.#serve(message);
  }

  #answerArp(bytes: Uint8Array): void {
    const arp = parseArp(bytes, ETHERNET_HEADER, bytes.length);
    if (arp?.operation !== ARP_REQUEST || arp.targetAddress !== this.#settings.address) return;
    const frame = new Uint8Array(Math.max(ETHERNET_MINIMUM, ETHERNET_HEADER + ARP_LENGTH));
    const source = this.#hardware;
    emitEthernet({ destination: arp.senderHardware, source, etherType: ETHERTYPE_ARP }, frame, 0);
    const reply = {
      operation: ARP_REPLY,
      senderHardware: source,
      senderAddress: arp.targetAddress,
      targetHardware: arp.senderHardware,
      targetAddress: arp.senderAddress,
    };
    emitArp(reply, frame, ETHERNET_HEADER);
    this.#attachment.transmit(frame);
  }

  #serve(message: DhcpMessage): void {
    const client = clientOf(message);
    const { now } = this.#clock;
    const wish = addressOption(message, WISH);
    switch (numberOption(message, TYPE)) {
      case DISCOVER: {
        const address = this.#leases.offer(client, wish, now);
        if (address !== null) this.#reply(message, OFFER, address);
        break;
      }
      case REQUEST:
        this.#serveRequest(message, client, wish);
        break;
      case DECLINE:
        if (this.#isMeant(message) && wish !== null) this.#leases.decline(client, wish);
        break;
      case RELEASE:
        if (this.#isMeant(message)) this.#leases.release(client);
        break;
      case INFORM:
        this.#reply(message, ACK, 0);
        break;
      default:
        break;
    }
  }

  #isMeant(message: DhcpMessage): boolean {
    return addressOption(message, SERVER) === this.#settings.address;
  }

  /** A client takes an offer, comes back with an address it had, or wants its lease extended (RFC 2131 section 4.3.2). */
  #serveRequest(message: DhcpMessage, client: string, wish: number | null): void {
    if (message.options.has(SERVER) && !this.#isMeant(message)) {
      // It has taken another server's offer.
      this.#leases.release(client);
      return;
    }
    const address = message.clientAddress === 0 ? wish : message.clientAddress;
    if (address === null) return;
    const { now } = this.#clock;
    const isGranted = this.#leases.grant(client, address, now + this.#settings.lease * 1e9, now);
    this.#reply(message, isGranted ? ACK : NAK, isGranted ? address : 0);
  }

  #reply(request: DhcpMessage, type: number, address: number): void {
    const { address: source } = this.#settings;
    const payload = buildDhcp({
      op: BOOTP_REPLY,
      xid: request.xid,
      secs: 0,
      broadcast: request.broadcast,
      clientAddress: type === ACK ? request.clientAddress : 0,
      yourAddress: address,
      serverAddress: 0,
      relayAddress: 0,
      hardware: request.hardware,
      options: this.#options(type, address),
    });
    const known = type === NAK ? 0 : request.clientAddress;
    const destination = known !== 0 ? known : request.broadcast || type === NAK ? EVERYBODY : address;
    const to = destination === EVERYBODY ? BROADCAST : request.hardware;
    this.#identification = (this.#identification + 1) & 0xffff;
    const datagram = { source, sourcePort: DHCP_SERVER_PORT, destination, destinationPort: DHCP_CLIENT_PORT, payload };
    this.#attachment.transmit(buildUdpFrame(datagram, this.#hardware, to, this.#identification));
  }

  #options(type: number, address: number): Map<number, Uint8Array> {
    const { mask, router, dns, lease, renewal, rebind, address: own } = this.#settings;
    const options = new Map([
      [TYPE, Uint8Array.of(type)],
      [SERVER, word(own)],
    ]);
    if (type === NAK) return options;
    if (address !== 0) {
      options.set(LEASE, word(lease));
      if (renewal !== null) options.set(RENEWAL, word(renewal));
      if (rebind !== null) options.set(REBIND, word(rebind));
    }
    options.set(MASK, word(mask));
    if (router !== null) options.set(ROUTER, word(router));
    if (dns.length > 0) options.set(DNS, Uint8Array.from(dns.flatMap((one) => [...word(one)])));
    return options;
  }
}

/** Who a client is: the identifier that it gives, or else its hardware address. */
function clientOf({ options, hardware }: DhcpMessage): string {
  const identifier = options.get(CLIENT_ID);
  return identifier === undefined ? `${hardware.msw}:${hardware.lsw}` : `id ${identifier.join()}`;
}

/** Whether a datagram is as it was sent. */
function isUndamaged(datagram: NonNullable<ReturnType<typeof parseUdpFrame>>): boolean {
  const { source, destination, payload } = datagram;
  const whole = new Uint8Array(payload.buffer, payload.byteOffset - UDP_HEADER, payload.length + UDP_HEADER);
  if (whole[6] === 0 && whole[7] === 0) return true;
  const sum = addBytes(pseudoHeaderSum(source, destination, whole.length), whole, 0, whole.length);
  return foldChecksum(sum) === 0;
}
