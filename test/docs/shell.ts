import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLI } from '../support/cli.ts';
import { scratch } from '../support/scratch.ts';

const COMMAND = `exec ${[process.execPath, ...CLI].map((word) => `'${word}'`).join(' ')}`;

/** What stands for this package's own program, as npx and a shell would find it. */
const PROGRAMS = {
  npx: `#!/bin/sh\n[ "$1" = txsim ] || { echo "npx $1: not a program of this project" >&2; exit 127; }\nshift\n${COMMAND} "$@"\n`,
  txsim: `#!/bin/sh\n${COMMAND} "$@"\n`,
};

/** A folder that looks like a clone of the project, in which commands may leave what they like. */
export class Workplace {
  readonly folder = join(scratch, 'clone');
  readonly #programs = join(scratch, 'bin');

  constructor() {
    mkdirSync(this.folder);
    mkdirSync(this.#programs);
    for (const name of readdirSync('.')) {
      if (name !== 'txsim-out' && !name.startsWith('.')) symlinkSync(resolve(name), join(this.folder, name));
    }
    for (const [name, text] of Object.entries(PROGRAMS)) {
      const file = join(this.#programs, name);
      writeFileSync(file, text);
      chmodSync(file, 0o755);
    }
  }

  /** Begins a command line. */
  start(command: string): ShellRun {
    const PATH = `${this.#programs}:${process.env['PATH'] ?? ''}`;
    const child = spawn('bash', ['-c', command], {
      cwd: this.folder,
      env: { ...process.env, PATH, NO_COLOR: '1' },
      // A group of its own, so that everything it starts can be ended with it.
      detached: true,
      stdio: 'pipe',
    });
    return new ShellRun(child);
  }
}

/** A command line that runs. */
export class ShellRun {
  output = '';
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    const collect = (chunk: Buffer): void => {
      this.output += chunk.toString('utf8');
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    this.exited = new Promise((done) => {
      child.on('close', (code) => done(code));
    });
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Waits for its end, which comes by force after a time; gives its exit code, or null where it was killed. */
  async end(milliseconds: number): Promise<number | null> {
    const late = setTimeout(() => this.#signal('SIGKILL'), milliseconds);
    const code = await this.exited;
    clearTimeout(late);
    return code;
  }

  /** Ends it as Ctrl-C does. */
  async interrupt(): Promise<number | null> {
    this.#signal('SIGINT');
    return this.end(10_000);
  }

  /** Waits until the output matches, or the command has ended, or time is up. */
  async until(pattern: RegExp, milliseconds: number): Promise<boolean> {
    for (let waited = 0; waited < milliseconds && this.running && !pattern.test(this.output); waited += 20) {
      await sleep(20);
    }
    return pattern.test(this.output);
  }

  #signal(signal: 'SIGINT' | 'SIGKILL'): void {
    const { pid } = this.#child;
    if (pid === undefined || !this.running) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}
