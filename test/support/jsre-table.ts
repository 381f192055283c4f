import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { jsreFirmware, World } from 'txsim';

const CREDENTIALS = 'apps/dtls-echo/credentials';
const file = (name: string): string => readFileSync(`${CREDENTIALS}/${name}`, 'utf8');

/** The files of a device that runs a table: credentials of a server of both kinds, of a client, and their roots. */
export const FILES: Readonly<Record<string, string>> = {
  'cert.pem': file('server-ecdsa.pem'),
  'cert.key': file('server-ecdsa.key.pem'),
  'both.pem': file('server-ecdsa.pem') + file('server-ecdsa.key.pem'),
  'rsa.pem': file('server-rsa.pem'),
  'rsa.key': file('server-rsa.key.pem'),
  'client.pem': file('client-ecdsa.pem'),
  'client.key': file('client-ecdsa.key.pem'),
  'ca.pem': file('ca-ecdsa.pem'),
  'ca-rsa.pem': file('ca-rsa.pem'),
};

/** What an expression is to give: its value and error number, or the beginning of what it throws. */
export type Expected = { readonly value: unknown; readonly errno?: number } | { readonly throws: string };

/** A line of a table: an expression of a script, and what it gives. */
export type Row = readonly [expression: string, expected: Expected];

export const gives = (value: unknown, errno = 0): Expected => ({ value, errno });
export const throws = (message: string): Expected => ({ throws: message });

const PRELUDE = `
var Dtls = require('dtls');
var socket = require('socket');
var fs = require('fs');
var iosched = require('iosched');
function read(name) { return fs.readString('/' + name); }
function own(more) { return Object.assign({ cert: read('cert.pem'), key: read('cert.key') }, more); }
function show(value) { return value === undefined ? 'undefined' : value; }
`;

/**
 * Evaluates expressions one after the other in one task of a device, and checks what each gives.
 *
 * @param setUp - statements before them
 */
export function check(rows: readonly Row[], setUp = '', privileged = false): void {
  const steps = rows.map(
    ([expression]) => `
sys.clearErrno();
try { var value = (${expression}); console.log(JSON.stringify({ value: show(value), errno: sys.errno() })); }
catch (error) { console.log(JSON.stringify({ thrown: error.name + ': ' + error.message })); }`,
  );
  const source = `${PRELUDE}${setUp}${steps.join('\n')}\nconsole.log('end');\n`;
  const world = new World({ seed: 3 });
  const lan = world.lan({ subnet: '192.168.0.0/24' });
  const files = { ...FILES, 'main.js': source };
  const device = world.device('device', {
    firmware: jsreFirmware({ main: 'main.js', fs: files, privileged }),
    lan,
    address: '192.168.0.2',
  });
  world.run({ until: '600s', stopWhen: () => device.output.lines.at(-1)?.text === 'end' });
  const printed = device.output.lines.map(({ text }) => text);
  for (const [nth, [expression, expected]] of rows.entries()) {
    const line = JSON.parse(printed[nth] ?? '{}') as { value?: unknown; errno?: number; thrown?: string };
    if ('throws' in expected) {
      assert.ok(line.thrown?.startsWith(expected.throws), `${expression}: ${printed[nth]}, not ${expected.throws}`);
    } else {
      const value = expected.value === undefined ? 'undefined' : expected.value;
      assert.deepEqual(line, { value, errno: expected.errno ?? 0 }, expression);
    }
  }
  assert.deepEqual(world.leaks(), []);
}
