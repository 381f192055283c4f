import { checkNames, LINK_OPTIONS, refuse, type LinkOptions } from './link-options.ts';
import type { FrameRule } from './rules.ts';

/** How the link of one port treats frames, both ways; `up` and `down` go before what is said for both. */
export interface PortLinkOptions extends LinkOptions {
  /** From the port into the network. */
  readonly up?: LinkOptions;
  /** From the network to the port. */
  readonly down?: LinkOptions;
}

/** What of a network can be changed while the world runs. */
export interface LanChanges extends LinkOptions {
  /** Faults of one's own, asked in order for every frame and receiver. */
  readonly rules?: readonly FrameRule[];
}

/** How a network treats frames from one port to another, what its ports' links add, and which addresses it has. */
export interface LanOptions extends LanChanges {
  /** What every port's link is like, unless the port's own options say otherwise. Default: as if it were not there. */
  readonly link?: PortLinkOptions;
  /** The addresses of its devices, such as `'10.0.1.0/24'`. Default: 192.168.1.0/24, and 192.168.2.0/24 for the next one. */
  readonly subnet?: string;
}

const CHANGES: readonly string[] = [...LINK_OPTIONS, 'rules'];
const OPTIONS: readonly string[] = [...CHANGES, 'link', 'subnet', 'name'];

/** @throws SimulationError for an option that a network does not have */
export function checkLanOptions(subject: string, options: object): void {
  checkNames(subject, options, OPTIONS);
}

/** @throws SimulationError for an option that cannot be changed, or that is none */
export function checkLanChanges(subject: string, changes: object): void {
  for (const name of Object.keys(changes)) {
    if (CHANGES.includes(name) || !OPTIONS.includes(name)) continue;
    refuse(subject, `${name} cannot be changed later`, `change any of: ${CHANGES.join(', ')}`);
  }
  checkNames(subject, changes, CHANGES);
}

/** @throws SimulationError for an option that a port's link does not have */
export function checkPortOptions(subject: string, options: PortLinkOptions): void {
  checkNames(subject, options, [...LINK_OPTIONS, 'up', 'down']);
  for (const direction of ['up', 'down'] as const) {
    const own = options[direction];
    if (own !== undefined) checkNames(`${subject}, ${direction}`, own, LINK_OPTIONS);
  }
}

/** A port's link options laid over others, direction by direction. */
export function overlay(base: PortLinkOptions, changes: PortLinkOptions): PortLinkOptions {
  const { up, down, ...both } = changes;
  return {
    ...base,
    ...both,
    // What is said for both directions now goes before what was said for one of them earlier.
    up: { ...base.up, ...both, ...up },
    down: { ...base.down, ...both, ...down },
  };
}

/** The options of one direction of a port's link. */
export function directed({ up, down, ...both }: PortLinkOptions, direction: 'up' | 'down'): LinkOptions {
  return { ...both, ...(direction === 'up' ? up : down) };
}
