/**
 * Functions. `function f(a) { … }` becomes
 * `function f($j_a0) { return $j_.e($j_1 ??= function* $j_1(a) { … }, this, arguments); }`: what the script and the engine
 * see is still a function with its name and length, and its code is a generator's. Functions that cannot wait (generators,
 * async functions, getters, setters, constructors of derived classes, and those that call nothing) keep their form.
 */
import type { ArrowFunctionExpression, AnyNode } from 'acorn';
import type { FunctionState, Rewriter, Scope } from './rewriter.ts';
import { childNodes, isFunctionNode, type FunctionNode } from './syntax.ts';
import { callsSomething, countedParameters, isLeaf, type Uses } from './uses.ts';

/** What a function is besides its text. */
export type FunctionForm = 'function' | 'method' | 'accessor' | 'constructor' | 'derived constructor';

export function rewriteFunction(
  rewriter: Rewriter,
  node: FunctionNode,
  form: FunctionForm,
  name: string | null = null,
): void {
  const shownName = node.id?.name ?? name ?? rewriter.givenNames.get(node) ?? '<anonymous>';
  const uses = rewriter.uses.of(node);
  const isArrow = node.type === 'ArrowFunctionExpression';
  const { superName, newTargetName } = rewriter.state;
  const staysPlain =
    node.async ||
    node.generator ||
    form === 'accessor' ||
    form === 'derived constructor' ||
    isLeaf(node) ||
    // Only where they mean the same in a generator as outside of it.
    (isArrow && ((uses.super && superName === null) || (uses.newTarget && newTargetName === null)));
  if (staysPlain) rewritePlain(rewriter, node);
  else if (isArrow) new CooperativeFunction(rewriter, node, shownName, uses).arrow(node);
  else new CooperativeFunction(rewriter, node, shownName, uses).ordinary();
}

/** Behind the directives of a piece of code, and whether one of them is `'use strict'`. */
export function directives(
  rewriter: Rewriter,
  body: AnyNode,
  begin: number,
): { readonly end: number; readonly strict: boolean } {
  let end = begin;
  let strict = false;
  const statements = 'body' in body && Array.isArray(body.body) ? (body.body as readonly AnyNode[]) : [];
  for (const statement of statements) {
    if (statement.type !== 'ExpressionStatement' || statement.directive === undefined) break;
    end = statement.end;
    strict ||= statement.directive === 'use strict';
  }
  // What follows on the same line needs the directive's end to be told.
  if (end > begin && rewriter.script.source[end - 1] !== ';') rewriter.edits.at(end, ';');
  return { end, strict };
}

/** A function whose code becomes a generator's. */
class CooperativeFunction {
  readonly #rewriter: Rewriter;
  readonly #node: FunctionNode;
  readonly #uses: Uses;
  readonly #id: string;
  /** `$j_1 ??= function* $j_1`, or without the variable where nothing may be kept. */
  readonly #generator: string;
  /**
   * Parameters that call something cannot be a generator's: they become a declaration. Nor can those with arrow functions
   * that see `arguments`, which are kept under another name where the code begins.
   */
  readonly #movesParameters: boolean;
  readonly #dummies: readonly string[];
  readonly #state: FunctionState;
  readonly #scope: Scope = { kept: [] };

