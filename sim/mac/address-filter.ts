/** CRC-32 of IEEE 802.3, as Ethernet's check sequence and zlib compute it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** The address registers of the controller: whose frames it lets through. */
export class AddressFilter {
  /** The controller's own address: upper 16 and lower 32 bits. */
  high: number;
  low: number;
  /** The hash table of group addresses: bits 63 to 32, and 31 to 0. */
  hashHigh = 0;
  hashLow = 0;
  readonly #factory: { readonly msw: number; readonly lsw: number };

  /** @param factory - the address after a reset */
  constructor(factory: { readonly msw: number; readonly lsw: number }) {
    this.#factory = factory;
    this.high = factory.msw;
    this.low = factory.lsw;
  }

  reset(): void {
    this.high = this.#factory.msw;
    this.low = this.#factory.lsw;
    this.hashHigh = 0;
    this.hashLow = 0;
  }

  /** Whether a frame is let through by its destination address. */
  passes(frame: Uint8Array, promiscuous: boolean, allGroups: boolean): boolean {
    if (promiscuous) return true;
    const address = frame.subarray(0, 6);
    if (((address[0] ?? 0) & 1) === 0) return this.#isOwn(address);
    return allGroups || address.every((byte) => byte === 0xff) || this.#isInTable(address);
  }

  #isOwn(address: Uint8Array): boolean {
    const view = new DataView(address.buffer, address.byteOffset, 6);
    return view.getUint16(0) === this.high && view.getUint32(2) === this.low;
  }

  /** The upper six bits of the address's CRC choose the bit of the table. */
  #isInTable(address: Uint8Array): boolean {
    const bit = crc32(address) >>> 26;
    const half = bit >= 32 ? this.hashHigh : this.hashLow;
    return ((half >>> (bit & 31)) & 1) === 1;
  }
}
