import { UsageError } from './exit-codes.ts';

/** Options that may be given more than once, by the names under which yargs has them. */
const REPEATED: ReadonlySet<string> = new Set([
  '_',
  'param',
  'pcap-link',
  'pcapLink',
  'listen',
  'connect',
  'tunnel',
  'name',
  'ip',
  'format',
]);

/**
 * Checks the arguments of any command: of an option that is given twice yargs makes a list, and nobody knows which one is
 * meant.
 *
 * @throws UsageError that names the option
 */
export function eachOnce(args: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(args)) {
    // Aliases of one letter stand beside the whole name.
    if (!Array.isArray(value) || REPEATED.has(name) || name.length === 1) continue;
    throw new UsageError(`--${name} is given twice`);
  }
  return true;
}
