import { ENDINGS } from '../report/summary.ts';
import { pageAssets } from '../report-page/assets.ts';
import { ReportCollector } from '../report-page/collector.ts';
import { REPORT_FORMAT, type ReportHead } from '../report-page/data.ts';
import { ProblemLog } from '../report-page/problems.ts';
import { pageEnd, pageStart } from '../report-page/report-file.ts';
import type { ScenarioFailure } from '../scenario/outcome.ts';
import type { RunOptions } from '../world-options.ts';
import type { World } from '../world.ts';
import { Backlog } from './backlog.ts';
import { LIVE_STYLE } from './live-style.ts';
import { LivePacer } from './pacer.ts';
import { readCommand } from './protocol.ts';
import { LiveServer } from './server.ts';
import { LiveSession } from './session.ts';
import type { SteppedEnding } from './stepper.ts';
import { Watchers } from './watchers.ts';

/** Milliseconds between two batches of events, and between two summaries. */
const BATCH = 33;
const SUMMARY = 500;

/** What becomes of a run that is watched: it ends, or somebody wants it from the beginning. */
export type WatchedEnding = SteppedEnding | { readonly kind: 'restart' };

/** What a page says of what runs. */
export type LiveTitle = Omit<ReportHead, 'format' | 'seed'>;

/** One run, with everything that shows it. */
interface Watched {
  readonly session: LiveSession;
  readonly pacer: LivePacer;
  readonly collector: ReportCollector;
  readonly problems: ProblemLog;
  readonly over: (ending: WatchedEnding) => void;
  /** What it failed to do, once somebody has judged it. */
  failures: readonly ScenarioFailure[];
}

/** Serves runs to browsers, one after the other. */
export class LiveHost {
  readonly #title: LiveTitle;
  readonly #server: LiveServer;
  #backlog = new Backlog();
  readonly #watchers = new Watchers(this.#backlog);
  #watched: Watched | null = null;
  /** Called where somebody wants a run from the beginning after its end. */
  #again: ((what: 'restart' | 'closed') => void) | null = null;
  #batch: NodeJS.Timeout | null = null;
  #summary: NodeJS.Timeout | null = null;
  #isClosed = false;

  private constructor(title: LiveTitle, page: string) {
    this.#title = title;
    this.#server = new LiveServer({
      page: () => page,
      watch: (watcher) => this.#watchers.add(watcher),
      command: (json) => this.#command(json),
    });
  }

  /**
   * Begins to serve.
   *
   * @param port - 0 for any that is free
   * @throws the error of the host where the port cannot be had
   */
  static async open(title: LiveTitle, port: number): Promise<LiveHost> {
    const assets = await pageAssets('../live/page/main');
    const styled = { ...assets, style: assets.style + LIVE_STYLE };
    const host = new LiveHost(title, pageStart(styled, title.title, 'live') + pageEnd(styled));
    await host.#server.open(port);
    return host;
  }

  /** Where the page is. */
  get url(): string {
    return this.#server.url;
  }

  /** Lets a world be watched, paused at its beginning; gives how it ended. */
  async watch(world: World, options: RunOptions): Promise<{ ending: WatchedEnding; session: LiveSession }> {
    this.#backlog = new Backlog();
    this.#watchers.reset(this.#backlog);
    const head: ReportHead = { ...this.#title, format: REPORT_FORMAT, seed: String(world.seed) };
    this.#watchers.fact('head', head);
    const session = new LiveSession(world, options);
    const collector = new ReportCollector((chunk) => this.#backlog.add(chunk), { root: process.cwd() });
    const problems = new ProblemLog();
    world.trace.listen(collector.listener, { detail: true });
    world.trace.listen(problems.listener, { frames: false });
    const ending = await new Promise<WatchedEnding>((over) => {
      const pacer = new LivePacer(session, () => this.#moved());
      this.#watched = { session, pacer, collector, problems, over, failures: [] };
      this.#tell();
      if (this.#isClosed) this.stop();
    });
    this.#watched?.pacer.close();
    return { ending, session };
  }

  /** Tells the browsers what the run that has ended failed to do. */
  judged(failures: readonly ScenarioFailure[]): void {
    if (this.#watched === null || failures.length === 0) return;
    this.#watched.failures = failures;
    this.#summarize();
  }

  /** Waits for what comes after the end of a run: another one, or nothing. */
  async afterwards(): Promise<'restart' | 'closed'> {
    if (this.#isClosed) return 'closed';
    return new Promise((resolve) => {
      this.#again = resolve;
    });
  }

  /** Ends the run that goes on, and what waits after its end. */
  stop(): void {
    this.#isClosed = true;
    this.#again?.('closed');
    const watched = this.#watched;
    if (watched === null) return;
    watched.session.stop();
    this.#moved();
  }

  /** Ends the server. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watched?.pacer.close();
    for (const timer of [this.#batch, this.#summary]) if (timer !== null) clearTimeout(timer);
    await this.#server.close();
  }

  #command(json: unknown): void {
    const command = readCommand(json);
    const watched = this.#watched;
    if (watched === null) return;
    if (command.do === 'restart') {
      watched.over({ kind: 'restart' });
      this.#again?.('restart');
      return;
    }
    watched.session.command(command);
    watched.pacer.wake();
    this.#moved();
  }

  /** Something has happened: browsers are told before long, and at the end at once. */
  #moved(): void {
    const watched = this.#watched;
    const ending = watched?.session.ending ?? null;
    if (watched === null || ending === null) {
      this.#batch ??= setTimeout(() => this.#tell(), BATCH);
      return;
    }
    watched.pacer.close();
    this.#tell();
    this.#summarize();
    watched.over(ending);
  }

  #tell(): void {
    if (this.#batch !== null) clearTimeout(this.#batch);
    this.#batch = null;
    const watched = this.#watched;
    if (watched === null) return;
    watched.collector.flush();
    this.#watchers.events();
    this.#watchers.fact('state', watched.session.state);
    this.#summary ??= setTimeout(() => this.#summarize(), SUMMARY);
  }

  #summarize(): void {
    if (this.#summary !== null) clearTimeout(this.#summary);
    this.#summary = null;
    const watched = this.#watched;
    if (watched === null) return;
    const { session, collector, problems, failures } = watched;
    const { world, ending } = session;
    const time = world.clock.now;
    // To find out who leaked, the run is repeated: that is for its end.
    const found = {
      failures,
      stalls: world.stalls(),
      leaks: ending === null ? [] : world.leaks(),
      notes: ending === null ? [] : world.notes(),
      time,
      root: process.cwd(),
    };
    this.#watchers.fact(
      'summary',
      collector.summary({
        ending: ending === null ? '' : endingText(ending),
        time,
        cut: this.#backlog.cut,
        remarks: session.done.map((line) => `by hand: ${line}`),
        problems: problems.list(ending?.kind === 'error' ? { ...found, error: ending.error } : found),
      }),
    );
  }
}

const endingText = (ending: SteppedEnding): string =>
  ending.kind === 'error' ? 'ended by an error' : ENDINGS[ending.result.reason];
