/** An event of the Trace Event Format that Perfetto and chrome://tracing read; times are microseconds. */
export interface PerfettoEvent {
  /** `M` metadata, `X` slice, `i` instant, `C` counter, `s` and `f` the ends of a flow arrow. */
  readonly ph: 'M' | 'X' | 'i' | 'C' | 's' | 'f';
  readonly name: string;
  readonly pid: number;
  readonly tid?: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  readonly bp?: 'e';
  readonly s?: 't' | 'p';
  readonly args?: Readonly<Record<string, string | number | null>>;
}

/** Where an event is drawn: a device (`pid`) and a track in it (`tid`). */
export interface Track {
  readonly pid: number;
  readonly tid: number;
}

/** Tracks that every device has beside those of its threads, in the order in which they are shown. */
const CPU = 'CPU';
export const NETWORK = 'network';

/** Gives devices and their threads their numbers, and names them in the trace as they come up. */
export class PerfettoTracks {
  readonly #emit: (event: PerfettoEvent) => void;
  readonly #devices = new Map<string, { readonly pid: number; readonly tracks: Map<string, number> }>();

  constructor(emit: (event: PerfettoEvent) => void) {
    this.#emit = emit;
  }

  /** The track of a thread, a context (`isr`, `init`) or of what every device has (`network`). */
  track(device: string, name: string): Track {
    const { pid, tracks } = this.#device(device);
    const known = tracks.get(name);
    if (known !== undefined) return { pid, tid: known };
    const tid = tracks.size + 1;
    tracks.set(name, tid);
    this.#emit({ ph: 'M', name: 'thread_name', pid, tid, args: { name } });
    this.#emit({ ph: 'M', name: 'thread_sort_index', pid, tid, args: { sort_index: tid } });
    return { pid, tid };
  }

  /** The track that shows which thread has the processor. */
  cpu(device: string): Track {
    return this.track(device, CPU);
  }

  #device(name: string): { readonly pid: number; readonly tracks: Map<string, number> } {
    const known = this.#devices.get(name);
    if (known !== undefined) return known;
    const device = { pid: this.#devices.size + 1, tracks: new Map<string, number>() };
    this.#devices.set(name, device);
    this.#emit({ ph: 'M', name: 'process_name', pid: device.pid, args: { name } });
    this.#emit({ ph: 'M', name: 'process_sort_index', pid: device.pid, args: { sort_index: device.pid } });
    return device;
  }
}
