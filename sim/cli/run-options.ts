import type { Argv } from 'yargs';
import { CPU_PROFILES, isCpuProfile, type CpuProfileName } from '../../kernel/cpu-profiles.ts';
import { REPORT_LIMIT_OPTION, type ReportOptions } from './html-report.ts';
import type { JsreArguments } from './load-jsre.ts';
import type { OutputPaths } from './run-outputs.ts';

/** What `txsim run` was told. */
export interface RunArguments extends OutputPaths, ReportOptions, JsreArguments {
  readonly file: string;
  readonly seed: string | undefined;
  readonly until: string | undefined;
  readonly vary: string | undefined;
  readonly param: readonly string[] | undefined;
  readonly 'real-time': boolean;
  readonly ui: string | undefined;
  readonly listen: readonly string[] | undefined;
  readonly connect: readonly string[] | undefined;
  readonly tunnel: readonly string[] | undefined;
  readonly cpu: CpuProfileName | undefined;
  readonly stats: boolean;
  readonly quiet: boolean;
  readonly timeout: string | undefined;
  readonly json: boolean;
}

/** The names of CPU profiles. */
export const CPU_NAMES: readonly CpuProfileName[] = Object.keys(CPU_PROFILES).filter(isCpuProfile);

/** Declares the options of `txsim run`. */
export function runOptions(yargs: Argv): Argv<RunArguments> {
  return yargs
    .positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'a firmware or a scenario (TypeScript or JavaScript), or the main script of a JSRE program',
    })
    .option('seed', { type: 'string', requiresArg: true, describe: 'seed of everything random in the run' })
    .option('until', { type: 'string', describe: 'virtual time at which the run ends, such as 30s or 500ms' })
    .option('vary', {
      type: 'string',
      describe:
        "how the run differs from its scenario, as txsim explore prints it; 'drawn' for what it draws for the seed",
    })
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
    .option('jsre', {
      type: 'boolean',
      default: false,
      describe: 'the file is the main script of a JSRE program, also without #!/bin/javascript',
    })
    .option('fs', { type: 'string', describe: "the folder that is a JSRE program's file system; default: its own" })
    .option('privileged', { type: 'boolean', default: false, describe: "run a JSRE program in JSRE's privilege mode" })
    .group(['seed', 'until', 'param', 'cpu', 'vary', 'timeout'], 'The run:')
    .group(['report', 'report-limit', 'ui', 'stats', 'json', 'quiet'], 'What is told:')
    .group(
      ['pcap', 'pcap-link', 'keylog', 'text', 'trace', 'filter', 'perfetto', 'tracex'],
      'Captures and traces (docs/traces.md):',
    )
    .group(['real-time', 'listen', 'connect', 'tunnel'], 'Real peers (docs/host-bridge.md):')
    .group(['jsre', 'fs', 'privileged'], 'JSRE programs (docs/jsre.md):')
    .option('stats', { type: 'boolean', default: false, describe: 'end with a table of what every thread did' })
    .option('timeout', {
      type: 'string',
      describe: 'wall-clock time after which the run is given up, such as 30s or 2m (exit code 5)',
    })
    .option('json', { type: 'boolean', default: false, describe: 'print one JSON object at the end, and nothing else' })
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
