import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runProgram } from './run-program.ts';

/** Programs in which something waits, and what they print, with the milliseconds at which they do. */
const WAITS: Readonly<Record<string, readonly [program: string, lines: readonly string[]]>> = {
  'at the top level': ['sys.sleep(5); console.log("a")', ['5 a']],
  'in a function, an arrow and a method': [
    'function f() { sys.sleep(1); return 1 } var g = () => { sys.sleep(2); return 2 }; var o = { v: 3, m() { sys.sleep(this.v); return this.v } };' +
      'console.log(f(), g(), o.m())',
    ['6 1 2 3'],
  ],
  'in an argument, a default and a template': [
    'function w(n) { sys.sleep(n); return n } function f(a = w(2), { b = w(3) } = {}) { return a + b } console.log(f(), `${w(4)}`, f(w(1)))',
    ['13 5 4 4'],
  ],
  'in constructors and methods of classes': [
    'class A { constructor(n) { sys.sleep(n); this.n = n } static make() { sys.sleep(1); return new A(2) } #p() { sys.sleep(3); return "p" } m() { return this.#p() } }' +
      'class B extends A { m() { sys.sleep(1); return super.m() + "b" } } function F() { sys.sleep(4); this.f = 1 }' +
      'console.log(A.make().m(), new F().f, B.prototype.m.call(new A(1)))',
    ['15 p 1 pb'],
  ],
  'in try, catch and finally': [
    'function f() { try { sys.sleep(1); throw new Error("x") } catch (e) { sys.sleep(2); return e.message } finally { sys.sleep(3); console.log("fin") } } console.log(f())',
    ['6 fin', '6 x'],
  ],
  'in loops of every kind': [
    'var w = (n) => { sys.sleep(1); return n }; for (var i = w(0); w(i < 2); i = w(i + 1)) w(); for (var x of w([1, 2])) w(x); for (var k in w({ a: 1 })) w(k); while (w(i-- > 0)); do w(); while (w(false)); console.log("done")',
    ['18 done'],
  ],
  'in call, apply and bind': [
    'function f(a, b) { sys.sleep(a); return this.v + b } var o = { v: 1 }; console.log(f.call(o, 1, 1), f.apply(o, [2, 2]), f.bind(o, 3)(3), Reflect.apply(f, o, [4, 4]))',
    ['10 2 3 4 5'],
  ],
  'in optional calls and tagged templates': [
    'var o = { f(x) { sys.sleep(x); return { g: () => { sys.sleep(1); return x } } } }; function tag(s, v) { sys.sleep(v); return s[0] + v } console.log(o?.f(2)?.g?.(), o.x?.f(9), tag`t${3}`)',
    ['6 2 undefined t3'],
  ],
  'in listeners and callbacks of the runtime': [
    'var e = new EventEmitter(); e.on("x", function (n) { sys.sleep(n); console.log("heard", n, this === e) }); e.emit("x", 2); require("fs").readdir("/", function (d, a) { sys.sleep(1); console.log(d.name, a) }, 7)',
    ['2 heard 2 true', '3 m.js 7'],
  ],
  'in a script that is required': ['console.log("m", require("./m.js").v)', ['3 m 1']],
  'with an end that a timer sets': [
    'var iosched = require("iosched"); var check = { quit: false }; setTimeout((a) => { console.log("t", a); check.quit = true }, 10, 1); var n = 0; var i = setInterval(() => { if (++n === 3) clearInterval(i); console.log("i", n) }, 3); setImmediate(() => console.log("now")); iosched.forever(check); console.log("end")',
    ['0 now', '3 i 1', '6 i 2', '9 i 3', '10 t 1', '10 end'],
  ],
  'and promises are served by poll': [
    'Promise.resolve(1).then((v) => console.log("then", v)); (async () => { console.log("in"); await null; console.log("after") })(); console.log("sync"); require("iosched").poll(5); console.log("end")',
    ['0 in', '0 sync', '0 then 1', '0 after', '5 end'],
  ],
};

