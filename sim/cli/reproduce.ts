import type { RunArguments } from './run-options.ts';

/** An argument as a shell takes it. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command that runs the same again, with every option that matters for what happens. */
export function reproduceCommand(args: RunArguments, seed: number | string): string {
  const words = ['txsim', 'run', args.file, '--seed', String(seed)];
  if (args.vary !== undefined) words.push('--vary', args.vary);
  for (const pair of args.param ?? []) words.push('--param', pair);
  if (args.cpu !== undefined) words.push('--cpu', args.cpu);
  if (args.until !== undefined) words.push('--until', args.until);
  if (args.jsre) words.push('--jsre');
  if (args.fs !== undefined) words.push('--fs', args.fs);
  if (args.privileged) words.push('--privileged');
  if (args['real-time']) words.push('--real-time');
  for (const option of ['listen', 'connect', 'tunnel'] as const) {
    for (const rule of args[option] ?? []) words.push(`--${option}`, rule);
  }
  return words.map(quoted).join(' ');
}
