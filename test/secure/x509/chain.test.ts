import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import type { Certificate } from '../../../secure/x509/certificate.ts';
import { verifyChain, type ChainRequest } from '../../../secure/x509/chain.ts';
import { hasProgram } from '../../support/process.ts';
import { CA, makeCertificate } from '../../support/pki.ts';

const NOW = Date.UTC(2026, 5, 1) / 1000;
const skip = hasProgram('openssl') ? false : 'openssl is not installed';

/** What the verification of a chain gives: `ok`, or the kind of error. */
function verdict(leaf: Certificate, trusted: readonly Certificate[], more: Partial<ChainRequest> = {}): string {
  const request: ChainRequest = { leaf, intermediates: [], trusted, now: NOW, usage: 'any', ...more };
  const result = verifyChain(request, nodeProvider);
  return result.ok ? 'ok' : result.error.kind;
}

describe('certificate chains', { skip }, () => {
  const root = makeCertificate({ name: 'root', extensions: CA });
  const leaf = makeCertificate({ name: 'leaf', issuer: 'root' });
  const middle = makeCertificate({ name: 'middle', issuer: 'root', extensions: CA });
  const far = makeCertificate({ name: 'far', issuer: 'middle' });

  it('a leaf under a trusted root', () => assert.equal(verdict(leaf, [root]), 'ok'));
  it('nothing trusted', () => assert.equal(verdict(leaf, []), 'issuer-not-found'));
  it('an intermediate that the peer sent', () => assert.equal(verdict(far, [root], { intermediates: [middle] }), 'ok'));
  it('an intermediate that is missing', () => assert.equal(verdict(far, [root]), 'issuer-not-found'));
  it('an intermediate that is trusted itself', () => assert.equal(verdict(far, [middle]), 'ok'));
  it('a root that the peer sent, and nobody trusts', () => {
    assert.equal(verdict(leaf, [], { intermediates: [root] }), 'self-signed');
  });

  it('expired, by the device’s clock', () => {
    const old = makeCertificate({ name: 'old', issuer: 'root', to: '20250101000000Z' });
    assert.equal(verdict(old, [root]), 'expired');
    assert.equal(verdict(old, [root], { now: Date.UTC(2024, 0, 1) / 1000 }), 'ok');
    assert.equal(verdict(old, [root], { now: 0 }), 'ok');
  });
  it('not yet valid', () => {
    const young = makeCertificate({ name: 'young', issuer: 'root', from: '20300101000000Z' });
    assert.equal(verdict(young, [root]), 'not-yet-valid');
  });
  it('dates beyond 2049 (GeneralizedTime)', () => {
    const long = makeCertificate({ name: 'long', issuer: 'root', to: '20991231235959Z' });
    assert.equal(verdict(long, [root], { now: Date.UTC(2080, 0, 1) / 1000 }), 'expired');
    assert.equal(long.notAfter, Date.UTC(2099, 11, 31, 23, 59, 59) / 1000);
  });

  it('an issuer that is no CA', () => {
    makeCertificate({ name: 'no-ca', issuer: 'root', extensions: ['basicConstraints=critical,CA:FALSE'] });
    const fake = makeCertificate({ name: 'fake', issuer: 'no-ca' });
    const noCa = makeCertificate({
      name: 'no-ca',
      issuer: 'root',
      extensions: ['basicConstraints=critical,CA:FALSE'],
      key: 'no-ca',
    });
    assert.equal(verdict(fake, [root], { intermediates: [noCa] }), 'not-a-ca');
  });
  it('an issuer whose key is not for signing certificates', () => {
    const extensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,digitalSignature'];
    const odd = makeCertificate({ name: 'odd', issuer: 'root', extensions });
    const below = makeCertificate({ name: 'below-odd', issuer: 'odd' });
    assert.equal(verdict(below, [root], { intermediates: [odd] }), 'key-usage');
  });
  it('a path longer than its CA allows', () => {
    const extensions = ['basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=critical,keyCertSign'];
    const last = makeCertificate({ name: 'last-ca', issuer: 'root', extensions });
    const beyond = makeCertificate({ name: 'beyond', issuer: 'last-ca', extensions: CA });
    const deep = makeCertificate({ name: 'deep', issuer: 'beyond' });
    const direct = makeCertificate({ name: 'direct', issuer: 'last-ca' });
    assert.equal(verdict(direct, [root], { intermediates: [last] }), 'ok');
    assert.equal(verdict(deep, [root], { intermediates: [beyond, last] }), 'path-too-long');
  });
  it('a signature by somebody else of the same name', () => {
    const impostor = makeCertificate({ name: 'impostor', subject: 'root', extensions: CA });
    assert.equal(verdict(leaf, [impostor]), 'signature');
    assert.equal(verdict(leaf, [impostor, root]), 'ok');
  });
  it('a cross-signed intermediate: the way that is trusted is found', () => {
    makeCertificate({ name: 'other-root', extensions: CA });
    const crossed = makeCertificate({
      name: 'crossed',
      issuer: 'other-root',
      subject: 'middle',
      key: 'middle',
      extensions: CA,
    });
    assert.equal(verdict(far, [root], { intermediates: [crossed, middle] }), 'ok');
    assert.equal(verdict(far, [root], { intermediates: [crossed] }), 'issuer-not-found');
  });
  it('self-signed leaves, where they are allowed and trusted', () => {
    const own = makeCertificate({ name: 'own' });
    assert.equal(verdict(own, [own]), 'self-signed');
    assert.equal(verdict(own, [own], { allowSelfSigned: true }), 'ok');
    assert.equal(verdict(own, [], { allowSelfSigned: true }), 'self-signed');
  });
  it('extended key usage', () => {
    const server = makeCertificate({ name: 'eku', issuer: 'root', extensions: ['extendedKeyUsage=serverAuth'] });
    assert.equal(verdict(server, [root], { usage: 'server' }), 'ok');
    assert.equal(verdict(server, [root], { usage: 'client' }), 'extended-key-usage');
    assert.equal(verdict(leaf, [root], { usage: 'client' }), 'ok');
  });
  it('name constraints', () => {
    const extensions = [...CA, 'nameConstraints=critical,permitted;DNS:example.org,excluded;DNS:bad.example.org'];
    const bound = makeCertificate({ name: 'bound', issuer: 'root', extensions });
    const cases = {
      'a.example.org': 'ok',
      'example.org': 'ok',
      'example.com': 'name-constraint',
      'x.bad.example.org': 'name-constraint',
    };
    for (const [name, expected] of Object.entries(cases)) {
      const extension = [`subjectAltName=DNS:${name}`];
      const certificate = makeCertificate({ name: `nc-${name}`, issuer: 'bound', extensions: extension });
      assert.equal(verdict(certificate, [root], { intermediates: [bound] }), expected, name);
    }
  });
  it('critical extensions that nobody understands', () => {
    const strange = makeCertificate({ name: 'strange', issuer: 'root', extensions: ['1.2.3.4=critical,DER:0500'] });
    assert.equal(verdict(strange, [root]), 'critical-extension');
  });
  it('RSA, and RSA-PSS', () => {
    const rsaRoot = makeCertificate({ name: 'rsa-root', extensions: CA, algorithm: 'rsa' });
    const plain = makeCertificate({ name: 'rsa-leaf', issuer: 'rsa-root' });
    const signing = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'];
    const pss = makeCertificate({ name: 'pss-leaf', issuer: 'rsa-root', signing });
    assert.equal(verdict(plain, [rsaRoot]), 'ok');
    assert.deepEqual(pss.signatureAlgorithm, { kind: 'rsa-pss', hash: 'sha256', saltLength: 32 });
    assert.equal(verdict(pss, [rsaRoot]), 'ok');
  });
});
