import type { CipherSuite } from '../crypto/suites.ts';
import { DTLS_1_0, DTLS_1_2 } from './wire/record.ts';

/** A version that the protocol machines can speak, as it is on the wire: 1.0 is RFC 4347 over TLS 1.1, 1.2 is RFC 6347. */
export type DtlsVersion = typeof DTLS_1_0 | typeof DTLS_1_2;

/** Whether a number from the wire is a version that the machines can speak. */
export const isVersion = (version: number): version is DtlsVersion => version === DTLS_1_0 || version === DTLS_1_2;

/** Whether a number from the wire is a version of DTLS at all, known or not: they count downwards from 0xfeff. */
export const isDtls = (version: number): boolean => version >>> 8 === DTLS_1_0 >>> 8;

/** The newest of some versions, of which there is at least one. */
export const newestOf = (versions: readonly DtlsVersion[]): DtlsVersion =>
  versions.includes(DTLS_1_2) ? DTLS_1_2 : DTLS_1_0;

/**
 * The version with which a server answers a client: its newest that is not newer than the client's, which stands for all that
 * came before it (RFC 5246 appendix E.1); null where there is none.
 */
export function versionFor(versions: readonly DtlsVersion[], offered: number): DtlsVersion | null {
  const common = versions.filter((version) => isDtls(offered) && version >= offered);
  return common.length === 0 ? null : newestOf(common);
}

/** Whether a suite may be used with a version. */
export const suits = ({ minVersion }: CipherSuite, version: DtlsVersion): boolean =>
  version === DTLS_1_2 || minVersion === '1.0';
