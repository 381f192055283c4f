import type { SecureConfig } from './config.ts';
import { CIPHER_SUITES, isEcdhe, isPsk, suiteById, type CipherSuite } from './crypto/suites.ts';

/** A cryptographic routine of a table: which algorithm, and what it needs to work. */
export interface NX_CRYPTO_METHOD {
  readonly nx_crypto_name: string;
  /** Bytes of the metadata buffer it occupies on the target. */
  readonly nx_crypto_metadata_area_size: number;
}

/** One row of a crypto table: a cipher suite and the routines that carry it out. */
export interface NX_SECURE_TLS_CIPHERSUITE_INFO {
  /** The suite's number in the IANA registry. */
  readonly nx_secure_tls_ciphersuite: number;
  /** Key exchange. */
  readonly nx_secure_tls_public_cipher: NX_CRYPTO_METHOD | null;
  /** Authentication. */
  readonly nx_secure_tls_public_auth: NX_CRYPTO_METHOD | null;
  /** Record protection. */
  readonly nx_secure_tls_session_cipher: NX_CRYPTO_METHOD | null;
  /** Record authentication, or the AEAD's own none. */
  readonly nx_secure_tls_hash: NX_CRYPTO_METHOD | null;
  /** The pseudo-random function. */
  readonly nx_secure_tls_prf: NX_CRYPTO_METHOD | null;
}

/** A crypto table: the suites a firmware offers, in its order of preference. */
export interface NX_SECURE_TLS_CRYPTO {
  readonly nx_secure_tls_ciphersuite_lookup_table: readonly NX_SECURE_TLS_CIPHERSUITE_INFO[];
}

const method = (nx_crypto_name: string, nx_crypto_metadata_area_size: number): NX_CRYPTO_METHOD => ({
  nx_crypto_name,
  nx_crypto_metadata_area_size,
});

/** Sizes of the scratch areas are those of a 32-bit build, rounded up: buffers worked out with them hold on a board. */
export const crypto_method_null = method('NULL', 0);
export const crypto_method_rsa = method('RSA', 2464);
export const crypto_method_ecdhe = method('ECDHE', 2464);
export const crypto_method_ecdsa = method('ECDSA', 2464);
export const crypto_method_auth_psk = method('PSK', 0);
export const crypto_method_aes_cbc_128 = method('AES-128-CBC', 560);
export const crypto_method_aes_cbc_256 = method('AES-256-CBC', 560);
export const crypto_method_aes_128_gcm_16 = method('AES-128-GCM', 560);
export const crypto_method_aes_256_gcm_16 = method('AES-256-GCM', 560);
export const crypto_method_aes_ccm_8 = method('AES-128-CCM-8', 560);
export const crypto_method_aes_ccm_16 = method('AES-128-CCM', 560);
export const crypto_method_hmac_sha1 = method('HMAC-SHA1', 300);
export const crypto_method_hmac_sha256 = method('HMAC-SHA256', 364);
export const crypto_method_hmac_sha384 = method('HMAC-SHA384', 660);
export const crypto_method_tls_prf_sha256 = method('TLS-PRF-SHA256', 620);
export const crypto_method_tls_prf_sha384 = method('TLS-PRF-SHA384', 920);

function row(
  suite: number,
  cipher: NX_CRYPTO_METHOD,
  auth: NX_CRYPTO_METHOD,
  session: NX_CRYPTO_METHOD,
  hash: NX_CRYPTO_METHOD,
): NX_SECURE_TLS_CIPHERSUITE_INFO {
  return {
    nx_secure_tls_ciphersuite: suite,
    nx_secure_tls_public_cipher: cipher,
    nx_secure_tls_public_auth: auth,
    nx_secure_tls_session_cipher: session,
    nx_secure_tls_hash: hash,
    nx_secure_tls_prf: crypto_method_tls_prf_sha256,
  };
}

