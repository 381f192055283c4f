import { readFileSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import { CPU_PROFILES, isCpuProfile, type CpuProfileName } from '../../kernel/cpu-profiles.ts';
import { SimulationError } from '../../kernel/simulation-error.ts';
import { parseDuration } from '../duration.ts';
import { openBridge } from '../host/open-bridge.ts';
import { parseConnect, parseListen, parseTunnel } from '../host/endpoints.ts';
import { FrameTunnel } from '../host/frame-tunnel.ts';
import { RunCounters } from '../report/counters.ts';
import { formatLine } from '../report/line-format.ts';
import { threadStats } from '../report/stats.ts';
import { storyLine } from '../report/story.ts';
import { summarize } from '../report/summary.ts';
import { buildWorld, type DefinedScenario } from '../scenario.ts';
import type { Duration, RunOptions, RunResult, World } from '../world.ts';
import { EXIT, UsageError } from './exit-codes.ts';
import { loadScenario } from './load.ts';
import { packageVersion } from './package.ts';
import { runLive, uiPort } from './run-live.ts';
import { openOutputs, STANDARD_OUTPUT, type OutputPaths } from './run-outputs.ts';
import { beginReport, REPORT_LIMIT_OPTION, type ReportOptions } from './run-report.ts';

interface RunArguments extends OutputPaths, ReportOptions {
  readonly file: string;
  readonly seed: string | undefined;
  readonly until: string | undefined;
  readonly param: readonly string[] | undefined;
  readonly 'real-time': boolean;
  readonly ui: string | undefined;
  readonly listen: readonly string[] | undefined;
  readonly connect: readonly string[] | undefined;
  readonly tunnel: readonly string[] | undefined;
  readonly cpu: CpuProfileName | undefined;
  readonly stats: boolean;
  readonly quiet: boolean;
}

const CPU_NAMES: readonly CpuProfileName[] = Object.keys(CPU_PROFILES).filter(isCpuProfile);

function builder(yargs: Argv): Argv<RunArguments> {
  return yargs
    .positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'a firmware or a scenario (TypeScript or JavaScript)',
    })
    .option('seed', { type: 'string', describe: 'seed of everything random in the run' })
    .option('until', { type: 'string', describe: 'virtual time at which the run ends, such as 30s or 500ms' })
    .option('param', { type: 'string', array: true, nargs: 1, describe: 'parameter of the firmware, name=value' })
    .option('cpu', {
      choices: CPU_NAMES,
      describe: "CPU profile of every device, in place of the scenario's own",
    })
    .option('pcap', {
      type: 'string',
      describe: 'write all frames to this file (pcapng, secrets inside); to a folder, ending in /, one of each network',
    })
    .option('pcap-link', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'write what one device sends and gets, or one network carries: server=out/server.pcapng',
    })
    .option('keylog', { type: 'string', describe: 'write the DTLS secrets to this file (NSS key log)' })
    .option('text', {
      type: 'string',
      nargs: 1,
      describe: 'write every event to this file as a line of text; - is the terminal',
    })
    .option('trace', { type: 'string', describe: 'write every event to this file (JSON Lines)' })
    .option('filter', {
      type: 'string',
      nargs: 1,
      describe: "the events that --text and --trace write: 'device:server type:service status:!=0 -thread:main'",
    })
    .option('perfetto', { type: 'string', describe: 'write threads, services and frames for ui.perfetto.dev' })
    .option('tracex', {
      type: 'string',
      describe: 'write threads, services and packets for TraceX, a file of each device',
    })
    .option('report', { type: 'string', describe: 'write a page with the time line of the run (HTML, one file)' })
    .option('report-limit', REPORT_LIMIT_OPTION)
    .option('ui', {
      type: 'string',
      describe: 'watch the run in a browser, step through it and disturb it: --ui, or --ui 8080 for a port of your own',
    })
    .option('real-time', { type: 'boolean', default: false, describe: 'go at the pace of the wall clock' })
    .option('listen', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'what comes to a host address goes to a device: 127.0.0.1:4433=device:4443, [::1]:4433=device:4443',
    })
    .option('connect', {
      type: 'string',
      array: true,
      nargs: 1,
      describe:
        'what devices send to an address goes to the host: 10.0.0.9:4443=127.0.0.1:5684, [fd00::9]:4443=[::1]:5684',
    })
    .option('tunnel', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'carry Ethernet frames in UDP datagrams, as QEMU does: 127.0.0.1:9000=127.0.0.1:9001',
    })
    .check(eachOnce)
    .option('stats', { type: 'boolean', default: false, describe: 'end with a table of what every thread did' })
    .option('quiet', { type: 'boolean', default: false, alias: 'q', describe: 'print the summary only' })
    .example('$0 run apps/dtls-echo/scenario.ts', 'two devices shake hands over a lossy network')
    .example(
      '$0 run apps/dtls-echo/scenario.ts --text - --filter "device:server type:service status:!=0"',
      'which services of the server gave an error, and when',
    )
    .example('$0 run app.ts --seed 7 --until 30s --pcap out/run.pcapng', 'another seed, a time limit, a capture')
    .example(
      '$0 run apps/dtls-echo/server.ts --real-time --listen 127.0.0.1:4433=device:4443',
      'a simulated DTLS server for openssl s_client',
    )
    .example(
      '$0 run apps/dtls-echo/client.ts --real-time --param server=10.0.0.9 --connect 10.0.0.9:4443=127.0.0.1:5684',
      'a simulated DTLS client for openssl s_server',
    );
}

