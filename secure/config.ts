import { DEFAULT_TX_CONFIG, numericMacro, type Macros } from '../kernel/config.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { SimulationError } from '../kernel/simulation-error.ts';
import { quirksOf, type QuirkName } from './quirks.ts';

/** Longest connection ID that a device can want, in bytes. */
export const LONGEST_CONNECTION_ID = 20;

/** The macros of `nx_secure_user.h` that are in force on a device. Ticks are the device's own. */
export interface SecureConfig {
  /** Whether the services check their arguments and their caller: not with `NX_SECURE_DISABLE_ERROR_CHECKING`. */
  readonly checked: boolean;
  /** Ticks a second. */
  readonly rate: number;
  /** First retransmission time-out, in ticks. */
  readonly NX_SECURE_DTLS_RETRANSMIT_TIMEOUT: number;
  /** Longest retransmission time-out, in ticks. */
  readonly NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_TIMEOUT: number;
  readonly NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_RETRIES: number;
  /** The time-out is shifted left by this much from one retransmission to the next. */
  readonly NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT: number;
  /** Longest datagram of a handshake, in bytes of UDP payload; 0 for what the interface takes in one piece. */
  readonly NX_SECURE_DTLS_MAXIMUM_DATAGRAM_SIZE: number;
  /** Room for PSKs in a session. */
  readonly NX_SECURE_TLS_MAX_PSK_KEYS: number;
  /** Longest PSK, in bytes. */
  readonly NX_SECURE_TLS_MAX_PSK_SIZE: number;
  /** Longest PSK identity or hint, in bytes. */
  readonly NX_SECURE_TLS_MAX_PSK_ID_SIZE: number;
  /** Least room for one remote certificate beside its control block, in bytes. */
  readonly NX_SECURE_TLS_MINIMUM_CERTIFICATE_SIZE: number;
  readonly NX_SECURE_ENABLE_PSK_CIPHERSUITES: boolean;
  readonly NX_SECURE_ENABLE_AEAD_CIPHER: boolean;
  /** Whether DTLS 1.0, which is TLS 1.1 over datagrams, is spoken beside 1.2. */
  readonly NX_SECURE_TLS_ENABLE_TLS_1_1: boolean;
  readonly NX_SECURE_ALLOW_SELF_SIGNED_CERTIFICATES: boolean;
  /** Whether sessions take earlier associations up again by their session ids. The C library never does. */
  readonly NX_SECURE_DTLS_ENABLE_SESSION_RESUMPTION: boolean;
  /**
   * Bytes of the connection ID that sessions want in the records that come to them (RFC 9146), 0 to 20: with 0 they take
   * their peers' IDs, and want none. Null where it is not defined: then there are no connection IDs, as in the C library.
   */
  readonly NX_SECURE_DTLS_CONNECTION_ID_LENGTH: number | null;
  /** In what the device is like the shipped library rather than its chapter. */
  readonly NX_SECURE_QUIRKS: ReadonlySet<QuirkName>;
}

const flag = (macros: Macros, name: string, byDefault: boolean): boolean => {
  const value = macros[name];
  return value === undefined ? byDefault : value !== false && value !== 0;
};

function connectionIdLength(macros: Macros, device: string): number | null {
  const value = macros['NX_SECURE_DTLS_CONNECTION_ID_LENGTH'];
  if (value === undefined) return null;
  const isLength = typeof value === 'number' && Number.isInteger(value) && value >= 0;
  if (isLength && value <= LONGEST_CONNECTION_ID) return value;
  throw new SimulationError({
    kind: 'world',
    what: `device '${device}': NX_SECURE_DTLS_CONNECTION_ID_LENGTH is ${String(value)}, which is no length of connection IDs`,
    fix: `use 0 to ${LONGEST_CONNECTION_ID} bytes, or leave it out for a device without connection IDs`,
  });
}

/**
 * Reads a device's macros. PSK and AEAD suites are built in unless the device takes them out: a simulated device has
 * no flash to save.
 */
export function secureConfig(kernel: Kernel): SecureConfig {
  const { macros } = kernel;
  const tickRate = numericMacro(macros, 'TX_TIMER_TICKS_PER_SECOND', DEFAULT_TX_CONFIG.TX_TIMER_TICKS_PER_SECOND);
  const rate = numericMacro(macros, 'NX_IP_PERIODIC_RATE', tickRate);
  const number = (name: string, byDefault: number): number => numericMacro(macros, name, byDefault);
  return {
    checked: !flag(macros, 'NX_SECURE_DISABLE_ERROR_CHECKING', false),
    rate: tickRate,
    NX_SECURE_DTLS_RETRANSMIT_TIMEOUT: number('NX_SECURE_DTLS_RETRANSMIT_TIMEOUT', rate),
    NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_TIMEOUT: number('NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_TIMEOUT', 60 * rate),
    NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_RETRIES: number('NX_SECURE_DTLS_MAXIMUM_RETRANSMIT_RETRIES', 10),
    NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT: number('NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT', 1),
    NX_SECURE_DTLS_MAXIMUM_DATAGRAM_SIZE: number('NX_SECURE_DTLS_MAXIMUM_DATAGRAM_SIZE', 0),
    NX_SECURE_TLS_MAX_PSK_KEYS: number('NX_SECURE_TLS_MAX_PSK_KEYS', 5),
    NX_SECURE_TLS_MAX_PSK_SIZE: number('NX_SECURE_TLS_MAX_PSK_SIZE', 64),
    NX_SECURE_TLS_MAX_PSK_ID_SIZE: number('NX_SECURE_TLS_MAX_PSK_ID_SIZE', 20),
    NX_SECURE_TLS_MINIMUM_CERTIFICATE_SIZE: number('NX_SECURE_TLS_MINIMUM_CERTIFICATE_SIZE', 256),
    NX_SECURE_ENABLE_PSK_CIPHERSUITES: flag(macros, 'NX_SECURE_ENABLE_PSK_CIPHERSUITES', true),
    NX_SECURE_ENABLE_AEAD_CIPHER: flag(macros, 'NX_SECURE_ENABLE_AEAD_CIPHER', true),
    NX_SECURE_TLS_ENABLE_TLS_1_1: flag(macros, 'NX_SECURE_TLS_ENABLE_TLS_1_1', false),
    NX_SECURE_DTLS_ENABLE_SESSION_RESUMPTION: flag(macros, 'NX_SECURE_DTLS_ENABLE_SESSION_RESUMPTION', false),
    NX_SECURE_ALLOW_SELF_SIGNED_CERTIFICATES: flag(macros, 'NX_SECURE_ALLOW_SELF_SIGNED_CERTIFICATES', false),
    NX_SECURE_DTLS_CONNECTION_ID_LENGTH: connectionIdLength(macros, kernel.name),
    NX_SECURE_QUIRKS: quirksOf(macros, kernel.name),
  };
}
