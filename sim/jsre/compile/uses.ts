import type { AnyNode } from 'acorn';
import { childNodes, isFunctionNode, type FunctionNode } from './syntax.ts';

/** What the code of a function refers to, its arrow functions included. */
export interface Uses {
  this: boolean;
  super: boolean;
  newTarget: boolean;
  arguments: boolean;
  /** `arguments` is referred to in an arrow function, whose own code gets others. */
  argumentsInArrow: boolean;
  /** `arguments.callee`, which in a generator would be the generator. */
  callee: boolean;
}

/** What the functions of a script refer to. */
export class UseTable {
  readonly #uses = new Map<AnyNode, Uses>();

  constructor(program: AnyNode) {
    this.#walk(program, [this.of(program)]);
  }

  of(node: AnyNode): Uses {
    let uses = this.#uses.get(node);
    if (uses === undefined) {
      uses = { this: false, super: false, newTarget: false, arguments: false, argumentsInArrow: false, callee: false };
      this.#uses.set(node, uses);
    }
    return uses;
  }

  /** @param lexical - whose `this` it is: arrow functions from the innermost out, and what they are in */
  #walk(node: AnyNode, lexical: readonly Uses[]): void {
    const note = (use: 'this' | 'super' | 'newTarget' | 'arguments' | 'callee'): void => {
      for (const uses of lexical) uses[use] = true;
      const home = lexical.at(-1);
      if (use === 'arguments' && lexical.length > 1 && home !== undefined) home.argumentsInArrow = true;
    };
    if (node.type === 'ThisExpression') note('this');
    else if (node.type === 'Super') {
      note('super');
      note('this');
    } else if (node.type === 'MetaProperty') note('newTarget');
    else if (node.type === 'Identifier' && node.name === 'arguments') note('arguments');
    else if (isCallee(node)) note('callee');
    if (isFunctionNode(node)) {
      const own = this.of(node);
      const inner = node.type === 'ArrowFunctionExpression' ? [own, ...lexical] : [own];
      for (const child of childNodes(node)) this.#walk(child, inner);
      return;
    }
    const isBorder = node.type === 'PropertyDefinition' || node.type === 'StaticBlock';
    for (const child of childNodes(node)) {
      const isKey = 'key' in node && node.key === child;
      this.#walk(child, isBorder && !isKey ? [this.of(node)] : lexical);
    }
  }
}

/** Whether a node is `arguments.callee`. */
export function isCallee(node: AnyNode): boolean {
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return false;
  const { object, property, computed } = node;
  return object.name === 'arguments' && !computed && property.type === 'Identifier' && property.name === 'callee';
}

/** Whether evaluating a node calls anything, functions inside it left aside. */
export function callsSomething(node: AnyNode): boolean {
  if (node.type === 'CallExpression' || node.type === 'NewExpression' || node.type === 'TaggedTemplateExpression')
    return true;
  if (isFunctionNode(node)) return false;
  return childNodes(node).some(callsSomething);
}

const LOOPS = new Set(['WhileStatement', 'DoWhileStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement']);

/**
 * Whether the code of a function neither calls anything nor loops: it cannot wait, and ends by itself. Patterns of
 * parameters take things apart before the code begins, and may call what iterates.
 */
export function isLeaf(node: FunctionNode): boolean {
  if (!node.params.every(isPlainParameter)) return false;
  const isQuiet = (part: AnyNode): boolean => {
    if (isFunctionNode(part)) return true;
    if (LOOPS.has(part.type) || part.type === 'CallExpression' || part.type === 'NewExpression') return false;
    if (part.type === 'TaggedTemplateExpression' || part.type === 'WithStatement') return false;
    return childNodes(part).every(isQuiet);
  };
  return childNodes(node).every(isQuiet);
}

function isPlainParameter(parameter: AnyNode): boolean {
  if (parameter.type === 'AssignmentPattern') return isPlainParameter(parameter.left);
  if (parameter.type === 'RestElement') return isPlainParameter(parameter.argument);
  return parameter.type === 'Identifier';
}

/** Whether a node is a class, or makes one that is not inside of a function. */
export function makesClass(node: AnyNode): boolean {
  if (node.type === 'ClassExpression') return true;
  return !isFunctionNode(node) && childNodes(node).some(makesClass);
}

/** How many parameters a function's `length` counts. */
export function countedParameters(node: FunctionNode): number {
  const at = node.params.findIndex(({ type }) => type === 'AssignmentPattern' || type === 'RestElement');
  return at < 0 ? node.params.length : at;
}
