import { SimulationError } from '../../kernel/simulation-error.ts';
import type { HardwareAddress } from '../../netx/wire/ethernet.ts';
import type { Device } from '../device.ts';
import type { World } from '../world.ts';
import { BoundedMap } from './bounded-map.ts';
import { addressOf } from './device-address.ts';
import type { ConnectRule, HostEndpoint, ListenRule } from './endpoints.ts';
import { Gateway } from './gateway.ts';
import { pingHost } from './host-ping.ts';
import { echoReply, isEchoRequest, portUnreachable } from './icmp-packet.ts';
import { formatAddress, formatEndpoint, type IpAddress } from './ip-address.ts';
import type { IpPacket, ReceivedPacket } from './ip-packet.ts';
import { PeerAddresses } from './peer-addresses.ts';
import { parseUdpPacket, udpPacket, type UdpDatagram } from './udp-frame.ts';
import { bindSocket, connectSocket, type HostSocket } from './udp-socket.ts';

/** Real peers that are remembered; the one heard of longest ago is forgotten first. */
const MAX_PEERS = 4096;
/** Sockets towards the host that are kept open; the one opened longest ago is closed first. */
const MAX_OUTGOING = 512;
/** Largest payload of a datagram that IPv4 carries, in bytes. */
const MAX_PAYLOAD_V4 = 65_507;

/** A real peer: how it is reached. */
interface Peer {
  readonly socket: HostSocket;
  readonly endpoint: HostEndpoint;
}

/** The way of one device's port to a host address. */
interface Outgoing {
  readonly socket: Promise<HostSocket>;
  /** The packet sent last, to be quoted where nobody has the port; null once it was. */
  unanswered: ReceivedPacket | null;
}

