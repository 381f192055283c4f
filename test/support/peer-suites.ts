import { suiteByName, type CipherSuite } from '../../secure/crypto/suites.ts';

/** A cipher suite as each program has to be asked for it, and what each calls it. */
export interface PeerSuite {
  readonly suite: CipherSuite;
  /** How the two ends authenticate each other. */
  readonly auth: 'ecdsa' | 'rsa' | 'psk';
  /** The name of OpenSSL; null where it has not got the suite. */
  readonly openssl: string | null;
  /** Key exchange, cipher and MAC of GnuTLS' priority strings; null where it has not got the suite. */
  readonly gnutls: string | null;
}

const AUTH = { ecdhe_ecdsa: 'ecdsa', ecdhe_rsa: 'rsa', rsa: 'rsa', psk: 'psk', ecdhe_psk: 'psk' } as const;

function row(name: string, openssl: string | null, gnutls: string | null): PeerSuite {
  const suite = suiteByName(name);
  if (suite === null) throw new Error(`there is no suite ${name}`);
  return { suite, auth: AUTH[suite.keyExchange], openssl, gnutls };
}

/** Every suite of txsim. */
export const PEER_SUITES: readonly PeerSuite[] = [
  row('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA:+AES-128-GCM:+AEAD'),
  row('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA:+AES-128-GCM:+AEAD'),
  row('TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA:+AES-256-GCM:+AEAD'),
  row('TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA:+AES-256-GCM:+AEAD'),
  row('TLS_ECDHE_ECDSA_WITH_AES_128_CCM', 'ECDHE-ECDSA-AES128-CCM', 'ECDHE-ECDSA:+AES-128-CCM:+AEAD'),
  row('TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8', 'ECDHE-ECDSA-AES128-CCM8', 'ECDHE-ECDSA:+AES-128-CCM-8:+AEAD'),
  row('TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', 'ECDHE-ECDSA-AES128-SHA256', 'ECDHE-ECDSA:+AES-128-CBC:+SHA256'),
  row('TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', 'ECDHE-RSA-AES128-SHA256', 'ECDHE-RSA:+AES-128-CBC:+SHA256'),
  row('TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384', 'ECDHE-ECDSA-AES256-SHA384', 'ECDHE-ECDSA:+AES-256-CBC:+SHA384'),
  row('TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384', 'ECDHE-RSA-AES256-SHA384', 'ECDHE-RSA:+AES-256-CBC:+SHA384'),
  row('TLS_RSA_WITH_AES_128_GCM_SHA256', 'AES128-GCM-SHA256', 'RSA:+AES-128-GCM:+AEAD'),
  row('TLS_RSA_WITH_AES_256_GCM_SHA384', 'AES256-GCM-SHA384', 'RSA:+AES-256-GCM:+AEAD'),
  row('TLS_RSA_WITH_AES_128_CCM', 'AES128-CCM', 'RSA:+AES-128-CCM:+AEAD'),
  row('TLS_RSA_WITH_AES_128_CCM_8', 'AES128-CCM8', 'RSA:+AES-128-CCM-8:+AEAD'),
  row('TLS_RSA_WITH_AES_128_CBC_SHA256', 'AES128-SHA256', 'RSA:+AES-128-CBC:+SHA256'),
  row('TLS_RSA_WITH_AES_256_CBC_SHA256', 'AES256-SHA256', 'RSA:+AES-256-CBC:+SHA256'),
  row('TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256', null, null),
  row('TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256', 'ECDHE-PSK-AES128-CBC-SHA256', 'ECDHE-PSK:+AES-128-CBC:+SHA256'),
  row('TLS_PSK_WITH_AES_128_CCM_8', 'PSK-AES128-CCM8', 'PSK:+AES-128-CCM-8:+AEAD'),
  row('TLS_PSK_WITH_AES_128_CCM', 'PSK-AES128-CCM', 'PSK:+AES-128-CCM:+AEAD'),
  row('TLS_PSK_WITH_AES_128_GCM_SHA256', 'PSK-AES128-GCM-SHA256', 'PSK:+AES-128-GCM:+AEAD'),
  row('TLS_PSK_WITH_AES_128_CBC_SHA256', 'PSK-AES128-CBC-SHA256', 'PSK:+AES-128-CBC:+SHA256'),
  row('TLS_PSK_WITH_AES_128_CBC_SHA', 'PSK-AES128-CBC-SHA', 'PSK:+AES-128-CBC:+SHA1'),
  row('TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA:+AES-128-CBC:+SHA1'),
  row('TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'ECDHE-ECDSA-AES256-SHA', 'ECDHE-ECDSA:+AES-256-CBC:+SHA1'),
  row('TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-RSA:+AES-128-CBC:+SHA1'),
  row('TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ECDHE-RSA-AES256-SHA', 'ECDHE-RSA:+AES-256-CBC:+SHA1'),
  row('TLS_RSA_WITH_AES_128_CBC_SHA', 'AES128-SHA', 'RSA:+AES-128-CBC:+SHA1'),
  row('TLS_RSA_WITH_AES_256_CBC_SHA', 'AES256-SHA', 'RSA:+AES-256-CBC:+SHA1'),
];

/** The row of a suite. */
export function peerSuite(name: string): PeerSuite {
  const found = PEER_SUITES.find(({ suite }) => suite.name === name);
  if (found === undefined) throw new Error(`there is no row for ${name}`);
  return found;
}
