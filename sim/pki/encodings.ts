import { encodePem } from '../../secure/x509/pem.ts';
import type { Credential } from './test-pki.ts';

/** A file's name and what is in it. */
export type NamedFile = readonly [name: string, content: string | Uint8Array];

export const FORMATS = ['pem', 'der', 'c', 'ts'] as const;
export type Format = (typeof FORMATS)[number];

const identifier = (name: string): string => name.replaceAll(/[^a-z0-9]+/gi, '_');

const hexLines = (der: Uint8Array): readonly string[] => {
  const bytes = Array.from(der, (byte) => `0x${byte.toString(16).padStart(2, '0')}`);
  return Array.from({ length: Math.ceil(bytes.length / 12) }, (_, line) =>
    bytes.slice(line * 12, line * 12 + 12).join(', '),
  );
};

/** Every array of a file: the certificate of each credential, and its key. */
const arrays = (
  credentials: readonly Credential[],
): readonly (readonly [name: string, der: Uint8Array, about: string])[] =>
  credentials.flatMap(({ name, about, certificate, privateKey }) => [
    [`${identifier(name)}_der`, certificate, about] as const,
    [`${identifier(name)}_key_der`, privateKey, `the key of ${name}`] as const,
  ]);

function cFile(credentials: readonly Credential[]): string {
  const lines = arrays(credentials).flatMap(([name, der, about]) => [
    `/* ${about} */`,
    `static const unsigned char ${name}[] = {`,
    ...hexLines(der).map((line) => `    ${line},`),
    '};',
    `static const unsigned int ${name}_len = ${der.length};`,
    '',
  ]);
  return `/* Made by txsim certs, for tests only: the keys are no secret. */\n\n${lines.join('\n')}`;
}

function tsFile(credentials: readonly Credential[]): string {
  const lines = arrays(credentials).flatMap(([name, der, about]) => [
    `/** ${about} */`,
    `export const ${name} = Uint8Array.of(`,
    ...hexLines(der).map((line) => `  ${line},`),
    ');',
    '',
  ]);
  return `/* Made by txsim certs, for tests only: the keys are no secret. */\n\n${lines.join('\n')}`;
}

/**
 * Credentials as files.
 *
 * @param prefix - put before every name: `ec-`
 * @param type - of the keys, for the labels of PEM files
 */
export function encodeCredentials(
  credentials: readonly Credential[],
  prefix: string,
  type: 'ec' | 'rsa',
  formats: readonly Format[],
): readonly NamedFile[] {
  const keyLabel = type === 'ec' ? 'EC PRIVATE KEY' : 'RSA PRIVATE KEY';
  const pemOf = (name: string): string =>
    credentials
      .filter((credential) => credential.name === name)
      .map(({ certificate }) => encodePem({ label: 'CERTIFICATE', der: certificate }))
      .join('');
  const files: NamedFile[] = [];
  for (const { name, certificate, privateKey } of credentials) {
    if (formats.includes('pem')) {
      // What a peer has to be sent is in one file: the certificate and the intermediate that issued it.
      const chain = name === 'root' || name === 'intermediate' ? '' : pemOf('intermediate');
      files.push([`${prefix}${name}.pem`, encodePem({ label: 'CERTIFICATE', der: certificate }) + chain]);
      files.push([`${prefix}${name}.key.pem`, encodePem({ label: keyLabel, der: privateKey })]);
    }
    if (formats.includes('der')) {
      files.push([`${prefix}${name}.der`, certificate], [`${prefix}${name}.key.der`, privateKey]);
    }
  }
  if (formats.includes('c')) files.push([`${prefix}certificates.h`, cFile(credentials)]);
  if (formats.includes('ts')) files.push([`${prefix}certificates.ts`, tsFile(credentials)]);
  return files;
}
