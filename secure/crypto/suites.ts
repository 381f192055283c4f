import type { AeadName, CbcName, HashName } from './provider.ts';

/** How the premaster secret comes about (RFC 5246, 8422, 4279, 5489). */
export type KeyExchange = 'rsa' | 'ecdhe_rsa' | 'ecdhe_ecdsa' | 'psk' | 'ecdhe_psk';

/** How records are protected. */
export type BulkCipher =
  | {
      readonly kind: 'aead';
      readonly aead: AeadName;
      /** Lengths in bytes. The nonce is the fixed part and the explicit part that each record carries. */
      readonly keyLength: number;
      readonly fixedIvLength: number;
      readonly explicitNonceLength: number;
      readonly tagLength: number;
    }
  | {
      readonly kind: 'cbc';
      readonly cbc: CbcName;
      readonly keyLength: number;
      readonly mac: HashName;
      readonly macLength: number;
    };

/** A cipher suite of the IANA registry. */
export interface CipherSuite {
  readonly id: number;
  readonly name: string;
  readonly keyExchange: KeyExchange;
  readonly cipher: BulkCipher;
  /** The hash of the pseudo-random function and the Finished messages. */
  readonly prf: HashName;
  /**
   * The oldest version that has it: AEAD came with 1.2 (RFC 5246 section 6.2.3.3), and so did MACs of the SHA-2 family (RFC 5289
   * section 4), but for those beside a pre-shared key, which go with any version and its own PRF (RFC 5487 section 3, RFC 5489).
   */
  readonly minVersion: '1.0' | '1.2';
}

const aead = (name: AeadName, tagLength: number): BulkCipher => ({
  kind: 'aead',
  aead: name,
  keyLength: name.includes('256') ? 32 : 16,
  fixedIvLength: 4,
  explicitNonceLength: 8,
  tagLength,
});

const cbc = (name: CbcName, mac: HashName): BulkCipher => ({
  kind: 'cbc',
  cbc: name,
  keyLength: name === 'aes-256-cbc' ? 32 : 16,
  mac,
  macLength: { sha1: 20, sha256: 32, sha384: 48, sha512: 64 }[mac],
});

const suite = (
  id: number,
  name: string,
  keyExchange: KeyExchange,
  cipher: BulkCipher,
  prf: HashName = 'sha256',
): CipherSuite => ({
  id,
  name,
  keyExchange,
  cipher,
  prf,
  minVersion: cipher.kind === 'cbc' && (cipher.mac === 'sha1' || keyExchange.endsWith('psk')) ? '1.0' : '1.2',
});

const GCM_128 = aead('aes-128-gcm', 16);
const GCM_256 = aead('aes-256-gcm', 16);
const CCM_128 = aead('aes-128-ccm', 16);
const CCM_8_128 = aead('aes-128-ccm', 8);
const CBC_128 = cbc('aes-128-cbc', 'sha256');
const CBC_256 = cbc('aes-256-cbc', 'sha256');
const CBC_256_SHA384 = cbc('aes-256-cbc', 'sha384');
const CBC_128_SHA = cbc('aes-128-cbc', 'sha1');
const CBC_256_SHA = cbc('aes-256-cbc', 'sha1');

/** Every suite that the protocol machines can carry out. */
export const CIPHER_SUITES: readonly CipherSuite[] = [
  suite(0xc02b, 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ecdhe_ecdsa', GCM_128),
  suite(0xc02f, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ecdhe_rsa', GCM_128),
  suite(0xc02c, 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ecdhe_ecdsa', GCM_256, 'sha384'),
  suite(0xc030, 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ecdhe_rsa', GCM_256, 'sha384'),
  suite(0xc0ac, 'TLS_ECDHE_ECDSA_WITH_AES_128_CCM', 'ecdhe_ecdsa', CCM_128),
  suite(0xc0ae, 'TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8', 'ecdhe_ecdsa', CCM_8_128),
  suite(0xc023, 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', 'ecdhe_ecdsa', CBC_128),
  suite(0xc027, 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', 'ecdhe_rsa', CBC_128),
  suite(0xc024, 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384', 'ecdhe_ecdsa', CBC_256_SHA384, 'sha384'),
  suite(0xc028, 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384', 'ecdhe_rsa', CBC_256_SHA384, 'sha384'),
  suite(0x009c, 'TLS_RSA_WITH_AES_128_GCM_SHA256', 'rsa', GCM_128),
  suite(0x009d, 'TLS_RSA_WITH_AES_256_GCM_SHA384', 'rsa', GCM_256, 'sha384'),
  suite(0xc09c, 'TLS_RSA_WITH_AES_128_CCM', 'rsa', CCM_128),
  suite(0xc0a0, 'TLS_RSA_WITH_AES_128_CCM_8', 'rsa', CCM_8_128),
  suite(0x003c, 'TLS_RSA_WITH_AES_128_CBC_SHA256', 'rsa', CBC_128),
  suite(0x003d, 'TLS_RSA_WITH_AES_256_CBC_SHA256', 'rsa', CBC_256),
  suite(0xd001, 'TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256', 'ecdhe_psk', GCM_128),
  suite(0xc037, 'TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256', 'ecdhe_psk', CBC_128),
  suite(0xc0a8, 'TLS_PSK_WITH_AES_128_CCM_8', 'psk', CCM_8_128),
  suite(0xc0a4, 'TLS_PSK_WITH_AES_128_CCM', 'psk', CCM_128),
  suite(0x00a8, 'TLS_PSK_WITH_AES_128_GCM_SHA256', 'psk', GCM_128),
  suite(0x00ae, 'TLS_PSK_WITH_AES_128_CBC_SHA256', 'psk', CBC_128),
  suite(0x008c, 'TLS_PSK_WITH_AES_128_CBC_SHA', 'psk', CBC_128_SHA),
  suite(0xc009, 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'ecdhe_ecdsa', CBC_128_SHA),
  suite(0xc00a, 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'ecdhe_ecdsa', CBC_256_SHA),
  suite(0xc013, 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ecdhe_rsa', CBC_128_SHA),
  suite(0xc014, 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ecdhe_rsa', CBC_256_SHA),
  suite(0x002f, 'TLS_RSA_WITH_AES_128_CBC_SHA', 'rsa', CBC_128_SHA),
  suite(0x0035, 'TLS_RSA_WITH_AES_256_CBC_SHA', 'rsa', CBC_256_SHA),
];

const byId = new Map(CIPHER_SUITES.map((one) => [one.id, one]));
const byName = new Map(CIPHER_SUITES.map((one) => [one.name, one]));

/** The suite of a number, or null where it is not supported. */
export function suiteById(id: number): CipherSuite | null {
  return byId.get(id) ?? null;
}

/** The suite of an IANA name, or null where it is not supported. */
export function suiteByName(name: string): CipherSuite | null {
  return byName.get(name) ?? null;
}

/** Whether a suite's exchange has ephemeral keys on a curve. */
export const isEcdhe = ({ keyExchange }: CipherSuite): boolean => keyExchange.startsWith('ecdhe');

/** Whether a suite's exchange has a pre-shared key. */
export const isPsk = ({ keyExchange }: CipherSuite): boolean => keyExchange.endsWith('psk');

/** Whether a suite's server shows a certificate, and of which kind of key; null for suites without one. */
export function certificateKeyOf(suiteOfInterest: CipherSuite): 'rsa' | 'ec' | null {
  switch (suiteOfInterest.keyExchange) {
    case 'rsa':
    case 'ecdhe_rsa':
      return 'rsa';
    case 'ecdhe_ecdsa':
      return 'ec';
    default:
      return null;
  }
}