/** Joins a world that is paced by the wall clock to UDP sockets of the host. */
export class HostBridge {
  readonly #world: World;
  readonly #gateways: readonly Gateway[];
  readonly #connects = new Map<string, ConnectRule>();
  /** The host address behind the address of a connect rule, for pings. */
  readonly #connectHosts = new Map<string, string>();
  readonly #sockets: HostSocket[] = [];
  /** Real peers by the endpoint that devices know them by and the endpoint of the device, and by the former alone. */
  readonly #conversations = new BoundedMap<string, Peer>(MAX_PEERS);
  readonly #peers = new BoundedMap<string, Peer>(MAX_PEERS);
  readonly #addresses = new PeerAddresses();
  readonly #outgoing = new BoundedMap<string, Outgoing>(MAX_OUTGOING, ({ socket }) => {
    void socket.then((old) => old.close());
  });
  #isPingMissing = false;
  #closed = false;

  constructor(world: World, connects: readonly ConnectRule[]) {
    if (world.lans.length === 0) {
      throw new SimulationError({ kind: 'world', what: 'a world without a network cannot be joined to the host' });
    }
    this.#world = world;
    const leave = (packet: ReceivedPacket, gateway: Gateway): void => this.#leave(packet, gateway);
    this.#gateways = world.lans.map((lan) => new Gateway(lan, () => world.clock.now, leave));
    for (const rule of connects) {
      if (rule.port !== null) this.#connects.set(formatEndpoint(rule.address, rule.port), rule);
      this.#connectHosts.set(formatAddress(rule.address), rule.host.address);
      for (const gateway of this.#gateways) gateway.answerFor(rule.address);
    }
    const ofRouters = routerAddresses(world);
    for (const device of world.devices.values()) {
      if (!ofRouters.has(device.gateway)) this.#gatewayOf(device)?.answerFor(device.gateway);
    }
  }

  /** Begins to listen for real peers of a device. */
  async listen(rule: ListenRule): Promise<void> {
    const device = this.#world.devices.get(rule.device);
    if (device === undefined) {
      const known = [...this.#world.devices.keys()].join(', ');
      throw new SimulationError({
        kind: 'world',
        what: `there is no device '${rule.device}'`,
        fix: `name one of: ${known}`,
      });
    }
    const socket = await bindSocket(
      rule.host,
      (bytes, endpoint) => this.#enter(device, rule, bytes, { socket, endpoint }),
      (text) => this.#report(text),
    );
    this.#sockets.push(socket);
    this.#report(`${rule.host.address}:${rule.host.port} leads to ${rule.device}:${rule.port}`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#sockets.map((socket) => socket.close()));
    await Promise.allSettled([...this.#outgoing.values()].map(async ({ socket }) => (await socket).close()));
  }

  #report(text: string): void {
    if (!this.#closed) this.#world.trace.emit(this.#world.clock.now, null, '', { type: 'bridge', text });
  }

  /** The gateway in a device's network. */
  #gatewayOf(device: Device): Gateway | undefined {
    return this.#gateways.find(({ lan }) => lan.ports.includes(device.nic.name));
  }

  /** A datagram of a real peer enters the world. */
  #enter(device: Device, { host, port }: ListenRule, bytes: Uint8Array, peer: Peer): void {
    const to = addressOf(device, host.address.includes(':'));
    const gateway = this.#gatewayOf(device);
    if (this.#closed || to === null || gateway === undefined) return;
    const source = this.#addresses.get(peer.endpoint.address, to, this.#isTaken, (address) => {
      this.#report(`${peer.endpoint.address} appears inside as ${formatAddress(address)}`);
    });
    gateway.answerFor(source);
    const name = formatEndpoint(source, peer.endpoint.port);
    this.#peers.set(name, peer);
    this.#conversations.set(`${name} ${formatEndpoint(to.address, port)}`, peer);
    const [sourcePort, destinationPort] = [peer.endpoint.port, port];
    const datagram = { source, sourcePort, destination: to.address, destinationPort, payload: bytes };
    this.#injectDatagram(gateway, datagram, to.hardware);
  }

  /** Whether a device or a rule has an address. */
  readonly #isTaken = (address: IpAddress): boolean => {
    const name = formatAddress(address);
    if (this.#connectHosts.has(name)) return true;
    if (typeof address === 'number' && routerAddresses(this.#world).has(address)) return true;
    for (const device of this.#world.devices.values()) {
      if (address === device.gateway) return true;
      for (const own of [addressOf(device, false), addressOf(device, true)]) {
        if (own !== null && formatAddress(own.address) === name) return true;
      }
    }
    return false;
  };

  #injectDatagram(gateway: Gateway, datagram: UdpDatagram, to: HardwareAddress): void {
    const { destination, payload } = datagram;
    if (typeof destination === 'number' && payload.length > MAX_PAYLOAD_V4) {
      this.#report(`a datagram of ${payload.length} bytes is too long for IPv4 and was dropped`);
      return;
    }
    this.#inject(gateway, udpPacket(datagram), to);
  }

  #inject(gateway: Gateway, packet: IpPacket, to: HardwareAddress): void {
    if (this.#closed) return;
    // What comes from outside happens now, by the wall clock, and not when the world last looked.
    this.#world.doorbell.catchUp?.();
    gateway.enter(packet, to);
    this.#world.doorbell.ring();
  }

  /** A packet of a device leaves the world. */
  #leave(packet: ReceivedPacket, gateway: Gateway): void {
    if (isEchoRequest(packet)) {
      this.#ping(packet, gateway);
      return;
    }
    const datagram = parseUdpPacket(packet);
    if (datagram === null) return;
    const { source, sourcePort, destination, destinationPort, payload } = datagram;
    const to = formatEndpoint(destination, destinationPort);
    const peer = this.#conversations.get(`${to} ${formatEndpoint(source, sourcePort)}`) ?? this.#peers.get(to);
    if (peer !== undefined) {
      peer.socket.send(payload.slice(), peer.endpoint);
      return;
    }
    const rule = this.#connects.get(to);
    if (rule === undefined) {
      this.#report(`nobody outside is at ${to}`);
      return;
    }
    const copy = payload.slice();
    const way = this.#wayOf(rule, datagram, packet.hardware, gateway);
    way.unanswered = { ...packet, bytes: packet.bytes.slice() };
    way.socket.then((socket) => socket.send(copy)).catch((error: unknown) => this.#report(String(error)));
  }

  #wayOf(rule: ConnectRule, datagram: UdpDatagram, hardware: HardwareAddress, gateway: Gateway): Outgoing {
    const { source, sourcePort, destination, destinationPort } = datagram;
    const { name: network } = gateway.lan;
    const [from, to] = [formatEndpoint(source, sourcePort), formatEndpoint(destination, destinationPort)];
    const name = `${network} ${from}>${to}`;
    const known = this.#outgoing.get(name);
    if (known !== undefined) return known;
    const answer = (payload: Uint8Array): void => {
      way.unanswered = null;
      const back = { source: destination, sourcePort: destinationPort, destination: source };
      this.#injectDatagram(gateway, { ...back, destinationPort: sourcePort, payload }, hardware);
    };
    const problem = (text: string, code: string): void => {
      this.#report(text);
      const { unanswered } = way;
      if (code !== 'ECONNREFUSED' || unanswered === null) return;
      way.unanswered = null;
      this.#inject(gateway, portUnreachable(destination, source, unanswered.bytes), hardware);
    };
    const way: Outgoing = { socket: connectSocket(rule.host, answer, problem), unanswered: null };
    // One that could not be made is forgotten, so that the next datagram tries anew.
    way.socket.catch(() => this.#outgoing.delete(name));
    this.#outgoing.set(name, way);
    return way;
  }

  /** A device pings: the gateway answers for itself, and for others once the host's own `ping` has an answer. */
  #ping(packet: ReceivedPacket, gateway: Gateway): void {
    const { destination, hardware } = packet;
    const reply = echoReply(packet);
    const host = this.#addresses.hostOf(destination) ?? this.#connectHosts.get(formatAddress(destination)) ?? null;
    if (host === null) {
      const isOwn = [...this.#world.devices.values()].some((device) => device.gateway === destination);
      if (isOwn) gateway.enter(reply, hardware);
      else this.#report(`nobody outside is at ${formatAddress(destination)}`);
      return;
    }
    void pingHost(host).then((outcome) => {
      if (outcome === 'answered') this.#inject(gateway, reply, hardware);
      if (outcome !== 'no-program' || this.#isPingMissing) return;
      this.#isPingMissing = true;
      this.#report('the host has no program ping: echo requests of devices stay without an answer');
    });
  }
}

/** The addresses that routers have, and answer for themselves. */
function routerAddresses(world: World): ReadonlySet<number> {
  return new Set([...world.routers.values()].flatMap(({ interfaces }) => interfaces.map(({ address }) => address)));
}
