import type { ReportChunk, ReportLane } from './data.ts';

/** An event on its way into a chunk; what is left out is 0, '' or, for numbers that may be missing, -1. */
export interface Row {
  readonly time: number;
  readonly lane: number;
  readonly type: string;
  readonly name?: string;
  readonly text?: string;
  readonly duration?: number;
  readonly status?: number;
  readonly value?: number;
  readonly other?: number;
  readonly site?: string;
  readonly fields?: string;
}

const BASE64_STEP = 0x8000;

/** Bytes in base64, without the host's help. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += BASE64_STEP) {
    text += String.fromCharCode(...bytes.subarray(at, at + BASE64_STEP));
  }
  return btoa(text);
}

/** Builds one chunk, row by row. */
export class ChunkWriter {
  readonly #first: number;
  readonly #firstFrame: number;
  readonly #strings: string[] = [''];
  readonly #numbers = new Map<string, number>([['', 0]]);
  readonly #lanes = new Map<number, ReportLane>();
  readonly #frames: string[] = [];
  readonly #time: number[] = [];
  readonly #lane: number[] = [];
  readonly #type: number[] = [];
  readonly #name: number[] = [];
  readonly #text: number[] = [];
  readonly #duration: number[] = [];
  readonly #status: number[] = [];
  readonly #value: number[] = [];
  readonly #other: number[] = [];
  readonly #site: number[] = [];
  readonly #fields: number[] = [];
  #last = 0;

  /**
   * @param first - number of its first event
   * @param firstFrame - number of its first frame
   */
  constructor(first: number, firstFrame: number) {
    this.#first = first;
    this.#firstFrame = firstFrame;
  }

  /** How many events it holds. */
  get length(): number {
    return this.#time.length;
  }

  /** The number that the next event gets. */
  get next(): number {
    return this.#first + this.#time.length;
  }

  /** The number that the next frame gets. */
  get nextFrame(): number {
    return this.#firstFrame + this.#frames.length;
  }

  get hasLanes(): boolean {
    return this.#lanes.size > 0;
  }

  lane(lane: ReportLane): void {
    this.#lanes.set(lane.id, lane);
  }

  /** Adds the bytes of a frame; gives their number. */
  frame(bytes: Uint8Array): number {
    const number = this.nextFrame;
    this.#frames.push(toBase64(bytes));
    return number;
  }

  add(row: Row): void {
    this.#time.push(row.time - this.#last);
    this.#last = row.time;
    this.#lane.push(row.lane);
    this.#type.push(this.#string(row.type));
    this.#name.push(this.#string(row.name ?? ''));
    this.#text.push(this.#string(row.text ?? ''));
    this.#duration.push(row.duration ?? 0);
    this.#status.push(row.status ?? -1);
    this.#value.push(row.value ?? -1);
    this.#other.push(row.other ?? -1);
    this.#site.push(this.#string(row.site ?? ''));
    this.#fields.push(this.#string(row.fields ?? ''));
  }

  finish(): ReportChunk {
    return {
      first: this.#first,
      strings: this.#strings,
      lanes: [...this.#lanes.values()],
      time: this.#time,
      lane: this.#lane,
      type: this.#type,
      name: this.#name,
      text: this.#text,
      duration: this.#duration,
      status: this.#status,
      value: this.#value,
      other: this.#other,
      site: this.#site,
      fields: this.#fields,
      firstFrame: this.#firstFrame,
      frames: this.#frames,
    };
  }

  #string(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#strings.length;
    this.#strings.push(text);
    this.#numbers.set(text, number);
    return number;
  }
}
