import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { CLI } from '../support/cli.ts';

// With a space in its name, as folders of people have them.
const folder = join(mkdtempSync(join(tmpdir(), 'txsim-load-')), 'My Sensor');
mkdirSync(join(folder, 'node_modules'), { recursive: true });
symlinkSync(resolve('.'), join(folder, 'node_modules', 'txsim'));
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
mkdirSync(join(folder, 'untyped'));
writeFileSync(join(folder, 'untyped', 'package.json'), '{}');

function txsim(...args: readonly string[]): {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...CLI, ...args], {
    encoding: 'utf8',
    cwd: folder,
  });
  return { code: status, out: stdout, err: stderr };
}

const MODULE =
  "import { defineFirmware } from 'txsim';\nexport default defineFirmware(() => ({ tx_application_define() {} }));\n";

/** What keeps a file from being loaded, and the line that says so. */
const WRONG: Readonly<Record<string, readonly [text: string, line: string]>> = {
  'syntax.ts': ['const a: number = 1;\nconst b = ;\n', 'syntax.ts:2:10: Unexpected ";"'],
  'syntax.js': ['const a = 1;\nconst b = ;\n', "syntax.js:2:10: Unexpected token ';'"],
  'no-generator.ts': [
    'export default function f() {\n  yield* f();\n}\n',
    'no-generator.ts:2:2: "yield" is a reserved word and cannot be used in an ECMAScript module; yield* stands in a generator: write function*',
  ],
  'other-face.ts': [
    "import { nx_ip_create } from 'txsim/tx_api';\nexport default nx_ip_create;\n",
    "other-face.ts:1: 'txsim/tx_api' has no 'nx_ip_create'; import it from 'txsim/nx_api'",
  ],
  'no-name.ts': [
    "import { tx_sleep } from 'txsim/tx_api';\nexport default tx_sleep;\n",
    "no-name.ts:1: 'txsim/tx_api' has no export 'tx_sleep'",
  ],
  'no-face.ts': [
    "import { TX_QUEUE } from 'txsim/tx_appi';\nexport default TX_QUEUE;\n",
    "no-face.ts: there is no module 'txsim/tx_appi'; there are txsim/tx_api, txsim/nx_api, txsim/nxd_dhcp_client, txsim/nx_secure_dtls_api, txsim/nx_secure_tls_api, txsim",
  ],
  'no-file.ts': [
    "import a from './gone.ts';\nexport default a;\n",
    "no-file.ts: Cannot find module 'gone.ts', which it imports",
  ],
  'throws.ts': [
    'const none: { a?: { b: number } } = {};\nexport default none.a!.b;\n',
    "throws.ts:2: TypeError: Cannot read properties of undefined (reading 'b')",
  ],
  'notes.txt': ['a note\n', 'notes.txt: expected a .ts or .js file'],
};

describe('a firmware that cannot be loaded', () => {
  for (const [file, [text, line]] of Object.entries(WRONG)) {
    it(`is told in one line: ${file}`, () => {
      writeFileSync(join(folder, file), text);
      const { code, err } = txsim('run', file);
      assert.equal(err, `txsim: ${line} (see txsim --help)\n`);
      assert.equal(code, 2);
    });
  }

  it('is a JSON object where one was asked for', () => {
    writeFileSync(join(folder, 'json.ts'), 'const b = ;\n');
    const { code, out } = txsim('run', 'json.ts', '--json');
    assert.deepEqual(JSON.parse(out), { ok: false, exitCode: 2, error: 'json.ts:1:10: Unexpected ";"' });
    assert.equal(code, 2);
  });

  // From sources, tsx is there from the start and makes CommonJS of such a file.
  const isBuilt = CLI.length === 1;
  it('is told what its package lacks where Node takes it for CommonJS', { skip: !isBuilt }, () => {
    for (const name of ['firmware.js', 'firmware.ts']) {
      const file = join('untyped', name);
      writeFileSync(join(folder, file), MODULE);
      const { code, err } = txsim('run', file);
      assert.match(
        err,
        /^txsim: untyped.firmware\.[jt]s is a module .*: write "type": "module" in untyped.package\.json, or/,
      );
      assert.equal(code, 2);
    }
  });
});

describe('what a run says of places', () => {
  it('a forgotten yield* has file and line in a folder with a space, too', () => {
    writeFileSync(
      join(folder, 'forgets.ts'),
      `import { defineFirmware } from 'txsim';
import { tx_thread_sleep, tx_time_get } from 'txsim/tx_api';
export default defineFirmware(() => ({
  *tx_application_define() {
    void tx_thread_sleep(1);
    yield* tx_time_get();
  },
}));
`,
    );
    const { code, err } = txsim('run', 'forgets.ts');
    assert.match(err, /tx_thread_sleep\(\) was called without yield\* \(file:.*forgets\.ts:5\)/);
    assert.equal(code, 3);
  });

  it('a script is not written over', () => {
    writeFileSync(join(folder, 'precious.ts'), MODULE);
    const { code, err } = txsim('run', 'precious.ts', '--trace', 'precious.ts');
    assert.match(err, /^txsim: --trace precious\.ts: expected a file to write to, found a script; name another one/);
    assert.equal(code, 2);
    assert.equal(readFileSync(join(folder, 'precious.ts'), 'utf8'), MODULE);
  });

  it('a seed has to be given', () => {
    writeFileSync(join(folder, 'seedless.ts'), MODULE);
    const { code, err } = txsim('run', 'seedless.ts', '--seed');
    assert.match(err, /^txsim: Not enough arguments following: seed/);
    assert.equal(code, 2);
  });
});
