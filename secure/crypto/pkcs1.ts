/**
 * Padding of RSAES-PKCS1-v1_5 (RFC 8017 section 7.2): 0, 2, at least eight non-zero bytes, 0, message.
 */
export function pkcs1Pad(message: Uint8Array, length: number, random: (length: number) => Uint8Array): Uint8Array {
  const padding = length - message.length - 3;
  if (padding < 8) throw new RangeError(`a message of ${message.length} bytes does not fit an RSA key of ${length}`);
  const block = new Uint8Array(length);
  block[1] = 2;
  for (let at = 2; at < 2 + padding;) {
    for (const byte of random(2 + padding - at)) if (byte !== 0) block[at++] = byte;
  }
  block.set(message, length - message.length);
  return block;
}

/**
 * The premaster secret out of a decrypted block, in constant time (RFC 5246 section 7.4.7.1): where the padding, the
 * length or the version in it is wrong, `fallback` is given instead, and nothing tells the difference.
 *
 * @param block - the raw RSA result, as long as the modulus; null where the ciphertext was not below it
 * @param fallback - 48 random bytes, made before the decryption
 * @param version - the version of the ClientHello, which the secret begins with
 */
export function unpadPremaster(block: Uint8Array | null, fallback: Uint8Array, version: number): Uint8Array {
  const length = fallback.length;
  const bytes = block !== null && block.length >= length + 11 ? block : new Uint8Array(length + 11);
  const start = bytes.length - length;
  let bad = (bytes[0] ?? 0) | ((bytes[1] ?? 0) ^ 2) | (bytes[start - 1] ?? 0);
  for (let at = 2; at < start - 1; at++) bad |= isZero(bytes[at] ?? 0);
  bad |= (bytes[start] ?? 0) ^ (version >>> 8);
  bad |= (bytes[start + 1] ?? 0) ^ (version & 255);
  const good = -isZero(bad);
  const premaster = new Uint8Array(length);
  for (let at = 0; at < length; at++) {
    premaster[at] = ((bytes[start + at] ?? 0) & good) | ((fallback[at] ?? 0) & ~good);
  }
  return premaster;
}

/** 1 for zero, else 0, without a branch; for values below 2^31. */
function isZero(value: number): number {
  return ((value - 1) & ~value) >>> 31;
}