/** Options that may be given more than once. */
const REPEATED: ReadonlySet<string> = new Set(['_', 'param', 'pcap-link', 'pcapLink', 'listen', 'connect', 'tunnel']);

/** Of an option that is given twice, nobody knows which one is meant. */
function eachOnce(args: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(args)) {
    if (Array.isArray(value) && !REPEATED.has(name)) throw new UsageError(`--${name} is given twice`);
  }
  return true;
}

/** `name=value` pairs as a record. */
function parameters(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError(`--param ${pair}: expected name=value`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** The file's bytes, or null where there is none to read. */
function readHostFile(name: string): Uint8Array | null {
  try {
    return new Uint8Array(readFileSync(name));
  } catch {
    return null;
  }
}

function duration(text: string, option: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new UsageError(`--${option} ${text}: expected a duration such as 30s, 500ms or 200us`);
  }
}

/** The values of an option that joins the world to the host, parsed. */
function bridges<T>(texts: readonly string[] | undefined, option: string, parse: (text: string) => T): readonly T[] {
  return (texts ?? []).map((text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new UsageError(`${option} ${error instanceof Error ? error.message : text}`);
    }
  });
}

/** Prints the story of a run as it unfolds. */
function tellStory(world: World): void {
  const names = [...world.devices.keys()];
  const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const format = { device: Math.max(6, ...names.map((name) => name.length)), thread: 12, colour };
  world.trace.listen((record) => {
    const line = storyLine(record);
    if (line !== null) process.stdout.write(`${formatLine(line, names.indexOf(line.device), format)}\n`);
  });
}

/** Runs a world at the wall clock's pace, joined to the host, until it is over or the user ends it. */
async function runForReal(world: World, args: RunArguments, until: Duration | undefined): Promise<RunResult> {
  const bridge = await openBridge(
    world,
    bridges(args.listen, '--listen', parseListen),
    bridges(args.connect, '--connect', parseConnect),
  );
  const tunnels = bridges(args.tunnel, '--tunnel', parseTunnel).map((rule) => new FrameTunnel(world, rule));
  await Promise.all(tunnels.map((tunnel) => tunnel.open()));
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await world.runRealTime({ ...(until === undefined ? {} : { until }), signal: controller.signal });
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await Promise.all([bridge, ...tunnels].map((way) => way.close()));
  }
}

/** A run that is ready. */
interface ReadyRun {
  readonly world: World;
  readonly options: RunOptions;
  /** Tells how it ended. */
  tell(result: RunResult): void;
  /** Notes what ended it otherwise. */
  broke(error: unknown): void;
  /** Ends its files. */
  close(): void;
}

