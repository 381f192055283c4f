import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildWorld, defineScenario, type Firmware, type Scenario, type World } from 'txsim';
import { parseTunnel } from '../../sim/host/endpoints.ts';
import { FrameTunnel } from '../../sim/host/frame-tunnel.ts';
import { freePorts } from './interop-stage.ts';
import { scratch } from './scratch.ts';

const RELAY = resolve('test/support/tap-relay.py');
/** What the relay exits with where it may not make a network interface. */
const CANNOT = 77;

const has = (program: string, ...args: readonly string[]): boolean => spawnSync(program, args).status === 0;

/** Why a Linux host cannot be plugged into a simulated network here, or null. */
export function whyNoLinuxHost(): string | null {
  if (!has('python3', '--version')) return 'python3 is missing';
  if (!has('ip', '-V')) return 'ip is missing';
  if (!has('ping', '-V')) return 'ping is missing';
  const port = freePorts(2);
  const { status } = spawnSync('python3', [RELAY, String(port), String(port + 1), '192.0.2.1/24', 'true']);
  return status === CANNOT ? 'no right to make a network interface' : null;
}

/** What a program on the Linux host printed, and its exit code. */
export interface HostRun {
  readonly code: number | null;
  readonly out: string;
}

/** A world at the wall clock's pace with a Linux host plugged into its first network. */
export class LinuxHostWorld {
  readonly world: World;
  readonly #tunnel: FrameTunnel;
  readonly #ports: number;
  readonly #addresses: string;
  readonly #controller = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #runs = 0;

  /** @param addresses - of the host, with their prefix lengths, separated by commas */
  constructor(devices: Readonly<Record<string, Firmware>>, addresses: string, scenario: Partial<Scenario> = {}) {
    const entries = Object.entries(devices).map(([name, firmware]) => [name, { firmware }] as const);
    this.world = buildWorld(defineScenario({ devices: Object.fromEntries(entries), ...scenario }), {});
    this.#ports = freePorts(2);
    this.#addresses = addresses;
    const rule = parseTunnel(`127.0.0.1:${this.#ports}=127.0.0.1:${this.#ports + 1}`);
    this.#tunnel = new FrameTunnel(this.world, rule);
  }

  async start(): Promise<void> {
    await this.#tunnel.open();
    this.#running = this.world.runRealTime({ signal: this.#controller.signal });
  }

  /** Runs a program on the host, and waits for its end. */
  run(...command: readonly string[]): Promise<HostRun> {
    const args = [RELAY, String(this.#ports + 1), String(this.#ports), this.#addresses, ...command];
    // Its output goes to a file: a pipe of Node's does not survive the change of network namespace everywhere.
    const path = join(scratch, `linux-host-${++this.#runs}-${this.#ports}.txt`);
    const file = openSync(path, 'w');
    const child = spawn('python3', args, { stdio: ['ignore', file, file] });
    return new Promise((done) =>
      child.on('close', (code) => {
        closeSync(file);
        done({ code, out: readFileSync(path, 'utf8') });
      }),
    );
  }

  async stop(): Promise<void> {
    this.#controller.abort();
    await this.#running;
    await this.#tunnel.close();
  }
}
