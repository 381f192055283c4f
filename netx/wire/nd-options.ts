import { readUint32, writeUint32 } from './bytes.ts';
import { readHardwareAddress, writeHardwareAddress, type HardwareAddress } from './ethernet.ts';
import { readIpv6Address, writeIpv6Address, type Ipv6Address } from './ipv6.ts';

const SOURCE_LINK_LAYER_ADDRESS = 1;
const TARGET_LINK_LAYER_ADDRESS = 2;
const PREFIX_INFORMATION = 3;
const MTU = 5;

/** Options are as many times this long as their length field says. */
const UNIT = 8;
const PREFIX_LENGTH = 32;

/** A prefix information option (RFC 4861 section 4.6.2). Lifetimes are seconds; 0xFFFFFFFF stands for ever. */
export interface PrefixInformation {
  readonly prefixLength: number;
  readonly onLink: boolean;
  readonly autonomous: boolean;
  readonly validLifetime: number;
  readonly preferredLifetime: number;
  readonly prefix: Ipv6Address;
}

/** The options of a neighbor discovery message; those that are not known are left out. */
export interface NdOptions {
  readonly sourceLinkLayer: HardwareAddress | null;
  readonly targetLinkLayer: HardwareAddress | null;
  readonly prefixes: readonly PrefixInformation[];
  readonly mtu: number | null;
}

/** A prefix beyond these in one message is not looked at. */
const MOST_PREFIXES = 16;

/**
 * The options from `at` to the end of a message, or null where one has length 0 or goes on past the end: such a message
 * is not valid (RFC 4861 section 4.6). Of options that may be there once the first counts.
 */
export function parseNdOptions(message: Uint8Array, at: number): NdOptions | null {
  let sourceLinkLayer: HardwareAddress | null = null;
  let targetLinkLayer: HardwareAddress | null = null;
  let mtu: number | null = null;
  const prefixes: PrefixInformation[] = [];
  for (let option = at; option < message.length;) {
    const length = (message[option + 1] ?? 0) * UNIT;
    if (length === 0 || option + length > message.length) return null;
    switch (message[option] ?? 0) {
      case SOURCE_LINK_LAYER_ADDRESS:
        sourceLinkLayer ??= readHardwareAddress(message, option + 2);
        break;
      case TARGET_LINK_LAYER_ADDRESS:
        targetLinkLayer ??= readHardwareAddress(message, option + 2);
        break;
      case PREFIX_INFORMATION:
        if (length === PREFIX_LENGTH && prefixes.length < MOST_PREFIXES) prefixes.push(readPrefix(message, option));
        break;
      case MTU:
        mtu ??= readUint32(message, option + 4);
        break;
    }
    option += length;
  }
  return { sourceLinkLayer, targetLinkLayer, prefixes, mtu };
}

function readPrefix(message: Uint8Array, at: number): PrefixInformation {
  const flags = message[at + 3] ?? 0;
  return {
    prefixLength: message[at + 2] ?? 0,
    onLink: (flags & 0x80) !== 0,
    autonomous: (flags & 0x40) !== 0,
    validLifetime: readUint32(message, at + 4),
    preferredLifetime: readUint32(message, at + 8),
    prefix: readIpv6Address(message, at + 16),
  };
}

/** Bytes that options take. */
export function ndOptionsLength(options: NdOptions): number {
  const single = [options.sourceLinkLayer, options.targetLinkLayer, options.mtu];
  return single.filter((one) => one !== null).length * UNIT + options.prefixes.length * PREFIX_LENGTH;
}

/** Writes options, in the order of their types. */
export function emitNdOptions(options: NdOptions, message: Uint8Array, start: number): void {
  let at = start;
  const begin = (type: number, length: number): number => {
    const place = at;
    message[place] = type;
    message[place + 1] = length / UNIT;
    at += length;
    return place;
  };
  if (options.sourceLinkLayer !== null) {
    writeHardwareAddress(message, begin(SOURCE_LINK_LAYER_ADDRESS, UNIT) + 2, options.sourceLinkLayer);
  }
  if (options.targetLinkLayer !== null) {
    writeHardwareAddress(message, begin(TARGET_LINK_LAYER_ADDRESS, UNIT) + 2, options.targetLinkLayer);
  }
  for (const prefix of options.prefixes) {
    const place = begin(PREFIX_INFORMATION, PREFIX_LENGTH);
    message[place + 2] = prefix.prefixLength;
    message[place + 3] = (prefix.onLink ? 0x80 : 0) | (prefix.autonomous ? 0x40 : 0);
    writeUint32(message, place + 4, prefix.validLifetime);
    writeUint32(message, place + 8, prefix.preferredLifetime);
    writeIpv6Address(message, place + 16, prefix.prefix);
  }
  if (options.mtu !== null) writeUint32(message, begin(MTU, UNIT) + 4, options.mtu);
}

/** No options. */
export const NO_ND_OPTIONS: NdOptions = { sourceLinkLayer: null, targetLinkLayer: null, prefixes: [], mtu: null };
