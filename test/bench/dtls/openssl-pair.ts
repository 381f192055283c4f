/** A peer in C: an OpenSSL client and server in one process, compiled where there are a compiler and OpenSSL's headers. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Suite } from './suites.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What the pair does a second. */
export interface OpensslRates {
  readonly handshakes: number;
  readonly small: number;
  readonly large: number;
}

export interface OpensslPair {
  /** OpenSSL's version. */
  readonly version: string;
  measure(suite: Suite, handshakes: number, records: number): OpensslRates;
  dispose(): void;
}

/** Compiles the pair; null where that cannot be done. */
export function opensslPair(): OpensslPair | null {
  const folder = mkdtempSync(join(tmpdir(), 'txsim-bench-'));
  const program = join(folder, 'openssl-pair');
  const compiled = spawnSync('cc', ['-O2', '-o', program, here('openssl-pair.c'), '-lssl', '-lcrypto']);
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  if (compiled.status !== 0) {
    dispose();
    return null;
  }
  const version = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout.split(' ').slice(0, 2).join(' ');
  return {
    version,
    measure: ({ auth, openssl }, handshakes, records) => {
      const credentials = ['server-#.pem', 'server-#.key.pem', 'ca-#.pem'].map((name) =>
        auth === 'psk' ? '-' : here(`../../../apps/dtls-echo/credentials/${name.replace('#', auth)}`),
      );
      const run = spawnSync(program, [openssl, ...credentials, String(handshakes), String(records)], {
        encoding: 'utf8',
      });
      if (run.status !== 0) throw new Error(run.stderr);
      const [rate = NaN, small = NaN, large = NaN] = run.stdout.trim().split(' ').map(Number);
      return { handshakes: rate, small, large };
    },
    dispose,
  };
}
