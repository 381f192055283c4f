import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { demo } from '../../../apps/dtls-echo/credentials/demo.ts';
import { parseDer } from '../../../secure/x509/asn1.ts';
import { parseCertificate, type Certificate } from '../../../secure/x509/certificate.ts';
import { matchesDnsName, matchesIpAddress, matchesPattern } from '../../../secure/x509/names.ts';
import { decodePem } from '../../../secure/x509/pem.ts';

const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

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

  it('a length in more octets than it needs is refused: a certificate has one encoding', () => {
    const sample = demo.ecdsa.certificate;
    const [, , high = 0, low = 0] = sample;
    const longer = ((high << 8) | low) + 1;
    // The signature is the last node: a BIT STRING with a length of one octet.
    const signature = sample.length - 2 - 0x49;
    assert.deepEqual([...sample.subarray(signature, signature + 2)], [0x03, 0x49]);
    const head = [0x30, 0x82, longer >> 8, longer & 255, ...sample.subarray(4, signature + 1)];
    for (const other of [
      Uint8Array.of(0x30, 0x83, 0, ...sample.subarray(2)),
      Uint8Array.of(0x30, 0x84, 0, 0, ...sample.subarray(2)),
      Uint8Array.of(...head, 0x81, ...sample.subarray(signature + 1)),
    ]) {
      assert.deepEqual(parseCertificate(other), { ok: false, error: 'encoding' });
    }
  });

  it('a truth value that DER does not have is refused, not taken for false', () => {
    const sample = demo.ecdsa.ca;
    const at = Buffer.from(sample).indexOf(Buffer.from('0101ff', 'hex'));
    assert(at > 0);
    for (let flag = at; flag > 0; flag = Buffer.from(sample).indexOf(Buffer.from('0101ff', 'hex'), flag + 1)) {
      const changed = sample.slice();
      changed[flag + 2] = 1;
      assert.deepEqual(parseCertificate(changed), { ok: false, error: 'extensions' });
    }
  });

  it('a field of a quarter of a megabyte is parsed or refused', () => {
    const node = (tag: number, content: Uint8Array): Uint8Array =>
      join(Uint8Array.of(tag, 0x83, content.length >> 16, content.length >> 8, content.length), content);
    const huge = node(0x17, new Uint8Array(250_000).fill(0x30));
    const sample = parse(demo.ecdsa.certificate);
    const root = parseDer(sample.tbs);
    assert(root !== null);
    const fields = root.children.map((child, index) => (index === 4 ? node(0x30, join(huge, huge)) : child.der));
    const algorithm = root.children[2]?.der ?? new Uint8Array(0);
    const rest = sample.der.subarray(sample.der.length - 2 - 0x49);
    const der = node(0x30, join(node(0x30, join(...fields)), algorithm, rest));
    assert.deepEqual(parseCertificate(der), { ok: false, error: 'validity' });
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
