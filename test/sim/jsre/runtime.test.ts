import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { buildWorld, defineScenario, jsreFirmware, World } from 'txsim';
import { runProgram } from './run-program.ts';

/** Programs, and what they print. */
const OUTPUTS: Readonly<Record<string, readonly [program: string, lines: readonly string[]]>> = {
  'Buffer: made of sizes, arrays, strings, bytes': [
    'console.log(new Buffer(3), new Buffer([1, 258]), new Buffer("hé"), Buffer.from("6869", "hex"), new Buffer(new Uint8Array([7])), Buffer.alloc(2, 9), Buffer.from(new Buffer("x").buffer))',
    ['<Buffer 00 00 00> <Buffer 01 02> <Buffer 68 c3 a9> <Buffer 68 69> <Buffer 07> <Buffer 09 09> <Buffer 78>'],
  ],
  'Buffer: toString(n) and its other forms': [
    'var b = new Buffer("hello"); console.log(b.toString(2), b.toString(), b.toString("hex", 0, 2), b.toString("base64"), b.toString("utf8", 3), `${b}`, JSON.stringify(new Buffer([1])))',
    ['he hello 6865 aGVsbG8= lo hello {"type":"Buffer","data":[1]}'],
  ],
  'Buffer: parts, copies and comparisons': [
    'var b = new Buffer("hello"), s = b.slice(1, 3); s[0] = 69; var c = new Buffer(2); b.copy(c, 0, 3); console.log(b.toString(), s.length, c.toString(), b.equals(new Buffer("hEllo")), Buffer.compare(b, c), Buffer.concat([s, c]).toString(), b.fill("ab").toString(), b.indexOf("ba"), Buffer.isBuffer(s), b instanceof Uint8Array, b.byteLength)',
    ['hEllo 2 lo true -1 Ello ababa 1 true true 5'],
  ],
  'Buffer: numbers': [
    'var b = new Buffer(8); b.writeUInt16BE(258, 0); b.writeInt32LE(-2, 2); console.log(b.toString("hex"), b.readUInt16LE(0), b.readInt32LE(2), b.readUInt8(1), b.writeDoubleBE(1.5), b.readDoubleBE()); try { b.readUInt32BE(6) } catch (e) { console.log(e instanceof RangeError) }',
    ['0102feffffff0000 513 -2 2 8 1.5', 'true'],
  ],
  'Buffer: what it cannot be made of': [
    'for (var x of [-1, {}, null]) try { new Buffer(x) } catch (e) { console.log(e instanceof TypeError || e instanceof RangeError) }',
    ['true', 'true', 'true'],
  ],
  'EventEmitter: listeners': [
    'var e = new (require("events"))(), r = []; e.on("a", (x) => r.push(x)).once("a", (x) => r.push(-x)); r.push(e.emit("a", 1), e.emit("a", 2), e.emit("b"), e.listenerCount("a")); e.removeAllListeners("a"); r.push(e.emit("a", 3)); try { e.emit("error", new Error("bad")) } catch (x) { r.push(x.message) } console.log(r.join())',
    ['1,-1,2,true,true,false,1,false,bad'],
  ],
  'EventEmitter: inherited': [
    'var o = EventEmitter.inherits({ v: 1 }); o.on("x", function () { console.log(this.v, Object.keys(o)) }); o.emit("x"); class S extends EventEmitter { go() { this.emit("y", 2) } } var s = new S(); s.on("y", (n) => console.log(n)); s.go(); function Old() { EventEmitter.call(this) } Old.prototype.__proto__ = EventEmitter.prototype; new Old().on("z", (n) => console.log(n)).emit("z", 3)',
    ["1 [ 'v' ]", '2', '3'],
  ],
  'fs: reading': [
    'var fs = require("fs"); console.log(fs.readString("./data/a.txt"), fs.readFile("data/a.txt"), fs.readFile("data/a.txt", "hex"), fs.exists("nope"), fs.stat("data").isDirectory(), fs.size("data/a.txt"), fs.listdir("/data"), fs.dumpdir("data").map(d => d.name), fs.load("data/c.json").k); var f = fs.open("data/a.txt"), b = new Buffer(2); console.log(f.read(b), b.toString(), f.read(b, 1), b.toString(), f.tell())',
    ["text <Buffer 74 65 78 74> 74657874 false true 4 [ 'a.txt', 'c.json' ] [ 'a.txt', 'c.json' ] 5", '2 te 1 tx 3'],
  ],
  'fs: what is not there, or not allowed': [
    'var fs = require("fs"); console.log(fs.readString("nope"), sys.errno(), sys.error()); console.log(fs.writeFile("x", "y"), sys.error(), fs.readString("data"), sys.error(), fs.readString("../../../etc/passwd"))',
    ['undefined 2 No such file or directory', 'false Read-only file system undefined Is a directory undefined'],
  ],
  sys: [
    'sys.setErrno(110); console.log(sys.error(), sys.error(2), sys.perm(), sys.hostName()); sys.clearErrno(); console.log(sys.errno(), require("sys") === sys)',
    ['Timed out No such file or directory 0 board', '0 true'],
  ],
  "the clock and random numbers are the device's": [
    'sys.sleep(1500); console.log(new Date(), Date.now() - Date.UTC(2026, 0), typeof Date(), new Date(5).getTime(), new Date() instanceof Date, Date.name, Math.random() < 1)',
    ['2026-01-01T00:00:01.500Z 1500 string 5 true Date true'],
  ],
  console: [
    'console.info("a %d", 1); console.warn({ b: [1] }); console.error("c"); console.group("g"); console.log("x\\ny"); console.groupEnd(); console.count(); console.count(); console.time("t"); sys.sleep(2); console.timeEnd("t")',
    ['Info: a 1', 'Warning: { b: [ 1 ] }', 'Error: c', 'g', '  x', '  y', 'default: 1', 'default: 2', 't: 2ms'],
  ],
  'the host is out of reach': [
    'console.log(typeof process, typeof globalThis.require, typeof WebAssembly, typeof SharedArrayBuffer, typeof WeakRef); for (var f of [() => sys.sleep.constructor("return process")(), () => console.log.constructor("return 1")(), () => [].map.constructor("return process")(), () => eval("1"), () => (0, eval)("1"), () => Function("1")]) try { console.log(f()) } catch (e) { console.log(e instanceof Error, e.message) }',
    [
      'undefined undefined undefined undefined undefined',
      ...Array<string>(3).fill('true new Function() cannot run here: scripts are compiled before they start'),
      ...Array<string>(2).fill('true eval() cannot run here: scripts are compiled before they start'),
      'true new Function() cannot run here: scripts are compiled before they start',
    ],
  ],
  "values of the runtime are the script's own": [
    'var fs = require("fs"); var l = fs.listdir("/"); console.log(l instanceof Array, fs instanceof Object, sys.sleep instanceof Function, Task.me instanceof Function, require("iosched").fds()[0] instanceof Array); try { fs.readString() } catch (e) { console.log(e instanceof TypeError, e.message) }',
    ['true true true true true', 'true fs.readString() needs a path, not undefined'],
  ],
  'a module that is not there': [
    'try { require("http") } catch (e) { console.log(e.message) }',
    ["there is no module 'http' here; there are: buffer, console, events, fs, iosched, sys, task, timers"],
  ],
  'a function that a module does not have': [
    'try { require("timers").sleepy() } catch (e) { console.log(e.message) }',
    [
      "require(...).sleepy is not a function here; the module 'timers' has: clearImmediate, clearInterval, clearTimeout, setImmediate, setInterval, setTimeout",
    ],
  ],
  'scripts that require each other': [
    'var a = require("./lib/a"); console.log(a.name, a.b.seen, require("./lib/a.js") === a, require("./data/c.json"), require("./lib").index, __filename, __dirname, module.id, this === exports)',
    ['a half true { k: 5 } yes /main.js / /main.js true'],
  ],
  'a script that is not there': [
    'try { require("./lib/none") } catch (e) { console.log(e.message) }',
    [
      "require('./lib/none'): there is no such file (looked for /lib/none, /lib/none.js, /lib/none.json, /lib/none/index.js)",
    ],
  ],
};

