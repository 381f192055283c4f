/**
 * What the size of a world costs: fleets of 10 to 10,000 sensors (apps/fleet), each of which shakes hands, reports three
 * times and closes; with and without a capture and a trace. Every row is a process of its own, by processor time.
 *
 * `npm run bench -- world` takes some six minutes; `npm run bench -- world quick` leaves the 10,000 out.
 */
import { spawnSync } from 'node:child_process';
import type { Row, Watching } from './world/row.ts';

const SIZES = [10, 100, 1000, 10_000];
/** Small worlds are over before the machine has settled. */
const roundsOf = (devices: number): number => (devices > 1000 ? 1 : 3);
const WATCHING: readonly Watching[] = ['nothing', 'capture', 'trace'];

const format = (value: number, digits = 0): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

function once(devices: number, watching: Watching): Row {
  const args = [...process.execArgv, 'test/bench/world/row.ts', String(devices), watching];
  const { stdout, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`the row of ${devices} devices failed`);
  return JSON.parse(stdout) as Row;
}

/** The quickest of some rounds: whatever else the machine does makes a round slower, and nothing makes it faster. */
function best(devices: number, watching: Watching): Row {
  const rows = Array.from({ length: roundsOf(devices) }, () => once(devices, watching));
  return rows.reduce((least, row) => (row.run < least.run ? row : least));
}

const spent = ({ construction, boot, run }: Row): number => construction + boot + run;
/** Microseconds of processor time for a device and a virtual second, construction and boot included. */
const perDeviceSecond = (row: Row): number => (spent(row) * 1e6) / (row.devices * row.virtual);

const COLUMNS: readonly (readonly [string, (row: Row, reference: Row) => string])[] = [
  ['sensors', ({ devices }) => format(devices)],
  ['writing', ({ watching }) => watching],
  ['built and booted /s', ({ devices, construction, boot }) => format(devices / (construction + boot))],
  ['events', ({ events }) => format(events)],
  ['events /s', ({ events, run }) => format(events / run)],
  ['total s', (row) => format(spent(row), 2)],
  ['µs a device-second', (row) => format(perDeviceSecond(row), 1)],
  ['× that of 100', (row, reference) => format(perDeviceSecond(row) / perDeviceSecond(reference), 2)],
  ['KiB a device', ({ bytes, devices }) => format(bytes / devices / 1024)],
];

const sizes = process.argv[2] === 'quick' ? SIZES.slice(0, -1) : SIZES;
const heads = COLUMNS.map(([head]) => head);
const widths = heads.map((head) => Math.max(head.length, 9));
const line = (cells: readonly string[]): string =>
  cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ');
console.log(`Fleets of sensors, Node ${process.version}, by processor time, the best of 3 up to 1,000`);
console.log(line(heads));
for (const watching of WATCHING) {
  const reference = best(100, watching);
  for (const devices of sizes) {
    const row = devices === 100 ? reference : best(devices, watching);
    console.log(line(COLUMNS.map(([, cell]) => cell(row, reference))));
  }
}
