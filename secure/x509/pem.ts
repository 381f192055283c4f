/** A block of a PEM file. */
export interface PemBlock {
  /** `CERTIFICATE`, `EC PRIVATE KEY`, … */
  readonly label: string;
  readonly der: Uint8Array;
}

/**
 * The blocks of a PEM file, in order (RFC 7468). Text between them is passed over; null where a block is cut off or not
 * base64.
 */
export function decodePem(text: string): readonly PemBlock[] | null {
  const blocks: PemBlock[] = [];
  const begins = text.match(/-----BEGIN [^-]+-----/g)?.length ?? 0;
  for (const match of text.matchAll(/-----BEGIN ([^-]+)-----([^-]*)-----END \1-----/g)) {
    const [, label = '', body = ''] = match;
    const der = decodeBase64(body.replace(/\s+/g, ''));
    if (der === null) return null;
    blocks.push({ label, der });
  }
  return blocks.length === begins ? blocks : null;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes from base64, or null where it is none. */
function decodeBase64(text: string): Uint8Array | null {
  const digits = text.replace(/=+$/, '');
  if (text.length % 4 !== 0 || text.length - digits.length > 2) return null;
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit);
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >>> bits;
    }
  }
  return bytes;
}

/** A block of a PEM file, 64 characters a line (RFC 7468 section 2). */
export function encodePem({ label, der }: PemBlock): string {
  let text = '';
  for (let at = 0; at < der.length; at += 3) {
    const [a = 0, b = 0, c = 0] = der.subarray(at, at + 3);
    const held = (a << 16) | (b << 8) | c;
    for (const shift of [18, 12, 6, 0]) text += ALPHABET.charAt((held >> shift) & 63);
  }
  const padding = (3 - (der.length % 3)) % 3;
  const digits = text.slice(0, text.length - padding) + '='.repeat(padding);
  const lines = digits.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
