import type { AxisMode } from './axis.ts';

/** What a link to a place in the page holds. */
export interface Place {
  /** Number of the selected event in the run, or -1. */
  readonly event: number;
  /** Times in sight, in nanoseconds; null for the whole run. */
  readonly window: readonly [number, number] | null;
  readonly filter: string;
  readonly mode: AxisMode;
}

/** The part of the page's address after `#`. */
export function toHash({ event, window, filter, mode }: Place): string {
  const parts = new URLSearchParams();
  if (event >= 0) parts.set('event', String(event));
  if (window !== null) parts.set('window', window.map((time) => Math.max(0, Math.round(time))).join('-'));
  if (filter !== '') parts.set('filter', filter);
  if (mode === 'true') parts.set('time', 'true');
  return parts.toString();
}

/** The place that a hash stands for; what makes no sense in it is left out. */
export function fromHash(hash: string): Place {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const event = /^\d+$/.exec(parts.get('event') ?? '')?.[0];
  const [, from, to] = /^(\d+)-(\d+)$/.exec(parts.get('window') ?? '') ?? [];
  return {
    event: event === undefined ? -1 : Number(event),
    window: from === undefined || to === undefined || Number(to) <= Number(from) ? null : [Number(from), Number(to)],
    filter: parts.get('filter') ?? '',
    mode: parts.get('time') === 'true' ? 'true' : 'squeezed',
  };
}
