/** A script that cannot be compiled: `main.js:3:5: Unexpected token`. */
export class ScriptSyntaxError extends Error {
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(text: string, file: string, line: number, column: number) {
    super(`${file}:${line}:${column}: ${text}`);
    this.name = 'SyntaxError';
    this.file = file;
    this.line = line;
    this.column = column;
  }
}

/** The line and column of a place in a text, both from 1. */
export function lineAndColumn(source: string, position: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
