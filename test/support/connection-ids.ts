import type { DtlsConfig } from '../../secure/dtls/config.ts';
import { DtlsPair, pairConfig, type Wire } from './dtls-pair.ts';

/** Lengths of the connection IDs that the ends want; undefined for an end that has no connection IDs. */
export interface IdLengths {
  readonly client?: number | undefined;
  readonly server?: number | undefined;
}

/** An ID that tells whose it is. */
export const idOf = (end: 'client' | 'server', length: number): Uint8Array =>
  new Uint8Array(length).fill(end === 'client' ? 0xc1 : 0x5e);

/** What makes an end want an ID of a length. */
export function wants(end: 'client' | 'server', length: number | undefined): Pick<DtlsConfig, 'connectionId'> {
  return length === undefined ? {} : { connectionId: () => idOf(end, length) };
}

/** A pair that has shaken hands, or tried to. */
export function meet(
  suite: string,
  lengths: IdLengths,
  wire?: Wire,
  changes: Record<'client' | 'server', Partial<DtlsConfig>> = { client: {}, server: {} },
): DtlsPair {
  const config = (end: 'client' | 'server'): DtlsConfig => ({
    ...pairConfig(suite, end),
    ...wants(end, lengths[end]),
    ...changes[end],
  });
  return new DtlsPair(config('client'), config('server'), wire).run();
}
