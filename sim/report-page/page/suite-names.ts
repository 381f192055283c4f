import { suiteById } from '../../../secure/crypto/suites.ts';

/** What is among cipher suites and is none (RFC 5746, RFC 7507). */
const SIGNALS: Readonly<Record<number, string>> = {
  0x00ff: 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV',
  0x5600: 'TLS_FALLBACK_SCSV',
};

/** A cipher suite by its IANA name, as far as it is known here. */
export const suiteName = (id: number): string =>
  suiteById(id)?.name ?? SIGNALS[id] ?? `0x${id.toString(16).padStart(4, '0')}`;
