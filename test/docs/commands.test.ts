/** Every command that a document shows is run: a block of language `sh` holds nothing else. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { hasProgram, udpPortOpen } from '../support/process.ts';
import { commandsOf, documents, type DocumentedCommand } from './commands.ts';
import { Workplace, type ShellRun } from './shell.ts';

const LONGEST = 120_000;
const place = new Workplace();

/** Commands that go on until somebody ends them; what comes after them in the document is meant for another shell. */
const SERVES = /--real-time|--ui\b|openssl s_server/;

/** The names of this package's scripts, and of what some of them are told by name. */
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const START = (scripts['start'] ?? '').replace('node dist/sim/cli/main.js', 'npx txsim');
const NAMED: Readonly<Record<string, readonly string[]>> = {
  bench: readdirSync('test/bench').map((name) => name.replace(/\.\w+$/, '')),
};

/** Commands that take their time, and what makes them shorter here. */
const ABRIDGED: readonly (readonly [RegExp, string])[] = [
  [/apps\/fleet\/scenario\.ts --quiet$/, ' --param sensors=300'],
  [/ idle=24h$/, ' --param idle=30m'],
];

/** A command as it is run here. */
function asRun(text: string): string {
  const more = ABRIDGED.filter(([command]) => command.test(text)).map(([, params]) => params);
  return `${text.replace(/^npm ci && npm start$/, START)}${more.join('')}`;
}

/** Checks a command that is run elsewhere, or takes too long; false where it is to be run here. */
function isKnown({ text, file, line }: DocumentedCommand): boolean {
  const words = text.replace(/#.*/, '').trim().split(/\s+/);
  if (words[0] !== 'npm') return false;
  for (const part of text.replace(/#.*/, '').split('&&')) {
    const [, verb = '', name = '', more] = /^\s*npm (\w+)(?: (\w+))?(?: -- (\S+))?/.exec(part) ?? [];
    const script = verb === 'run' ? name : verb;
    const where = `${file}:${line}: ${part.trim()}`;
    assert(script === 'ci' || script in scripts, `${where}: package.json has no script '${script}'`);
    const names = NAMED[script];
    // The main job is done here as well, without an installation of everything before it.
    if (script === 'start') return false;
    if (more !== undefined && names !== undefined) assert(names.includes(more), `${where}: there is no '${more}'`);
  }
  return true;
}

/** The program a command needs beside this project's, or null. */
function foreign(text: string): string | null {
  return /\b(openssl|tshark|capinfos|gnutls-cli|coap-client-openssl)\b/.exec(text)?.[1] ?? null;
}

/** Waits until a server can be talked to. */
async function ready(server: ShellRun, text: string, others: boolean): Promise<void> {
  const ports = [...text.matchAll(/--listen '?[^\s=]*:(\d+)=|-accept 127\.0\.0\.1:(\d+)/g)];
  for (const [, listen, accept] of ports) await udpPortOpen(Number(listen ?? accept), 20_000);
  if (!/--listen|--ui|-accept/.test(text))
    assert(await server.until(others ? /DTLS connected/ : /./, 20_000), server.output);
  if (text.includes('--ui')) assert(await server.until(/http:\/\/127\.0\.0\.1:\d+/, 20_000), server.output);
}

/** Whether what serves has to be there still when the next command of the document is run. */
function goesOnFor({ text }: DocumentedCommand, next: DocumentedCommand | undefined): boolean {
  if (next === undefined) return false;
  return !SERVES.test(next.text) || (text.includes('openssl s_server') && next.text.includes('--connect'));
}

for (const file of documents()) {
  const commands = commandsOf(file).filter((command) => !isKnown(command));
  if (commands.length === 0) continue;
  describe(`the commands of ${file}`, () => {
    let servers: { readonly command: DocumentedCommand; readonly run: ShellRun }[] = [];
    const endServers = async (): Promise<void> => {
      const ending = servers;
      servers = [];
      for (const { command, run } of ending) {
        const code = await run.interrupt();
        if (command.text.includes('txsim')) assert.equal(code, command.exitCode, `${command.text}\n${run.output}`);
      }
    };
    after(endServers);
    for (const [index, command] of commands.entries()) {
      it(`${command.line}: ${command.text}`, { timeout: LONGEST + 30_000 }, async (test) => {
        const program = foreign(command.text);
        if (program !== null && !hasProgram(program)) return test.skip(`${program} is missing`);
        const run = place.start(asRun(command.text));
        if (!SERVES.test(command.text)) {
          const code = await run.end(LONGEST);
          assert.equal(code, command.exitCode, `${command.text}\n${run.output}`);
          return endServers();
        }
        servers.push({ command, run });
        await ready(run, command.text, servers.length > 1);
        if (!goesOnFor(command, commands[index + 1])) await endServers();
        return undefined;
      });
    }
  });
}

describe('the blocks of the documents', () => {
  it('name their language, so that commands are told from what is only looked at', () => {
    for (const file of documents()) {
      const fences = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.trimStart().startsWith('```'));
      const opening = fences.filter((_, index) => index % 2 === 0);
      assert.deepEqual(
        opening.filter((fence) => fence.trim() === '```'),
        [],
        file,
      );
    }
  });
});
