import { MagicString } from 'magic-string';

/** A text to be put in, or one that is known only when everything has been seen. */
type Text = string | (() => string);

interface Edit {
  readonly start: number;
  /** The same as `start` for what is put in and replaces nothing. */
  readonly end: number;
  readonly text: Text;
}

/**
 * The changes to a script, in the order of its text. No change adds or takes a line, so that line numbers are those of the
 * source everywhere.
 */
export class Edits {
  readonly #source: string;
  readonly #edits: Edit[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  /** Puts a text in, behind what was put in at the same place before. */
  at(position: number, text: Text): void {
    this.#edits.push({ start: position, end: position, text });
  }

  /** Replaces a part of the source; its line ends stay. */
  replace(start: number, end: number, text: Text): void {
    this.#edits.push({ start, end, text });
  }

  /** Applies all of them. */
  apply(prefix: string, suffix: string): MagicString {
    const result = new MagicString(this.#source);
    for (const { start, end, text } of this.#edits) {
      const written = typeof text === 'string' ? text : text();
      if (start === end) {
        if (written !== '') result.appendLeft(start, written);
        continue;
      }
      const lines = this.#source.slice(start, end).split('\n').length - 1;
      result.update(start, end, written + '\n'.repeat(lines));
    }
    return result.prepend(prefix).append(suffix);
  }
}
