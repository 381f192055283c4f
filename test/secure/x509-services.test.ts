import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusName } from 'txsim';
import { out, type UINT } from 'txsim/tx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import { makeCertificate } from '../support/pki.ts';
import { hasProgram } from '../support/process.ts';
import { CALLER_ERROR, control, inThread, PTR_ERROR, SUCCESS, whileBooting } from '../support/x509-services.ts';

const skip = hasProgram('openssl') ? false : 'openssl is not installed';

describe('nx_secure_x509_key_usage_extension_parse', { skip }, () => {
  const service = tls.nx_secure_x509_key_usage_extension_parse;
  const plain = makeCertificate({ name: 'plain' });
  const USAGES = {
    digitalSignature: tls.NX_SECURE_X509_KEY_USAGE_DIGITAL_SIGNATURE,
    nonRepudiation: tls.NX_SECURE_X509_KEY_USAGE_NON_REPUDIATION,
    keyEncipherment: tls.NX_SECURE_X509_KEY_USAGE_KEY_ENCIPHERMENT,
    dataEncipherment: tls.NX_SECURE_X509_KEY_USAGE_DATA_ENCIPHERMENT,
    keyAgreement: tls.NX_SECURE_X509_KEY_USAGE_KEY_AGREEMENT,
    keyCertSign: tls.NX_SECURE_X509_KEY_USAGE_KEY_CERT_SIGN,
    cRLSign: tls.NX_SECURE_X509_KEY_USAGE_CRL_SIGN,
    encipherOnly: tls.NX_SECURE_X509_KEY_USAGE_ENCIPHER_ONLY,
    decipherOnly: tls.NX_SECURE_X509_KEY_USAGE_DECIPHER_ONLY,
  };
  const usagesOf = (...names: readonly string[]): number => {
    const extensions = [`keyUsage=critical,${names.join(',')}`];
    const certificate = makeCertificate({ name: 'usage', key: 'plain', extensions });
    const bits = out<UINT>();
    assert.equal(
      inThread(() => service(control(certificate), bits)),
      SUCCESS,
    );
    return bits.value;
  };
  for (const [name, bit] of Object.entries(USAGES)) it(name, () => assert.equal(usagesOf(name), bit));
  it('several', () => assert.equal(usagesOf('keyAgreement', 'cRLSign', 'decipherOnly'), 0x0a80));
  it('no such extension', () => {
    const status = statusName(tls.NX_SECURE_X509_EXTENSION_NOT_FOUND);
    assert.equal(
      inThread(() => service(control(plain), out())),
      status,
    );
  });
  it('NULL, and threads only', () => {
    assert.equal(
      inThread(() => service(null, out())),
      PTR_ERROR,
    );
    assert.equal(
      inThread(() => service(control(plain), null)),
      PTR_ERROR,
    );
    assert.equal(
      inThread(() => service(control(null), out())),
      PTR_ERROR,
    );
    assert.equal(
      whileBooting(() => service(control(plain), out())),
      CALLER_ERROR,
    );
    assert.equal(
      whileBooting(() => service(null, null)),
      PTR_ERROR,
    );
  });
});

describe('nx_secure_x509_extended_key_usage_extension_parse', { skip }, () => {
  const service = tls.nx_secure_x509_extended_key_usage_extension_parse;
  const plain = makeCertificate({ name: 'plain' });
  const USAGES = {
    serverAuth: tls.NX_SECURE_TLS_X509_TYPE_PKIX_KP_SERVER_AUTH,
    clientAuth: tls.NX_SECURE_TLS_X509_TYPE_PKIX_KP_CLIENT_AUTH,
    codeSigning: tls.NX_SECURE_TLS_X509_TYPE_PKIX_KP_CODE_SIGNING,
    emailProtection: tls.NX_SECURE_TLS_X509_TYPE_PKIX_KP_EMAIL_PROTECT,
    timeStamping: tls.NX_SECURE_TLS_X509_TYPE_PKIX_KP_TIME_STAMPING,
  };
  const NOT_FOUND = statusName(tls.NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND);
  const named = (...usages: readonly string[]): tls.NX_SECURE_X509_CERT => {
    const extensions = [`extendedKeyUsage=${usages.join(',')}`];
    return control(makeCertificate({ name: 'usage', key: 'plain', extensions }));
  };
  for (const name of Object.keys(USAGES)) {
    it(name, () => {
      const certificate = named(name);
      for (const [other, usage] of Object.entries(USAGES)) {
        assert.equal(
          inThread(() => service(certificate, usage)),
          other === name ? SUCCESS : NOT_FOUND,
        );
      }
    });
  }
  it('one of several', () => {
    assert.equal(
      inThread(() => service(named('serverAuth', 'clientAuth'), USAGES.clientAuth)),
      SUCCESS,
    );
  });
  it('any usage names none, and what is no usage is not found', () => {
    assert.equal(
      inThread(() => service(named('anyExtendedKeyUsage'), USAGES.serverAuth)),
      NOT_FOUND,
    );
    assert.equal(
      inThread(() => service(named('serverAuth'), 0)),
      NOT_FOUND,
    );
  });
  it('no such extension', () => {
    const status = statusName(tls.NX_SECURE_X509_EXTENSION_NOT_FOUND);
    assert.equal(
      inThread(() => service(control(plain), USAGES.serverAuth)),
      status,
    );
  });
  it('NULL, and threads only', () => {
    assert.equal(
      inThread(() => service(null, USAGES.serverAuth)),
      PTR_ERROR,
    );
    assert.equal(
      inThread(() => service(control(null), USAGES.serverAuth)),
      PTR_ERROR,
    );
    assert.equal(
      whileBooting(() => service(control(plain), USAGES.serverAuth)),
      CALLER_ERROR,
    );
    assert.equal(
      whileBooting(() => service(null, USAGES.serverAuth)),
      PTR_ERROR,
    );
  });
});

