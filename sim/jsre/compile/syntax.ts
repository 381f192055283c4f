import {
  parse,
  type AnyNode,
  type ArrowFunctionExpression,
  type FunctionDeclaration,
  type FunctionExpression,
  type Program,
  type Token,
} from 'acorn';
import { ScriptSyntaxError } from './script-error.ts';

/** A function of the script, of whatever form. */
export type FunctionNode =
  | FunctionDeclaration
  | FunctionExpression
  | ArrowFunctionExpression
  | Extract<AnyNode, { type: 'FunctionDeclaration' }>;

/** A script, parsed. */
export interface ParsedScript {
  readonly source: string;
  readonly file: string;
  readonly program: Program;
  readonly tokens: readonly Token[];
}

/**
 * Parses a plain script: sloppy unless it says otherwise, a `#!` line and a top-level `return` allowed.
 *
 * @throws ScriptSyntaxError with file, line and column
 */
export function parseScript(source: string, file: string): ParsedScript {
  const tokens: Token[] = [];
  try {
    const program = parse(source, {
      ecmaVersion: 'latest',
      sourceType: 'script',
      allowHashBang: true,
      allowReturnOutsideFunction: true,
      onToken: tokens,
    });
    return { source, file, program, tokens };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { loc } = error as SyntaxError & { loc?: { line: number; column: number } };
    const text = error.message.replace(/ \(\d+:\d+\)$/, '');
    throw new ScriptSyntaxError(text, file, loc?.line ?? 1, (loc?.column ?? 0) + 1);
  }
}

export function isFunctionNode(node: AnyNode): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

/** Whether a part that a node may have is there. */
export function isThere<T>(part: T | null | undefined): part is T {
  return part !== null && part !== undefined;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** The nodes right below a node, in the order of the text. */
export function childNodes(node: AnyNode): readonly AnyNode[] {
  const found = new Set<AnyNode>();
  for (const value of Object.values(node) as readonly unknown[]) {
    if (isNode(value)) found.add(value);
    else if (Array.isArray(value)) for (const one of value as readonly unknown[]) if (isNode(one)) found.add(one);
  }
  return [...found].sort((a, b) => a.start - b.start);
}

/** Finds tokens by their place in the text. */
export class TokenFinder {
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The number of the first token that begins at a place or after it. */
  indexFrom(position: number): number {
    let [low, high] = [0, this.#tokens.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#tokens[middle]?.start ?? Infinity) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first token with that text from a place on. */
  from(position: number, label: string): Token {
    for (let at = this.indexFrom(position); at < this.#tokens.length; at++) {
      const token = this.#tokens[at];
      if (token?.type.label === label) return token;
    }
    throw new RangeError(`no ${label} after ${position}`);
  }

  /** The last token before a place, or null. */
  before(position: number): Token | null {
    return this.#tokens[this.indexFrom(position) - 1] ?? null;
  }

  /** The parenthesis that opens the arguments of what ends at a place, or null where there are none before `end`. */
  argumentsOpen(position: number, end: number): Token | null {
    for (let at = this.indexFrom(position); at < this.#tokens.length; at++) {
      const token = this.#tokens[at];
      if (token === undefined || token.start >= end) return null;
      if (token.type.label === '(') return token;
      if (token.type.label !== ')' && token.type.label !== '?.') return null;
    }
    return null;
  }
}
