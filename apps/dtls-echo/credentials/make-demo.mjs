// Writes demo.ts: the DER of the demo credentials as constants, as C firmware has them in arrays.
import { readFileSync, writeFileSync } from 'node:fs';

const base64 = (file) => {
  const body = /-----BEGIN (?:CERTIFICATE|EC PRIVATE KEY|RSA PRIVATE KEY)-----([^-]+)-----END/.exec(
    readFileSync(new URL(file, import.meta.url), 'utf8'),
  );
  return body[1].replaceAll(/\s/g, '');
};
const constant = (file) =>
  `der(\n${base64(file)
    .match(/.{1,108}/g)
    .map((line) => `      '${line}'`)
    .join(' +\n')},\n    )`;
const entry = (name, ca, certificate) =>
  `  ${name}: {\n    ca: ${constant(`${ca}.pem`)},\n    certificate: ${constant(`${certificate}.pem`)},\n    private_key: ${constant(`${certificate}.key.pem`)},\n  },\n`;

writeFileSync(
  new URL('demo.ts', import.meta.url),
  `/**
 * The demo credentials, in DER, as C firmware has them in arrays. Written by make.sh; their private keys are public.
 */
const der = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** A certificate with its key (PKCS#1 or SEC1) and the root that issued it. */
export interface DemoCredentials {
  readonly ca: Uint8Array;
  readonly certificate: Uint8Array;
  readonly private_key: Uint8Array;
}

export const demo: Readonly<Record<'ecdsa' | 'rsa' | 'client_ecdsa', DemoCredentials>> = {
${entry('ecdsa', 'ca-ecdsa', 'server-ecdsa')}${entry('rsa', 'ca-rsa', 'server-rsa')}${entry('client_ecdsa', 'ca-ecdsa', 'client-ecdsa')}};
`,
);
