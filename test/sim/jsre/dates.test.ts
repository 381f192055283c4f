/** Dates and locales of scripts are the same on every host. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runProgram } from './run-program.ts';
import { CLI } from '../../support/cli.ts';

/** Expressions, and what they are on a host of UTC and English. */
const EXPRESSIONS: readonly string[] = [
  'new Date(2026, 2, 29, 2, 30).toISOString()',
  'new Date(99, 0).toISOString()',
  'new Date(2026, 0, 31, 25, 61, 61, 1001).getTime()',
  '[d.getFullYear(), d.getMonth(), d.getDate(), d.getDay(), d.getHours(), d.getMinutes(), d.getSeconds(), d.getMilliseconds(), d.getYear()]',
  'd.getTimezoneOffset()',
  'new Date(NaN).getTimezoneOffset()',
  '[d.setHours(1, 2, 3, 4), d.setDate(31), d.setMonth(1), d.setFullYear(2024, 1, 29), d.setMinutes(-1), d.setSeconds(61), d.setMilliseconds(7)]',
  '[d.setYear(99), d.setYear(2001), d.setYear(NaN), d.setYear(5.5), d.getTime()]',
  '[d.toString(), d.toDateString(), d.toTimeString(), String(d), `${d}`, d + 1, JSON.stringify(d), d.toUTCString()]',
  '[new Date(-1e14).toString(), new Date(8.64e15).toString(), new Date(NaN).toString(), new Date(NaN).toDateString(), new Date(NaN).toTimeString()]',
  '[d.toLocaleString(), d.toLocaleDateString(), d.toLocaleTimeString(), d.toLocaleDateString(undefined, { dateStyle: "full" })]',
  'd.toLocaleString("de-DE", { timeZone: "Asia/Tokyo", timeZoneName: "long" })',
  'd.toLocaleString("xx-YY", { dateStyle: "medium" })',
  'Intl.DateTimeFormat().format(d) + new Intl.DateTimeFormat("fr").format(d)',
  'Intl.DateTimeFormat().resolvedOptions().timeZone + Intl.DateTimeFormat().resolvedOptions().locale',
  'new Intl.DateTimeFormat("en", { hour: "numeric" }).formatToParts(d)',
  'new Intl.DateTimeFormat() instanceof Intl.DateTimeFormat',
  'new (class extends Intl.NumberFormat {})("de").format(1234.5)',
  '[new Intl.NumberFormat().format(1234567.5), new Intl.PluralRules().select(1), new Intl.ListFormat("en").format(["a", "b"]), new Intl.DisplayNames("en", { type: "region" }).of("DE")]',
  '["a", "B", "ä", "z"].sort(new Intl.Collator().compare)',
  '(1234567.5).toLocaleString() + [1234.5].toLocaleString() + 12345678n.toLocaleString()',
  '["i".toLocaleUpperCase(), "I".toLocaleLowerCase(), "i".toLocaleUpperCase("tr"), "z".localeCompare("ä"), "a".localeCompare("B", "sv")]',
  '[Date.length, Date.name, Date.UTC.length, Date.parse.name, Date.prototype.setHours.length, Date.prototype.constructor === Date, Intl.DateTimeFormat.length]',
  '[typeof Date(), new Date(d).getTime() === d.getTime(), new Date({ valueOf: () => 5 }).getTime(), new Date(new String("2026-01-02 00:00")).getTime(), new Date(true).getTime(), new Date(undefined).getTime(), new Date(null).getTime()]',
  'new (class Later extends Date { constructor(t) { super(t + 1) } later() { return this.getHours() } })(36e5).later()',
  '(() => { try { return Date.prototype.getHours.call({}) } catch (e) { return e.name } })()',
  '(() => { try { return new Intl.PluralRules.call() } catch (e) { return e.name } })()',
  ...[
    [
      '2026',
      '2026-03',
      '2026-03-29',
      '2026-03-29T02:30',
      '2026-03-29T02:30:01.5',
      '2026-03-29T02:30Z',
      '2026-03-29t02:30',
    ],
    [
      '2026-03-29T02:30+09:00',
      '+002026-03-29T02:30',
      '2026-03-29 02:30',
      '2026-3-29',
      '3/29/2026',
      '3/29/2026 2:30 PM',
    ],
    ['March 29, 2026 02:30:00', '29 Mar 2026', 'Sun Mar 29 2026 02:30:00 GMT+0900 (Japan Standard Time)', ''],
    [
      'Mar 29 2026 (a (nested) note) 10:00',
      'Mar 29 2026 10:00 (open',
      'Mar 29 2026 10:00 EST',
      'Mar 29 2026 10:00 +0900',
    ],
    [
      'Mar 29 2026 10:00Z',
      'Mar 29 2026 10:00 UTC+2',
      'nonsense',
      '2026-13-45',
      '12:00',
      '5',
      'Mar 29 2026 (GMT)',
      'Sun, 29 Mar 2026 02:30:00 GMT',
    ],
  ]
    .flat()
    .map((text) => `[Date.parse(${JSON.stringify(text)}), new Date(${JSON.stringify(text)}).getTime()]`),
];

