/** One row of the world benchmark, in a process of its own: a fleet of so many sensors, watched or not. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { buildWorld, capturePcapng, exportJsonLines, scenarioFor, type World } from 'txsim';
import { openOutput } from '../../../sim/cli/output-files.ts';
import scenario from '../../../apps/fleet/scenario.ts';
import { stopwatch } from '../dtls/stopwatch.ts';

/** What is written while the fleet runs. */
export type Watching = 'nothing' | 'capture' | 'trace';

/** What a row was measured to be. Times are seconds of processor time. */
export interface Row {
  readonly devices: number;
  readonly watching: Watching;
  readonly construction: number;
  readonly boot: number;
  readonly run: number;
  readonly events: number;
  /** Virtual seconds. */
  readonly virtual: number;
  /** Bytes in use after the run, a full collection before. */
  readonly bytes: number;
}

const SENSORS_OF_GATEWAY = 1000;
/** A sensor connects within the first ten seconds, reports three times, and closes. */
const LOAD = { reports: '3', interval: '10s' };

function watch(world: World, watching: Watching): void {
  if (watching === 'nothing') return;
  const file = openOutput('/dev/null', watching);
  const names = world.lans.map(({ name }) => name);
  if (watching === 'capture') capturePcapng(world.trace, names, (chunk) => file.write(chunk));
  else exportJsonLines(world.trace, (line) => file.write(line));
}

function inUse(): number {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  if (typeof gc === 'function') Reflect.apply(gc, undefined, []);
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Runs a fleet of so many sensors to its end. */
export function measure(devices: number, watching: Watching): Row {
  const gateways = String(Math.ceil(devices / SENSORS_OF_GATEWAY));
  const params = { ...LOAD, sensors: String(devices), gateways };
  const before = inUse();
  const constructed = stopwatch();
  const made = scenarioFor(scenario, params);
  const world = buildWorld(made);
  const construction = constructed();
  watch(world, watching);
  const booted = stopwatch();
  world.run({ until: 0 });
  const boot = booted();
  let events = 0;
  const ran = stopwatch();
  const result = world.run({
    ...(made.until === undefined ? {} : { until: made.until }),
    stopWhen: () => {
      events++;
      return false;
    },
  });
  const run = ran();
  const bytes = inUse() - before;
  // Nobody may take the world for garbage before it was measured.
  if (world.devices.size < devices) throw new Error(`only ${world.devices.size} devices`);
  return { devices, watching, construction, boot, run, events, virtual: result.time / 1e9, bytes };
}

const [size, watching] = process.argv.slice(2);
if (size !== undefined && (watching === 'nothing' || watching === 'capture' || watching === 'trace')) {
  // The engine compiles what is used often: a small fleet first, so that all sizes meet compiled code.
  measure(100, watching);
  process.stdout.write(`${JSON.stringify(measure(Number(size), watching))}\n`);
}
