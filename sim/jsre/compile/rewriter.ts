import type { AnyNode, Identifier } from 'acorn';
import { rewriteCall, rewriteChain, rewriteNew, rewriteTagged } from './calls.ts';
import { rewriteClass } from './classes.ts';
import { Edits } from './edits.ts';
import { rewriteFunction } from './functions.ts';
import { rewriteLoop } from './loops.ts';
import { lineAndColumn, ScriptSyntaxError } from './script-error.ts';
import { childNodes, isThere, TokenFinder, type ParsedScript } from './syntax.ts';
import { callsSomething, isCallee, UseTable } from './uses.ts';

/** What is known of the function whose code is being rewritten. */
export interface FunctionState {
  /** Its code runs in a generator, so that calls in it may wait. */
  readonly cooperative: boolean;
  /** Variables that hold the object of a method call; declared where the code begins. */
  readonly temporaries: string[];
  /** What `arguments`, `super` and `new.target` are called in its code, where they would mean something else there. */
  readonly argumentsName: string | null;
  readonly superName: string | null;
  readonly newTargetName: string | null;
  /** Whose `callee` is the function itself, where that of `arguments` would be its generator. */
  readonly calleeName: string | null;
}

/**
 * A scope in which functions are made. The generator of each is made once per scope, when the function is called first,
 * and kept in a variable of that scope: engines take long to call a generator function that is new.
 */
export interface Scope {
  readonly kept: string[];
}

/** Rewrites a script; the parts for calls, functions, classes and loops are in files of their own. */
export class Rewriter {
  readonly script: ParsedScript;
  readonly edits: Edits;
  readonly tokens: TokenFinder;
  readonly uses: UseTable;
  /** What begins every name that is put in; the script has no name that begins so. */
  readonly prefix: string;
  /** Names of the generators in the output, and the names of the functions they stand for. */
  readonly names = new Map<string, string>();
  /** The names that functions get by where they stand, for stack traces. */
  readonly givenNames = new Map<AnyNode, string>();
  state: FunctionState = {
    cooperative: true,
    temporaries: [],
    argumentsName: null,
    superName: null,
    newTargetName: null,
    calleeName: null,
  };
  scope: Scope | null = { kept: [] };
  #lastName = 0;

  constructor(script: ParsedScript) {
    this.script = script;
    this.edits = new Edits(script.source);
    this.tokens = new TokenFinder(script.tokens);
    this.uses = new UseTable(script.program);
    this.prefix = freePrefix(script.source);
  }

  /** A name that the script does not have. */
  name(): string {
    return `${this.prefix}${++this.#lastName}`;
  }

  /** A variable of the function that is being rewritten. */
  temporary(): string {
    const name = this.name();
    this.state.temporaries.push(name);
    return name;
  }

  /** What is called, as an error message shows it, in quotes. */
  shown(node: AnyNode): string {
    return JSON.stringify(describeCallee(node));
  }

  /** The error for what scripts may not contain. */
  unsupported(node: AnyNode, what: string): ScriptSyntaxError {
    const { line, column } = lineAndColumn(this.script.source, node.start);
    return new ScriptSyntaxError(`${what} cannot run here`, this.script.file, line, column);
  }

  /** Rewrites something in another function's state or another scope. */
  within(change: { readonly state?: FunctionState; readonly scope?: Scope | null }, rewrite: () => void): void {
    const { state, scope } = this;
    if (change.state !== undefined) this.state = change.state;
    if (change.scope !== undefined) this.scope = change.scope;
    rewrite();
    this.state = state;
    this.scope = scope;
  }

  /** Declares what a scope turns out to keep; `more` is what a function's beginning has besides. */
  declare(position: number, scope: Scope, temporaries: readonly string[] = [], more = ''): void {
    this.edits.at(position, () => {
      const kept = scope.kept.length === 0 ? '' : ` let ${scope.kept.join(', ')};`;
      return (temporaries.length === 0 ? '' : ` var ${temporaries.join(', ')};`) + kept + more;
    });
  }

  /** Rewrites a statement list in a scope of its own that begins at `position`. */
  block(position: number, body: readonly AnyNode[], more = ''): void {
    const scope = { kept: [] };
    this.declare(position, scope, [], more);
    this.within({ scope }, () => this.statements(body));
  }

  statements(body: readonly AnyNode[]): void {
    for (const statement of body) {
      if (statement.type === 'ExpressionStatement' && this.state.cooperative && statement.directive === undefined) {
        // What is put in begins with a parenthesis, which would go on with the line before.
        const before = this.tokens.before(statement.start)?.type.label;
        if (before !== undefined && before !== ';' && before !== '{') this.edits.at(statement.start, ';');
      }
      this.visit(statement);
    }
  }

  children(node: AnyNode): void {
    for (const child of childNodes(node)) this.visit(child);
  }

