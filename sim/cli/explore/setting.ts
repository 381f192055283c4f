import type { CpuProfileName } from '../../../kernel/cpu-profiles.ts';
import type { SeedFailure } from '../../explore/report.ts';
import { quoted } from '../reproduce.ts';

/** What a worker has to know of an exploration. */
export interface ExploreSetting {
  /** The scenario's file, as it was typed. */
  readonly file: string;
  readonly until: string | null;
  /** `name=value` pairs. */
  readonly params: readonly string[];
  readonly cpu: CpuProfileName | null;
  /** Wall time that a run may take, in milliseconds. */
  readonly timeout: number;
  /** Whether every seed is run twice and compared. */
  readonly checkDeterminism: boolean;
}

/** Something for a worker to do. */
export type Task =
  | { readonly kind: 'seed'; readonly seed: number }
  | {
      readonly kind: 'shrink';
      readonly seed: number;
      readonly failure: Pick<SeedFailure, 'kind' | 'title'>;
      /** Runs that may be made. */
      readonly budget: number;
      /** The folder to write the failure's files into; null for none. */
      readonly folder: string | null;
    };

/** The command that runs a seed of an exploration again. */
export function exploreReproduce(
  setting: Pick<ExploreSetting, 'file' | 'params' | 'cpu'>,
  seed: number,
  vary: string,
  until: string | null,
): string {
  const words = ['txsim', 'run', setting.file, '--seed', String(seed)];
  if (vary !== '') words.push('--vary', vary);
  for (const pair of setting.params) words.push('--param', pair);
  if (setting.cpu !== null) words.push('--cpu', setting.cpu);
  if (until !== null) words.push('--until', until);
  return words.map(quoted).join(' ');
}
