// Runs the fuzzer: `npm run fuzz -- --target certificate --inputs 1000000 --seed 7`. See docs/fuzzing.md.
import { spawnSync } from 'node:child_process';

const { status } = spawnSync(
  process.execPath,
  ['--conditions=txsim-source', '--import', 'tsx', 'test/fuzz/main.ts', ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
