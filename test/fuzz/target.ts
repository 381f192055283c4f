/** Something that takes bytes from the network. */
export interface FuzzTarget {
  readonly name: string;
  /** Inputs to begin with that are made anew each time, beside those of the corpus folder. */
  readonly seeds?: () => readonly Uint8Array[];
  /**
   * Takes one input, and gives what it came to in a few words: inputs that come to something new are built upon. Throws
   * where a property does not hold.
   */
  readonly run: (input: Uint8Array) => string;
  /** Called after the last input. Throws where a property does not hold at the end. */
  readonly finish?: () => void;
}

export const toHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

export const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));

/** Whether two byte strings are the same; faster than a walk over them. */
export const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** A property that every input must have. */
export function hold(condition: boolean, property: string): asserts condition {
  if (!condition) throw new Error(`does not hold: ${property}`);
}
