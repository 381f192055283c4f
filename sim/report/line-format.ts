import type { StoryLine } from './story.ts';

/** How lines of the story are laid out. */
export interface LineFormat {
  /** Widths of the device and the thread column, in characters. */
  readonly device: number;
  readonly thread: number;
  /** Whether to use colours (ANSI). */
  readonly colour: boolean;
}

const COLOURS = [36, 33, 35, 32, 34, 31];

/** A colour of its own for each device, by its place in the world; the network's lines are dim. */
function paint(text: string, index: number): string {
  return index < 0 ? `\x1b[2m${text}\x1b[0m` : `\x1b[${COLOURS[index % COLOURS.length] ?? 36}m${text}\x1b[0m`;
}

/** `    0.010042 s  client  main      DTLS ClientHello to 192.168.1.150:4443 (flight 1)` */
export function formatLine(line: StoryLine, index: number, format: LineFormat): string {
  const time = `${(line.time / 1e9).toFixed(6).padStart(12)} s`;
  const device = line.device.padEnd(format.device);
  const thread = line.thread.padEnd(format.thread);
  const text = `${time}  ${device}  ${thread}  ${line.text}`;
  return format.colour ? paint(text, index) : text;
}