describe('nx_secure_x509_common_name_dns_check', { skip }, () => {
  const service = tls.nx_secure_x509_common_name_dns_check;
  const MISMATCH = statusName(tls.NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH);
  const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
  const certificate = control(makeCertificate({ name: 'host', subject: 'device.example.org' }));
  const extensions = ['subjectAltName=DNS:alt.example.org,DNS:*.wild.example.org'];
  const alternative = control(makeCertificate({ name: 'alt', subject: 'device.example.org', extensions }));
  const check = (block: tls.NX_SECURE_X509_CERT, name: string): string =>
    inThread(() => service(block, ascii(name), name.length));

  it('common name, alternative names, and a label for a wildcard', () => {
    assert.equal(check(certificate, 'device.example.org'), SUCCESS);
    assert.equal(check(certificate, 'other.example.org'), MISMATCH);
    assert.equal(check(alternative, 'alt.example.org'), SUCCESS);
    assert.equal(check(alternative, 'a.wild.example.org'), SUCCESS);
    assert.equal(check(alternative, 'a.b.wild.example.org'), MISMATCH);
    assert.equal(check(alternative, 'wild.example.org'), MISMATCH);
  });
  it('an IPv4 address, by the alternative addresses alone', () => {
    const addressed = ['subjectAltName=IP:192.168.1.150,DNS:alt.example.org'];
    const block = control(makeCertificate({ name: 'addressed', subject: '192.168.1.7', extensions: addressed }));
    assert.equal(check(block, '192.168.1.150'), SUCCESS);
    for (const other of ['192.168.1.151', '192.168.1.7', '192.168.1.406', '192.168.1']) {
      assert.equal(check(block, other), MISMATCH, other);
    }
  });
  it('NULL, and threads only', () => {
    const name = ascii('device.example.org');
    assert.equal(
      inThread(() => service(null, name, name.length)),
      PTR_ERROR,
    );
    assert.equal(
      inThread(() => service(certificate, null, 0)),
      PTR_ERROR,
    );
    assert.equal(
      whileBooting(() => service(certificate, name, name.length)),
      CALLER_ERROR,
    );
  });
});

describe('key types of nx_secure_x509_certificate_initialize', { skip }, () => {
  const { der } = makeCertificate({ name: 'typed' });
  const key = new Uint8Array(8).fill(1);
  const initialize = (type: number): { readonly status: string; readonly block: tls.NX_SECURE_X509_CERT } => {
    const block = new tls.NX_SECURE_X509_CERT();
    const service = tls.nx_secure_x509_certificate_initialize;
    return { status: inThread(() => service(block, der, der.length, null, 0, key, key.length, type)), block };
  };

  for (const type of [tls.NX_SECURE_X509_KEY_TYPE_HARDWARE, 0x00010000, 0xffff0000]) {
    it(`0x${type.toString(16)}: a key that is elsewhere is only noted`, () => {
      const { status, block } = initialize(type);
      assert.equal(status, SUCCESS);
      assert(block.nx_secure_x509_certificate_is_identity_cert);
      assert.equal(block.privateKey, null);
    });
  }
  it('no type, and types that are none', () => {
    for (const type of [tls.NX_SECURE_X509_KEY_TYPE_NONE, 4, 0xffff]) {
      assert.equal(initialize(type).status, statusName(tls.NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE));
    }
  });
  it('bytes that are no key of their type', () => {
    assert.equal(
      initialize(tls.NX_SECURE_X509_KEY_TYPE_EC_DER).status,
      statusName(tls.NX_SECURE_PKCS1_INVALID_PRIVATE_KEY),
    );
  });
});

describe('names of statuses', () => {
  it('bits and usages are no statuses', () => {
    assert.equal(statusName(tls.NX_SECURE_X509_KEY_USAGE_DIGITAL_SIGNATURE), '0x8000');
    assert.equal(statusName(tls.NX_SECURE_X509_KEY_USAGE_ERROR), 'NX_SECURE_X509_KEY_USAGE_ERROR (0x1A0)');
  });
});
