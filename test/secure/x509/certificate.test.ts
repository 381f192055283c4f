import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { demo } from '../../../apps/dtls-echo/credentials/demo.ts';
import { parseCertificate, type Certificate } from '../../../secure/x509/certificate.ts';
import { matchesDnsName, matchesIpAddress, matchesPattern } from '../../../secure/x509/names.ts';
import { decodePem } from '../../../secure/x509/pem.ts';

function parse(der: Uint8Array): Certificate {
  const parsed = parseCertificate(der);
  assert(parsed.ok);
  return parsed.certificate;
}

const SAMPLES = [
  demo.ecdsa.ca,
  demo.ecdsa.certificate,
  demo.rsa.ca,
  demo.rsa.certificate,
  demo.client_ecdsa.certificate,
];

describe('parsing certificates', () => {
  it('agrees with node:crypto', () => {
    for (const der of SAMPLES) {
      const ours = parse(der);
      const theirs = new X509Certificate(der);
      assert.equal(
        Buffer.from(ours.serialNumber).toString('hex').replace(/^00/, ''),
        theirs.serialNumber.toLowerCase(),
      );
      assert.equal(ours.notBefore * 1000, Date.parse(theirs.validFrom));
      assert.equal(ours.notAfter * 1000, Date.parse(theirs.validTo));
      assert.equal(ours.extensions.basicConstraints?.ca, theirs.ca);
      const spki = theirs.publicKey.export({ format: 'der', type: 'spki' });
      assert.deepEqual(Buffer.from(ours.spki), spki);
      const commonName = new TextDecoder().decode(ours.subject.commonName);
      assert(theirs.subject.includes(`CN=${commonName}`));
    }
  });

  it('any bytes are parsed or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseCertificate(bytes)),
      { numRuns: 3000 },
    );
  });

  it('any change, cut or addition of a real one is parsed or refused', () => {
    const sample = demo.ecdsa.certificate;
    for (let at = 0; at < sample.length; at++) {
      for (const value of [0x00, 0x30, 0x7f, 0x80, 0xff, (sample[at] ?? 0) ^ 1]) {
        const changed = sample.slice();
        changed[at] = value;
        parseCertificate(changed);
      }
      assert.equal(parseCertificate(sample.subarray(0, at)).ok, false);
    }
    assert.equal(parseCertificate(Uint8Array.of(...sample, 0)).ok, false);
  });
});

describe('names', () => {
  const server = parse(demo.ecdsa.certificate);
  it('host names of a certificate', () => {
    assert(matchesDnsName(server, 'localhost'));
    assert(matchesDnsName(server, 'LOCALHOST'));
    assert(!matchesDnsName(server, 'elsewhere'));
  });
  it('a common name counts only where there is no alternative one', () => {
    assert(matchesDnsName(parse(demo.client_ecdsa.certificate), 'client'));
  });
  it('addresses', () => {
    assert(matchesIpAddress(server, Uint8Array.of(192, 168, 1, 150)));
    assert(!matchesIpAddress(server, Uint8Array.of(192, 168, 1, 151)));
  });
  for (const [pattern, name, expected] of [
    ['*.example.org', 'a.example.org', true],
    ['*.example.org', 'A.EXAMPLE.org', true],
    ['*.example.org', 'a.b.example.org', false],
    ['*.example.org', 'example.org', false],
    ['*.org', 'example.org', false],
    ['a*.example.org', 'ab.example.org', false],
    ['example.org', 'example.org.', true],
    ['', '', false],
  ] as const) {
    it(`'${pattern}' ${expected ? 'stands' : 'does not stand'} for '${name}'`, () => {
      assert.equal(matchesPattern(pattern, name), expected);
    });
  }
});

describe('PEM', () => {
  const body = Buffer.from(demo.ecdsa.ca)
    .toString('base64')
    .replaceAll(/(.{64})/g, '$1\n');
  const block = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
  it('blocks come out in order, text between them is passed over', () => {
    const blocks = decodePem(`subject=x\n${block}\nissuer=y\n${block.replaceAll('CERTIFICATE', 'OTHER')}`);
    assert.deepEqual(
      blocks?.map(({ label }) => label),
      ['CERTIFICATE', 'OTHER'],
    );
    assert.deepEqual(blocks[0]?.der, demo.ecdsa.ca);
  });
  it('what is cut off or no base64 is refused', () => {
    assert.equal(decodePem(block.slice(0, -30)), null);
    assert.equal(decodePem(block.replace('MII', 'M!I')), null);
  });
  it('no blocks are no blocks', () => assert.deepEqual(decodePem('hello'), []));
});
