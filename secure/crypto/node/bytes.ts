/** The bytes of a Buffer that node made for its caller alone, without those methods in which it differs. */
export const plain = (bytes: Buffer): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
