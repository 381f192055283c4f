import {
  nx_crypto_tls_ciphers_all,
  nx_crypto_tls_ciphers_select,
  type NX_SECURE_TLS_CRYPTO,
} from 'txsim/nx_secure_tls_api';
import { PEER_SUITES, type PeerSuite } from './peer-suites.ts';

/** The macro with which a device has DTLS 1.0 beside 1.2. */
export const OLD = { NX_SECURE_TLS_ENABLE_TLS_1_1: true };

/** The suites that DTLS 1.0 has. */
export const OLD_SUITES = PEER_SUITES.filter(({ suite }) => suite.minVersion === '1.0');

/** A program's arguments for DTLS 1.2, changed into those for 1.0. */
export const dtls1 = (args: readonly string[]): readonly string[] =>
  args.map((option) => option.replace(/^-dtls1_2$/, '-dtls1').replace('+VERS-DTLS1.2', '+VERS-DTLS1.0'));

/** A table with one suite. */
export const only = ({ suite }: PeerSuite): NX_SECURE_TLS_CRYPTO =>
  nx_crypto_tls_ciphers_select(nx_crypto_tls_ciphers_all, suite.id);
