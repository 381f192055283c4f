import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { statusName } from 'txsim';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import type { Certificate } from '../../secure/x509/certificate.ts';
import { commonName, der, entry, extension, integer, makeCrl, oid, utcTime } from '../support/crl.ts';
import { CA, makeCertificate, privateKeyOf } from '../support/pki.ts';
import { hasProgram } from '../support/process.ts';
import { CALLER_ERROR, control, inThread, PTR_ERROR, SUCCESS, whileBooting } from '../support/x509-services.ts';

const skip = hasProgram('openssl') ? false : 'openssl is not installed';

function storeOf(
  trusted: readonly Certificate[],
  local: readonly Certificate[] = [],
): tls.NX_SECURE_X509_CERTIFICATE_STORE {
  const store = new tls.NX_SECURE_X509_CERTIFICATE_STORE();
  for (const [at, certificate] of trusted.entries()) store.add('trusted', control(certificate), at + 1);
  for (const [at, certificate] of local.entries()) store.add('local', control(certificate), at + 1);
  return store;
}

describe('nx_secure_x509_crl_revocation_check', { skip }, () => {
  const root = makeCertificate({ name: 'root', extensions: CA });
  const leaf = makeCertificate({ name: 'leaf', issuer: 'root' });
  const middle = makeCertificate({ name: 'middle', issuer: 'root', extensions: CA });
  const far = makeCertificate({ name: 'far', issuer: 'middle' });
  const rootKey = privateKeyOf('root');
  const store = storeOf([root]);
  const check = (crl: Uint8Array, certificates = store, certificate = leaf): string =>
    inThread(() => tls.nx_secure_x509_crl_revocation_check(crl, crl.length, certificates, control(certificate)));
  const expect = (status: number, ...given: Parameters<typeof check>): void =>
    assert.equal(check(...given), statusName(status));
  const naming = ({ serialNumber }: Certificate): readonly Uint8Array[] => [entry({ serial: serialNumber })];

  it('a list that does not name the certificate', () => {
    expect(nx.NX_SUCCESS, makeCrl(rootKey));
    expect(nx.NX_SUCCESS, makeCrl(rootKey, { entries: naming(far) }));
  });
  it('a list that does', () => {
    expect(tls.NX_SECURE_X509_CRL_CERTIFICATE_REVOKED, makeCrl(rootKey, { entries: naming(leaf) }));
  });
  it('only as much of the data as the length says is read', () => {
    const crl = makeCrl(rootKey);
    const buffer = Uint8Array.of(...crl, 0, 0, 0);
    const length = (bytes: number) => () =>
      tls.nx_secure_x509_crl_revocation_check(buffer, bytes, store, control(leaf));
    assert.equal(inThread(length(crl.length)), SUCCESS);
    const tooLong = statusName(tls.NX_SECURE_X509_ASN1_LENGTH_TOO_LONG);
    assert.equal(inThread(length(crl.length - 1)), tooLong);
    assert.equal(inThread(length(buffer.length)), tooLong);
  });
  it('no clock: lists are good whatever their dates', () => {
    expect(nx.NX_SUCCESS, makeCrl(rootKey, { thisUpdate: utcTime('490101000000Z') }));
    expect(nx.NX_SUCCESS, makeCrl(rootKey, { nextUpdate: utcTime('010101000000Z') }));
  });

  it('NULL pointers, length 0, a certificate that was not initialised', () => {
    const crl = makeCrl(rootKey);
    const certificate = control(leaf);
    const service = tls.nx_secure_x509_crl_revocation_check;
    assert.equal(
      inThread(() => service(null, 10, store, certificate)),
      PTR_ERROR,
    );
    assert.equal(
      inThread(() => service(crl, 0, store, certificate)),
      PTR_ERROR,
    );
    assert.equal(
      inThread(() => service(crl, crl.length, null, certificate)),
      PTR_ERROR,
    );
    assert.equal(
      inThread(() => service(crl, crl.length, store, null)),
      PTR_ERROR,
    );
    assert.equal(
      inThread(() => service(crl, crl.length, store, control(null))),
      PTR_ERROR,
    );
  });
  it('threads only, and pointers are looked at first', () => {
    const crl = makeCrl(rootKey);
    const service = tls.nx_secure_x509_crl_revocation_check;
    assert.equal(
      whileBooting(() => service(crl, crl.length, store, control(leaf))),
      CALLER_ERROR,
    );
    assert.equal(
      whileBooting(() => service(null, 0, null, null)),
      PTR_ERROR,
    );
  });

  it('another issuer’s list, whether the store knows that issuer or not', () => {
    const crl = makeCrl(rootKey, { issuer: commonName('other') });
    expect(tls.NX_SECURE_X509_CRL_ISSUER_MISMATCH, crl);
    expect(tls.NX_SECURE_X509_CRL_ISSUER_MISMATCH, crl, storeOf([]));
  });
  it('an issuer that the store does not have', () => {
    expect(tls.NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND, makeCrl(rootKey), storeOf([middle], [leaf]));
  });
  it('somebody else’s signature', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(tls.NX_SECURE_X509_CRL_SIGNATURE_CHECK_FAILED, makeCrl(privateKey));
  });
  it('an issuer whose key is not for lists', () => {
    const extensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign'];
    const strict = makeCertificate({ name: 'strict', subject: 'root', key: 'root', extensions });
    expect(tls.NX_SECURE_X509_KEY_USAGE_ERROR, makeCrl(rootKey), storeOf([strict]));
  });
  it('trusted issuers come before local ones of the same name', () => {
    const namesake = makeCertificate({ name: 'namesake', subject: 'root', extensions: CA });
    expect(nx.NX_SUCCESS, makeCrl(rootKey), storeOf([root], [namesake]));
    expect(tls.NX_SECURE_X509_CRL_SIGNATURE_CHECK_FAILED, makeCrl(rootKey), storeOf([namesake], [root]));
  });
  it('a key or an algorithm that is not supported', () => {
    const keyless = { ...root, spki: der(0x30) };
    expect(tls.NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER, makeCrl(rootKey), storeOf([keyless]));
    const algorithm = der(0x30, oid('1.2.3'));
    expect(tls.NX_SECURE_X509_UNKNOWN_CERT_SIG_ALGORITHM, makeCrl(rootKey, { algorithm }));
  });

  describe('a local issuer', () => {
    const crl = makeCrl(privateKeyOf('middle'), { issuer: commonName('middle'), entries: naming(far) });
    const empty = makeCrl(privateKeyOf('middle'), { issuer: commonName('middle') });
    it('with a chain to a trusted certificate', () => {
      expect(tls.NX_SECURE_X509_CRL_CERTIFICATE_REVOKED, crl, storeOf([root], [middle]), far);
      expect(nx.NX_SUCCESS, empty, storeOf([root], [middle]), far);
    });
    it('without one', () => {
      expect(tls.NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND, empty, storeOf([], [middle]), far);
      expect(tls.NX_SECURE_X509_INVALID_SELF_SIGNED_CERT, makeCrl(rootKey), storeOf([], [root]));
    });
    it('with one that is not valid', () => {
      const namesake = makeCertificate({ name: 'namesake2', subject: 'root', extensions: CA });
      expect(tls.NX_SECURE_X509_CERTIFICATE_SIG_CHECK_FAILED, empty, storeOf([namesake], [middle]), far);
      const extensions = ['basicConstraints=critical,CA:FALSE'];
      const noCa = makeCertificate({ name: 'no-ca', subject: 'root', key: 'root', extensions });
      expect(tls.NX_SECURE_X509_CHAIN_VERIFY_FAILURE, empty, storeOf([noCa], [middle]), far);
    });
  });

  it('a list that cannot be parsed', () => {
    const [nextUpdate, algorithm] = [utcTime('x'), der(0x30)];
    expect(tls.NX_SECURE_X509_ASN1_LENGTH_TOO_LONG, Uint8Array.of(0x30, 9));
    expect(tls.NX_SECURE_X509_INVALID_CERTIFICATE_SEQUENCE, leaf.spki);
    expect(tls.NX_SECURE_X509_INVALID_VERSION, makeCrl(rootKey, { version: integer(2) }));
    expect(tls.NX_SECURE_X509_INVALID_CERTIFICATE_DATA, makeCrl(rootKey, { issuer: commonName('') }));
    expect(tls.NX_SECURE_X509_INVALID_DATE_FORMAT, makeCrl(rootKey, { nextUpdate }));
    expect(tls.NX_SECURE_X509_UNEXPECTED_ASN1_TAG, makeCrl(rootKey, { entries: [integer(1)] }));
    expect(tls.NX_SECURE_X509_MISSING_SIGNATURE_ALGORITHM, makeCrl(rootKey, { algorithm }));
    expect(tls.NX_SECURE_X509_INVALID_EXTENSIONS, makeCrl(rootKey, { extensions: [integer(1)] }));
  });
  it('a critical extension that nobody understands', () => {
    const extensions = [extension('2.5.29.27', integer(1), true)];
    expect(tls.NX_SECURE_X509_INVALID_EXTENSIONS, makeCrl(rootKey, { extensions }));
  });
});