const FILES = {
  'data/a.txt': 'text',
  'data/c.json': '{"k":5}',
  'lib/a.js': 'exports.half = "half"; exports.b = require("./b"); exports.name = "a"',
  'lib/b.js': 'exports.seen = require("./a.js").half',
  'lib/index.js': 'module.exports = { index: "yes" }',
};

describe('what scripts find', () => {
  for (const [name, [program, lines]] of Object.entries(OUTPUTS)) {
    it(name, () => {
      const run = runProgram({ ...FILES, 'main.js': program });
      assert.equal(run.error, '');
      assert.deepEqual(
        run.lines.map((line) =>
          line.replace('buffer, console, dtls, events, fs, iosched, socket,', 'buffer, console, events, fs, iosched,'),
        ),
        lines,
      );
    });
  }

  it('privileged programs are told so', () => {
    assert.deepEqual(runProgram('console.log(sys.perm())', { privileged: true }).lines, ['1']);
  });
});

describe('tasks', () => {
  it('have numbers, and send each other copies', () => {
    const run = runProgram({
      'main.js':
        'var t = new Task("./t.js", { a: [1] }); console.log(Task.me(), t.id(), Task.isMain(), t instanceof Task); var m = { d: new Date(7), b: new Buffer("x"), l: [1, , null], n: { u: undefined } }; m.self = m; t.send(m); m.d = 0; var from = {}; console.log(Task.recv(from, 100), from.id, Task.recv(5), sys.error())',
      't.js':
        'var m = Task.recv(); Task.send(Task.parent(), [ARGUMENT.a instanceof Array, m.d.getTime(), m.d instanceof Date, m.b instanceof Buffer, m.b.toString(), m.l, m.self === m, Task.isMain(), "u" in m.n])',
    });
    assert.equal(run.error, '');
    assert.deepEqual(
      run.lines.join(' ').replaceAll(/\s+/g, ' '),
      "1 2 true true [ true, 7, true, true, 'x', [ 1, undefined, null ], true, false, true ] 2 undefined Timed out",
    );
  });

  it('share nothing', () => {
    const run = runProgram({
      'main.js': 'shared = 1; Array.prototype.mine = 1; new Task("./t.js"); sys.sleep(1)',
      't.js': 'console.log(typeof shared, [].mine)',
    });
    assert.deepEqual(run.lines, ['undefined undefined']);
  });

  it('cannot send functions', () => {
    const run = runProgram(
      'try { Task.send(1, { a: [{ f() {} }] }) } catch (e) { console.log(e instanceof TypeError, e.message) }',
    );
    assert.deepEqual(run.lines, ['true the message.a[0].f is a function: only data is sent to another task']);
  });

  it('hear messages while they poll, and end themselves', () => {
    const run = runProgram({
      'main.js':
        'var t = new Task("./t.js"); Task.on("message", (m, from) => console.log("main", m, from.id)); t.send("a"); require("iosched").poll(); t.send("end"); sys.sleep(1); console.log(t.send("late"), Task.count())',
      't.js':
        'Task.on("message", (m, from) => { if (m === "end") { try { Task.exit() } finally { console.log("bye") } } Task.send(from, m + "!") }); require("iosched").forever()',
    });
    assert.equal(run.error, '');
    assert.deepEqual(run.lines, ['main a! 2', 'bye', 'false 1']);
  });

  it('of a script that is not there are refused', () => {
    assert.match(
      runProgram('new Task("./none.js")').error,
      /new Task\('\.\/none\.js'\): there is no such file\n +at <main> \(main\.js:1:\d\)/,
    );
  });
});

