import type { Device } from '../../device.ts';
import { formatTime } from '../../duration.ts';
import { mistake, namedDevice } from '../names.ts';
import { expectation, type Expectation, type Finding, type Watch } from './expectation.ts';
import { Window, type WindowOptions } from './window.ts';

/** When, and how often, a line is expected. */
export interface OutputOptions extends WindowOptions {
  /** At least so many lines. Default: 1; 0 for a line that is never to appear. */
  readonly times?: number;
}

/** Lines that a failure shows. */
const SHOWN = 3;
/** Words of a pattern that are shorter say little about what was meant. */
const SHORTEST_WORD = 3;

/** Whether a line is meant: it holds the text, or the expression matches. */
function matcher(pattern: string | RegExp): (text: string) => boolean {
  if (typeof pattern === 'string') return (text) => text.includes(pattern);
  // Flags that remember where they were would make every other line match.
  const expression = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''));
  return (text) => expression.test(text);
}

/** The lines of a device that are most like what was expected, or its last ones. */
function closest(device: Device, pattern: string | RegExp, until: number): Finding {
  const lines = device.output.lines.filter(({ time }) => time <= until);
  if (lines.length === 0) return [`${device.name} printed nothing`];
  const source = typeof pattern === 'string' ? pattern : pattern.source.replaceAll(/\\[a-zA-Z]/g, ' ');
  const words = (source.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length >= SHORTEST_WORD);
  const score = (text: string): number =>
    words.filter((word) => text.toLowerCase().includes(word.toLowerCase())).length;
  const scored = lines.map((line, nth) => ({ line, nth, score: score(line.text) }));
  const alike = scored.filter((one) => one.score > 0).sort((a, b) => b.score - a.score || b.nth - a.nth);
  const shown = (alike.length > 0 ? alike.slice(0, SHOWN) : scored.slice(-SHOWN)).sort((a, b) => a.nth - b.nth);
  const heading = alike.length > 0 ? `the closest of ${lines.length} lines:` : `the last of ${lines.length} lines:`;
  return [heading, ...shown.map(({ line }) => `  ${formatTime(line.time)}  ${line.text}`)];
}

/**
 * Expects a line on a device's console: `expectOutput('client', /received/, { by: '5s' })`.
 *
 * @param pattern - a text that the line holds, or an expression that matches it
 */
export function expectOutput(device: string, pattern: string | RegExp, options: OutputOptions = {}): Expectation {
  const times = options.times ?? 1;
  const what = typeof pattern === 'string' ? `'${pattern}'` : String(pattern);
  const often = times > 1 ? `, ${times} times` : '';
  const title = times === 0 ? `${device} never prints ${what}` : `${device} prints ${what}${often}`;
  const verbTitle = typeof options.after === 'object' ? ` after ${options.after.text}` : '';
  return expectation({
    title: title + verbTitle,
    devices: [device],
    watch: (world): Watch => {
      const target = namedDevice(world, 'expectOutput', device);
      if (!Number.isInteger(times) || times < 0) {
        throw mistake(`expectOutput: times is ${times}`, 'give a whole number from 0 on');
      }
      if (typeof pattern !== 'string' && Object.prototype.toString.call(pattern) !== '[object RegExp]') {
        throw mistake(
          `expectOutput: the pattern is ${typeof pattern}`,
          'give a text or an expression, such as /^done/',
        );
      }
      const window = new Window(world, options);
      const isMeant = matcher(pattern);
      let count = 0;
      return {
        expected: `${title}${window.text}`,
        get deadline() {
          return window.deadline;
        },
        device,
        happened: (text, time) => window.happened(text, time),
        get neverBegan() {
          return window.neverBegan;
        },
        hear: ({ time, event }) => {
          if (event.type !== 'print' || !window.hasBegun(time) || !isMeant(event.text)) return null;
          count++;
          if (times === 0) return [`${formatTime(time)}  ${event.text}`];
          return count >= times ? 'held' : null;
        },
        judge: (time) => {
          if (times === 0) return window.neverBegan.length === 0 ? null : window.neverBegan;
          const counted = times > 1 || count > 0 ? [`${count} of ${times} lines came`] : [];
          return [...window.neverBegan, ...counted, ...closest(target, pattern, time)];
        },
      };
    },
  });
}
