/**
 * UDP echo between two devices on one LAN, in datagrams per second of wall time through both whole stacks: with and without a
 * capture, over ten million datagrams, and among idle neighbours.
 *
 * `npm run bench -- udp` takes some minutes; `npm run bench -- udp quick` leaves the ten million out.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { capturePcapng } from 'txsim';
import { openOutput } from '../../sim/cli/output-files.ts';
import { echoWorld } from './udp/echo.ts';

const WARM_UP = 50_000;
const ECHOES = 200_000;
const ROUNDS = 5;
const ENDURANCE = 5_000_000;
const NEIGHBOURS = [2, 10, 100, 1000];

setFlagsFromString('--expose-gc');
const gc: unknown = runInNewContext('gc');

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const format = (value: number): string => Math.round(value).toLocaleString('en').padStart(9);

/** An echo world that has run warm. */
function warmWorld(
  size: number,
  idle: number,
  captured: boolean,
): { run: (echoes: number) => number; end: () => void } {
  const { world, count } = echoWorld(size, idle);
  const file = captured ? openOutput('/dev/null', 'pcap') : null;
  if (file !== null) capturePcapng(world.trace, [world.lans[0]?.name ?? 'lan'], (chunk) => file.write(chunk));
  const run = (echoes: number): number => {
    const goal = count.echoes + echoes;
    const began = performance.now();
    world.run({ stopWhen: () => count.echoes >= goal });
    return (2 * echoes * 1000) / (performance.now() - began);
  };
  run(WARM_UP);
  return {
    run,
    end: () => file?.close(),
  };
}

/** Datagrams a second, the median of some rounds. */
function rate(size: number, idle: number, captured: boolean): number {
  const { run, end } = warmWorld(size, idle, captured);
  const rates = Array.from({ length: ROUNDS }, () => run(ECHOES));
  end();
  return median(rates);
}

/** Bytes in use after a full collection. */
function heapUsed(): number {
  if (typeof gc === 'function') Reflect.apply(gc, undefined, []);
  const { heapUsed: heap, arrayBuffers } = process.memoryUsage();
  return heap + arrayBuffers;
}

console.log(`UDP echo, Node ${process.version}, datagrams per second of wall time, median of ${ROUNDS}`);
console.log('                   no capture   captured');
for (const size of [64, 1400]) {
  const [plain, captured] = [rate(size, 0, false), rate(size, 0, true)];
  console.log(`  ${String(size).padStart(5)} bytes      ${format(plain)}  ${format(captured)}`);
}

console.log('\nAmong idle devices on the same LAN, 64 bytes');
const alone = rate(64, 0, false);
for (const devices of NEIGHBOURS) {
  const found = devices === 2 ? alone : rate(64, devices - 2, false);
  console.log(
    `  ${String(devices).padStart(5)} devices    ${format(found)}  ${(alone / found).toFixed(2)} × the time of 2`,
  );
}

if (process.argv[2] !== 'quick') {
  console.log('\nTen million datagrams of 64 bytes');
  const { run } = warmWorld(64, 0, false);
  for (let done = 0, before = heapUsed(); done < ENDURANCE; done += ENDURANCE / 5) {
    const found = run(ENDURANCE / 5);
    const after = heapUsed();
    console.log(
      `  ${format(2 * (done + ENDURANCE / 5))}    ${format(found)} /s   ${format(after)} bytes in use (${after - before})`,
    );
    before = after;
  }
}
