import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { jsreFirmware, World } from 'txsim';
import { PROGRAMS } from './programs.ts';

const SHOW =
  'try { return String(JSON.stringify(program())) } catch (e) { return "thrown " + e.name + ": " + e.message }';

const wrapped = (program: string): string => `(function () { function program() { ${program} } ${SHOW} })()`;

/** Runs all programs on a device, each in a script of its own; gives what each printed. */
function compiled(): ReadonlyMap<string, string> {
  const names = Object.keys(PROGRAMS);
  const scripts = Object.values(PROGRAMS).map((program, nth) => [`p${nth}.js`, `module.exports = ${wrapped(program)}`]);
  const main = names.map((_, nth) => `console.log(require('./p${nth}'))`).join('\n');
  const world = new World();
  const fs = Object.fromEntries([...scripts, ['main.js', main]]) as Record<string, string>;
  const device = world.device('device', { firmware: jsreFirmware({ main: 'main.js', fs }) });
  world.run();
  return new Map(names.map((name, nth) => [name, device.output.lines[nth]?.text ?? '(nothing)']));
}

describe('a program compiled and uncompiled', () => {
  const outputs = compiled();
  for (const [name, program] of Object.entries(PROGRAMS)) {
    it(name, () => {
      assert.equal(outputs.get(name), runInContext(wrapped(program), createContext()));
    });
  }
});
