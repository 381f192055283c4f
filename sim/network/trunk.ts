import type { Frame } from './frame.ts';
import type { Lan, PortLinkOptions } from './lan.ts';
import type { Link } from './link.ts';
import type { NetworkPort } from './port.ts';

/** One end of a trunk: a port of one network that sends everything on into the other. */
class TrunkEnd implements NetworkPort {
  readonly name: string;
  /** The other end's link. */
  far: Link | null = null;

  /** @param name - the other network's, which is where frames of this port come from */
  constructor(name: string) {
    this.name = name;
  }

  deliver({ bytes }: Frame): void {
    this.far?.forward(bytes);
  }

  plugged(isUp: boolean): void {
    if (isUp) this.far?.up();
    else this.far?.down();
  }
}

/** Joins two networks to one; its link options hold in the first one. */
export function joinLans(one: Lan, other: Lan, options: PortLinkOptions): Link {
  const [here, there] = [new TrunkEnd(other.name), new TrunkEnd(one.name)];
  const link = one.attach(here, options);
  there.far = link;
  here.far = other.attach(there, null);
  return link;
}
