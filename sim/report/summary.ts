import { describeLeak } from '../diagnostics/leaks.ts';
import { describeNote } from '../diagnostics/notes.ts';
import { describeStalls } from '../diagnostics/stalls.ts';
import type { RunResult, World } from '../world.ts';
import type { RunCounters } from './counters.ts';

/** How runs end, in words. */
export const ENDINGS: Readonly<Record<RunResult['reason'], string>> = {
  stopped: 'stopped',
  until: 'time is up',
  idle: 'nothing left to happen',
  expired: 'it took too long by the wall clock',
};

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

function dtlsRow({ flights, retransmissions, handshakes, discarded }: RunCounters): readonly [string, string] {
  const sent = `${count(flights, 'handshake datagram')} sent, ${retransmissions} of them again`;
  return ['DTLS', `${count(handshakes, 'handshake')} done; ${sent}; ${count(discarded, 'record')} discarded`];
}

function expectationRow({ all, held }: { readonly all: number; readonly held: number }): [string, string][] {
  return all === 0 ? [] : [['expectations', held === all ? `${all} held` : `${held} of ${all} held`]];
}

/**
 * The summary of a run: a few lines on what it took and what is left.
 *
 * @param wallTime - seconds of wall time
 * @param outputs - files that were written
 * @param expectations - of the scenario, and how many of them held
 */
export function summarize(
  world: World,
  result: RunResult,
  counters: RunCounters,
  wallTime: number,
  outputs: readonly string[],
  expectations: { readonly all: number; readonly held: number } = { all: 0, held: 0 },
): readonly string[] {
  const leaks = world.leaks();
  const leaked = leaks.reduce((sum, leak) => sum + leak.count, 0);
  const rows: (readonly [string, string])[] = [
    ['ended', ENDINGS[result.reason]],
    ['virtual time', `${(result.time / 1e9).toFixed(6)} s`],
    ['wall time', `${wallTime.toFixed(3)} s`],
    ['seed', String(world.seed)],
    ['frames', `${counters.framesSent} sent, ${counters.framesDropped} lost`],
    ...(counters.flights + counters.discarded === 0 ? [] : [dtlsRow(counters)]),
    ...expectationRow(expectations),
    ['packets leaked', String(leaked)],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    ...rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`),
    ...leaks.map((leak) => `  leaked: ${describeLeak(leak)}`),
    ...describeStalls(world.stalls()).map((stall) => `  stalled: ${stall}`),
    ...world.notes().map((note) => `  note: ${describeNote(note)}`),
    ...outputs.map((file) => `written: ${file}`),
  ];
}
