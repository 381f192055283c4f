import type { Status } from '../status-names.ts';
import { hexCode } from './lookup.ts';
import { explained, type ExplainedService, type ExplainedStatus } from './statuses.ts';

/** Columns of a page. */
const WIDTH = 100;
/** More services than these are told by name only, and not all of them. */
const TOLD = 10;
const NAMED = 24;

/** Breaks a text into lines of at most {@link WIDTH} columns. */
function wrap(text: string, indent: number, first = ' '.repeat(indent)): readonly string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    const isStart = line.trim() === '' || line === first;
    if (!isStart && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `${' '.repeat(indent)}${word}`;
    } else line += isStart ? word : ` ${word}`;
  }
  return [...lines, line];
}

/** Which services give a status. */
function givers({ services, elsewhere }: ExplainedStatus): readonly string[] {
  if (services.length === 0) {
    return [...wrap('Not given by any service here.', 2), ...(elsewhere === null ? [] : wrap(elsewhere, 2))];
  }
  if (services.length <= TOLD) {
    return [
      '  Given by',
      ...services.flatMap(({ service, when }) => wrap(when === '' ? service : `${service}: ${when}`, 6, '    ')),
    ];
  }
  const shown = services.slice(0, NAMED).map(({ service }) => service);
  const rest = services.length - shown.length;
  const more = rest === 0 ? '' : ` and ${rest} more (--json has them all)`;
  return [`  Given by ${services.length} services`, ...wrap(`${shown.join(', ')}${more}`, 4)];
}

/** All that is known of a status. */
export function statusPage(status: Status): string {
  const told = explained(status);
  const causes = told.causes.flatMap((cause) => wrap(cause, 6, '    - '));
  return [
    `${told.name}  ${hexCode(told.code)} (${told.code})  ${told.product}, ${told.family}`,
    ...wrap(told.meaning, 2),
    ...(causes.length === 0 ? [] : ['  Usual causes', ...causes]),
    ...givers(told),
  ].join('\n');
}

/** The statuses of a service, each with when it comes. */
export function servicePage({ name, statuses }: ExplainedService): string {
  if (statuses.length === 0) return `${name} gives no status.`;
  return [
    `${name} gives`,
    ...statuses.flatMap((status) => [
      `  ${status.name}  ${hexCode(status.code)}`,
      ...wrap(status.meaning, 4),
      ...(status.when === '' ? [] : wrap(`Here: ${status.when}.`, 4)),
    ]),
  ].join('\n');
}

/** Names that have the words in them, one line each. */
export function matchesPage(statuses: readonly Status[], services: readonly string[]): string {
  const width = Math.max(0, ...statuses.map(({ name }) => name.length));
  return [
    ...statuses.flatMap((status) =>
      wrap(explained(status).meaning, width + 8, `${status.name.padEnd(width)}  ${hexCode(status.code).padEnd(5)} `),
    ),
    ...services,
  ].join('\n');
}
