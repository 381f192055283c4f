// Runs the tests: `npm test`, or `npm test -- kernel udp` for the files whose path holds one of the words.
// Node 20 expands no globs for --test, so the files are found here.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const words = process.argv.slice(2);
const files = ['test', 'apps']
  .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => `${folder}/${String(name)}`))
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .sort();
if (files.length === 0) {
  console.error(`no test file matches ${words.join(', ')}`);
  process.exit(2);
}
// Every core, but not so many files at a time that those that keep pace with the wall clock fall behind.
const concurrency = `--test-concurrency=${Math.min(4, availableParallelism())}`;
const options = ['--conditions=txsim-source', '--import', 'tsx', '--test', concurrency];
const { status } = spawnSync(process.execPath, [...options, ...files], { stdio: 'inherit' });
process.exit(status ?? 1);
