import { spawn } from 'node:child_process';

/** Echo requests of devices that are being passed on at the same time; more are not answered. */
const MAX_AT_ONCE = 16;
/** How long an answer is waited for, in milliseconds. */
const PATIENCE = 2000;

/** What became of one echo request. */
export type PingOutcome = 'answered' | 'silent' | 'busy' | 'no-program';

let running = 0;

/** Runs the host's `ping` for one echo to an address: sockets for ICMP are not to be had without privileges. */
export async function pingHost(address: string): Promise<PingOutcome> {
  if (running >= MAX_AT_ONCE) return 'busy';
  running++;
  try {
    return await new Promise((resolve) => {
      const child = spawn('ping', ['-n', '-c', '1', address], { stdio: 'ignore' });
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
      child.once('error', () => {
        clearTimeout(timer);
        resolve('no-program');
      });
      child.once('exit', (code) => {
        clearTimeout(timer);
        resolve(code === 0 ? 'answered' : 'silent');
      });
    });
  } finally {
    running--;
  }
}
