/**
 * DTLS in one process: full handshakes (cookie, chain of a leaf and its root) and application records, two simulated
 * devices with all that is between a service call and the wire; beside them, measured in the same run, a JavaScript
 * stack and an OpenSSL pair, and what NetX Duo itself was measured to do.
 */
import { opensslPair } from './dtls/openssl-pair.ts';
import { echoTimes } from './dtls/sessions.ts';
import { SUITES, type NetxFigures, type Suite } from './dtls/suites.ts';
import { handshakes, records } from './dtls/txsim-pair.ts';
import { wallClock } from './dtls/stopwatch.ts';
import { weriftPair } from './dtls/werift-pair.ts';

const ROUNDS = 5;
/** Sessions of the server that is asked for echoes: few, and many. */
const FEW = 10;
const MANY = 10_000;

interface Rates {
  readonly handshakes: number;
  /** Handshakes one after the other, by the wall clock; for OpenSSL it is not measured. */
  readonly inTurn?: number;
  readonly small: number;
  readonly large: number;
}

type Line = 'handshakes' | 'small' | 'large';

const LINES: readonly (readonly [Line, string])[] = [
  ['handshakes', 'handshakes'],
  ['small', '64-byte records'],
  ['large', '1-KiB records'],
];

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const format = (value: number): string => Math.round(value).toLocaleString('en');

function medians(rounds: readonly Rates[]): Rates | null {
  if (rounds.length === 0) return null;
  const of = (line: Line | 'inTurn'): number => median(rounds.map((round) => round[line] ?? NaN));
  return { handshakes: of('handshakes'), inTurn: of('inTurn'), small: of('small'), large: of('large') };
}

/** Our own pair, warm: the code of a handshake takes some thousand of them to be compiled as far as it ever is. */
function ownPair(suite: Suite): () => Rates {
  const [shake, small, large] = [handshakes(suite), records(suite, 64), records(suite, 1024)];
  const count = suite.auth === 'psk' ? 2000 : 600;
  shake(6000);
  small(20_000);
  large(20_000);
  const inTurn = (): number => {
    const waited = wallClock();
    shake(count);
    return count / waited();
  };
  return () => ({ handshakes: shake(count), inTurn: inTurn(), small: small(10_000), large: large(10_000) });
}

function beside(rate: number, name: string, peer: number | null | undefined): string {
  if (peer === null || peer === undefined) return ''.padEnd(28);
  return `${(rate / peer).toFixed(2).padStart(8)} × ${name} ${format(peer)}`.padEnd(28);
}

async function compare(suite: Suite, openssl: ReturnType<typeof opensslPair>): Promise<void> {
  const measure = ownPair(suite);
  const [own, js, c]: [Rates[], Rates[], Rates[]] = [[], [], []];
  // By turns, so that whatever else the machine does meets both.
  for (let round = 0; round < ROUNDS; round++) {
    own.push(measure());
    if (openssl !== null) c.push(openssl.measure(suite, 500, 20_000));
  }
  await weriftPair(suite, 300, 5000);
  for (let round = 0; round < ROUNDS; round++) {
    const werift = await weriftPair(suite, 100, 5000);
    if (werift !== null) js.push(werift);
  }
  const [rates, werift, native] = [medians(own), medians(js), medians(c)];
  if (rates === null) return;
  const netx: NetxFigures = suite.netx;
  console.log(suite.name);
  for (const [line, name] of LINES) {
    const rate = rates[line];
    const figures = [
      beside(rate, 'NetX Duo', netx[line]),
      beside(rate, 'werift', werift?.[line]),
      beside(rate, 'OpenSSL', native?.[line]),
    ];
    console.log(`  ${name.padEnd(16)}${format(rate).padStart(8)} /s${figures.join('')}`.trimEnd());
  }
  const { inTurn = NaN } = rates;
  const peer = beside(inTurn, 'werift', werift?.inTurn);
  console.log(`  ${'… by the clock'.padEnd(16)}${format(inTurn).padStart(8)} /s${''.padEnd(28)}${peer}`.trimEnd());
}

function compareSessions(suite: Suite): void {
  const echoes = { echoes: 5000, rounds: ROUNDS };
  const few = median(echoTimes(suite, { sessions: FEW, asked: FEW, ...echoes }));
  const same = median(echoTimes(suite, { sessions: MANY, asked: FEW, ...echoes }));
  const all = median(echoTimes(suite, { sessions: MANY, asked: MANY, ...echoes }));
  const line = (what: string, time: number): void => {
    console.log(`  ${what.padEnd(38)}${time.toFixed(1).padStart(8)} µs${(time / few).toFixed(2).padStart(8)} ×`);
  };
  console.log(`An echo of 64 bytes there and back, ${suite.name}`);
  line(`${FEW} sessions live`, few);
  line(`${format(MANY)} live, ${FEW} of them asked in turn`, same);
  line(`${format(MANY)} live, all of them asked in turn`, all);
}

const openssl = opensslPair();
console.log(
  `DTLS 1.2, Node ${process.version}, per second of processor time, median of ${ROUNDS}; both ends in one process.`,
);
console.log(openssl === null ? 'No OpenSSL pair: no compiler, or no headers.\n' : `Peer in C: ${openssl.version}.\n`);
for (const suite of SUITES) await compare(suite, openssl);
openssl?.dispose();
const psk = SUITES.find(({ auth }) => auth === 'psk');
if (psk !== undefined) compareSessions(psk);
// The peer keeps its retransmission timers to the end.
process.exit(0);