/** Builds the world, and begins the files that are to be written. */
async function prepare(scenario: DefinedScenario, args: RunArguments): Promise<ReadyRun> {
  const untilText = args.until ?? scenario.until;
  const until = untilText === undefined ? undefined : duration(String(untilText), 'until');
  const world = buildWorld(scenario, {
    ...(args.seed === undefined ? {} : { seed: args.seed }),
    params: parameters(args.param ?? []),
    readFile: readHostFile,
    captureSites: args['real-time'] || args.report !== undefined,
    ...(args.cpu === undefined ? {} : { cpu: args.cpu }),
  });
  const counters = new RunCounters();
  world.trace.listen(counters.listener);
  // Where the trace goes to the terminal, everything else keeps out of its way.
  const toTerminal = args.text === STANDARD_OUTPUT;
  if (!args.quiet && !toTerminal) tellStory(world);
  const outputs = openOutputs(world, args, scenario);
  const report = await beginReport(world, scenario.description ?? '', args);
  const start = process.hrtime.bigint();
  const { stopWhen } = scenario;
  return {
    world,
    options: {
      ...(until === undefined ? {} : { until }),
      ...(stopWhen === undefined ? {} : { stopWhen: () => stopWhen(world) }),
    },
    tell: (result) => {
      const wallTime = Number(process.hrtime.bigint() - start) / 1e9;
      report?.finish({ result });
      const files = report === null ? outputs.paths : [...outputs.paths, report.path];
      const lines = [...summarize(world, result, counters, wallTime, files), ...(args.stats ? threadStats(world) : [])];
      const summary = `${args.quiet ? '' : '\n'}${lines.join('\n')}\n`;
      if (toTerminal) process.stderr.write(summary);
      else process.stdout.write(summary);
    },
    broke: (error) => report?.finish({ error }),
    close: () => outputs.close(),
  };
}

async function execute(scenario: DefinedScenario, args: RunArguments): Promise<number> {
  const bridged = (args.listen ?? []).length + (args.connect ?? []).length + (args.tunnel ?? []).length > 0;
  if (bridged && !args['real-time'] && args.ui === undefined)
    throw new UsageError('--listen, --connect and --tunnel need --real-time: real peers know no other');
  const port = uiPort(args.ui);
  if (port !== null) return watch(scenario, args, port, bridged);
  const run = await prepare(scenario, args);
  const { world, options } = run;
  try {
    run.tell(args['real-time'] ? await runForReal(world, args, options.until) : world.run(options));
    return EXIT.ok;
  } catch (error) {
    run.broke(error);
    throw error;
  } finally {
    run.close();
  }
}

/** Shows the run in browsers. */
async function watch(scenario: DefinedScenario, args: RunArguments, port: number, bridged: boolean): Promise<number> {
  if (bridged || args['real-time']) {
    const found = bridged ? '--listen, --connect and --tunnel' : '--real-time';
    throw new UsageError(`--ui does not go with ${found}: whoever watches may stop the time, and real peers cannot`);
  }
  return runLive<ReadyRun>({
    title: {
      title: args.file,
      description: scenario.description ?? '',
      command: ['txsim', ...process.argv.slice(2)].join(' '),
      version: packageVersion(),
    },
    port,
    open: () => prepare(scenario, args),
    tell: (run, ending) => {
      if (ending.kind === 'result') {
        run.tell(ending.result);
        return EXIT.ok;
      }
      run.broke(ending.error);
      return complain(ending.error);
    },
  });
}

/** Tells what ended a run; gives the exit code. */
function complain(error: unknown): number {
  if (!(error instanceof SimulationError)) throw error;
  // A world that cannot be built as asked is a mistake of who asked: one line, as for the command line itself.
  if (error.kind === 'world') throw new UsageError([error.what, error.fix].filter(Boolean).join('; '));
  process.stderr.write(`txsim: ${error.message}\n`);
  if (error.cause instanceof Error && error.cause.stack !== undefined) process.stderr.write(`${error.cause.stack}\n`);
  return error.kind === 'deadlock' || error.kind === 'livelock' ? EXIT.stuck : EXIT.simulation;
}

/** `txsim run`: runs a firmware or a scenario. */
export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <file>',
  describe: 'Run a firmware or a scenario',
  builder,
  handler: async (args) => {
    const scenario = await loadScenario(args.file);
    try {
      process.exitCode = await execute(scenario, args);
    } catch (error) {
      process.exitCode = complain(error);
    }
  },
};
