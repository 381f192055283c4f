const encoder = new TextEncoder();

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const DECRYPTION_SECRETS = 10;
const TLS_KEY_LOG = 0x544c534b;
const LINKTYPE_ETHERNET = 1;

/** Option codes of the pcapng format. */
const OPT_COMMENT = 1;
const EPB_FLAGS = 2;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_TSRESOL = 9;

/** Which way a frame goes at the interface that it was captured on: the values of the format's direction bits. */
export const DIRECTION = { in: 1, out: 2 } as const;

export type Direction = keyof typeof DIRECTION;

type Option = readonly [code: number, value: Uint8Array];

const padded = (length: number): number => (length + 3) & ~3;

/** Bytes of a packet block beside the frame and the options: type, length twice, interface, time, both lengths. */
const PACKET_FIELDS = 32;
const NO_OPTIONS = new Uint8Array(0);

/** Writes a block body field by field, little endian. */
class BlockBuilder {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  u16(value: number): this {
    return this.raw(Uint8Array.of(value & 255, (value >>> 8) & 255));
  }

  u32(value: number): this {
    return this.raw(Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24));
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  /** Bytes, and zeros up to the next multiple of four. */
  padded(bytes: Uint8Array): this {
    return this.raw(bytes).raw(new Uint8Array(padded(bytes.length) - bytes.length));
  }

  options(options: readonly Option[]): this {
    for (const [code, value] of options) this.u16(code).u16(value.length).padded(value);
    return options.length === 0 ? this : this.u32(0);
  }

  /** What was written so far. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** The whole block: type, length, body, length again. */
  block(type: number): Uint8Array {
    const total = this.#length + 12;
    return new BlockBuilder().u32(type).u32(total).raw(this.bytes()).u32(total).bytes();
  }
}

function packetOptions(comment: string | undefined, direction: Direction | undefined): Uint8Array {
  if (comment === undefined && direction === undefined) return NO_OPTIONS;
  const options: Option[] = comment === undefined ? [] : [[OPT_COMMENT, encoder.encode(comment)]];
  if (direction !== undefined) options.push([EPB_FLAGS, Uint8Array.of(DIRECTION[direction], 0, 0, 0)]);
  return new BlockBuilder().options(options).bytes();
}

/**
 * Writes a capture in the pcapng format: Ethernet frames with nanosecond stamps, and the TLS secrets that let Wireshark
 * decrypt them. The bytes depend on nothing but what is written, so that equal runs give equal files.
 */
export class PcapngWriter {
  readonly #sink: (chunk: Uint8Array) => void;
  #interfaces = 0;

  /** @param sink - receives the file, block by block */
  constructor(sink: (chunk: Uint8Array) => void) {
    this.#sink = sink;
    const body = new BlockBuilder()
      .u32(0x1a2b3c4d)
      .u16(1)
      .u16(0)
      .raw(new Uint8Array(8).fill(0xff))
      .options([[SHB_USERAPPL, encoder.encode('txsim')]]);
    sink(body.block(SECTION_HEADER));
  }

  /** Describes an Ethernet interface; gives its number. */
  addInterface(name: string): number {
    const body = new BlockBuilder()
      .u16(LINKTYPE_ETHERNET)
      .u16(0)
      .u32(0)
      .options([
        [IF_NAME, encoder.encode(name)],
        [IF_TSRESOL, Uint8Array.of(9)],
      ]);
    this.#sink(body.block(INTERFACE_DESCRIPTION));
    return this.#interfaces++;
  }

  /**
   * Writes a frame.
   *
   * @param time - nanoseconds since the start of the world
   * @param comment - shown by Wireshark beside the frame
   * @param direction - where the interface is one end of a link
   */
  packet(interfaceId: number, time: number, bytes: Uint8Array, comment?: string, direction?: Direction): void {
    const options = packetOptions(comment, direction);
    const total = PACKET_FIELDS + padded(bytes.length) + options.length;
    // Most blocks of a capture are of this kind: each is written in one go.
    const block = new Uint8Array(total);
    const view = new DataView(block.buffer);
    view.setUint32(0, ENHANCED_PACKET, true);
    view.setUint32(4, total, true);
    view.setUint32(8, interfaceId, true);
    view.setUint32(12, Math.floor(time / 2 ** 32), true);
    view.setUint32(16, time % 2 ** 32, true);
    view.setUint32(20, bytes.length, true);
    view.setUint32(24, bytes.length, true);
    block.set(bytes, 28);
    block.set(options, 28 + padded(bytes.length));
    view.setUint32(total - 4, total, true);
    this.#sink(block);
  }

  /** Writes secrets in the NSS key log format; they must come before the frames that they decrypt. */
  secrets(keyLog: string): void {
    const bytes = encoder.encode(keyLog);
    this.#sink(new BlockBuilder().u32(TLS_KEY_LOG).u32(bytes.length).padded(bytes).block(DECRYPTION_SECRETS));
  }
}
