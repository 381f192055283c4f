import { readFileSync } from 'node:fs';

/** A document, as its tests look at it. */
export interface Document {
  readonly text: string;
  /** The code blocks of a language. */
  readonly blocks: (language: string) => readonly string[];
  /** The cells of the table below a heading, row by row, without the marks of code; none of its head. */
  readonly table: (heading: string) => readonly (readonly string[])[];
}

export function readDocument(path: string): Document {
  const text = readFileSync(path, 'utf8');
  return {
    text,
    blocks: (language) =>
      [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, name, code]) =>
        name === language && code !== undefined ? [code] : [],
      ),
    table: (heading) => {
      const [, section = ''] = text.split(`\n${heading}\n`);
      const [ofSection = ''] = section.split(/^#/m);
      const [table = ''] = /^(\|.*\n)+/m.exec(ofSection) ?? [];
      return rowsOf(table).slice(2);
    },
  };
}

/** The rows of a table's text. */
export const rowsOf = (table: string): readonly (readonly string[])[] =>
  table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split(' |')
        .map((cell) => cell.replaceAll(/[`\\]/g, '').trim()),
    );

/** Code without what a formatter changes of it: white space, and commas behind the last of several things. */
export const bare = (code: string): string => code.replaceAll(/\s/g, '').replaceAll(/,(?=[)\]}])/g, '');
