import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes.ts';
import { readHardwareAddress, writeHardwareAddress, type HardwareAddress } from './ethernet.ts';

export const DHCP_SERVER_PORT = 67;
export const DHCP_CLIENT_PORT = 68;
/** Bytes before the options: the fields of BOOTP and the magic cookie. */
export const DHCP_FIXED = 240;
/** Shortest message that is sent: what BOOTP has, which some relays and servers insist on. */
export const DHCP_MINIMUM = 300;

export const BOOTP_REQUEST = 1;
export const BOOTP_REPLY = 2;

const MAGIC_COOKIE = 0x63825363;
const PAD = 0;
const END = 255;
const OVERLOAD = 52;
const ETHERNET = 1;
const SERVER_NAME = 44;
const BOOT_FILE = 108;
const VENDOR = 236;

/**
 * A DHCP message (RFC 2131 section 2):
 *
 * ```
 * op | htype 1 | hlen 6 | hops | xid | secs | flags | ciaddr | yiaddr | siaddr | giaddr
 * chaddr (16) | sname (64) | file (128) | magic cookie | options
 * ```
 */
export interface DhcpMessage {
  /** `BOOTP_REQUEST` of a client, `BOOTP_REPLY` of a server. */
  readonly op: number;
  readonly xid: number;
  readonly secs: number;
  /** The client can be reached by broadcast only. */
  readonly broadcast: boolean;
  /** The address that the client has already, or 0. */
  readonly clientAddress: number;
  /** The address that the client is given. */
  readonly yourAddress: number;
  /** The server to go on with. */
  readonly serverAddress: number;
  /** The relay that the message came through, or 0. */
  readonly relayAddress: number;
  readonly hardware: HardwareAddress;
  /** Options by code, in order, without padding and end. */
  readonly options: ReadonlyMap<number, Uint8Array>;
}

/** Reads options between two places; what does not fit in there is left out. Parts of one option are joined (RFC 3396). */
function readOptions(bytes: Uint8Array, start: number, end: number, into: Map<number, Uint8Array>): void {
  for (let at = start; at < end;) {
    const code = bytes[at] ?? END;
    if (code === END) return;
    if (code === PAD) {
      at++;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    const from = at + 2;
    at = from + length;
    if (at > end) return;
    const before = into.get(code) ?? new Uint8Array(0);
    const whole = new Uint8Array(before.length + length);
    whole.set(before);
    whole.set(bytes.subarray(from, at), before.length);
    into.set(code, whole);
  }
}

/**
 * A DHCP message, or null where it is too short, not of Ethernet, or not DHCP. Options are taken as far as they are whole;
 * those in the fields for names are read where option 52 says so.
 */
export function parseDhcp(bytes: Uint8Array): DhcpMessage | null {
  if (bytes.length < DHCP_FIXED || bytes[1] !== ETHERNET || bytes[2] !== 6) return null;
  if (readUint32(bytes, VENDOR) !== MAGIC_COOKIE) return null;
  const options = new Map<number, Uint8Array>();
  readOptions(bytes, DHCP_FIXED, bytes.length, options);
  const overload = options.get(OVERLOAD)?.[0] ?? 0;
  if ((overload & 1) !== 0) readOptions(bytes, BOOT_FILE, VENDOR, options);
  if ((overload & 2) !== 0) readOptions(bytes, SERVER_NAME, BOOT_FILE, options);
  return {
    op: bytes[0] ?? 0,
    xid: readUint32(bytes, 4),
    secs: readUint16(bytes, 8),
    broadcast: (readUint16(bytes, 10) & 0x8000) !== 0,
    clientAddress: readUint32(bytes, 12),
    yourAddress: readUint32(bytes, 16),
    serverAddress: readUint32(bytes, 20),
    relayAddress: readUint32(bytes, 24),
    hardware: readHardwareAddress(bytes, 28),
    options,
  };
}

/**
 * A DHCP message as bytes, options in the order of the map.
 *
 * @param more - options that are encoded already, put last
 */
export function buildDhcp(message: DhcpMessage, more: Uint8Array = new Uint8Array(0)): Uint8Array {
  let length = DHCP_FIXED + more.length + 1;
  for (const value of message.options.values()) length += 2 + value.length;
  const bytes = new Uint8Array(Math.max(length, DHCP_MINIMUM));
  bytes.set([message.op, ETHERNET, 6, 0]);
  writeUint32(bytes, 4, message.xid);
  writeUint16(bytes, 8, message.secs);
  writeUint16(bytes, 10, message.broadcast ? 0x8000 : 0);
  writeUint32(bytes, 12, message.clientAddress);
  writeUint32(bytes, 16, message.yourAddress);
  writeUint32(bytes, 20, message.serverAddress);
  writeUint32(bytes, 24, message.relayAddress);
  writeHardwareAddress(bytes, 28, message.hardware);
  writeUint32(bytes, VENDOR, MAGIC_COOKIE);
  let at = DHCP_FIXED;
  for (const [code, value] of message.options) {
    bytes[at] = code;
    bytes[at + 1] = value.length;
    bytes.set(value, at + 2);
    at += 2 + value.length;
  }
  bytes.set(more, at);
  bytes[at + more.length] = END;
  return bytes;
}

/** An option's value as a number of up to four bytes, or null where the option is not there or longer. */
export function numberOption({ options }: DhcpMessage, code: number): number | null {
  const value = options.get(code);
  if (value === undefined || value.length > 4) return null;
  return value.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The first address of an option that holds one or several, or null. */
export function addressOption({ options }: DhcpMessage, code: number): number | null {
  const value = options.get(code);
  return value === undefined || value.length < 4 ? null : readUint32(value, 0);
}

/** A 32-bit number as the value of an option. */
export function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writeUint32(bytes, 0, value);
  return bytes;
}
