import type { Argv, CommandModule } from 'yargs';
import { lookup, type Found } from '../explain/lookup.ts';
import { matchesPage, servicePage, statusPage } from '../explain/page.ts';
import { explained, explainedService } from '../explain/statuses.ts';
import { UsageError } from './exit-codes.ts';

interface ExplainArguments {
  readonly what: string | undefined;
  readonly json: boolean;
}

/** What was found, to be read. */
function page(found: Exclude<Found, { kind: 'unknown' }>): string {
  if (found.kind === 'service') return servicePage(explainedService(found.service));
  if (found.kind === 'statuses') return found.statuses.map(statusPage).join('\n\n');
  return matchesPage(found.statuses, found.services);
}

/** What was found, for programs. */
function facts(found: Exclude<Found, { kind: 'unknown' }>): object {
  if (found.kind === 'service') return { statuses: [], services: [explainedService(found.service)] };
  const services = found.kind === 'matches' ? found.services : [];
  return { statuses: found.statuses.map(explained), services: services.map(explainedService) };
}

/** `txsim explain`: what a status means, and which statuses a service gives. */
export const explainCommand: CommandModule<object, ExplainArguments> = {
  command: 'explain [what]',
  describe: 'Tell what a status means, who gives it and why, or which statuses a service gives',
  builder: (yargs: Argv): Argv<ExplainArguments> =>
    yargs
      .positional('what', { type: 'string', describe: 'a code (7, 0x10C), a status or service, or a part of its name' })
      .option('json', { type: 'boolean', default: false, describe: 'print it as JSON' })
      .example('$0 explain 0x10C', 'the statuses of a number')
      .example('$0 explain nx_udp_socket_send', 'the statuses of a service'),
  handler: ({ what, json }) => {
    if (what === undefined || what.trim() === '') throw new UsageError('usage: txsim explain <code|name>');
    const found = lookup(what);
    if (found.kind === 'unknown') {
      throw new UsageError(`no status or service is called ${what}; nearest: ${found.nearest.join(', ')}`);
    }
    process.stdout.write(`${json ? JSON.stringify(facts(found), null, 2) : page(found)}\n`);
  },
};
