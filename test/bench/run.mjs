// Runs a benchmark: `npm run bench -- thread-metric`. Benchmarks print figures; they assert nothing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const [name] = process.argv.slice(2);
const file = `test/bench/${name}.ts`;
if (name === undefined || !existsSync(file)) {
  console.error('npm run bench -- thread-metric');
  process.exit(2);
}
const { status } = spawnSync(process.execPath, ['--conditions=txsim-source', '--import', 'tsx', file], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
