import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CREDENTIALS, PSK_HEX, PSK_IDENTITY } from './peer-credentials.ts';
import type { PeerSuite } from './peer-suites.ts';
import { scratch } from './scratch.ts';

/** A priority string with one suite only. */
export const priority = (suite: PeerSuite): string =>
  `NONE:+VERS-DTLS1.2:+COMP-NULL:+SIGN-ALL:+GROUP-ALL:+CTYPE-X509:+${suite.gnutls ?? ''}`;

/** Arguments of `gnutls-cli` for a suite. */
export function gnutlsClient(port: number, suite: PeerSuite, more: readonly string[] = []): readonly string[] {
  const credentials =
    suite.auth === 'psk'
      ? [`--pskusername=${PSK_IDENTITY}`, `--pskkey=${PSK_HEX}`]
      : [`--x509cafile=${CREDENTIALS}/ca.pem`, '--sni-hostname=localhost', '--verify-hostname=localhost'];
  return ['--udp', '-p', String(port), '--priority', priority(suite), ...credentials, ...more, '127.0.0.1'];
}

/** The key that the devices share, as gnutls-serv reads it. */
const KEYS = join(scratch, 'psk');
writeFileSync(KEYS, `${PSK_IDENTITY}:${PSK_HEX}\n`);

/** Arguments of `gnutls-serv` for a suite. */
export function gnutlsServer(port: number, suite: PeerSuite, more: readonly string[] = []): readonly string[] {
  const credentials =
    suite.auth === 'psk'
      ? [`--pskpasswd=${KEYS}`, '--pskhint=txsim']
      : [
          `--x509certfile=${CREDENTIALS}/server-${suite.auth}.pem`,
          `--x509keyfile=${CREDENTIALS}/server-${suite.auth}.key.pem`,
        ];
  return ['--udp', '--echo', '-p', String(port), '--priority', priority(suite), ...credentials, ...more];
}
