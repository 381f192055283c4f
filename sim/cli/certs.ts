import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { tryParseIpv4 } from '../ipv4-text.ts';
import { encodeCredentials, FORMATS, type Format } from '../pki/encodings.ts';
import { makeTestPki } from '../pki/test-pki.ts';
import { UsageError } from './exit-codes.ts';

interface CertsArguments {
  readonly dir: string;
  readonly type: 'ec' | 'rsa' | 'both';
  readonly name: readonly string[];
  readonly ip: readonly string[];
  readonly format: readonly Format[];
  readonly force: boolean;
}

function builder(yargs: Argv): Argv<CertsArguments> {
  return yargs
    .positional('dir', { type: 'string', demandOption: true, describe: 'the folder to write to' })
    .option('type', {
      choices: ['ec', 'rsa', 'both'] as const,
      default: 'both' as const,
      describe: 'keys: EC on P-256, RSA of 2048 bits',
    })
    .option('name', {
      type: 'string',
      array: true,
      nargs: 1,
      default: ['server', 'localhost'],
      describe: "a DNS name of the server's certificate",
    })
    .option('ip', {
      type: 'string',
      array: true,
      nargs: 1,
      default: ['127.0.0.1', '192.168.1.150'],
      describe: "an IPv4 address of the server's certificate",
    })
    .option('format', {
      choices: FORMATS,
      array: true,
      nargs: 1,
      default: [...FORMATS],
      describe: 'PEM and DER files, arrays for C and for TypeScript',
    })
    .option('force', { type: 'boolean', default: false, describe: 'write over files that are there' })
    .example('$0 certs out/pki', 'everything, under names that begin with ec- and rsa-')
    .example('$0 certs out/pki --type ec --name device.local --format c', 'C arrays for a server of that name');
}

function addressBytes(text: string): Uint8Array {
  const address = tryParseIpv4(text);
  if (address === null)
    throw new UsageError(
      `--ip ${text}: expected an IPv4 address such as 192.168.1.150${isIPv6(text) ? ', IPv6 is not there yet' : ''}`,
    );
  return Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address);
}

function checkNames(names: readonly string[]): readonly string[] {
  const wrong = names.find((name) => !/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(name));
  if (wrong !== undefined) throw new UsageError(`--name ${wrong}: expected a DNS name such as device.local`);
  return names;
}

/** `txsim certs`: a PKI for tests. */
export const certsCommand: CommandModule<object, CertsArguments> = {
  command: 'certs <dir>',
  describe: 'Make a test PKI: root, intermediate, server, client, and servers that are expired or wrongly named',
  builder,
  handler: ({ dir, type, name, ip, format, force }) => {
    const addresses = ip.map(addressBytes);
    const dnsNames = checkNames(name);
    const types = type === 'both' ? (['ec', 'rsa'] as const) : [type];
    for (const one of types) {
      const credentials = makeTestPki({ type: one, dnsNames, addresses });
      const files = encodeCredentials(credentials, `${one}-`, one, format);
      const inTheWay = files.map(([file]) => join(dir, file)).find((file) => existsSync(file));
      if (inTheWay !== undefined && !force)
        throw new UsageError(`${inTheWay} is there already; --force writes over it`);
      try {
        mkdirSync(dir, { recursive: true });
        for (const [file, content] of files) writeFileSync(join(dir, file), content);
      } catch (error) {
        throw new UsageError(`certs ${dir}: cannot be written (${error instanceof Error ? error.message : 'error'})`);
      }
      for (const { name: credential, about } of credentials)
        process.stdout.write(`${`${one}-${credential}`.padEnd(18)}  ${about}\n`);
    }
    process.stdout.write(`\nwritten to ${dir}: certificates and keys as ${format.join(', ')}. For tests only.\n`);
  },
};
