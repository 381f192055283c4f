import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import yargs from 'yargs';
import { exploreOptions } from '../../sim/cli/explore/options.ts';

const page = readFileSync('docs/ci.md', 'utf8');

/** Parses the words after `txsim explore` as the command itself does. */
async function parse(words: readonly string[]): Promise<unknown> {
  const fail = (message: string): never => assert.fail(`${words.join(' ')}: ${message}`);
  const command = yargs().command('$0 <file>', '', exploreOptions).strict().exitProcess(false).fail(fail);
  return exploreOptions(command).parseAsync([...words]);
}

describe('docs/ci.md', () => {
  for (const name of ['github-actions.yml', 'gitlab-ci.yml', 'kubernetes-job.yaml']) {
    it(`shows ${name} as it is shipped`, () => {
      assert.ok(page.includes(readFileSync(`docs/ci/${name}`, 'utf8').trim()));
    });
  }

  for (const name of ['github-actions.yml', 'gitlab-ci.yml']) {
    it(`gives ${name} a command that exists`, async () => {
      const text = readFileSync(`docs/ci/${name}`, 'utf8').replaceAll(
        /\$\{\{ matrix\.shard \}\}|\$CI_NODE_INDEX/g,
        '1',
      );
      const [, command = ''] = /npx txsim explore (.*)/.exec(text) ?? [];
      assert.notEqual(command, '');
      await parse(command.split(' '));
    });
  }

  it('gives the Kubernetes job a command that exists', async () => {
    const text = readFileSync('docs/ci/kubernetes-job.yaml', 'utf8');
    const [, list = ''] = /args:\n((?: +- .*\n)+)/.exec(text) ?? [];
    const words = list
      .trim()
      .split('\n')
      .map((line) => line.replace(/^ *- '?|'$/g, ''));
    assert.deepEqual(words.slice(0, 2), ['txsim', 'explore']);
    await parse(words.slice(2));
    const [, completions] = /completions: (\d+)/.exec(text) ?? [];
    assert.ok(words.includes(`/${completions}`), 'shards are as many as completions');
  });

  it('would notice an option that does not exist', async () => {
    await assert.rejects(parse(['scenario.ts', '--seed', '1..9']));
  });

  it('lists every exit code of the help text', () => {
    for (const code of [0, 1, 2, 3, 4, 5, 130]) assert.match(page, new RegExp(`^\\| ${code} +\\|`, 'm'));
  });
});
