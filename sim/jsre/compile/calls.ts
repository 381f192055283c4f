/**
 * Calls. `f(x)` becomes `(yield* $j_.c(f, void 0, "f", x))`, and `o.m(x)` becomes `(yield* $j_.c(o.m, o, "o.m", x))`: the
 * function, its `this`, its text for error messages, its arguments. In code that cannot wait, calls stay what they are.
 */
import type {
  AnyNode,
  CallExpression,
  ChainExpression,
  Expression,
  MemberExpression,
  NewExpression,
  Super,
  TaggedTemplateExpression,
  UnaryExpression,
} from 'acorn';
import type { Rewriter } from './rewriter.ts';

type Callee = Expression | Super;

/** Rewrites what is called; gives the text of its `this`. */
function rewriteCallee(rewriter: Rewriter, callee: Callee): string {
  // `(a?.b)()`: parentheses end the chain, and `b` is called as a method all the same.
  if (callee.type === 'ChainExpression' && callee.expression.type === 'MemberExpression') {
    const chain = new Chain(rewriter, callee, false);
    const self = chain.method(callee.expression);
    rewriter.edits.at(callee.end, chain.closing);
    return self;
  }
  if (callee.type !== 'MemberExpression') {
    rewriter.visit(callee);
    return 'void 0';
  }
  const { object } = callee;
  if (object.type === 'Super' || object.type === 'ThisExpression' || object.type === 'Identifier') {
    rewriter.visit(callee);
    if (object.type !== 'Identifier') return 'this';
    const { argumentsName } = rewriter.state;
    return object.name === 'arguments' && argumentsName !== null ? argumentsName : object.name;
  }
  const kept = rewriter.temporary();
  rewriter.edits.at(callee.start, `(${kept} = `);
  rewriter.visit(object);
  rewriter.edits.at(memberSign(rewriter, callee), ')');
  if (callee.computed) rewriter.visit(callee.property);
  return kept;
}

/** Where the `.`, `?.` or `[` of a member begins. */
function memberSign(rewriter: Rewriter, { object, computed, optional }: MemberExpression): number {
  return rewriter.tokens.from(object.end, optional ? '?.' : computed ? '[' : '.').start;
}

function rewriteArguments(rewriter: Rewriter, args: readonly AnyNode[], end: number): void {
  for (const argument of args) rewriter.visit(argument);
  rewriter.edits.at(end, ')');
}

/** `, this, "text", ` in place of the parenthesis that opens the arguments. */
function openArguments(rewriter: Rewriter, node: CallExpression | NewExpression, before: string): void {
  const open = rewriter.tokens.argumentsOpen(node.callee.end, node.end);
  const text = `, ${before}${rewriter.shown(node.callee)}`;
  if (open === null) rewriter.edits.at(node.end, `${text})`);
  else rewriter.edits.replace(open.start, open.end, text + (node.arguments.length === 0 ? '' : ', '));
}

export function rewriteCall(rewriter: Rewriter, node: CallExpression): void {
  if (!rewriter.state.cooperative || node.callee.type === 'Super') return rewriter.children(node);
  rewriter.edits.at(node.start, `(yield* ${rewriter.prefix}.c(`);
  const self = rewriteCallee(rewriter, node.callee);
  openArguments(rewriter, node, `${self}, `);
  rewriteArguments(rewriter, node.arguments, node.end);
}

export function rewriteNew(rewriter: Rewriter, node: NewExpression): void {
  if (!rewriter.state.cooperative) return rewriter.children(node);
  rewriter.edits.replace(node.start, node.start + 'new'.length, `(yield* ${rewriter.prefix}.n(`);
  rewriter.visit(node.callee);
  openArguments(rewriter, node, '');
  rewriteArguments(rewriter, node.arguments, node.end);
}

export function rewriteTagged(rewriter: Rewriter, node: TaggedTemplateExpression): void {
  if (!rewriter.state.cooperative) return rewriter.children(node);
  rewriter.edits.at(node.start, `(yield* ${rewriter.prefix}.c(`);
  const self = rewriteCallee(rewriter, node.tag);
  // The template itself stays one, so that its strings are the same object at every call.
  rewriter.edits.at(node.quasi.start, `, ${self}, ${rewriter.shown(node.tag)}, ...${rewriter.prefix}.g`);
  rewriter.visit(node.quasi);
  rewriter.edits.at(node.end, '))');
}

/**
 * A chain with `?.` and calls. `a?.b(x).c` becomes `((t = a) == null ? void 0 : (yield* $j_.c(t.b, t, "a?.b", x)).c)`:
 * what stands in front of a call further out goes behind the question.
 */