describe('errors', () => {
  it("of the main task end the run, with the script's own stack", () => {
    const { error } = runProgram(
      '#!/bin/javascript\nfunction f(x) {\n  return x.y.z;\n}\n\n[1].forEach(function each() { f({}) });',
    );
    assert.match(
      error,
      /^uncaught TypeError: Cannot read properties of undefined \(reading 'z'\)\n {4}at f \(main\.js:3:14\)\n {4}at each \(main\.js:6:\d+\)\n {4}at <main> \(main\.js:6:\d+\)\n {2}at: thread 'main\.js' of device 'board'/,
    );
  });

  it('of another task end that task', () => {
    const run = runProgram({
      'main.js': 'new Task("./t.js"); sys.sleep(1); console.log("on", Task.count())',
      't.js': '\nnull.x',
    });
    assert.equal(run.error, '');
    assert.deepEqual(run.lines, [
      "task 2 ended by an uncaught TypeError: Cannot read properties of null (reading 'x')",
      '    at <main> (t.js:2:6)',
      'on 1',
    ]);
  });

  it('of syntax tell where', () => {
    assert.match(runProgram('var a;\nvar b = ;').error, /^uncaught SyntaxError: main\.js:2:9: Unexpected token/);
    assert.match(
      runProgram('with ({}) { f() }').error,
      /^uncaught SyntaxError: main\.js:1:1: the with statement cannot run here/,
    );
    const run = runProgram({
      'main.js': 'try { require("./bad") } catch (e) { console.log(e instanceof SyntaxError, e.message) }',
      'bad.js': '\n1 +',
    });
    assert.match(run.lines.join(), /^true bad\.js:2:4: Unexpected token/);
  });

  it('that are no errors are told too', () => {
    assert.match(runProgram('throw 42').error, /^uncaught 42\n/);
    assert.match(runProgram('throw { code: 5 }').error, /^uncaught \{ code: 5 \}\n/);
    assert.match(runProgram('throw { toString: () => "own" }').error, /^uncaught own\n/);
  });
});

