import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import { privateKeyDer } from '../../../secure/x509/private-key-pem.ts';
import { hasProgram } from '../../support/process.ts';
import { scratch } from '../../support/scratch.ts';

const PASSWORD = 'Paßwort';
const skip = hasProgram('openssl') ? false : 'openssl is not installed';

const openssl = (...args: readonly string[]): void => {
  execFileSync('openssl', args, { stdio: 'ignore', cwd: scratch });
};
const text = (name: string): string => readFileSync(join(scratch, name), 'utf8');
const pass = ['-passout', `pass:${PASSWORD}`];

/** How OpenSSL writes a key under a password; the traditional way is its own. */
const WAYS: Readonly<Record<string, (algorithm: string, from: string, to: string) => readonly string[]>> = {
  'PKCS#8, PBES2': (_, from, to) => ['pkcs8', '-topk8', '-in', from, '-out', to, ...pass],
  'PKCS#8, PBES2 with SHA-1 and AES-128': (_, from, to) => {
    const scheme = ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA1'];
    return ['pkcs8', '-topk8', '-in', from, '-out', to, ...scheme, ...pass];
  },
  'PKCS#8, PBES1': (_, from, to) => ['pkcs8', '-topk8', '-in', from, '-out', to, '-v1', 'PBE-SHA1-3DES', ...pass],
  'traditional, AES-256': (algorithm, from, to) => [
    ...(algorithm === 'ec' ? ['ec'] : ['rsa', '-traditional']),
    ...['-in', from, '-out', to, '-aes256', ...pass],
  ],
};

describe('private keys in PEM', { skip }, () => {
  for (const algorithm of ['ec', 'rsa'] as const) {
    const plain = `pem-${algorithm}.key`;
    const option = algorithm === 'ec' ? 'ec_paramgen_curve:P-256' : 'rsa_keygen_bits:2048';
    if (skip === false) openssl('genpkey', '-algorithm', algorithm, '-pkeyopt', option, '-out', plain);
    const isKey = (der: Uint8Array | null): boolean =>
      der !== null && nodeProvider.importPrivateKey(der)?.type === algorithm;

    it(`${algorithm}, in the clear, whatever stands around it and whether there is a password or not`, () => {
      const around = `a comment\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${text(plain)}`;
      assert.ok(isKey(privateKeyDer(around, null)));
      assert.ok(isKey(privateKeyDer(around, PASSWORD)));
    });

    for (const [name, way] of Object.entries(WAYS)) {
      it(`${algorithm}, ${name}`, () => {
        const to = `pem-${algorithm}-${Object.keys(WAYS).indexOf(name)}.key`;
        openssl(...way(algorithm, plain, to));
        assert.ok(isKey(privateKeyDer(text(to), PASSWORD)));
        assert.equal(isKey(privateKeyDer(text(to), 'wrong')), false);
        assert.equal(privateKeyDer(text(to), null), null);
      });
    }
  }

  for (const broken of ['', 'nothing', '-----BEGIN EC PRIVATE KEY-----\n!!!\n-----END EC PRIVATE KEY-----\n']) {
    it(`nothing in ${JSON.stringify(broken)}`, () => {
      const der = privateKeyDer(broken, 'x');
      assert.ok(der === null || nodeProvider.importPrivateKey(der) === null);
    });
  }
});
