// Compiles the library and the command line to dist/, from scratch, so that no file of an older build survives.
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (status === 0) {
  chmodSync('dist/sim/cli/main.js', 0o755);
  // The script and the style of a report's page, each as one file.
  const page = 'sim/report-page/page';
  await build({
    entryPoints: [`${page}/main.ts`, `${page}/page.css`],
    outdir: `dist/${page}`,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
  });
  // The script of a page that watches a run.
  await build({
    entryPoints: ['sim/live/page/main.ts'],
    outdir: 'dist/sim/live/page',
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
  });
}
process.exit(status ?? 1);
