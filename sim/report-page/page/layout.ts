import type { Level } from './levels.ts';
import type { Lane, Model } from './model.ts';

/** What a row of the time line shows. */
export type Row =
  | { readonly kind: 'owner'; readonly y: number; readonly height: number; readonly owner: string }
  | {
      readonly kind: 'lane';
      readonly y: number;
      readonly height: number;
      readonly owner: string;
      readonly lane: Lane;
    }
  | {
      readonly kind: 'level';
      readonly y: number;
      readonly height: number;
      readonly owner: string;
      readonly level: Level;
    };

/** Heights in pixels. */
export const OWNER_HEIGHT = 24;
export const FOLDED_HEIGHT = 30;
export const STATE_HEIGHT = 6;
export const CALL_HEIGHT = 15;
export const WIRE_HEIGHT = 30;
const MARK_HEIGHT = 20;
const LEVEL_HEIGHT = 34;
const GAP = 8;
/** Calls within calls that have a line of their own; deeper ones lie on the last. */
export const DEEPEST = 3;

const ORDER = { isr: 0, init: 1, timer: 2, ip: 3, thread: 4, idle: 5, world: 6, wire: 7 } as const;

/** Where every row of the time line is, from the top of the first. */
export class Layout {
  readonly rows: readonly Row[];
  readonly height: number;
  /** The middle of each owner's lane of frames. */
  readonly wires = new Map<string, number>();

  constructor(model: Model, collapsed: ReadonlySet<string>) {
    const rows: Row[] = [];
    let y = 0;
    const add = (row: Row): void => {
      rows.push(row);
      y += row.height;
    };
    // What belongs to no device stands above them.
    const owners = [...model.owners].sort(([a], [b]) => Number(b === '') - Number(a === ''));
    for (const [owner, all] of owners) {
      const lanes = all.filter(isShown).sort(inOrder);
      if (lanes.length === 0) continue;
      const isWire = lanes.every(({ info }) => info.kind === 'wire');
      // What has nothing but frames, such as a router or the host, has no lanes to unfold.
      const isFolded = isWire || collapsed.has(owner);
      const top = y;
      if (owner !== '') add({ kind: 'owner', y, height: isFolded ? FOLDED_HEIGHT : OWNER_HEIGHT, owner });
      for (const lane of lanes) {
        if (lane.info.kind === 'wire') this.wires.set(owner, isFolded ? top + 17 : y + WIRE_HEIGHT / 2);
        if (!isFolded) add({ kind: 'lane', y, height: heightOf(lane), owner, lane });
      }
      if (!isFolded) {
        for (const level of model.levels.byOwner.get(owner)?.values() ?? []) {
          add({ kind: 'level', y, height: LEVEL_HEIGHT, owner, level });
        }
      }
      y += isFolded ? 2 : GAP;
    }
    this.rows = rows;
    this.height = y;
  }

  /** The row at a height, or null. */
  at(y: number): Row | null {
    return this.rows.find((row) => y >= row.y && y < row.y + row.height) ?? null;
  }

  /** The row of a lane, or the one that stands for it. */
  rowOf(lane: Lane): Row | null {
    return (
      this.rows.find((row) => row.kind === 'lane' && row.lane === lane) ??
      this.rows.find((row) => row.owner === lane.info.owner) ??
      null
    );
  }
}

function isShown({ info, marks, calls }: Lane): boolean {
  if (info.kind === 'idle' || info.kind === 'world' || info.kind === 'isr') return marks.length + calls.length > 0;
  return true;
}

function inOrder({ info: a }: Lane, { info: b }: Lane): number {
  return ORDER[a.kind] - ORDER[b.kind] || a.priority - b.priority || a.id - b.id;
}

function heightOf({ info, lines }: Lane): number {
  if (info.kind === 'wire') return WIRE_HEIGHT;
  const depth = Math.min(lines, DEEPEST);
  if (info.kind === 'world' || info.kind === 'idle') return MARK_HEIGHT;
  const states = info.kind === 'init' || info.kind === 'isr' ? 2 : STATE_HEIGHT + 3;
  return Math.max(MARK_HEIGHT, states + depth * (CALL_HEIGHT + 1) + 4);
}

/** What a lane shows, in a sentence. */
export function explainRow(row: Row): string {
  if (row.kind === 'owner') {
    return `${row.owner}: the strip shows which of its threads has the processor; click to fold or unfold its lanes.`;
  }
  if (row.kind === 'level') {
    const { name, kind, lowest, highest } = row.level;
    return kind === 'pool'
      ? `Packet pool '${name}': how many packets are free (${lowest} of ${highest} at the lowest). A pool that stays low leaks, or is too small.`
      : `Queue '${name}': how many messages are in it; it has room for ${highest}.`;
  }
  const { info } = row.lane;
  switch (info.kind) {
    case 'ip':
      return `'${info.name}': the IP thread of ${info.owner}. Packets, and the notify callbacks, run here: what waits in one holds up the device's whole network.`;
    case 'timer':
      return `'${info.name}': the kernel's timer thread of ${info.owner}. Time-outs of waits and the expiration routines of timers run here.`;
    case 'init':
      return `tx_application_define of ${info.owner}: threads, pools and IP instances are created before the first thread runs.`;
    case 'isr':
      return `Interrupts of ${info.owner}: services called from an interrupt service routine.`;
    case 'wire':
      return `Frames of ${info.owner}: an arrow to where each arrived; lost ones end in a cross.`;
    case 'world':
      return 'The world around the devices: what the scenario did.';
    case 'idle':
      return `${info.owner} with no thread running: the kernel itself, and drivers.`;
    case 'thread':
      return `Thread '${info.name}' of ${info.owner}${info.priority < 0 ? '' : `, priority ${info.priority}`}: above whether it runs, below what it calls.`;
  }
}