  constructor(rewriter: Rewriter, node: FunctionNode, name: string, uses: Uses) {
    const { prefix, state, scope } = rewriter;
    const isArrow = node.type === 'ArrowFunctionExpression';
    this.#rewriter = rewriter;
    this.#node = node;
    this.#uses = uses;
    this.#id = rewriter.name();
    rewriter.names.set(this.#id, name);
    const ownSuper = !isArrow && uses.super;
    const ownTarget = !isArrow && uses.newTarget;
    const ownCallee = !isArrow && uses.callee;
    const isKept = scope !== null && !ownSuper && !ownTarget && !ownCallee;
    if (isKept) scope.kept.push(this.#id);
    this.#generator = `${isKept ? `${this.#id} ??= ` : ''}function* ${this.#id}`;
    this.#movesParameters = node.params.some((one) => callsSomething(one) || seesArguments(rewriter, one));
    this.#dummies = Array.from({ length: countedParameters(node) }, (_, nth) => `${prefix}a${nth}`);
    this.#state = {
      cooperative: true,
      temporaries: [],
      argumentsName: isArrow ? (state.argumentsName ?? `${prefix}arguments`) : null,
      superName: isArrow ? state.superName : ownSuper ? `${prefix}super` : null,
      newTargetName: isArrow ? state.newTargetName : ownTarget ? `${prefix}target` : null,
      calleeName: isArrow ? state.calleeName : ownCallee ? `${prefix}called` : null,
    };
  }

  ordinary(): void {
    const { edits, tokens, prefix } = this.#rewriter;
    const { body, id, start } = this.#node;
    const open = tokens.from(id?.end ?? start, '(');
    const prologue = directives(this.#rewriter, body, body.start + 1);
    const { superName, newTargetName, calleeName } = this.#state;
    const before = [
      prologue.strict ? `'use strict'; ` : '',
      superName === null
        ? ''
        : `const ${superName} = ${prefix}.u((k) => super[k], (k, v) => { super[k] = v; return true; }); `,
      newTargetName === null ? '' : `const ${newTargetName} = new.target; `,
      calleeName === null ? '' : `const ${calleeName} = arguments; `,
    ];
    const list = this.#movesParameters ? `...${prefix}args) { var [` : '';
    edits.at(
      open.end,
      `${this.#dummies.join(', ')}) { ${before.join('')}return ${prefix}.e(${this.#generator}(${list}`,
    );
    this.#parameters();
    if (this.#movesParameters) this.#endList(tokens.before(body.start)?.start ?? body.start, body.start + 1);
    this.#code(prologue.end);
    edits.at(body.end, ', this, arguments); }');
  }

  arrow(node: ArrowFunctionExpression): void {
    const { edits, tokens, prefix } = this.#rewriter;
    const { params, body } = node;
    const arrow = this.#arrowToken(node);
    const close = tokens.before(arrow.start);
    const rest = params.length > this.#dummies.length ? [...this.#dummies, `...${prefix}rest`] : this.#dummies;
    const list = this.#movesParameters ? `...${prefix}args) { var [` : '';
    const begin = `${rest.join(', ')}) => ${prefix}.e(${this.#generator}(${list}`;
    const hasParentheses = close?.type.label === ')';
    if (hasParentheses) edits.at(tokens.from(node.start, '(').end, begin);
    else edits.at(node.start, `(${begin}`);
    this.#parameters();
    const isBlock = body.type === 'BlockStatement';
    const codeStart = isBlock ? body.start + 1 : arrow.end;
    if (this.#movesParameters) this.#endList(close?.start ?? arrow.start, codeStart);
    else edits.replace(arrow.start, arrow.end, `${hasParentheses ? '' : ')'}${isBlock ? '' : ' {'}`);
    if (isBlock) this.#code(directives(this.#rewriter, body, body.start + 1).end);
    else {
      this.#begin(arrow.end);
      edits.at(arrow.end, ' return (');
      this.#rewriter.within({ state: this.#state, scope: this.#scope }, () => this.#rewriter.visit(body));
      edits.at(node.end, '); }');
    }
    edits.at(node.end, `, ${this.#uses.this ? 'this' : 'void 0'}, [${rest.join(', ')}])`);
  }

  #arrowToken(node: ArrowFunctionExpression): { readonly start: number; readonly end: number } {
    const last = node.params.at(-1);
    return this.#rewriter.tokens.from(last?.end ?? node.start, '=>');
  }

  #parameters(): void {
    const state = this.#movesParameters ? this.#state : { ...this.#state, cooperative: false };
    this.#rewriter.within({ state, scope: null }, () => {
      for (const parameter of this.#node.params) this.#rewriter.visit(parameter);
    });
  }

  #endList(start: number, end: number): void {
    this.#rewriter.edits.replace(start, end, `] = ${this.#rewriter.prefix}args;`);
  }

  #code(begin: number): void {
    const { body } = this.#node;
    this.#begin(begin);
    this.#rewriter.within({ state: this.#state, scope: this.#scope }, () => {
      if (body.type === 'BlockStatement') this.#rewriter.statements(body.body);
    });
  }

  #begin(position: number): void {
    this.#rewriter.declare(position, this.#scope, this.#state.temporaries, keepArguments(this.#rewriter, this.#node));
  }
}

/** Whether an arrow function in a parameter refers to `arguments`. */
function seesArguments(rewriter: Rewriter, node: AnyNode): boolean {
  if (node.type === 'ArrowFunctionExpression') return rewriter.uses.of(node).arguments;
  return !isFunctionNode(node) && childNodes(node).some((child) => seesArguments(rewriter, child));
}

/** Arrow functions get their function's `arguments` under another name. */
function keepArguments(rewriter: Rewriter, node: FunctionNode): string {
  const isNeeded = node.type !== 'ArrowFunctionExpression' && rewriter.uses.of(node).argumentsInArrow;
  return isNeeded ? ` const ${rewriter.prefix}arguments = arguments;` : '';
}

/** A function that keeps its form: calls in it are the engine's, and run to their end. */
function rewritePlain(rewriter: Rewriter, node: FunctionNode): void {
  const { edits, prefix, tokens } = rewriter;
  const { state: outer } = rewriter;
  const isArrow = node.type === 'ArrowFunctionExpression';
  const scope: Scope = { kept: [] };
  const state: FunctionState = {
    cooperative: false,
    temporaries: [],
    argumentsName: isArrow ? outer.argumentsName : null,
    superName: isArrow ? outer.superName : null,
    newTargetName: isArrow ? outer.newTargetName : null,
    calleeName: isArrow ? outer.calleeName : null,
  };
  rewriter.within({ state, scope: null }, () => {
    for (const parameter of node.params) rewriter.visit(parameter);
  });
  const notCalled = node.generator ? '' : ` ${prefix}.p();`;
  const { body } = node;
  if (body.type !== 'BlockStatement') {
    const arrow = tokens.from(node.params.at(-1)?.end ?? node.start, '=>');
    edits.at(arrow.end, ` (${prefix}.p(), `);
    rewriter.within({ state, scope: null }, () => rewriter.visit(body));
    edits.at(node.end, ')');
    return;
  }
  const { end } = directives(rewriter, body, body.start + 1);
  rewriter.declare(end, scope, [], keepArguments(rewriter, node) + notCalled);
  rewriter.within({ state, scope }, () => rewriter.statements(body.body));
}
