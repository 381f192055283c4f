import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeProvider } from '../../../secure/crypto/node-provider.ts';
import type { Certificate } from '../../../secure/x509/certificate.ts';
import { parseCrl, type Crl } from '../../../secure/x509/crl.ts';
import { checkRevocation, crlDefect } from '../../../secure/x509/revocation.ts';
import {
  commonName,
  der,
  entry,
  enumerated,
  extension,
  generalizedTime,
  integer,
  makeCrl,
  oid,
  utcTime,
  type CrlParts,
} from '../../support/crl.ts';
import { CA, makeCertificate, makeOpensslCrl, privateKeyOf } from '../../support/pki.ts';
import { hasProgram } from '../../support/process.ts';

const NOW = Date.UTC(2026, 5, 1) / 1000;
const skip = hasProgram('openssl') ? false : 'openssl is not installed';

function parse(bytes: Uint8Array): Crl {
  const parsed = parseCrl(bytes);
  assert(parsed.ok, parsed.ok ? '' : parsed.error);
  return parsed.crl;
}

describe('revocation', { skip }, () => {
  const root = makeCertificate({ name: 'root', extensions: CA });
  const leaf = makeCertificate({ name: 'leaf', issuer: 'root' });
  const verdict = (crl: Crl, issuer: Certificate = root, now = NOW, certificate: Certificate = leaf): string =>
    checkRevocation(certificate, crl, issuer, now, nodeProvider);
  const defect = (crl: Crl, issuer: Certificate = root, now = NOW): string | null =>
    crlDefect(crl, issuer, now, nodeProvider);
  const rootCrl = (parts: CrlParts = {}): Crl => parse(makeCrl(privateKeyOf('root'), parts));
  const naming = (serial: Uint8Array, ...extensions: readonly Uint8Array[]): Crl =>
    rootCrl({ entries: [entry({ serial: Uint8Array.of(1) }), entry({ serial, extensions })] });

  it('good: an empty list, and one that names others', () => {
    assert.equal(verdict(rootCrl()), 'good');
    assert.equal(verdict(naming(Uint8Array.of(2))), 'good');
    const { serialNumber } = leaf;
    assert.equal(verdict(naming(serialNumber.subarray(0, -1))), 'good');
    assert.equal(verdict(naming(Uint8Array.of(...serialNumber, 0))), 'good');
  });

  it('revoked, for whatever reason', () => {
    const { serialNumber } = leaf;
    assert.equal(verdict(naming(serialNumber)), 'revoked');
    for (const code of [0, 1, 6, 8, 10]) {
      assert.equal(verdict(naming(serialNumber, extension('2.5.29.21', enumerated(code)))), 'revoked');
    }
  });

  it('a number is the same with zeros in front of it, and another one without its sign', () => {
    const of = (...serialNumber: readonly number[]): Certificate => ({
      ...leaf,
      serialNumber: Uint8Array.from(serialNumber),
    });
    assert.equal(verdict(naming(Uint8Array.of(0, 0, 0x12)), root, NOW, of(0x12)), 'revoked');
    assert.equal(verdict(naming(Uint8Array.of(0x12)), root, NOW, of(0, 0x12)), 'revoked');
    assert.equal(verdict(naming(Uint8Array.of(0)), root, NOW, of(0, 0)), 'revoked');
    assert.equal(verdict(naming(Uint8Array.of(0, 0xff)), root, NOW, of(0xff)), 'good');
  });

  it('issuer-mismatch: list, certificate and issuer have to be of one name', () => {
    const other = makeCertificate({ name: 'other', extensions: CA });
    const otherCrl = parse(makeCrl(privateKeyOf('other'), { issuer: commonName('other') }));
    assert.equal(verdict(otherCrl, other), 'issuer-mismatch');
    assert.equal(verdict(otherCrl), 'issuer-mismatch');
    assert.equal(verdict(rootCrl(), other), 'issuer-mismatch');
  });

  it('names are compared without their case', () => {
    assert.equal(verdict(rootCrl({ issuer: commonName('Root') })), 'good');
  });

  it('bad-signature: a namesake’s, a changed list’s, one that is none', () => {
    const impostor = makeCertificate({ name: 'impostor', subject: 'root', extensions: CA });
    assert.equal(verdict(rootCrl(), impostor), 'bad-signature');
    const crl = naming(leaf.serialNumber);
    const tbs = crl.tbs.slice();
    tbs[tbs.length - 1] = (tbs.at(-1) ?? 0) ^ 1;
    assert.equal(verdict({ ...crl, tbs }), 'bad-signature');
    assert.equal(verdict(rootCrl({ signature: new Uint8Array(5) })), 'bad-signature');
  });

  it('bad-signature: the algorithm of another kind of key', () => {
    const algorithm = der(0x30, oid('1.2.840.113549.1.1.11'), der(0x05));
    assert.equal(verdict(rootCrl({ algorithm })), 'bad-signature');
  });

  it('not-usable: by its dates, where there is a clock', () => {
    const young = rootCrl({ thisUpdate: utcTime('260602000000Z') });
    const old = rootCrl({ nextUpdate: generalizedTime('20260531235959Z') });
    assert.equal(verdict(young), 'not-usable');
    assert.equal(defect(young), 'not-yet-valid');
    assert.equal(verdict(old), 'not-usable');
    assert.equal(defect(old), 'out-of-date');
    assert.equal(verdict(young, root, 0), 'good');
    assert.equal(verdict(old, root, 0), 'good');
  });

  it('the dates are within their own bounds; without a next update there is no end', () => {
    const crl = rootCrl();
    assert.equal(verdict(crl, root, crl.thisUpdate), 'good');
    assert.equal(verdict(crl, root, crl.nextUpdate ?? 0), 'good');
    assert.equal(verdict(rootCrl({ nextUpdate: null }), root, NOW * 2), 'good');
  });

  it('not-usable: critical extensions that are not understood', () => {
    const delta = rootCrl({ extensions: [extension('2.5.29.27', integer(1), true)] });
    const indirect = naming(Uint8Array.of(2), extension('2.5.29.29', der(0x30), true));
    for (const crl of [delta, indirect]) {
      assert.equal(verdict(crl), 'not-usable');
      assert.equal(defect(crl), 'critical-extension');
    }
  });

  it('not-usable: an issuer whose key is not for lists; one that does not say is', () => {
    const basic = 'basicConstraints=critical,CA:TRUE';
    const extensions = [basic, 'keyUsage=critical,keyCertSign'];
    const strict = makeCertificate({ name: 'strict', subject: 'root', key: 'root', extensions });
    const plain = makeCertificate({ name: 'plain', subject: 'root', key: 'root', extensions: [basic] });
    assert.equal(verdict(rootCrl(), strict), 'not-usable');
    assert.equal(defect(rootCrl(), strict), 'key-usage');
    assert.equal(verdict(rootCrl(), plain), 'good');
    assert.equal(defect(rootCrl(), plain), null);
  });

  it('not-usable: algorithms and keys that are not supported', () => {
    const strange = rootCrl({ algorithm: der(0x30, oid('1.2.3')) });
    assert.equal(verdict(strange), 'not-usable');
    assert.equal(defect(strange), 'unknown-signature-algorithm');
    const keyless = { ...root, spki: der(0x30) };
    assert.equal(verdict(rootCrl(), keyless), 'not-usable');
    assert.equal(defect(rootCrl(), keyless), 'unsupported-public-key');
  });

  it('lists that openssl makes', () => {
    const gone = makeCertificate({ name: 'gone', issuer: 'root' });
    const held = makeCertificate({ name: 'held', issuer: 'root' });
    const crl = parse(makeOpensslCrl('root', { gone: 'keyCompromise', held: 'certificateHold' }));
    const now = crl.thisUpdate + 60;
    assert.equal(verdict(crl, root, now, gone), 'revoked');
    assert.equal(verdict(crl, root, now, held), 'revoked');
    assert.equal(verdict(crl, root, now, leaf), 'good');
    assert.deepEqual(crl.revoked.map((one) => one.reason).toSorted(), ['certificate-hold', 'key-compromise']);
    assert.deepEqual(crl.crlNumber, Uint8Array.of(0x10, 0));
    assert.deepEqual(crl.authorityKeyId, root.extensions.subjectKeyId);
    assert.equal(crl.nextUpdate, crl.thisUpdate + 30 * 86_400);
  });

  it('lists signed with RSA', () => {
    const rsaRoot = makeCertificate({ name: 'rsa-root', extensions: CA, algorithm: 'rsa' });
    const below = makeCertificate({ name: 'below', issuer: 'rsa-root' });
    const crl = parse(makeOpensslCrl('rsa-root', { below: 'superseded' }));
    assert.equal(verdict(crl, rsaRoot, 0, below), 'revoked');
    assert.equal(verdict(parse(makeOpensslCrl('rsa-root', {})), rsaRoot, 0, below), 'good');
  });
});
