// Runs a benchmark: `npm run bench -- thread-metric`. Benchmarks print figures; they assert nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const [name, ...rest] = process.argv.slice(2);
const file = `test/bench/${name}.ts`;
if (name === undefined || !existsSync(file)) {
  const names = readdirSync('test/bench').filter((entry) => entry.endsWith('.ts'));
  console.error(`npm run bench -- ${names.map((entry) => entry.slice(0, -3)).join(' | ')}`);
  process.exit(2);
}
const { status } = spawnSync(process.execPath, ['--conditions=txsim-source', '--import', 'tsx', file, ...rest], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