describe('jsreFirmware', () => {
  it('repeats itself, and another seed gives other numbers', () => {
    const program = 'for (var i = 0; i < 3; i++) { console.log(Math.random()); sys.sleep(Math.random() * 10) }';
    assert.deepEqual(runProgram(program).timed, runProgram(program).timed);
    assert.notDeepEqual(runProgram(program).timed, runProgram(program, { seed: 2 }).timed);
  });

  it('runs in scenarios, and again after a reboot of its world', () => {
    const firmware = jsreFirmware({ main: 'main.js', fs: { 'main.js': 'console.log(sys.hostName())' } });
    const scenario = defineScenario({ devices: { one: { firmware }, two: { firmware } } });
    for (let round = 0; round < 2; round++) {
      const world = buildWorld(scenario);
      world.run({ until: '60s' });
      assert.deepEqual(
        [...world.devices.values()].map(({ output }) => output.toString()),
        ['one', 'two'],
      );
    }
  });

  it('says which script or folder is missing', () => {
    assert.throws(
      () => jsreFirmware({ main: 'app.js', fs: { 'main.js': '' } }),
      /there is no script 'app\.js' among the device's files/,
    );
    assert.throws(() => jsreFirmware({ main: 'main.js', fs: '/no/such' }), /there is no folder '\/no\/such'/);
  });

  it('reads a folder of the host, and nothing outside of it', () => {
    const root = mkdtempSync(join(tmpdir(), 'txsim-jsre-'));
    mkdirSync(join(root, 'app'));
    writeFileSync(join(root, 'secret'), 'secret');
    symlinkSync(join(root, 'secret'), join(root, 'app', 'link'));
    writeFileSync(join(root, 'app', 'text'), 'text');
    const program =
      'var fs = require("fs"); console.log(fs.readString("text"), fs.readString("../secret"), fs.readString("link"), fs.listdir("/").length)';
    writeFileSync(join(root, 'app', 'main.js'), program);
    const firmware = jsreFirmware({ main: 'main.js', fs: join(root, 'app') });
    const world = new World();
    const device = world.device('device', { firmware });
    world.run({ until: '60s' });
    assert.equal(device.output.toString(), 'text undefined undefined 3');
  });

  it('begins relative paths at the main script', () => {
    const fs = {
      'app/main.js': 'new Task("./t.js"); console.log(require("fs").readString("./x"), require("./lib").v)',
      'app/t.js': 'console.log("t", require("/app/lib").v)',
      'app/x': 'x',
      'app/lib.js': 'exports.v = 1',
    };
    const world = new World();
    const device = world.device('device', { firmware: jsreFirmware({ main: 'app/main.js', fs }) });
    world.run({ until: '60s' });
    assert.equal(device.output.toString(), 'x 1\nt 1');
  });
});
