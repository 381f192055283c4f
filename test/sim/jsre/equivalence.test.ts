import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { jsreFirmware, World } from 'txsim';
import { PROGRAMS } from './programs.ts';

const SHOW =
  'try { return String(JSON.stringify(program())) } catch (e) { return "thrown " + e.name + ": " + e.message.split("\\n")[0] }';

const wrapped = (program: string): string => `(function () { function program() { ${program} } ${SHOW} })()`;

/** Runs programs on a device, each in a script of its own; gives what each printed, by its name. */
function compiled(programs: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const names = Object.keys(programs);
  const scripts = Object.values(programs).map((program, nth) => [`p${nth}.js`, `module.exports = ${wrapped(program)}`]);
  const main = names.map((_, nth) => `console.log(require('./p${nth}'))`).join('\n');
  const world = new World();
  const fs = Object.fromEntries([...scripts, ['main.js', main]]) as Record<string, string>;
  const device = world.device('device', { firmware: jsreFirmware({ main: 'main.js', fs }) });
  world.run({ until: '60s' });
  return new Map(names.map((name, nth) => [name, device.output.lines[nth]?.text ?? '(nothing)']));
}

describe('a program compiled and uncompiled', () => {
  const outputs = compiled(PROGRAMS);
  for (const [name, program] of Object.entries(PROGRAMS)) {
    it(name, () => {
      assert.equal(outputs.get(name), runInContext(wrapped(program), createContext()));
    });
  }
});

/** Expressions of whatever nesting; `log` tells in which order their parts are evaluated. */
const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const part = tie('expression');
  return {
    expression: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.constantFrom('1', '"a"', 'null', 'undefined', 'x', 'o', 'this', '[]', 'o.v'),
      fc.tuple(part, part).map(([a, b]) => `id(${a}, ${b})`),
      fc.tuple(part, part).map(([a, b]) => `o.m(${a}, ...[${b}])`),
      fc.tuple(part, part).map(([a, b]) => `(${a})?.m?.(${b})`),
      fc.tuple(part, part, part).map(([a, b, c]) => `(${a})?.[${b}]?.k(${c}).v`),
      fc.tuple(part, part).map(([a, b]) => `((x, y = ${a}) => [x, y])(${b})`),
      fc.tuple(part, part).map(([a, b]) => `(function (x) { return [arguments.length, x, ${a}] })(${b})`),
      fc.tuple(part, part).map(([a, b]) => `[${a}, 2].map((x) => id(x, ${b}))`),
      fc.tuple(part, part).map(([a, b]) => 'tag`p${' + a + '}q${id(' + b + ')}`'),
      fc.tuple(part, part).map(([a, b]) => `new (class { f = ${a}; constructor(x) { this.x = id(x) } })(${b})`),
      fc.tuple(part, part, part).map(([a, b, c]) => `(${a} ? id(${b}) : o.m(${c}))`),
      fc.tuple(part, part).map(([a, b]) => `(${a} ?? id(${b}), x = ${a})`),
      fc.tuple(part, part).map(([a, b]) => `id.call(${a}, ${b})`),
      fc
        .tuple(part, part)
        .map(([a, b]) => `(() => { try { return id(${a}).n.p } catch (e) { return [e.name, ${b}] } })()`),
      fc
        .tuple(part, part)
        .map(([a, b]) => `(() => { for (var q of [${a}, 3]) { let r = q; x = () => [r, ${b}]; } return x() })()`),
    ),
  };
});

const AROUND = (text: string): string => `
  var log = [], x = 5;
  function id(...a) { log.push(a.length); return a[0] }
  function tag(s, ...v) { log.push(s.length); return [s.raw.join(), v] }
  var o = { v: 7, m(a) { log.push('m', this === o); return a }, 5: { k: id } };
  var show = (k, v) => (typeof v === 'function' ? 'function' : v === undefined ? 'undefined' : v === o ? 'o' : v);
  return [JSON.parse(JSON.stringify([${text}].filter((v) => v !== globalThis), show)), log];`;

it('any expression gives the same, in the same order, compiled and uncompiled', () => {
  fc.assert(
    fc.property(fc.array(expression, { minLength: 20, maxLength: 20 }), (texts) => {
      const programs = Object.fromEntries(texts.map((text, nth) => [`${nth}: ${text}`, AROUND(text)]));
      const outputs = compiled(programs);
      for (const [name, program] of Object.entries(programs)) {
        // How the engine words what is no function is its own affair.
        const kind = (text: unknown): string => String(text).replace(/^(thrown \w+): .*/s, '$1');
        assert.equal(kind(outputs.get(name)), kind(runInContext(wrapped(program), createContext())), name);
      }
    }),
    { numRuns: 10, seed: 1, interruptAfterTimeLimit: 10_000, endOnFailure: false },
  );
});
