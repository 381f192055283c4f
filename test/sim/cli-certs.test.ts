import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseCertificate } from '../../secure/x509/certificate.ts';
import { decodePem, encodePem } from '../../secure/x509/pem.ts';
import { txsim } from '../support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'txsim-certs-'));

const openssl = (...args: readonly string[]): string => {
  const { stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8', cwd: join(folder, 'pki') });
  return stdout + stderr;
};
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.log('# openssl is missing: its view of the certificates is not tested');
const skip = !hasOpenssl && process.env['CI'] === undefined;

describe('txsim certs', () => {
  const made = txsim('certs', join(folder, 'pki'), '--name', 'device.local', '--ip', '192.168.1.150');
  const read = (name: string): Buffer => readFileSync(join(folder, 'pki', name));

  it('tells what it has made', () => {
    assert.equal(made.code, 0, made.err);
    for (const name of ['root', 'intermediate', 'server', 'client', 'expired', 'wrong-name'])
      for (const type of ['ec', 'rsa']) assert.match(made.out, new RegExp(`^${type}-${name} `, 'm'));
  });

  for (const type of ['ec', 'rsa'] as const) {
    it(`${type}: makes certificates that Node and this package read, each signed by its issuer`, () => {
      const of = (name: string): X509Certificate => new X509Certificate(read(`${type}-${name}.der`));
      const [root, intermediate] = [of('root'), of('intermediate')];
      assert(root.verify(root.publicKey) && intermediate.verify(root.publicKey) && root.ca && intermediate.ca);
      for (const name of ['server', 'client', 'expired', 'wrong-name']) {
        const certificate = of(name);
        assert(certificate.verify(intermediate.publicKey) && !certificate.ca, name);
        assert.equal(parseCertificate(new Uint8Array(read(`${type}-${name}.der`))).ok, true, name);
      }
      assert.equal(of('server').checkHost('device.local'), 'device.local');
      assert.equal(of('server').checkIP('192.168.1.150'), '192.168.1.150');
      assert.equal(of('wrong-name').checkHost('device.local'), undefined);
      assert(Date.parse(of('expired').validTo) < Date.parse('2022-01-02'));
    });

    it(`${type}: OpenSSL verifies the good ones and refuses the others`, { skip }, () => {
      const verify = (purpose: string, name: string): string =>
        openssl(
          'verify',
          '-x509_strict',
          '-purpose',
          purpose,
          '-CAfile',
          `${type}-root.pem`,
          '-untrusted',
          `${type}-intermediate.pem`,
          `${type}-${name}.pem`,
        );
      assert.match(verify('sslserver', 'server'), /: OK/);
      assert.match(verify('sslclient', 'client'), /: OK/);
      assert.match(verify('sslserver', 'client'), /unsuitable certificate purpose/);
      assert.match(verify('sslserver', 'expired'), /certificate has expired/);
      const key = openssl('pkey', '-in', `${type}-server.key.pem`, '-pubout');
      assert.equal(openssl('x509', '-in', `${type}-server.pem`, '-noout', '-pubkey'), key);
    });
  }

  it('gives the same bytes as PEM, DER, C and TypeScript', async () => {
    const der = new Uint8Array(read('ec-server.der'));
    const [block] = decodePem(read('ec-server.pem').toString()) ?? [];
    assert.deepEqual(block?.der, der);
    const header = read('ec-certificates.h').toString();
    const [, body = ''] = /server_der\[\] = \{([^}]*)\}/.exec(header) ?? [];
    assert.deepEqual(
      Uint8Array.from(
        body.split(',').filter((item) => item.trim() !== ''),
        Number,
      ),
      der,
    );
    assert.match(header, new RegExp(`server_der_len = ${der.length};`));
    const module: unknown = await import(join(folder, 'pki', 'ec-certificates.ts'));
    assert(typeof module === 'object' && module !== null && 'server_der' in module);
    assert.deepEqual(module.server_der, der);
  });

  it('writes over nothing unless told to', () => {
    const again = txsim('certs', join(folder, 'pki'), '--type', 'ec');
    assert.equal(again.code, 2);
    assert.match(again.err, /is there already; --force writes over it/);
    assert.equal(txsim('certs', join(folder, 'pki'), '--type', 'ec', '--force', '--format', 'der').code, 0);
  });

  it('refuses names and addresses that are none', () => {
    assert.match(txsim('certs', folder, '--ip', '1.2.3').err, /--ip 1\.2\.3: expected an IPv4 address/);
    assert.match(txsim('certs', folder, '--name', 'a b').err, /--name a b: expected a DNS name/);
    writeFileSync(join(folder, 'file'), '');
    assert.match(txsim('certs', join(folder, 'file', 'x'), '--type', 'ec').err, /cannot be written/);
  });
});

describe('PEM', () => {
  it('is written as it is read, for every length', () => {
    for (let length = 0; length < 130; length++) {
      const der = Uint8Array.from({ length }, (_, index) => (index * 37 + length) & 255);
      const text = encodePem({ label: 'CERTIFICATE', der });
      assert.deepEqual(decodePem(text), [{ label: 'CERTIFICATE', der }], text);
      assert(text.split('\n').every((line) => line.length <= 64));
    }
  });
});
