/** A line on a device's console. */
export interface OutputLine {
  /** Virtual time in nanoseconds. */
  readonly time: number;
  readonly thread: string;
  readonly text: string;
}

/** What a device printed: an array of lines that can be asked for a text. */
export class ConsoleOutput {
  readonly lines: OutputLine[] = [];

  /** Whether a line holds `text`. */
  includes(text: string): boolean {
    return this.lines.some((line) => line.text.includes(text));
  }

  /** All lines, without their times. */
  toString(): string {
    return this.lines.map((line) => line.text).join('\n');
  }
}
