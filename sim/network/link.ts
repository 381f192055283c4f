import { Channel } from './channel.ts';
import { saltOf } from './dice.ts';
import type { Lan } from './lan.ts';
import { checkPortOptions, directed, overlay, type PortLinkOptions } from './lan-options.ts';
import { linkSettings } from './link-options.ts';
import type { NetworkPort } from './port.ts';

/** A port plugged into a network. */
export interface Attachment {
  /** Sends a frame, without its check sequence; the bytes are copied. */
  transmit(bytes: Uint8Array): void;
}

/**
 * The link between a port and its network. Without options of its own it is as if it were not there: only the network's
 * options count. With them, a frame goes over the sender's link, through the network, and over the receiver's link.
 */
export class Link implements Attachment {
  readonly port: NetworkPort;
  /** Its place among the network's ports. */
  readonly index: number;
  readonly salt: number;
  /** What scripts of faults call a link with options of its own. */
  readonly ownName: string;
  /** The network's own way for the frames of this port. */
  readonly segment: Channel;
  /** Its own link into the network and out of it, where it has options of its own. */
  outgoing: Channel | null = null;
  incoming: Channel | null = null;
  /** The ports that frames of this one are cut off from. */
  readonly cuts = new Set<ReadonlySet<Link>>();
  readonly #lan: Lan;
  readonly #newChannel: (purpose: string) => Channel;
  #options: PortLinkOptions = {};
  #isUp = true;

  /** @param newChannel - makes a channel of this port, with a random stream of its own for each purpose */
  constructor(lan: Lan, port: NetworkPort, index: number, newChannel: (purpose: string) => Channel) {
    this.#lan = lan;
    this.port = port;
    this.index = index;
    this.salt = saltOf(port.name);
    this.ownName = `link of ${port.name}`;
    this.#newChannel = newChannel;
    this.segment = newChannel('segment');
  }

  /** The network that it leads into. */
  get lan(): Lan {
    return this.#lan;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** The name of its network. */
  get network(): string {
    return this.#lan.name;
  }

  /** Largest payload of a frame that gets from the port into its network, in bytes. */
  get mtu(): number {
    return Math.min(this.segment.settings.mtu, this.outgoing?.settings.mtu ?? Infinity);
  }

  transmit(bytes: Uint8Array): void {
    this.#lan.transmit(this, this.#lan.storage.copy(bytes));
  }

  /** Sends bytes on that nobody writes to any more. */
  forward(bytes: Uint8Array): void {
    this.#lan.transmit(this, bytes);
  }

  /**
   * Changes some of the link's options, from now on; frames on their way are not touched.
   *
   * @throws SimulationError for an option that does not exist or makes no sense
   */
  set(changes: PortLinkOptions): void {
    const subject = `network '${this.#lan.name}', link of '${this.port.name}'`;
    checkPortOptions(subject, changes);
    const options = overlay(this.#options, changes);
    const defaults = { latency: 0, mtu: Infinity };
    const up = linkSettings(`${subject}, up`, directed(options, 'up'), defaults);
    const down = linkSettings(`${subject}, down`, directed(options, 'down'), defaults);
    this.#options = options;
    this.outgoing ??= this.#newChannel('up');
    this.incoming ??= this.#newChannel('down');
    this.outgoing.settings = up;
    this.incoming.settings = down;
    this.#lan.changed((lan) => lan.link(this.port.name).set(changes));
  }

  /** Pulls the plug: nothing gets in or out, frames on their way to the port are lost, and the port is told. */
  down(): void {
    this.#switch(false);
    this.#lan.changed((lan) => lan.link(this.port.name).down());
  }

  /** Plugs in again, and tells the port. */
  up(): void {
    this.#switch(true);
    this.#lan.changed((lan) => lan.link(this.port.name).up());
  }

  #switch(isUp: boolean): void {
    if (this.#isUp === isUp) return;
    this.#isUp = isUp;
    if (!isUp) this.#lan.forget(this);
    this.port.plugged?.(isUp);
  }
}