export function rewriteChain(rewriter: Rewriter, node: ChainExpression, deletion: UnaryExpression | null = null): void {
  if (!rewriter.state.cooperative || !hasCall(node.expression)) return rewriter.children(node);
  const chain = new Chain(rewriter, node, deletion !== null);
  if (deletion !== null) rewriter.edits.replace(deletion.start, deletion.start + 'delete'.length, '');
  chain.rewrite(node.expression, deletion === null ? '' : 'delete ');
  rewriter.edits.at(node.end, chain.closing);
}

function hasCall(node: AnyNode): boolean {
  if (node.type === 'CallExpression') return true;
  return node.type === 'MemberExpression' && hasCall(node.object);
}

class Chain {
  readonly #rewriter: Rewriter;
  readonly #start: number;
  readonly #otherwise: string;
  /** The parentheses of all questions, which end where the chain ends. */
  closing = '';

  constructor(rewriter: Rewriter, node: ChainExpression, deletes: boolean) {
    this.#rewriter = rewriter;
    this.#start = node.start;
    this.#otherwise = deletes ? 'true' : 'void 0';
  }

  /** @param front - what has to stand in front of this part of the chain */
  rewrite(node: Callee, front: string): void {
    // Everything on the way to the chain's end begins where it begins; what does not is in parentheses of its own.
    const isPart = node.start === this.#start;
    if (isPart && node.type === 'CallExpression') this.#call(node, front);
    else if (isPart && node.type === 'MemberExpression') this.#member(node, front, false);
    else {
      this.#rewriter.edits.at(this.#start, front);
      this.#rewriter.visit(node);
    }
  }

  /** Rewrites the chain of a method that is called from outside of it; gives the text of the call's `this`. */
  method(node: MemberExpression): string {
    return this.#member(node, '', true) ?? 'void 0';
  }

  #call(node: CallExpression, front: string): void {
    const { edits, prefix } = this.#rewriter;
    const begin = `(yield* ${prefix}.c(`;
    if (!node.optional) {
      const self = this.#callee(node.callee, front + begin);
      openArguments(this.#rewriter, node, `${self}, `);
    } else {
      const kept = this.#rewriter.temporary();
      const self = this.#callee(node.callee, `((${kept} = `);
      const sign = this.#rewriter.tokens.from(node.callee.end, '?.');
      const open = this.#rewriter.tokens.from(sign.end, '(');
      const shown = this.#rewriter.shown(node.callee);
      const rest = node.arguments.length === 0 ? '' : ', ';
      edits.replace(sign.start, open.end, `${this.#question(front + begin)}${kept}, ${self}, ${shown}${rest}`);
    }
    rewriteArguments(this.#rewriter, node.arguments, node.end);
  }

  /** Gives the text of the callee's `this`. */
  #callee(node: Callee, front: string): string {
    if (node.type === 'MemberExpression') {
      if (node.start === this.#start) return this.#member(node, front, true) ?? 'void 0';
      this.#rewriter.edits.at(this.#start, front);
      return rewriteCallee(this.#rewriter, node);
    }
    if (node.type === 'ChainExpression') {
      this.#rewriter.edits.at(this.#start, front);
      return rewriteCallee(this.#rewriter, node);
    }
    this.rewrite(node, front);
    return 'void 0';
  }

  /** Gives the variable that holds the object, where one is asked for. */
  #member(node: MemberExpression, front: string, keepsObject: boolean): string | null {
    const { edits } = this.#rewriter;
    let kept: string | null = null;
    if (node.object.type === 'Super') {
      edits.at(this.#start, front);
      this.#rewriter.visit(node.object);
      kept = 'this';
    } else if (node.optional) {
      kept = this.#rewriter.temporary();
      this.rewrite(node.object, `((${kept} = `);
      const sign = this.#rewriter.tokens.from(node.object.end, '?.');
      edits.replace(sign.start, sign.end, `${this.#question(front)}${kept}${node.computed ? '' : '.'}`);
    } else if (keepsObject) {
      kept = this.#rewriter.temporary();
      this.rewrite(node.object, `${front}(${kept} = `);
      edits.at(memberSign(this.#rewriter, node), ')');
    } else {
      this.rewrite(node.object, front);
    }
    if (node.computed) this.#rewriter.visit(node.property);
    return kept;
  }

  #question(then: string): string {
    this.closing += ')';
    return `) == null ? ${this.#otherwise} : ${then}`;
  }
}
