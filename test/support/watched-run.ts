import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLI } from './cli.ts';

/** A `txsim run --ui` that goes on, and its address. */
export class WatchedRun {
  readonly child: ChildProcessWithoutNullStreams;
  readonly exited: Promise<number | null>;
  out = '';
  err = '';

  constructor(...args: readonly string[]) {
    this.child = spawn(process.execPath, [...CLI, 'run', ...args, '--ui']);
    this.child.stdout.on('data', (part: Buffer) => (this.out += part.toString('utf8')));
    this.child.stderr.on('data', (part: Buffer) => (this.err += part.toString('utf8')));
    this.exited = new Promise((done) => this.child.on('close', (code) => done(code)));
  }

  /** The address of the page, once it is printed. */
  async url(): Promise<string> {
    await this.until(() => this.err.includes('watch at '));
    return /watch at (\S+)/.exec(this.err)?.[1] ?? '';
  }

  /** Waits for something. */
  async until(holds: () => boolean | Promise<boolean>, milliseconds = 90_000): Promise<void> {
    for (const end = Date.now() + milliseconds; !(await holds());) {
      if (Date.now() > end || this.child.exitCode !== null) {
        throw new Error(`waited in vain for ${String(holds)}:\n${this.out}\n${this.err}`);
      }
      await sleep(20);
    }
  }

  /** Gives a command; the status and the text of the answer. */
  async command(command: object): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`${await this.url()}command`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(command),
    });
    return { status: response.status, text: await response.text() };
  }

  /** Ends it as a user does; the exit code. */
  async interrupt(): Promise<number | null> {
    this.child.kill('SIGINT');
    return this.exited;
  }
}