const AES_128_GCM = crypto_method_aes_128_gcm_16;
const CBC_128 = crypto_method_aes_cbc_128;
const CBC_256 = crypto_method_aes_cbc_256;
const SHA256 = crypto_method_hmac_sha256;
const NONE = crypto_method_null;

const CLASSIC = [
  row(0x009c, crypto_method_rsa, crypto_method_rsa, AES_128_GCM, NONE),
  row(0x003d, crypto_method_rsa, crypto_method_rsa, CBC_256, SHA256),
  row(0x003c, crypto_method_rsa, crypto_method_rsa, CBC_128, SHA256),
  row(0x00ae, NONE, crypto_method_auth_psk, CBC_128, SHA256),
  row(0xc0a8, NONE, crypto_method_auth_psk, crypto_method_aes_ccm_8, NONE),
];

/** The stock table without elliptic curves. */
export const nx_crypto_tls_ciphers: NX_SECURE_TLS_CRYPTO = { nx_secure_tls_ciphersuite_lookup_table: CLASSIC };

/** The stock table with elliptic curves. */
export const nx_crypto_tls_ciphers_ecc: NX_SECURE_TLS_CRYPTO = {
  nx_secure_tls_ciphersuite_lookup_table: [
    row(0xc02b, crypto_method_ecdhe, crypto_method_ecdsa, AES_128_GCM, NONE),
    row(0xc02f, crypto_method_ecdhe, crypto_method_rsa, AES_128_GCM, NONE),
    row(0xc023, crypto_method_ecdhe, crypto_method_ecdsa, CBC_128, SHA256),
    row(0xc027, crypto_method_ecdhe, crypto_method_rsa, CBC_128, SHA256),
    ...CLASSIC,
  ],
};

const SESSION_CIPHERS = {
  'aes-128-cbc': CBC_128,
  'aes-256-cbc': CBC_256,
  'aes-128-gcm': AES_128_GCM,
  'aes-256-gcm': crypto_method_aes_256_gcm_16,
  'aes-128-ccm': crypto_method_aes_ccm_16,
  'aes-256-ccm': null,
} as const;

const MACS = {
  sha1: crypto_method_hmac_sha1,
  sha256: SHA256,
  sha384: crypto_method_hmac_sha384,
  sha512: null,
} as const;

function rowOf(suite: CipherSuite): NX_SECURE_TLS_CIPHERSUITE_INFO {
  const { cipher } = suite;
  const certified = suite.keyExchange === 'ecdhe_ecdsa' ? crypto_method_ecdsa : crypto_method_rsa;
  const exchange = isEcdhe(suite) ? crypto_method_ecdhe : isPsk(suite) ? NONE : crypto_method_rsa;
  const short = cipher.kind === 'aead' && cipher.tagLength === 8;
  return {
    nx_secure_tls_ciphersuite: suite.id,
    nx_secure_tls_public_cipher: exchange,
    nx_secure_tls_public_auth: isPsk(suite) ? crypto_method_auth_psk : certified,
    nx_secure_tls_session_cipher: short
      ? crypto_method_aes_ccm_8
      : SESSION_CIPHERS[cipher.kind === 'aead' ? cipher.aead : cipher.cbc],
    nx_secure_tls_hash: cipher.kind === 'aead' ? NONE : MACS[cipher.mac],
    nx_secure_tls_prf: suite.prf === 'sha384' ? crypto_method_tls_prf_sha384 : crypto_method_tls_prf_sha256,
  };
}

/**
 * A table with every suite that txsim knows, AEAD with ephemeral keys first. It is txsim's own: the C library leaves
 * it to the firmware to make such a table.
 */
export const nx_crypto_tls_ciphers_all: NX_SECURE_TLS_CRYPTO = {
  nx_secure_tls_ciphersuite_lookup_table: CIPHER_SUITES.map(rowOf),
};

