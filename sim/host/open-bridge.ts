import { SimulationError } from '../../kernel/simulation-error.ts';
import { ipInstances } from '../../netx/device-state.ts';
import type { HardwareAddress } from '../../netx/wire/ethernet.ts';
import { formatIpv4 } from '../../netx/nxd-address.ts';
import type { Device } from '../device.ts';
import type { World } from '../world.ts';
import type { ConnectRule, HostEndpoint, ListenRule } from './endpoints.ts';
import { Gateway } from './gateway.ts';
import type { UdpDatagram } from './udp-frame.ts';
import { bindSocket, connectSocket, type HostSocket } from './udp-socket.ts';

/** Real peers that are remembered; the one heard of longest ago is forgotten first. */
const MAX_PEERS = 4096;
/** Sockets towards the host that are kept open; the one opened longest ago is closed first. */
const MAX_OUTGOING = 512;
/** Largest datagram that fits one frame, in bytes of payload. */
const MAX_PAYLOAD = 1472;

/** A way into and out of a world. */
export interface Bridge {
  close(): Promise<void>;
}

/** A real peer: how it is reached, and by which address it goes inside. */
interface Peer {
  readonly socket: HostSocket;
  readonly endpoint: HostEndpoint;
}

const key = (address: number, port: number): string => `${address}:${port}`;

/** Joins a world that is paced by the wall clock to UDP sockets of the host. */
class HostBridge implements Bridge {
  readonly #world: World;
  readonly #gateway: Gateway;
  readonly #connects: ReadonlyMap<string, ConnectRule>;
  readonly #sockets: HostSocket[] = [];
  /** Real peers by the address and port that devices know them by. */
  readonly #peers = new Map<string, Peer>();
  /** The simulated address of each host address that was heard of. */
  readonly #addresses = new Map<string, number>();
  /** Sockets towards the host, one for each device address and port, and rule. */
  readonly #outgoing = new Map<string, Promise<HostSocket>>();
  #closed = false;

