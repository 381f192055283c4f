import { decodePem, SimulationError, type Board } from 'txsim';
import {
  NX_SECURE_X509_KEY_TYPE_EC_DER,
  NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER,
  nx_crypto_tls_ciphers_ecc,
  type NX_SECURE_TLS_CRYPTO,
} from 'txsim/nx_secure_tls_api';
import { demo } from './credentials/demo.ts';

/** The suites of the stock table, by their names in the IANA registry. */
const SUITES: Readonly<Record<string, number>> = {
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 0xc02b,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 0xc02f,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: 0xc023,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256: 0xc027,
  TLS_RSA_WITH_AES_128_GCM_SHA256: 0x009c,
  TLS_RSA_WITH_AES_256_CBC_SHA256: 0x003d,
  TLS_RSA_WITH_AES_128_CBC_SHA256: 0x003c,
  TLS_PSK_WITH_AES_128_CBC_SHA256: 0x00ae,
  TLS_PSK_WITH_AES_128_CCM_8: 0xc0a8,
};

/** How the two ends of the echo authenticate each other, from the device's parameters. */
export interface EchoOptions {
  readonly auth: 'ecdsa' | 'rsa' | 'psk';
  /** The stock table, or only the suite asked for. */
  readonly crypto_table: NX_SECURE_TLS_CRYPTO;
  readonly certificate: Uint8Array;
  readonly private_key: Uint8Array;
  readonly private_key_type: number;
  /** The roots that a client trusts. */
  readonly trusted: readonly Uint8Array[];
  readonly psk: Uint8Array;
  readonly psk_identity: Uint8Array;
  readonly psk_hint: Uint8Array;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function refuse(name: string, found: string, expected: string): never {
  throw new SimulationError({ kind: 'world', what: `parameter ${name}=${found}: expected ${expected}` });
}

function hex(name: string, text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(text)) refuse(name, text, 'an even number of hexadecimal digits');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** The DER blocks of a file, PEM or DER. */
function fileBlocks(board: Board, name: string, label: RegExp): readonly Uint8Array[] | null {
  const path = board.params[name];
  if (path === undefined) return null;
  const bytes = board.file(path);
  if (bytes[0] === 0x30) return [bytes];
  const text = String.fromCharCode(...bytes);
  const blocks = (decodePem(text) ?? []).filter((block) => label.test(block.label)).map((block) => block.der);
  return blocks.length > 0 ? blocks : refuse(name, path, 'a PEM or DER file of that kind');
}

function cryptoTable(suite: string | undefined): NX_SECURE_TLS_CRYPTO {
  if (suite === undefined) return nx_crypto_tls_ciphers_ecc;
  const number = SUITES[suite] ?? refuse('suite', suite, `one of ${Object.keys(SUITES).join(', ')}`);
  const rows = nx_crypto_tls_ciphers_ecc.nx_secure_tls_ciphersuite_lookup_table;
  return {
    nx_secure_tls_ciphersuite_lookup_table: rows.filter((row) => row.nx_secure_tls_ciphersuite === number),
  };
}

/**
 * Reads the parameters `auth`, `suite`, `cert`, `key`, `ca`, `psk`, `identity`; without files the demo credentials serve.
 */
export function echoOptions(board: Board): EchoOptions {
  const { params } = board;
  const auth = params['auth'] ?? 'ecdsa';
  if (auth !== 'ecdsa' && auth !== 'rsa' && auth !== 'psk') refuse('auth', auth, 'ecdsa, rsa or psk');
  const builtIn = auth === 'rsa' ? demo.rsa : demo.ecdsa;
  return {
    auth,
    crypto_table: cryptoTable(params['suite']),
    certificate: fileBlocks(board, 'cert', /^CERTIFICATE$/)?.[0] ?? builtIn.certificate,
    private_key: fileBlocks(board, 'key', /PRIVATE KEY$/)?.[0] ?? builtIn.private_key,
    private_key_type: auth === 'rsa' ? NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER : NX_SECURE_X509_KEY_TYPE_EC_DER,
    trusted: fileBlocks(board, 'ca', /^CERTIFICATE$/) ?? [demo.ecdsa.ca, demo.rsa.ca],
    psk: hex('psk', params['psk'] ?? '1a2b3c4d5e6f708192a3b4c5d6e7f809'),
    psk_identity: ascii(params['identity'] ?? 'txsim-device'),
    psk_hint: ascii('txsim'),
  };
}
