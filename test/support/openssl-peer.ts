import { CREDENTIALS, PSK_HEX, PSK_IDENTITY } from './peer-credentials.ts';
import type { PeerSuite } from './peer-suites.ts';
import type { Running } from './process.ts';

/** The devices' link carries less than the host's loopback interface, which OpenSSL would fill. */
const MTU = ['-mtu', '1500'];

/** CCM, SHA-1 and keys without certificates are below OpenSSL's ordinary security level. */
const cipher = (name: string): readonly string[] => ['-cipher', `${name}:@SECLEVEL=0`];

/** Arguments of `openssl s_client` for a suite. */
export function sClient(port: number, suite: PeerSuite, more: readonly string[] = []): readonly string[] {
  const credentials =
    suite.auth === 'psk'
      ? ['-psk', PSK_HEX, '-psk_identity', PSK_IDENTITY]
      : ['-CAfile', `${CREDENTIALS}/ca.pem`, '-verify_return_error', '-verify_hostname', 'device'];
  const connect = ['s_client', '-dtls1_2', ...MTU, '-connect', `127.0.0.1:${port}`];
  return [...connect, ...cipher(suite.openssl ?? ''), ...credentials, ...more];
}

/** Arguments of `openssl s_server` for a suite. */
export function sServer(port: number, suite: PeerSuite, more: readonly string[] = []): readonly string[] {
  const credentials =
    suite.auth === 'psk'
      ? ['-nocert', '-psk_identity', PSK_IDENTITY, '-psk', PSK_HEX]
      : ['-cert', `${CREDENTIALS}/server-${suite.auth}.pem`, '-key', `${CREDENTIALS}/server-${suite.auth}.key.pem`];
  const accept = ['s_server', '-dtls1_2', '-listen', ...MTU, '-accept', `127.0.0.1:${port}`];
  return [...accept, ...cipher(suite.openssl ?? ''), ...credentials, ...more];
}

/** Waits until s_client is connected, sends a line and waits until it has come back. */
export async function echoLine(client: Running, line = 'there and back'): Promise<void> {
  await client.until('Verify return code');
  const marker = client.output.length;
  client.type(`${line}\n`);
  await client.until(line, 15_000, marker);
}