  constructor(world: World, connects: readonly ConnectRule[]) {
    const [lan] = world.lans;
    if (lan === undefined) {
      throw new SimulationError({ kind: 'world', what: 'a world without a network cannot be joined to the host' });
    }
    this.#world = world;
    this.#connects = new Map(connects.map((rule) => [key(rule.address, rule.port), rule]));
    this.#gateway = new Gateway(lan, (datagram) => {
      this.#leave(datagram);
    });
    for (const rule of connects) this.#gateway.answerFor(rule.address);
    const ofRouters = routerAddresses(world);
    for (const { gateway } of world.devices.values()) if (!ofRouters.has(gateway)) this.#gateway.answerFor(gateway);
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
      (bytes, endpoint) => this.#enter(device, rule.port, bytes, { socket, endpoint }),
      (text) => this.#report(text),
    );
    this.#sockets.push(socket);
    this.#report(`${rule.host.address}:${rule.host.port} leads to ${rule.device}:${rule.port}`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#sockets.map((socket) => socket.close()));
    await Promise.allSettled([...this.#outgoing.values()].map(async (socket) => (await socket).close()));
  }

  #report(text: string): void {
    if (!this.#closed) this.#world.trace.emit(this.#world.clock.now, null, '', { type: 'bridge', text });
  }

  /** A datagram of a real peer enters the world. */
  #enter(device: Device, port: number, bytes: Uint8Array, peer: Peer): void {
    const destination = addressOf(device);
    if (this.#closed || destination === null) return;
    const source = this.#addressFor(peer.endpoint.address, destination);
    const name = key(source, peer.endpoint.port);
    this.#peers.delete(name);
    this.#peers.set(name, peer);
    const [oldest] = this.#peers.keys();
    if (this.#peers.size > MAX_PEERS && oldest !== undefined) this.#peers.delete(oldest);
    this.#inject(
      { source, sourcePort: peer.endpoint.port, destination, destinationPort: port, payload: bytes },
      device.nic.address,
    );
  }

  #inject(datagram: UdpDatagram, to: HardwareAddress): void {
    if (datagram.payload.length > MAX_PAYLOAD) {
      this.#report(`a datagram of ${datagram.payload.length} bytes is too long for one frame and was dropped`);
      return;
    }
    // What comes from outside happens now, by the wall clock, and not when the world last looked.
    this.#world.doorbell.catchUp?.();
    this.#gateway.enter(datagram, to);
    this.#world.doorbell.ring();
  }

  /** A datagram of a device leaves the world. */
  #leave(datagram: UdpDatagram & { readonly hardware: HardwareAddress }): void {
    const { destination, destinationPort, payload } = datagram;
    const peer = this.#peers.get(key(destination, destinationPort));
    if (peer !== undefined) {
      peer.socket.send(payload.slice(), peer.endpoint);
      return;
    }
    const rule = this.#connects.get(key(destination, destinationPort));
    if (rule === undefined) {
      this.#report(`nobody outside is at ${formatIpv4(destination)}:${destinationPort}`);
      return;
    }
    const copy = payload.slice();
    this.#socketFor(rule, datagram)
      .then((socket) => socket.send(copy))
      .catch((error: unknown) => this.#report(String(error)));
  }

  #socketFor(rule: ConnectRule, datagram: UdpDatagram & { readonly hardware: HardwareAddress }): Promise<HostSocket> {
    const { source, sourcePort, hardware } = datagram;
    const name = `${key(source, sourcePort)}>${key(rule.address, rule.port)}`;
    const known = this.#outgoing.get(name);
    if (known !== undefined) return known;
    const answer = (payload: Uint8Array): void => {
      if (this.#closed) return;
      this.#inject(
        { source: rule.address, sourcePort: rule.port, destination: source, destinationPort: sourcePort, payload },
        hardware,
      );
    };
    const socket = connectSocket(rule.host, answer, (text) => this.#report(text));
    // One that could not be made is forgotten, so that the next datagram tries anew.
    socket.catch(() => this.#outgoing.delete(name));
    this.#outgoing.set(name, socket);
    const [oldest] = this.#outgoing;
    if (this.#outgoing.size > MAX_OUTGOING && oldest !== undefined) {
      this.#outgoing.delete(oldest[0]);
      void oldest[1].then((old) => old.close());
    }
    return socket;
  }

  /** The address by which devices know a host address: the highest free ones of the device's network. */
  #addressFor(host: string, neighbour: number): number {
    const known = this.#addresses.get(host);
    if (known !== undefined) return known;
    const taken = new Set([...this.#world.devices.values()].map(addressOf));
    for (const device of this.#world.devices.values()) taken.add(device.gateway);
    for (const own of routerAddresses(this.#world)) taken.add(own);
    for (const address of this.#addresses.values()) taken.add(address);
    for (const rule of this.#connects.values()) taken.add(rule.address);
    let address = ((neighbour & 0xffffff00) >>> 0) + 254;
    while (taken.has(address)) address--;
    this.#addresses.set(host, address);
    this.#gateway.answerFor(address);
    this.#report(`${host} appears inside as ${formatIpv4(address)}`);
    return address;
  }
}

/** The addresses that routers have, and answer for themselves. */
function routerAddresses(world: World): ReadonlySet<number> {
  return new Set([...world.routers.values()].flatMap(({ interfaces }) => interfaces.map(({ address }) => address)));
}

/** The address of a device's first network interface, once its firmware has made one. */
function addressOf(device: Device): number | null {
  const [ip] = ipInstances(device.kernel);
  return ip?.nx_ip_interface[0]?.nx_interface_ip_address ?? null;
}

/**
 * Opens the ways between a world and the host; the world is then run with `runRealTime`.
 *
 * @throws SimulationError (as a rejection) where an address cannot be had or a device is not there
 */
export async function openBridge(
  world: World,
  listens: readonly ListenRule[],
  connects: readonly ConnectRule[],
): Promise<Bridge> {
  if (listens.length === 0 && connects.length === 0) return { close: () => Promise.resolve() };
  const bridge = new HostBridge(world, connects);
  try {
    for (const rule of listens) await bridge.listen(rule);
  } catch (error) {
    await bridge.close();
    throw error;
  }
  return bridge;
}
