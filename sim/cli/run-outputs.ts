import { join, parse } from 'node:path';
import { captureKeyLog, capturePcapng } from '../capture.ts';
import { exportJsonLines } from '../export/json-lines.ts';
import { exportPerfetto } from '../export/perfetto.ts';
import { exportTracex } from '../export/tracex.ts';
import { exportText } from '../export/text.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { FILTER_WORDS } from '../trace/event-words.ts';
import type { TraceRecord } from '../trace/event.ts';
import { FilterError, parseFilter, type RecordFilter } from '../trace/filter.ts';
import type { World } from '../world.ts';
import { captureTargets, hostName } from './capture-targets.ts';
import { UsageError } from './exit-codes.ts';
import { openOutput, type OutputFile } from './output-files.ts';

/** The files that a run was asked to leave behind, by the options' names. */
export interface OutputPaths {
  readonly pcap: string | undefined;
  readonly 'pcap-link': readonly string[] | undefined;
  readonly keylog: string | undefined;
  readonly text: string | undefined;
  readonly trace: string | undefined;
  readonly filter: string | undefined;
  readonly perfetto: string | undefined;
  readonly tracex: string | undefined;
}

/** No files at all. */
export const NO_OUTPUTS: OutputPaths = {
  pcap: undefined,
  'pcap-link': undefined,
  keylog: undefined,
  text: undefined,
  trace: undefined,
  filter: undefined,
  perfetto: undefined,
  tracex: undefined,
};

type Filter = RecordFilter<TraceRecord> | undefined;

/** Writes into a file as a world runs; gives what ends it. */
type Writer = (world: World, file: OutputFile, filter: Filter) => () => void;

const WRITERS = {
  pcap: (world, file) => {
    const networks = world.lans.map((lan) => lan.name);
    return capturePcapng(world.trace, networks, (chunk) => file.write(chunk));
  },
  keylog: (world, file) => captureKeyLog(world.trace, (line) => file.write(line)),
  text: (world, file, filter) => exportText(world, (line) => file.write(line), filter),
  trace: (world, file, filter) => exportJsonLines(world.trace, (line) => file.write(line), filter),
  perfetto: (world, file) =>
    exportPerfetto(
      world.trace,
      (text) => file.write(text),
      () => world.clock.now,
    ),
} as const satisfies Readonly<Record<string, Writer>>;

const OPTIONS = ['pcap', 'keylog', 'text', 'trace', 'perfetto'] as const;

/** The files of a run, open until it is over. */
export interface RunOutputs {
  readonly paths: readonly string[];
  close(): void;
}

/** What `--filter` asks for; the files that it is for have to be there. */
function filterOf({ filter, text, trace }: OutputPaths): Filter {
  if (filter === undefined) return undefined;
  if (text === undefined && trace === undefined) {
    throw new UsageError('--filter says which events --text or --trace write: give one of them');
  }
  try {
    return parseFilter(filter, FILTER_WORDS);
  } catch (error) {
    if (error instanceof FilterError) throw new UsageError(`--filter: ${error.message}`);
    throw error;
  }
}

/** One file: where it is, and what writes it. */
interface Wanted {
  readonly path: string;
  readonly option: string;
  readonly begin: (file: OutputFile) => () => void;
}

/** Files that are being written, and what ends them. */
interface Open {
  readonly files: readonly OutputFile[];
  readonly end: () => void;
}

/** Every file that is asked for. */
function wanted(world: World, paths: OutputPaths): readonly Wanted[] {
  const filter = filterOf(paths);
  const files = OPTIONS.flatMap((option): readonly Wanted[] => {
    const path = paths[option];
    if (path === undefined) return [];
    if (option === 'pcap' && path.endsWith('/')) {
      return world.lans.map((lan) => ({
        path: join(path, `${hostName(lan.name)}.pcapng`),
        option,
        begin: (file) => world.capture(lan, (chunk) => file.write(chunk)),
      }));
    }
    return [{ path, option, begin: (file) => WRITERS[option](world, file, filter) }];
  });
  const links = captureTargets(world, paths['pcap-link'] ?? []).map(({ where, path }): Wanted => ({
    path,
    option: 'pcap-link',
    begin: (file) => world.capture(where, (chunk) => file.write(chunk)),
  }));
  return [...files, ...links];
}

/** The files of a TraceX trace, one of each device: `run.trx`, or `run-server.trx` where there are several. */
function openTracex(world: World, path: string): Open {
  const { dir, name, ext } = parse(path);
  const several = world.devices.size > 1;
  const files = new Map(
    [...world.devices.keys()].map((device) => [
      device,
      openOutput(several ? join(dir, `${name}-${hostName(device)}${ext}`) : path, 'tracex'),
    ]),
  );
  const end = exportTracex(world, (device, bytes) => files.get(device)?.write(bytes));
  return { files: [...files.values()], end };
}

/**
 * Begins the files that the command line or the scenario asks for.
 *
 * @throws UsageError where one cannot be written
 */
export function openOutputs(world: World, asked: OutputPaths, scenario: Scenario): RunOutputs {
  const paths: OutputPaths = {
    ...asked,
    pcap: asked.pcap ?? scenario.outputs?.pcap,
    keylog: asked.keylog ?? scenario.outputs?.keylog,
  };
  const open = wanted(world, paths).map(({ path, option, begin }): Open => {
    const file = openOutput(path, option);
    return { files: [file], end: begin(file) };
  });
  if (paths.tracex !== undefined) open.push(openTracex(world, paths.tracex));
  return {
    paths: open.flatMap(({ files }) => files.map(({ path }) => path)).filter((path) => path !== STANDARD_OUTPUT),
    close: () => {
      for (const { files, end } of open) {
        end();
        for (const file of files) file.close();
      }
    },
  };
}

/** What stands for the standard output in place of a path. */
export const STANDARD_OUTPUT = '-';
