import { captureKeyLog, capturePcapng } from '../capture.ts';
import { exportJsonLines } from '../export/json-lines.ts';
import { exportPerfetto } from '../export/perfetto.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { World } from '../world.ts';
import { openOutput, type OutputFile } from './output-files.ts';

/** The files that a run was asked to leave behind, by the options' names. */
export interface OutputPaths {
  readonly pcap: string | undefined;
  readonly keylog: string | undefined;
  readonly trace: string | undefined;
  readonly perfetto: string | undefined;
}

/** Writes into a file as a world runs; gives what ends it. */
type Writer = (world: World, file: OutputFile) => () => void;

const WRITERS: Readonly<Record<keyof OutputPaths, Writer>> = {
  pcap: (world, file) => {
    const networks = world.lans.map((lan) => lan.name);
    return capturePcapng(world.trace, networks, (chunk) => file.write(chunk));
  },
  keylog: (world, file) => captureKeyLog(world.trace, (line) => file.write(line)),
  trace: (world, file) => exportJsonLines(world.trace, (line) => file.write(line)),
  perfetto: (world, file) =>
    exportPerfetto(
      world.trace,
      (text) => file.write(text),
      () => world.clock.now,
    ),
};

/** The files of a run, open until it is over. */
export interface RunOutputs {
  readonly paths: readonly string[];
  close(): void;
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
  const open: { readonly file: OutputFile; readonly end: () => void }[] = [];
  for (const option of ['pcap', 'keylog', 'trace', 'perfetto'] as const) {
    const path = paths[option];
    if (path === undefined) continue;
    const file = openOutput(path, option);
    open.push({ file, end: WRITERS[option](world, file) });
  }
  return {
    paths: open.map(({ file }) => file.path),
    close: () => {
      for (const { file, end } of open) {
        end();
        file.close();
      }
    },
  };
}