  visit(node: AnyNode): void {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return rewriteFunction(this, node, 'function');
      case 'ClassDeclaration':
      case 'ClassExpression':
        return rewriteClass(this, node);
      case 'CallExpression':
        return rewriteCall(this, node);
      case 'NewExpression':
        return rewriteNew(this, node);
      case 'TaggedTemplateExpression':
        return rewriteTagged(this, node);
      case 'ChainExpression':
        return rewriteChain(this, node);
      case 'UnaryExpression':
        if (node.operator === 'delete' && node.argument.type === 'ChainExpression') {
          return rewriteChain(this, node.argument, node);
        }
        return this.children(node);
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        return rewriteLoop(this, node);
      case 'Program':
        return this.statements(node.body);
      case 'BlockStatement':
        return this.block(node.start + 1, node.body);
      case 'SwitchStatement':
        this.visit(node.discriminant);
        return this.within({ scope: null }, () => {
          for (const one of node.cases) {
            if (isThere(one.test)) this.visit(one.test);
            this.statements(one.consequent);
          }
        });
      case 'CatchClause':
        return this.#catchClause(node);
      case 'Property':
        return this.#property(node);
      case 'MemberExpression':
        if (this.state.calleeName !== null && isCallee(node)) {
          return this.edits.replace(node.object.start, node.object.end, this.state.calleeName);
        }
        this.visit(node.object);
        if (node.computed) this.visit(node.property);
        return;
      case 'VariableDeclarator':
        if (isThere(node.init)) this.givenNames.set(node.init, this.#keyText(node.id));
        return this.children(node);
      case 'AssignmentExpression':
        this.givenNames.set(node.right, this.#keyText(node.left));
        return this.children(node);
      case 'AssignmentPattern':
        return this.#defaultValue(node);
      case 'Identifier':
        return this.#identifier(node);
      case 'Super':
        if (this.state.superName !== null) this.edits.replace(node.start, node.end, this.state.superName);
        return;
      case 'MetaProperty':
        if (this.state.newTargetName !== null) this.edits.replace(node.start, node.end, this.state.newTargetName);
        return;
      case 'WithStatement':
        throw this.unsupported(node, 'the with statement');
      case 'ImportExpression':
        throw this.unsupported(node, 'import() (use require)');
      case 'LabeledStatement':
        return this.visit(node.body);
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      default:
        return this.children(node);
    }
  }

  #property(node: Extract<AnyNode, { type: 'Property' }>): void {
    if (node.computed) this.visit(node.key);
    if (node.shorthand && node.value.type === 'Identifier') {
      const { argumentsName } = this.state;
      if (node.value.name === 'arguments' && argumentsName !== null)
        this.edits.at(node.value.end, `: ${argumentsName}`);
      return;
    }
    if (node.value.type === 'FunctionExpression' && (node.method || node.kind !== 'init')) {
      rewriteFunction(this, node.value, node.kind === 'init' ? 'method' : 'accessor', this.#keyText(node.key));
      return;
    }
    if (!node.shorthand) this.givenNames.set(node.value, this.#keyText(node.key));
    this.visit(node.value);
  }

  #keyText(node: AnyNode): string {
    return this.script.source.slice(node.start, node.end);
  }

  #catchClause({ param, body }: Extract<AnyNode, { type: 'CatchClause' }>): void {
    if (isThere(param)) this.within({ scope: null }, () => this.visit(param));
    // What the runtime itself throws, for want of stack say, becomes an error of the script's own kind.
    const own = param?.type === 'Identifier' ? ` ${param.name} = ${this.prefix}.k(${param.name});` : '';
    this.block(body.start + 1, body.body, own);
  }

  /** A default that calls something, in a function that cannot wait: what it calls is not what was called. */
  #defaultValue(node: Extract<AnyNode, { type: 'AssignmentPattern' }>): void {
    this.visit(node.left);
    const isFirst = !this.state.cooperative && callsSomething(node.right);
    if (isFirst) this.edits.at(node.right.start, `(${this.prefix}.p(), `);
    this.visit(node.right);
    if (isFirst) this.edits.at(node.right.end, ')');
  }

  #identifier(node: Identifier): void {
    const { argumentsName } = this.state;
    if (node.name === 'arguments' && argumentsName !== null) this.edits.replace(node.start, node.end, argumentsName);
  }
}

/** `o.m`, `f(...).x`: as the engine describes what is no function. */
function describeCallee(node: AnyNode): string {
  switch (node.type) {
    case 'Identifier':
      return node.name;
    case 'PrivateIdentifier':
      return `#${node.name}`;
    case 'ThisExpression':
      return 'this';
    case 'ChainExpression':
      return describeCallee(node.expression);
    case 'CallExpression':
      return `${describeCallee(node.callee)}(...)`;
    case 'MemberExpression': {
      const object = describeCallee(node.object);
      if (!node.computed) return `${object}${node.optional ? '?.' : '.'}${describeCallee(node.property)}`;
      const { property } = node;
      if (property.type === 'Literal') {
        return typeof property.value === 'string'
          ? `${object}.${property.value}`
          : `${object}[${String(property.raw)}]`;
      }
      return `${object}${node.optional ? '?.' : ''}[${describeCallee(property)}]`;
    }
    default:
      return '(intermediate value)';
  }
}

/** A short prefix that no name of the script begins with. */
function freePrefix(source: string): string {
  for (let number = 0; ; number++) {
    const prefix = `$j${number === 0 ? '' : number}_`;
    if (!source.includes(prefix)) return prefix;
  }
}
