import junit, { type Builder } from 'junit-report-builder';
import type { SeedReport } from '../../explore/report.ts';
import type { ExploredFailure } from './campaign.ts';

/** Test cases in a file, at most: more seeds are told of in groups. */
const MOST_CASES = 1000;

/** What XML cannot carry. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** What the package exports: its types tell of another module than Node makes of it. */
const isBuilder = (value: unknown): value is Builder =>
  typeof value === 'object' && value !== null && 'newBuilder' in value;

function newBuilder(): Builder {
  const exported: unknown = junit;
  if (!isBuilder(exported)) throw new Error('junit-report-builder exports something else than its builder');
  return exported.newBuilder();
}

const printable = (text: string): string => text.replaceAll(UNPRINTABLE, '\ufffd');

/** Seeds that are one test case. */
interface Case {
  readonly name: string;
  readonly reports: readonly SeedReport[];
}

function casesOf(reports: readonly SeedReport[]): readonly Case[] {
  const size = Math.ceil(reports.length / MOST_CASES);
  if (size <= 1) return reports.map((report) => ({ name: `seed ${report.seed}`, reports: [report] }));
  return Array.from({ length: Math.ceil(reports.length / size) }, (_, nth) => {
    const own = reports.slice(nth * size, (nth + 1) * size);
    return { name: `seeds ${own[0]?.seed} to ${own.at(-1)?.seed}`, reports: own };
  });
}

/**
 * The reports of an exploration as JUnit XML: a test case for each seed, or for some seeds in a row where they are many.
 * What the firmware does wrong is a failure; what keeps a run from being one is an error.
 */
export function junitXml(file: string, reports: readonly SeedReport[], explored: readonly ExploredFailure[]): string {
  const builder = newBuilder();
  const suite = builder.testSuite().name(printable(`txsim explore ${file}`));
  suite.time(seconds(reports));
  for (const { name, reports: own } of casesOf(reports)) {
    const testCase = suite.testCase().className(printable(file)).name(name).time(seconds(own));
    const [first, ...more] = own.filter(({ failures }) => failures.length > 0);
    const [failure] = first?.failures ?? [];
    if (first === undefined || failure === undefined) continue;
    const small = explored.find(({ seeds }) => seeds[0] === first.seed)?.shrunk ?? null;
    const text = [
      ...(small === null || small.report.length === 0
        ? failure.report
        : [...small.needs.map((need) => `fails with: ${need}`), ...small.report]),
      ...more.map(({ seed, failures }) => `seed ${seed} failed too: ${failures[0]?.title}`),
    ];
    const message = printable(`seed ${first.seed}: ${failure.title}`);
    if (failure.kind === 'expectation' || failure.kind === 'deadlock' || failure.kind === 'livelock') {
      testCase.failure(message, failure.kind).stacktrace(printable(text.join('\n')));
    } else {
      testCase.error(message, failure.kind, printable(text.join('\n')));
    }
  }
  return builder.build();
}

const seconds = (reports: readonly SeedReport[]): number =>
  Math.round(reports.reduce((sum, { wallTime }) => sum + wallTime, 0)) / 1000;