const DATE = 'var d = new Date(Date.UTC(2026, 2, 29, 14, 5, 6, 789));';
const program = EXPRESSIONS.map((expression) => `{ ${DATE} console.log(JSON.stringify(${expression})) }`).join('\n');

const PRINTED =
  'var d = new Date(2026, 6, 1); console.log(d, [d], String(d), "%s", d); console.log("%s %o", d, d); console.log(new Date(NaN)); console.log(new Date(), Date(), Intl.DateTimeFormat().format(), new Intl.DateTimeFormat("en").formatToParts().length); var t = new Task("./t.js"); t.send(d); sys.sleep(5)';

describe('dates of scripts', () => {
  it('are what they are on a host of UTC', () => {
    const { lines, error } = runProgram(program);
    assert.equal(error, '');
    // The test runs in whatever time zone: the engine is asked in one of UTC.
    const source = `[${EXPRESSIONS.map((one) => `(() => { ${DATE} return JSON.stringify(${one}) })()`).join(',\n')}]`;
    const ask = `const { createContext, runInContext } = require('node:vm'); process.stdout.write(JSON.stringify(runInContext(${JSON.stringify(source)}, createContext())))`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', ask], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC', LANG: 'en_US.UTF-8', LC_ALL: 'en_US.UTF-8' },
    });
    assert.equal(stderr, '');
    const expected = JSON.parse(stdout) as readonly string[];
    for (const [nth, expression] of EXPRESSIONS.entries()) assert.equal(lines[nth], expected[nth], expression);
  });

  it('are of this moment on the device, where the engine would take the present', () => {
    const { lines } = runProgram(
      'console.log(Intl.DateTimeFormat().format(), new Intl.DateTimeFormat().formatToParts()[4].value, Date())',
    );
    assert.deepEqual(lines, ['1/1/2026 2026 Thu Jan 01 2026 00:00:00 GMT+0000 (Coordinated Universal Time)']);
  });

  it('are the same in every time zone and language of the host', () => {
    const folder = mkdtempSync(join(tmpdir(), 'txsim-jsre-dates-'));
    const main = join(folder, 'main.js');
    writeFileSync(main, `#!/bin/javascript\n${program}\n${PRINTED}`);
    writeFileSync(join(folder, 't.js'), 'var d = Task.recv(); console.log(d.getHours(), d)');
    const outputs = [
      ['UTC', 'C'],
      ['America/New_York', 'de_DE.UTF-8'],
      ['Asia/Tokyo', 'tr_TR.UTF-8'],
    ].map(([TZ, LANG]) => {
      const { stdout, stderr } = spawnSync(process.execPath, [...CLI, 'run', main, '--until', '1s'], {
        encoding: 'utf8',
        env: { ...process.env, TZ, LANG, LC_ALL: LANG },
      });
      assert.doesNotMatch(stderr, /rror/);
      return stdout.replace(/^wall time.*\n/m, '');
    });
    assert.match(
      outputs[0] ?? '',
      /2026-07-01T00:00:00\.000Z \[ 2026-07-01T00:00:00\.000Z \] Wed Jul 01 2026 00:00:00 GMT\+0000/,
    );
    assert.match(outputs[0] ?? '', /t\.js#2 +0 2026-07-01T00:00:00\.000Z/);
    assert.equal(outputs[1], outputs[0]);
    assert.equal(outputs[2], outputs[0]);
  });
});
