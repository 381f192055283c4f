import { parseConnect, parseListen, parseTunnel } from '../host/endpoints.ts';
import { FrameTunnel } from '../host/frame-tunnel.ts';
import { openBridge } from '../host/open-bridge.ts';
import type { RunOptions, RunResult, World } from '../world.ts';
import { UsageError } from './exit-codes.ts';
import type { RunArguments } from './run-options.ts';

/** @throws UsageError where the run is to be joined to the host and would not keep to its time, or is watched against it */
export function checkJoining(args: RunArguments): void {
  const joined = (args.listen ?? []).length + (args.connect ?? []).length + (args.tunnel ?? []).length > 0;
  if (args.ui !== undefined && (joined || args['real-time'])) {
    const found = joined ? '--listen, --connect and --tunnel' : '--real-time';
    throw new UsageError(`--ui does not go with ${found}: whoever watches may stop the time, and real peers cannot`);
  }
  if (args.ui !== undefined && args.timeout !== undefined) {
    throw new UsageError(
      '--timeout does not go with --ui: a run that is watched takes as long as somebody looks at it',
    );
  }
  if (joined && !args['real-time'])
    throw new UsageError('--listen, --connect and --tunnel need --real-time: real peers know no other');
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

/** Runs a world at the wall clock's pace, joined to the host, until it is over or the user ends it. */
export async function runForReal(
  world: World,
  args: RunArguments,
  options: RunOptions,
): Promise<{ readonly result: RunResult; readonly isInterrupted: boolean }> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  // Before anybody can know that the run is there.
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const bridge = await openBridge(
    world,
    bridges(args.listen, '--listen', parseListen),
    bridges(args.connect, '--connect', parseConnect),
  );
  const tunnels = bridges(args.tunnel, '--tunnel', parseTunnel).map((rule) => new FrameTunnel(world, rule));
  await Promise.all(tunnels.map((tunnel) => tunnel.open()));
  try {
    const result = await world.runRealTime({ ...options, signal: controller.signal });
    return { result, isInterrupted: controller.signal.aborted };
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await Promise.all([bridge, ...tunnels].map((way) => way.close()));
  }
}
