import { SimulationError } from '../../kernel/simulation-error.ts';
import type { Frame } from '../network/frame.ts';
import type { Attachment, Lan } from '../network/lan.ts';
import type { NetworkPort } from '../network/port.ts';
import type { World } from '../world.ts';
import type { TunnelRule } from './endpoints.ts';
import { bindSocket, type HostSocket } from './udp-socket.ts';

/** Shortest and longest frame that is taken from outside, in bytes: an Ethernet header, and a jumbo frame. */
const SHORTEST = 14;
const LONGEST = 9018;

/**
 * One end of a cable into the host: each Ethernet frame of a network is one UDP datagram, without preamble and check
 * sequence, as QEMU's `-netdev dgram` sends and takes them. What is at the other end is one more station on the network.
 */
export class FrameTunnel implements NetworkPort {
  readonly name: string;
  readonly #world: World;
  readonly #rule: TunnelRule;
  readonly #attachment: Attachment;
  #socket: HostSocket | null = null;

  constructor(world: World, rule: TunnelRule) {
    this.#world = world;
    this.#rule = rule;
    this.name = `tunnel ${rule.local.port}`;
    this.#attachment = networkOf(world, rule).attach(this);
  }

  /**
   * Begins to carry frames.
   *
   * @throws SimulationError (as a rejection) where the local address cannot be had
   */
  async open(): Promise<void> {
    const report = (text: string): void => this.#report(text);
    this.#socket = await bindSocket(this.#rule.local, (bytes) => this.#enter(bytes), report);
    const { local, remote } = this.#rule;
    report(`frames go between ${local.address}:${local.port} and ${remote.address}:${remote.port}`);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = null;
    await socket?.close();
  }

  /** A frame of the network leaves the world. */
  deliver({ bytes }: Frame): void {
    this.#socket?.send(bytes.slice(), this.#rule.remote);
  }

  #enter(bytes: Uint8Array): void {
    if (this.#socket === null || bytes.length < SHORTEST || bytes.length > LONGEST) return;
    // What comes from outside happens now, by the wall clock, and not when the world last looked.
    this.#world.doorbell.catchUp?.();
    this.#attachment.transmit(bytes);
    this.#world.doorbell.ring();
  }

  #report(text: string): void {
    this.#world.trace.emit(this.#world.clock.now, null, '', { type: 'bridge', text });
  }
}

/** The network that a tunnel is plugged into: the one it names, or the world's first. */
function networkOf(world: World, { network }: TunnelRule): Lan {
  const found = network === null ? world.lans[0] : world.lans.find(({ name }) => name === network);
  if (found !== undefined) return found;
  const names = world.lans.map(({ name }) => name).join(', ');
  throw new SimulationError({
    kind: 'world',
    what:
      network === null
        ? 'a world without a network has nothing to carry frames of'
        : `there is no network '${network}'`,
    ...(names === '' ? {} : { fix: `name one of: ${names}` }),
  });
}
