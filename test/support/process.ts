import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether a program is on this machine. In CI every peer is there, so a missing one is an error. */
export function hasProgram(name: string): boolean {
  const found = spawnSync('which', [name]).status === 0;
  if (!found && process.env['CI'] !== undefined) throw new Error(`${name} is missing, and CI is to have it`);
  if (!found) console.error(`\n*** SKIPPED: ${name} is not installed, so nothing was tested against it ***\n`);
  return found;
}

/** A running program, its output so far, and ways to wait for it. */
export class Running {
  readonly child: ChildProcessWithoutNullStreams;
  output = '';
  readonly exited: Promise<number | null>;

  constructor(command: string, args: readonly string[]) {
    this.child = spawn(command, [...args]);
    const collect = (chunk: Buffer): void => {
      this.output += chunk.toString('latin1');
    };
    this.child.stdout.on('data', collect);
    this.child.stderr.on('data', collect);
    this.child.stdin.on('error', () => {
      // The program may end before it has read what it is given.
    });
    this.exited = new Promise((resolve) => {
      this.child.on('close', (code) => resolve(code));
    });
  }

  /** Waits until the output holds a text; `after` leaves out what was there before. */
  async until(text: string | RegExp, milliseconds = 15_000, after = 0): Promise<void> {
    const holds = (): boolean => {
      const output = this.output.slice(after);
      return typeof text === 'string' ? output.includes(text) : text.test(output);
    };
    for (const end = Date.now() + milliseconds; !holds();) {
      if (Date.now() > end || this.child.exitCode !== null || this.child.signalCode !== null) {
        await sleep(50);
        if (holds()) return;
        throw new Error(`waited in vain for ${String(text)} in:\n${this.output}`);
      }
      await sleep(10);
    }
  }

  type(text: string): void {
    this.child.stdin.write(text);
  }

  /** Ends the program's input, and waits for it to end. */
  async finish(): Promise<number | null> {
    this.child.stdin.end();
    return this.exited;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

/** Waits until some process listens on a UDP port of the loopback interface. */
export async function udpPortOpen(port: number, milliseconds = 5000): Promise<void> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    if (['udp', 'udp6'].some((table) => readFileSync(`/proc/net/${table}`, 'latin1').includes(`:${hex} `))) return;
    await sleep(10);
  }
  throw new Error(`nobody listens on UDP port ${port}`);
}