/** The rows of a table for some of its suites, in the order they are named in: for tables made by firmware. */
export function nx_crypto_tls_ciphers_select(
  table: NX_SECURE_TLS_CRYPTO,
  ...suites: readonly number[]
): NX_SECURE_TLS_CRYPTO {
  const rows = table.nx_secure_tls_ciphersuite_lookup_table;
  return {
    nx_secure_tls_ciphersuite_lookup_table: suites.flatMap((suite) =>
      rows.filter((info) => info.nx_secure_tls_ciphersuite === suite),
    ),
  };
}

const routines = (info: NX_SECURE_TLS_CIPHERSUITE_INFO): readonly (NX_CRYPTO_METHOD | null)[] => [
  info.nx_secure_tls_public_cipher,
  info.nx_secure_tls_public_auth,
  info.nx_secure_tls_session_cipher,
  info.nx_secure_tls_hash,
  info.nx_secure_tls_prf,
];

/** Whether a row of the table has a NULL routine. */
export function hasMissingRoutine(table: NX_SECURE_TLS_CRYPTO): boolean {
  return table.nx_secure_tls_ciphersuite_lookup_table.some((info) => routines(info).includes(null));
}

/** The algorithms that routines can be of. */
const ALGORITHMS: ReadonlySet<string> = new Set(
  [
    crypto_method_null,
    crypto_method_rsa,
    crypto_method_ecdhe,
    crypto_method_ecdsa,
    crypto_method_auth_psk,
    ...[CBC_128, CBC_256, AES_128_GCM, crypto_method_aes_256_gcm_16, crypto_method_aes_ccm_8, crypto_method_aes_ccm_16],
    ...[crypto_method_hmac_sha1, SHA256, crypto_method_hmac_sha384],
    ...[crypto_method_tls_prf_sha256, crypto_method_tls_prf_sha384],
  ].map(({ nx_crypto_name }) => nx_crypto_name),
);

/** Whether a table has a row for a suite in which every routine is of an algorithm that is known. */
export function hasKnownRoutines(table: NX_SECURE_TLS_CRYPTO, suite: CipherSuite): boolean {
  const row = table.nx_secure_tls_ciphersuite_lookup_table.find((info) => info.nx_secure_tls_ciphersuite === suite.id);
  return row !== undefined && routines(row).every((one) => one !== null && ALGORITHMS.has(one.nx_crypto_name));
}

/** Bytes of metadata that sessions with this table need: the largest routine of each kind, the session cipher twice. */
export function metadataSize(table: NX_SECURE_TLS_CRYPTO): number {
  const largest = (pick: (info: NX_SECURE_TLS_CIPHERSUITE_INFO) => NX_CRYPTO_METHOD | null): number =>
    Math.max(
      0,
      ...table.nx_secure_tls_ciphersuite_lookup_table.map((info) => pick(info)?.nx_crypto_metadata_area_size ?? 0),
    );
  return (
    largest((info) => info.nx_secure_tls_public_cipher) +
    largest((info) => info.nx_secure_tls_public_auth) +
    2 * largest((info) => info.nx_secure_tls_session_cipher) +
    largest((info) => info.nx_secure_tls_hash) +
    largest((info) => info.nx_secure_tls_prf)
  );
}

/** The suites of a table that this device's build knows, in the table's order. */
export function suitesOf(table: NX_SECURE_TLS_CRYPTO, config: SecureConfig): readonly CipherSuite[] {
  const suites: CipherSuite[] = [];
  for (const info of table.nx_secure_tls_ciphersuite_lookup_table) {
    const suite = suiteById(info.nx_secure_tls_ciphersuite);
    if (suite === null) continue;
    const psk = suite.keyExchange === 'psk' || suite.keyExchange === 'ecdhe_psk';
    if (psk && !config.NX_SECURE_ENABLE_PSK_CIPHERSUITES) continue;
    if (suite.cipher.kind === 'aead' && !config.NX_SECURE_ENABLE_AEAD_CIPHER) continue;
    suites.push(suite);
  }
  return suites;
}
