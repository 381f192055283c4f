/** Programs that wait for nothing: what they return has to be the same compiled and uncompiled. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  'hoisted declarations': 'return [f(), typeof g, g()]; function f() { return 1 } function g() { return f() + 1 }',
  'functions in blocks': 'var r = []; { r.push(h()); function h() { return 1 } } r.push(h()); return r',
  'a function in an if': 'if (true) function k() { return 3 } return k()',
  'a reassigned declaration': 'function f() { return 1 } var g = f; f = () => 2; return [f(), g()]',
  recursion: 'function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) } return fib(12)',
  'named expressions': 'var f = function fact(n) { return n ? n * fact(n - 1) : 1 }; var g = f; f = null; return g(5)',
  'a name that cannot be assigned': 'var f = function me() { me = 1; return typeof me }; return f()',
  'names and lengths':
    'var a = function () {}, b = (x, y) => x, c = { m(x, y = 1, z) {}, get p() { return 1 }, ["q" + 1]: function () {} };' +
    'class D { static s(a, b) {} constructor(x, y) {} } function e(a, { b }, [c], ...d) {}' +
    'return [a, b, c.m, c.q1, D, D.s, e].map(f => [f.name, f.length])',
  'parameter names': 'function f(a, b) { var a; var c = b; return [a, c] } return f(1, 2)',
  'a parameter that a function hides': 'function f(a) { function a() { return 2 } return typeof a } return f(1)',
  defaults:
    'var n = 0; function next() { return ++n } function f(a = next(), b = a + next()) { return [a, b] } return [f(), f(5), f(undefined, 7), n]',
  'defaults in patterns':
    'var d = () => 9; function f({ a = d(), b: { c } = { c: d() } } = {}, [x = d()] = []) { return [a, c, x] } return [f(), f({ a: 1 }, [2])]',
  'defaults of arrows': 'var d = () => 4; var f = (a = d(), ...r) => [a, r]; return [f(), f(1, 2, 3), f.length]',
  'defaults that make functions': 'function f(a, g = () => a) { a = 2; return g() } return f(1)',
  'rest and spread':
    'function f(a, ...b) { return [a, b] } var xs = [2, 3]; return [f(1, ...xs), f(...xs), Math.max(...xs, 7), [...xs, ...f(1)]]',
  arguments:
    'function f(a) { arguments[0] = 5; return [a, arguments.length, [].slice.call(arguments)] } return f(1, 2)',
  'arguments, strict':
    'function f(a) { "use strict"; arguments[0] = 5; return [a, arguments.length] } return f(1, 2, 3)',
  'arguments in an arrow':
    'function f() { var g = () => { var h = () => arguments[1]; return h() }; return g(8, 9) } return f(1, 2)',
  'arguments as a property': 'function f() { return (() => ({ arguments }).arguments.length)() } return f(1, 2, 3)',
  'arguments with defaults':
    'var d = () => 1; function f(a = d()) { return [a, arguments.length] } return [f(), f(undefined), f(2, 3)]',
  'this of a method':
    'var o = { v: 1, m() { return this.v }, n: { v: 2, m() { return this.v } } }; return [o.m(), o.n.m(), o["m"](), (o.m)(), (0, o.n).m()]',
  'this of a bare call':
    'var o = { m() { return this === undefined || this === globalThis } }; var m = o.m; return [m(), (0, o.m)()]',
  'this, strict':
    'function f() { "use strict"; return this === undefined } return [f(), f.call(null), (function () { return this === undefined })()]',
  'this, boxed':
    'function f() { return typeof this } function g() { "use strict"; return typeof this } return [f.call(1), g.call(1)]',
  'this of arrows': 'function F() { this.v = 3; this.get = () => [1].map(() => this.v)[0] } return new F().get()',
  'order of evaluation':
    'var log = []; var t = (x, v) => (log.push(x), v); t("o", { m(a, b) { log.push("call") } })[t("k", "m")](t("a"), t("b")); return log',
  'a method read before its arguments':
    'var o = { m() { return 1 } }; var p = o; return o.m(o = { m() { return 2 } }) + (o === p)',
  'call, apply and bind':
    'function f(a, b) { return [this.v, a, b] } var o = { v: 1 }; var g = f.bind(o, 2); return [f.call(o, 2, 3), f.apply(o, [2, 3]), g(3), g.call({ v: 9 }, 4), f.bind(o).name, g.length, Reflect.apply(f, o, [5]), f.call.call(f, o, 7)]',
  'new of a bound function':
    'function P(a, b) { this.s = a + b } var Q = P.bind(null, 1); return [new Q(2).s, new Q(1) instanceof P]',
  constructors:
    'function P(x) { this.x = x } P.prototype.get = function () { return this.x }; var p = new P(4); return [p.get(), p instanceof P, p.constructor === P, new P, new (function () { return P })()(1)]',
  'constructors that return':
    'function A() { this.a = 1; return { b: 2 } } function B() { this.a = 1; return 3 } return [new A(), new B()]',
  'new.target':
    'function F() { return { t: new.target === F, a: (() => new.target === F)() } } var r = new F(); F.call({}); return [r, F().t]',
  'Reflect.construct':
    'class A { constructor(x) { this.x = x } } class B { hello() { return 1 } } var o = Reflect.construct(A, [2], B); return [o.x, o.hello(), o instanceof B]',
  classes:
    'class A { #p = 1; static n = 0; q = this.#p + 1; constructor(x) { this.x = x; A.n++ } get p() { return this.#p } set p(v) { this.#p = v } #priv() { return this.#p * 10 } pub() { return this.#priv() } static make(...a) { return new this(...a) } static { this.z = A.n } } var a = A.make(5); a.p = 7; return [a.x, a.p, a.pub(), A.n, a.q, A.z]',
  'derived classes':
    'class A { constructor(x) { this.x = x } m() { return "A" + this.x } static s() { return "s" } } class B extends A { y = this.x + 1; constructor(x) { super(x * 2); this.z = 1 } m() { return super.m() + "B" } static s() { return super.s() + "t" } get w() { return super.m() } } class C extends B {} var c = new C(3); return [c.m(), c.x, c.y, c.z, C.s(), c.w, c instanceof A, C.name]',
  'derived of an engine class':
    'class E extends Error { constructor(m) { super(m); this.k = 1 } } class L extends Array { last() { return this[this.length - 1] } } var l = L.from([1, 2]); var e = new E("x"); return [e instanceof E, e.message, e.k, l.last(), l instanceof L, l.map(x => x + 1).last()]',
  'derived of a function':
    'function A(x) { this.x = x } class B extends A { m() { return this.x } } return new B(3).m()',
  'super in object literals':
    'var p = { m() { return [this.v, 1] } }; var o = { __proto__: p, v: 5, m() { return super.m().concat((() => super.m())()) } }; return o.m()',
  'super properties that are set':
    'class A {} class B extends A { m() { super.x = 3; super.y ??= 4; return [this.x, Object.keys(this)] } } return new B().m()',
  'fields that call':
    'var n = 0; function id() { return ++n } class A { a = id(); b = (() => id())(); c = () => this.a; constructor() { this.d = id() } } var x = new A(); return [x.a, x.b, x.c(), x.d, new A().d]',
  'class expressions':
    'var X = class Y { static n() { return Y.name } m() { return class { k() { return 2 } } } }; return [X.n(), new (new X().m())().k(), typeof Y]',
  'classes in loops':
    'var cs = []; for (let i = 0; i < 3; i++) cs.push(class { m() { return i } static get() { return i * 2 } }); return cs.map(C => [new C().m(), C.get()])',
  'computed members':
    'var k = () => "m"; class A { [k()]() { return 1 } static [k() + 2]() { return 2 } } var o = { [k()](x) { return x }, get [k() + 1]() { return 4 } }; return [new A().m(), A.m2(), o.m(3), o.m1]',
  'no call without new': 'class A {} try { A() } catch (e) { return [e instanceof TypeError, e.message] }',
  'closures in loops':
    'var fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); for (var j = 0; j < 2; j++) fs.push(() => j); for (const k of [7, 8]) fs.push(() => k); for (const k in { a: 1, b: 2 }) { fs.push(() => k) } return fs.map(f => f())',
  'closures in loop heads':
    'var fs = []; for (let i = 0, g = () => i; i < 2; i++) { fs.push(g, () => i) } for (let i = 0; fs.push(() => i), i < 2; i++); return fs.map(f => f())',
  'closures in while':
    'var fs = [], i = 0; while (i < 3) { let j = i++; fs.push(() => j, function () { return j * 2 }) } return fs.map(f => f())',
  'closures in switch':
    'function mk(x) { switch (x) { case 1: let y = x; return () => y; default: let z = x + 1; return function () { return z } } } return [mk(1)(), mk(5)(), mk(1)()]',
  'closures in catch':
    'var fs = []; for (var i = 0; i < 2; i++) { try { throw { v: i } } catch ({ v, w = () => v }) { fs.push(() => v, w) } } return fs.map(f => f())',
  'closures keep their own variables':
    'function mk(n) { return { inc() { return ++n }, get: () => n, dec: function () { return --n } } } var a = mk(1), b = mk(10); a.inc(); b.inc(); b.inc(); a.dec(); return [a.get(), b.get(), a.inc === b.inc]',
  'labels and loops':
    'var r = []; outer: for (var i = 0; i < 4; i++) { for (var j = 0; ; j++) { if (j > i) continue outer; if (i == 3) break outer; r.push(i * j) } } do r.push(--i); while (i > 0) ; lbl: { r.push("x"); break lbl; } return r',
  'for in and for of':
    'var r = []; for (var k in { a: 1, b: 2 }) r.push(k); for (const [x, y] of new Map([[1, 2]])) r.push(x + y); for (var c of "ab") r.push(c); return r',
  exceptions:
    'var r = []; function f(x) { try { if (x) throw new Error("e" + x); r.push("ok"); return "t" } catch (e) { r.push(e.message); return "c" } finally { r.push("f") } } r.push(f(0), f(1)); try { try { null.x() } finally { r.push("g") } } catch (e) { r.push(e.name) } return r',
  'finally that returns':
    'function f() { try { throw 1 } finally { return 2 } } function g() { for (;;) { try { return 1 } finally { break } } return 3 } return [f(), g()]',
  'optional chains':
    'var n = 0, o = { a: { f(x) { return { v: this.k, x } }, k: 1 } }, z; var t = v => (n++, v); return [o?.a.f(t(1)).x, z?.a.f(t(2)), o.b?.f(t(3)), o.a?.f?.(t(4)).v, o.a.g?.(t(5)), o?.a?.["f"](t(6)).x, z?.[t("q")], z?.(t(7)), (o?.a).f(1).v, n]',
  'long optional chains':
    'var o = { a() { return { b: null, c: () => ({ d() { return this.e }, e: 5 }) } } }; return [o?.a?.().b?.c().d(), o.a().c?.()?.d(), o.a?.()?.c().d?.(), o.x?.y().z(), delete o?.a().b, delete o?.x?.().y]',
  'optional chains of what is in parentheses':
    'var o = { m() { return [0, { k: () => ({ v: 3 }) }] }, f() { return this === o } }; return [(o.m(1))?.[1]?.k(1).v, ((o.m()))?.[1]?.k().v, (o.f)?.(), ((o?.m)())?.length, (o.x)?.y()]',
  'optional calls keep this':
    'var o = { v: 2, f() { return this.v }, g: { h() { return this === o.g } } }; return [o.f?.(), o?.f(), o?.["f"]?.(), o.g.h?.(), o?.g?.h?.()]',
  'tagged templates':
    'var seen = []; function tag(s, ...v) { seen.push(s); return s.raw.join("|") + v.join(",") } var o = { t(s, v) { return this.k + s[0] + v }, k: "k" }; function twice() { return tag`a${1}\\n${2}` } return [twice(), twice(), seen[0] === seen[1], o.t`x${3}`, `p${tag`q`}r`]',
  'chained calls':
    'var a = () => () => (x) => [x]; return [a()()(1), [3, 1, 2].filter(x => x > 1).map(x => x * 2).sort((x, y) => x - y), "a-b".split("-").map(s => s.toUpperCase()).join("+")]',
  'callbacks of the engine':
    'return [[5, 1, 4].sort((a, b) => b - a), [1, 2, 3].reduce((a, b) => a + b, 0), "abc".replace(/b/, m => m + m), JSON.stringify({ toJSON() { return [1].map(x => x + 1) } }), Array.from({ length: 3 }, (_, i) => i), JSON.parse("[1,2]", (k, v) => Array.isArray(v) ? v : v * 2), new Map([[1, 2]]).forEach((v, k) => v)]',
  coercions:
    'var o = { valueOf() { return f() }, toString() { return "s" }, [Symbol.toPrimitive]: undefined }; function f() { return 4 } return [o + 1, `${o}`, o * 2, [o] + ""]',
  'getters and setters':
    'var log = []; function note(x) { log.push(x); return x } var o = { get a() { return note(1) }, set a(v) { note(v) } }; o.a = o.a + 4; Object.defineProperty(o, "b", { get: () => note(2) }); return [o.b, log]',
  proxies:
    'var log = []; function p(x) { log.push(x) } var o = new Proxy({ f() { return 1 } }, { get(t, k) { p(k); return t[k] }, has(t, k) { p("has"); return k in t } }); var g = new Proxy(function (a) { return a + 1 }, { apply(t, self, args) { p("apply"); return t(...args) } }); var h = new Proxy((x) => x * 2, {}); return [o.f(), "f" in o, g(1), h(4), log]',
  generators:
    'function* g(n) { for (let i = 0; i < n; i++) { var got = yield h(i); if (got) yield got } return "end" } function h(x) { return x * 2 } var it = g(3); return [[...g(3)], it.next(), it.next(5), it.return(1), [...{ *[Symbol.iterator]() { yield* g(2) } }], g.constructor.name]',
  'generators that take defaults':
    'function d() { return 3 } function* g(a = d(), b = a) { yield a + b } return [...g(), ...g(1)]',
  'iterators of the script':
    'class It { constructor(n) { this.n = n } [Symbol.iterator]() { var i = 0, n = this.n; return { next: () => i < n ? { value: i++, done: false } : { done: true }, return() { return {} } } } } var r = []; for (var x of new It(4)) { if (x == 2) break; r.push(x) } return [r, [...new It(3)], Math.max(...new It(5))]',
  'async functions are promises':
    'async function f(a = g()) { return a } function g() { return 1 } var p = f(); return [p instanceof Promise, typeof f, (async () => 1)() instanceof Promise]',
  'not a function':
    'var o = { a: 1 }, r = []; for (var f of [() => o.a(), () => o.b.c(), () => x1(), () => o["a"](1), () => new o.a(), () => o.b(), () => o.b?.(o.a()), () => o.c?.d.e() ?? o.q.r?.()]) try { f() } catch (e) { r.push(e.name + ": " + e.message) } return r',
  'typeof and in':
    'function f() {} return [typeof f, typeof (() => 1), typeof class {}, "name" in f, f instanceof Function, Object.prototype.toString.call(f), "prototype" in f, "prototype" in (() => 1), "prototype" in ({ m() {} }).m]',
  'no semicolons':
    'var a = 1\nvar f = function () { return a }\nf()\nvar b = f()\n;[1].forEach(x => b += x)\nvar c = b\nf()\nlet d = () => 2\nnew f()\nreturn [a, b, c, d()]',
  'arrows over lines':
    'var f = x =>\n  x + 1\nvar g = (\n a,\n b = 2\n) => ({\n s: a + b })\nvar h = (x) => { return x }\nreturn [f(1), g(1), h(2)]',
  'arrows of objects and sequences':
    'var f = () => ({}), g = x => (x, 2), h = (a) => a ? [a] : { b: a }; return [f(), g(1), h(1), h(0), (x => y => z => x + y + z)(1)(2)(3)]',
  'comments among the tokens':
    'var o = { f /* a ( */ (x /* ) */ = 1) { return x } }; return [o /* . */ . /* ( */ f /* ( */ (/* , */), (/* p */ (a /* , */, b) => /* { */ a + b /* } */)(1, 2), new /* x */ Array /* ( */ (3).length]',
  'regular expressions and templates':
    'return [/\\(x\\)/.test("(x)"), `${[1, 2].map(x => `<${x}>`).join("")}`, "a(b)".replace(/[()]/g, c => c === "(" ? "[" : "]")]',
  destructuring:
    'var f = () => ({ a: 1, b: [2, { c: 3 }] }); var { a, b: [x, { c = f().a }], ...rest } = f(); [x, a] = [a, x]; var o = {}; ({ a: o.p, b: [o["q"]] } = f()); return [a, x, c, rest, o]',
  'logical assignment and exponents':
    'var o = { f: null, g: () => 2 }; o.f ??= () => 5; o.h ||= o.g(); o.g &&= o.g() ** 2; return [o.f(), o.h, o.g, o.f.name]',
  'commas, conditions and void':
    'var n = 0, f = () => ++n; return [(f(), f()), true ? f() : f(), void f(), !f(), -f(), f() && f(), null ?? f(), n]',
  'deep recursion ends in a RangeError':
    'function f() { return f() + 1 } try { f() } catch (e) { return e instanceof RangeError }',
  'sloppy globals': 'undeclared = 5; var r = [undeclared, typeof undeclared, delete globalThis.undeclared]; return r',
  'a getter called by hand':
    'var d = Object.getOwnPropertyDescriptor({ get x() { return h() } }, "x").get; function h() { return this === undefined ? 1 : 2 } return [d.call({}), typeof d]',
  'functions as properties':
    'function f() { return f.count = (f.count || 0) + 1 } f(); f.sub = () => f() * 10; return [f.sub(), f.count, Object.keys(f)]',
  'callbacks that throw':
    'try { [1, 2].forEach(function each(x) { if (x === 2) throw new TypeError("at " + x) }) } catch (e) { return [e.name, e.message] }',
  'switch with calls':
    'function c(x) { return x } function f(v) { switch (c(v)) { case c(1): return "one"; case c(2): { let q = c("two"); return q } default: return c("none") } } return [f(1), f(2), f(3)]',
  'getters of patterns':
    'var n = 0; function tick() { return ++n } function f({ a, b = a }) { return [a, b] } return f({ get a() { return tick() } })',
  'arguments.callee':
    'function id(x) { return x } var f = function (n) { return n < 2 ? 1 : n * arguments.callee(n - 1) }; function g() { return (() => [arguments.callee === g, id(1)])() } return [f(5), [1, 2, 3].map(function (n) { return n < 2 ? 1 : n * arguments.callee(n - 1) }), g(), (function () { "use strict"; try { return id(arguments.callee) } catch (e) { return e.name } })()]',
  'arguments in an arrow of a default':
    'function h(x, n) { return x + ":" + n } function f(a, g = () => h(arguments[0], arguments.length)) { return g() } return [f(4), f.length]',
  'calls of what is in parentheses, with ?. inside':
    'var o = { v: 3, f() { return this && this.v }, g() { return h.call(this) }, a: { v: 4, t(s) { return s[0] + this.v } } }; function h() { return this.v } return [(o?.f)(), (o?.g)(), ((o?.g))?.(), (o?.f)?.(), (o.a?.t)`x`, (o?.a.t)(["y"]), (() => { try { return (o.z?.f)() } catch (e) { return e.name } })()]',
  'a callback after a call that failed before it began':
    'class A {} function leaf({ a }) { return a } function id(x) { return x } function each(x) { return id(x) } var r = []; for (var f of [() => A(), () => leaf()]) { try { f() } catch (e) { r.push(e.name) } r.push([1, 2].map(each)) } return r',
  'patterns that call something while they are taken apart':
    'function id(x) { return x } function leaf([a, b]) { return a + b } function* gen([a], { v }) { yield a + v } function count() { var i = 0; return { next: () => id({ value: ++i, done: i > 5 }) } } var it = { [Symbol.iterator]: () => count() }; var p = new Proxy({}, { get: () => id(7) }); class A { constructor(x) { this.x = x } } class B extends A { constructor([a]) { super(a) } } return [leaf(it), [...gen(it, p)], leaf([3, 4]), new B(it)]',
  'classes in the condition of a loop':
    'function id(x) { return x } var i = 0, cs = []; while (cs.push(class { #q = i; get() { return id(this.#q) } }), ++i < 3); do i--; while (cs.push(class { #q = i; get() { return id(this.#q) } }), i > 1); return cs.map((c) => new c().get())',
  'apply with what is no list':
    'function f() { return arguments.length } var r = [[5], ["ab"], [true], [{ length: 2 }], [new Set([1])], [null], [[, 1]]].map(([x]) => { try { return f.apply(null, x) } catch (e) { return e.message } }); try { Reflect.apply(f, null) } catch (e) { r.push(e.message) } return r',
  'helpers of iterators':
    'function id(x) { return x } if (typeof Iterator !== "function") return 0; return [...[1, 2].values().map((x) => id(x * 2)), [3].values().map((x) => id(x)).next(), Iterator.from({ next: () => id({ done: true }) }).next()]',
  'yield as a property': 'var o = { yield: 1, await: () => 2 }; return [o.yield, o.await()]',
};