/** What waits where nothing can, and what the error says. */
const REFUSED: Readonly<Record<string, readonly [program: string, message: RegExp]>> = {
  'a callback of map': [
    '\n[1].map(function () { sys.sleep(1) })',
    /^main\.js:2: sys\.sleep\(\) would block inside a function called by Array\.prototype\.map; /,
  ],
  'a function called by a callback of sort': [
    'function cmp() {\n return iosched.poll() }\nvar iosched = require("iosched"); [2, 1].sort((a, b) => cmp())',
    /^main\.js:2: iosched\.poll\(\) would block inside a function called by Array\.prototype\.sort/,
  ],
  toJSON: ['JSON.stringify({ toJSON() { Task.recv() } })', /^main\.js:1: Task\.recv\(\) .* called by JSON\.stringify/],
  'a callback of replace': ['"a".replace(/a/, () => sys.sleep(2))', /called by String\.prototype\.replace/],
  'the function itself as a callback': [
    '[1].forEach(sys.sleep)',
    /^main\.js:1: sys\.sleep\(\) .* Array\.prototype\.forEach/,
  ],
  'a getter': ['({ get x() { sys.sleep(1) } }).x', /^main\.js:1: sys\.sleep\(\) .* called by a getter, a setter/],
  'a generator': ['function* g() { yield sys.sleep(1) } g().next()', /^main\.js:1: sys\.sleep\(\)/],
  'a constructor of a derived class': [
    'class A { constructor() { sys.sleep(1) } } class B extends A {} new B()',
    /^main\.js:1: sys\.sleep\(\)/,
  ],
};

describe('a call that waits', () => {
  for (const [name, [program, lines]] of Object.entries(WAITS)) {
    it(name, () => {
      const run = runProgram({ 'main.js': program, 'm.js': 'sys.sleep(3); exports.v = 1' });
      assert.equal(run.error, '');
      assert.deepEqual(name.startsWith('in listeners') ? run.timed.slice(0, 2) : run.timed, lines);
    });
  }

  it('lets other tasks run meanwhile', () => {
    const run = runProgram({
      'main.js': 'new Task("./t.js", "a"); new Task("./t.js", "b"); sys.sleep(3); console.log("main")',
      't.js': 'for (var i = 0; i < 2; i++) { sys.sleep(2); console.log(ARGUMENT, i) }',
    });
    assert.deepEqual(run.timed, ['2 a 0', '2 b 0', '3 main', '4 a 1', '4 b 1']);
  });

  it('has no effect on what it was called with when the wait is refused', () => {
    const run = runProgram(
      'try { [1].map(() => { try { sys.sleep(9) } finally { console.log("fin") } }) } catch { sys.sleep(1) } console.log("on")',
    );
    assert.deepEqual(run.timed, ['0 fin', '1 on']);
  });
});

describe('a wait where nothing can', () => {
  for (const [name, [program, message]] of Object.entries(REFUSED)) {
    it(name, () => {
      const lines = program.split('\n');
      const last = lines.pop() ?? '';
      const run = runProgram([...lines, `try { ${last} } catch (e) { console.log(e.message) }`].join('\n'));
      assert.equal(run.error, '');
      assert.match(run.lines.at(-1) ?? '', message);
    });
  }
});

describe('a loop that calls nothing', () => {
  it('takes time, so that a run comes to its end', () => {
    assert.equal(runProgram('while (true) {}', { until: '50ms' }).seconds, 0.05);
    assert.equal(runProgram('for (;;) ;', { until: '50ms' }).seconds, 0.05);
  });

  it('leaves the processor to tasks of its priority', () => {
    const run = runProgram(
      { 'main.js': 'new Task("./t.js"); while (true) {}', 't.js': 'console.log("t")' },
      { until: '50ms' },
    );
    assert.deepEqual(run.timed, ['10 t']);
  });

  it('takes time inside of a callback too', () => {
    const run = runProgram(
      '[1].forEach(() => { for (var i = 0; i < 1e5; i++); }); sys.sleep(0); console.log(Math.round(sys.hrtime()[1] / 1e6))',
    );
    assert.deepEqual(run.lines, ['10']);
  });
});
