/**
 * What the IP thread can tell of a datagram from its record headers alone (RFC 6347 section 4.1), without keys.
 */

const HEADER = 13;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const CLIENT_HELLO = 1;
/** Record header, handshake header, client_version: where the random of an unfragmented ClientHello begins. */
const RANDOM_AT = HEADER + 12 + 2;
const RANDOM_LENGTH = 32;

/** Whether a datagram begins with a ClientHello in the clear: a client that wants a new association. */
export function isClientHello(datagram: Uint8Array): boolean {
  const epoch = ((datagram[3] ?? 0) << 8) | (datagram[4] ?? 0);
  return datagram[0] === HANDSHAKE && epoch === 0 && datagram[HEADER] === CLIENT_HELLO;
}

/** The random of a ClientHello, which tells a repeated one from a new one; null where it is too short to have one. */
export function clientRandom(datagram: Uint8Array): Uint8Array | null {
  return datagram.length < RANDOM_AT + RANDOM_LENGTH ? null : datagram.slice(RANDOM_AT, RANDOM_AT + RANDOM_LENGTH);
}

/**
 * Parts a datagram into its records of protected application data and all others, each part in the order of arrival;
 * null for a part that is empty. What is not a record counts among the others; so do records with connection IDs, which
 * hide what they are: sessions that want such are dealt with elsewhere.
 */
export function splitDatagram(datagram: Uint8Array): { data: Uint8Array | null; rest: Uint8Array | null } {
  const data: Uint8Array[] = [];
  const rest: Uint8Array[] = [];
  for (let at = 0; at < datagram.length;) {
    const length = ((datagram[at + 11] ?? 0) << 8) | (datagram[at + 12] ?? 0);
    const end = at + HEADER > datagram.length ? datagram.length : Math.min(datagram.length, at + HEADER + length);
    const epoch = ((datagram[at + 3] ?? 0) << 8) | (datagram[at + 4] ?? 0);
    const part = datagram.subarray(at, end);
    (datagram[at] === APPLICATION_DATA && epoch > 0 ? data : rest).push(part);
    at = end;
  }
  return { data: join(data), rest: join(rest) };
}

/** How many records of protected application data a datagram has. */
export function dataRecords(datagram: Uint8Array): number {
  let count = 0;
  for (let at = 0; at + HEADER <= datagram.length;) {
    if (datagram[at] === APPLICATION_DATA) count += 1;
    at += HEADER + (((datagram[at + 11] ?? 0) << 8) | (datagram[at + 12] ?? 0));
  }
  return count;
}

function join(parts: readonly Uint8Array[]): Uint8Array | null {
  const [first] = parts;
  if (first === undefined) return null;
  if (parts.length === 1) return first;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
