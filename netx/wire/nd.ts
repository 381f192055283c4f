import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes.ts';
import {
  ICMPV6_NEIGHBOR_ADVERTISEMENT,
  ICMPV6_NEIGHBOR_SOLICITATION,
  ICMPV6_REDIRECT,
  ICMPV6_ROUTER_ADVERTISEMENT,
  ICMPV6_ROUTER_SOLICITATION,
} from './icmpv6.ts';
import { readIpv6Address, writeIpv6Address, type Ipv6Address } from './ipv6.ts';
import { emitNdOptions, ndOptionsLength, parseNdOptions, type NdOptions } from './nd-options.ts';

/** Hop limit of every neighbor discovery message: one that came through a router has less (RFC 4861 section 3.1). */
export const ND_HOP_LIMIT = 255;

/** A router solicitation (RFC 4861 section 4.1). */
export interface RouterSolicitation {
  readonly kind: 'router-solicitation';
  readonly options: NdOptions;
}

/** A router advertisement (RFC 4861 section 4.2). */
export interface RouterAdvertisement {
  readonly kind: 'router-advertisement';
  /** 0: not said. */
  readonly hopLimit: number;
  readonly managed: boolean;
  readonly otherConfiguration: boolean;
  /** Seconds for which the sender is a default router; 0: it is none. */
  readonly routerLifetime: number;
  /** Milliseconds; 0: not said. */
  readonly reachableTime: number;
  /** Milliseconds; 0: not said. */
  readonly retransTimer: number;
  readonly options: NdOptions;
}

/** A neighbor solicitation (RFC 4861 section 4.3). */
export interface NeighborSolicitation {
  readonly kind: 'neighbor-solicitation';
  readonly target: Ipv6Address;
  readonly options: NdOptions;
}

/** A neighbor advertisement (RFC 4861 section 4.4). */
export interface NeighborAdvertisement {
  readonly kind: 'neighbor-advertisement';
  readonly router: boolean;
  readonly solicited: boolean;
  readonly override: boolean;
  readonly target: Ipv6Address;
  readonly options: NdOptions;
}

/** A redirect (RFC 4861 section 4.5). */
export interface Redirect {
  readonly kind: 'redirect';
  readonly target: Ipv6Address;
  readonly destination: Ipv6Address;
  readonly options: NdOptions;
}

export type NdMessage =
  RouterSolicitation | RouterAdvertisement | NeighborSolicitation | NeighborAdvertisement | Redirect;

/** Where the options begin. */
const OPTIONS_AT: Readonly<Record<NdMessage['kind'], number>> = {
  'router-solicitation': 8,
  'router-advertisement': 16,
  'neighbor-solicitation': 24,
  'neighbor-advertisement': 24,
  redirect: 40,
};

const TYPES: Readonly<Record<NdMessage['kind'], number>> = {
  'router-solicitation': ICMPV6_ROUTER_SOLICITATION,
  'router-advertisement': ICMPV6_ROUTER_ADVERTISEMENT,
  'neighbor-solicitation': ICMPV6_NEIGHBOR_SOLICITATION,
  'neighbor-advertisement': ICMPV6_NEIGHBOR_ADVERTISEMENT,
  redirect: ICMPV6_REDIRECT,
};

const kindOf = (type: number): NdMessage['kind'] | null => {
  switch (type) {
    case ICMPV6_ROUTER_SOLICITATION:
      return 'router-solicitation';
    case ICMPV6_ROUTER_ADVERTISEMENT:
      return 'router-advertisement';
    case ICMPV6_NEIGHBOR_SOLICITATION:
      return 'neighbor-solicitation';
    case ICMPV6_NEIGHBOR_ADVERTISEMENT:
      return 'neighbor-advertisement';
    case ICMPV6_REDIRECT:
      return 'redirect';
    default:
      return null;
  }
};

/**
 * The neighbor discovery message in an ICMPv6 message whose checksum was checked, or null where it is none, its code is
 * not 0, it is too short, or an option in it is wrong.
 */
export function parseNd(message: Uint8Array): NdMessage | null {
  const kind = kindOf(message[0] ?? 0);
  if (kind === null || message[1] !== 0 || message.length < OPTIONS_AT[kind]) return null;
  const options = parseNdOptions(message, OPTIONS_AT[kind]);
  if (options === null) return null;
  const flags = message[kind === 'router-advertisement' ? 5 : 4] ?? 0;
  switch (kind) {
    case 'router-solicitation':
      return { kind, options };
    case 'router-advertisement':
      return {
        kind,
        hopLimit: message[4] ?? 0,
        managed: (flags & 0x80) !== 0,
        otherConfiguration: (flags & 0x40) !== 0,
        routerLifetime: readUint16(message, 6),
        reachableTime: readUint32(message, 8),
        retransTimer: readUint32(message, 12),
        options,
      };
    case 'neighbor-solicitation':
      return { kind, target: readIpv6Address(message, 8), options };
    case 'neighbor-advertisement':
      return {
        kind,
        router: (flags & 0x80) !== 0,
        solicited: (flags & 0x40) !== 0,
        override: (flags & 0x20) !== 0,
        target: readIpv6Address(message, 8),
        options,
      };
    case 'redirect':
      return { kind, target: readIpv6Address(message, 8), destination: readIpv6Address(message, 24), options };
  }
}

/** The bytes of a neighbor discovery message, but for its checksum. */
export function buildNd(nd: NdMessage): Uint8Array {
  const optionsAt = OPTIONS_AT[nd.kind];
  const message = new Uint8Array(optionsAt + ndOptionsLength(nd.options));
  message[0] = TYPES[nd.kind];
  switch (nd.kind) {
    case 'router-solicitation':
      break;
    case 'router-advertisement':
      message[4] = nd.hopLimit;
      message[5] = (nd.managed ? 0x80 : 0) | (nd.otherConfiguration ? 0x40 : 0);
      writeUint16(message, 6, nd.routerLifetime);
      writeUint32(message, 8, nd.reachableTime);
      writeUint32(message, 12, nd.retransTimer);
      break;
    case 'neighbor-advertisement':
      message[4] = (nd.router ? 0x80 : 0) | (nd.solicited ? 0x40 : 0) | (nd.override ? 0x20 : 0);
      writeIpv6Address(message, 8, nd.target);
      break;
    case 'neighbor-solicitation':
      writeIpv6Address(message, 8, nd.target);
      break;
    case 'redirect':
      writeIpv6Address(message, 8, nd.target);
      writeIpv6Address(message, 24, nd.destination);
      break;
  }
  emitNdOptions(nd.options, message, optionsAt);
  return message;
}
