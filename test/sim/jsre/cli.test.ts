import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { txsim as runTxsim, type CliResult } from '../../support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'txsim-jsre-'));

function write(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const txsim = (...args: readonly string[]): CliResult => runTxsim('run', ...args);

const MAIN = write(
  'app/main.js',
  '#!/bin/javascript\nnew Task("./task.js", "a");\nsys.sleep(20);\nconsole.log("perm", sys.perm(), ARGUMENT, __filename);',
);
write('app/task.js', 'console.log("task", ARGUMENT);');
const PLAIN = write('app/plain.js', 'console.log("plain");');
const ELSEWHERE = mkdtempSync(join(tmpdir(), 'txsim-elsewhere-'));
const BROKEN = write('app/broken.js', '#!/bin/javascript\nfunction f() {\n  g();\n}\nf();');

describe('txsim run of a JSRE program', () => {
  it('knows it by its first line', () => {
    const { code, out, err } = txsim(MAIN, '--param', 'ARGUMENT=x');
    assert.equal(code, 0, err);
    assert.match(out, /device {2}task\.js#2 +task a\n/);
    assert.match(out, /0\.02\d+ s {2}device {2}main\.js +perm 0 x \/main\.js\n/);
  });

  it('takes another folder as its files, and gives it the rights of the system', () => {
    const { out } = txsim(MAIN, '--fs', folder, '--privileged');
    assert.match(out, /perm 1 {2}\/app\/main\.js/);
  });

  it('knows any other by --jsre', () => {
    assert.match(txsim(PLAIN, '--jsre').out, /plain\n/);
  });

  it('reports what nobody caught with the lines of the script', () => {
    const { code, err } = txsim(BROKEN);
    assert.equal(code, 3);
    assert.match(
      err,
      /uncaught ReferenceError: g is not defined\n {4}at f \(broken\.js:3:3\)\n {4}at <main> \(broken\.js:5:\d\)\n {2}at: thread 'broken\.js' of device 'device'/,
    );
  });

  it('is over when its last task is, though the network goes on', () => {
    const { code, out } = txsim(write('empty-program.js', ''), '--jsre');
    assert.equal(code, 0);
    assert.match(out, /ended +stopped\n/);
  });

  for (const [name, args, message] of [
    ['--fs without a program', [PLAIN, '--fs', folder], /--fs is for JSRE programs, and .*plain\.js is none/],
    ['--privileged without a program', [PLAIN, '--privileged'], /--privileged is for JSRE programs/],
    ['a folder that is not there', [MAIN, '--fs', tmpdir() + '/none'], /--fs .*none: no such directory/],
    ['a folder without the script', [MAIN, '--fs', ELSEWHERE], /expected a folder that holds .*main\.js/],
    [
      'a syntax error',
      [write('syntax.js', '#!/bin/javascript\nvar a;\nvar b = = 2;')],
      /syntax\.js:3:9: Unexpected token/,
    ],
    ['a directory', [folder], /expected a file, found a directory/],
    ['a directory as a program', [folder, '--jsre'], /expected a file, found a directory/],
    [
      'TypeScript',
      [write('typed.ts', 'var a: number = 1;'), '--jsre'],
      /expected a script in JavaScript, found .*typed\.ts/,
    ],
    [
      'a script without its first line',
      [write('sys.js', 'sys.sleep(1)')],
      /sys is not defined; a JSRE program begins with #!\/bin\/javascript, or is run with --jsre/,
    ],
    ['an empty script', [write('empty.js', '')], /a JSRE program begins with #!/],
    ['a script that is not there', [join(folder, 'none.js'), '--jsre'], /none\.js: no such file/],
  ] as const) {
    it(`refuses ${name} in one line`, () => {
      const { code, err } = txsim(...args);
      assert.equal(code, 2, err);
      assert.match(err, message);
      assert.equal(err.trim().split('\n').length, 1);
    });
  }
});
