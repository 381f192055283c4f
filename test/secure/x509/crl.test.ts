import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseCrl, type Crl } from '../../../secure/x509/crl.ts';
import {
  commonName,
  der,
  ECDSA_SHA256,
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

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const seconds = (year: number, month: number, day = 1): number => Date.UTC(year, month - 1, day) / 1000;
const SERIAL = Uint8Array.of(0x12, 0x34);

const REASON_CODE = '2.5.29.21';
const reason = (code: number): Uint8Array => extension(REASON_CODE, enumerated(code));

function parse(bytes: Uint8Array): Crl {
  const parsed = parseCrl(bytes);
  assert(parsed.ok, parsed.ok ? '' : parsed.error);
  return parsed.crl;
}

function errorOf(bytes: Uint8Array): string {
  const parsed = parseCrl(bytes);
  return parsed.ok ? 'ok' : parsed.error;
}

describe('parsing revocation lists', () => {
  it('all that is in one', () => {
    const keyId = Uint8Array.of(1, 2, 3, 4);
    const crl = parse(
      makeCrl(privateKey, {
        entries: [
          entry({ serial: SERIAL, extensions: [reason(1)] }),
          entry({ serial: Uint8Array.of(5), date: generalizedTime('20500101000000Z') }),
        ],
        extensions: [
          extension('2.5.29.35', der(0x30, der(0x80, keyId))),
          extension('2.5.29.20', integer(7)),
          extension('2.5.29.18', der(0x30), true),
          extension('1.2.3.4', der(0x05)),
        ],
      }),
    );
    assert.equal(crl.version, 2);
    assert.deepEqual(Buffer.from(crl.issuer.commonName ?? []).toString(), 'root');
    assert.equal(crl.thisUpdate, seconds(2026, 5));
    assert.equal(crl.nextUpdate, seconds(2026, 7));
    assert.deepEqual(crl.revoked, [
      { serialNumber: SERIAL, revocationDate: seconds(2026, 5), reason: 'key-compromise' },
      { serialNumber: Uint8Array.of(5), revocationDate: seconds(2050, 1), reason: null },
    ]);
    assert.deepEqual(crl.crlNumber, Uint8Array.of(7));
    assert.deepEqual(crl.authorityKeyId, keyId);
    assert.deepEqual(crl.unknownCritical, []);
    assert.deepEqual(crl.signatureAlgorithm, { kind: 'ecdsa', hash: 'sha256' });
    assert.deepEqual(crl.der.subarray(4, 4 + crl.tbs.length), crl.tbs);
  });

  it('the least there may be: version 1, no next update, nobody revoked', () => {
    const crl = parse(makeCrl(privateKey, { version: null, nextUpdate: null }));
    assert.equal(crl.version, 1);
    assert.equal(crl.nextUpdate, null);
    assert.deepEqual(crl.revoked, []);
    assert.equal(crl.crlNumber, null);
    assert.equal(crl.authorityKeyId, null);
  });

  it('an empty list of entries, which should not be written', () => {
    assert.deepEqual(parse(makeCrl(privateKey, { entries: [] })).revoked, []);
  });

  const REASONS = [
    'unspecified',
    'key-compromise',
    'ca-compromise',
    'affiliation-changed',
    'superseded',
    'cessation-of-operation',
    'certificate-hold',
    null,
    'remove-from-crl',
    'privilege-withdrawn',
    'aa-compromise',
    null,
  ];
  for (const [code, name] of REASONS.entries()) {
    it(`reason ${code} ${name === null ? 'does not exist' : `is ${name}`}`, () => {
      const bytes = makeCrl(privateKey, { entries: [entry({ serial: SERIAL, extensions: [reason(code)] })] });
      if (name === null) assert.equal(errorOf(bytes), 'entries');
      else assert.equal(parse(bytes).revoked[0]?.reason, name);
    });
  }

  it('critical extensions that are not understood, of the list and of entries', () => {
    const invalidityDate = extension('2.5.29.24', generalizedTime('20260401000000Z'), true);
    const indirect = extension('2.5.29.29', der(0x30), true);
    const crl = parse(
      makeCrl(privateKey, {
        entries: [
          entry({ serial: SERIAL, extensions: [invalidityDate, indirect] }),
          entry({ serial: SERIAL, extensions: [indirect] }),
        ],
        extensions: [extension('2.5.29.27', integer(1), true), extension('2.5.29.28', der(0x30), true)],
      }),
    );
    assert.deepEqual(crl.unknownCritical, ['2.5.29.27', '2.5.29.28', '2.5.29.29']);
  });

  it('an algorithm that is not supported', () => {
    const crl = parse(makeCrl(privateKey, { algorithm: der(0x30, oid('1.2.3')) }));
    assert.equal(crl.signatureAlgorithm, null);
  });
});

describe('what is no revocation list', () => {
  const [number, twice] = [extension('2.5.29.20', integer(7)), extension('1.2.3', der(0x05))];
  const cases: readonly (readonly [string, CrlParts, string])[] = [
    ['version 1 written down', { version: integer(0) }, 'version'],
    ['version 3', { version: integer(2) }, 'version'],
    ['version 1 with extensions', { version: null, extensions: [number] }, 'version'],
    [
      'version 1 with an entry’s extensions',
      { version: null, entries: [entry({ serial: SERIAL, extensions: [reason(1)] })] },
      'version',
    ],
    ['two algorithms', { outerAlgorithm: der(0x30, oid('1.2.840.10045.4.3.3')) }, 'structure'],
    ['an algorithm that is none', { algorithm: der(0x30, integer(1)) }, 'signature-algorithm'],
    ['an issuer without a name', { issuer: commonName('') }, 'name'],
    ['an issuer that is no name', { issuer: integer(1) }, 'name'],
    ['no such day', { thisUpdate: utcTime('260231000000Z') }, 'time'],
    ['a time without seconds', { nextUpdate: utcTime('2607010000Z') }, 'time'],
    ['a number for a time', { thisUpdate: integer(1) }, 'time'],
    ['an entry that is no sequence', { entries: [integer(1)] }, 'entries'],
    ['an entry without a number', { entries: [der(0x30, utcTime('260501000000Z'))] }, 'entries'],
    ['an entry with an empty number', { entries: [entry({ serial: new Uint8Array(0) })] }, 'entries'],
    ['an entry without a date', { entries: [der(0x30, integer(1))] }, 'entries'],
    ['an entry with a date that is none', { entries: [entry({ serial: SERIAL, date: utcTime('x') })] }, 'entries'],
    [
      'an entry with more than there is',
      { entries: [der(0x30, integer(1), utcTime('260501000000Z'), der(0x30), integer(1))] },
      'entries',
    ],
    [
      'an entry with extensions that are none',
      { entries: [entry({ serial: SERIAL, extensions: [der(0x30)] })] },
      'entries',
    ],
    [
      'a reason that is no enumeration',
      { entries: [entry({ serial: SERIAL, extensions: [extension(REASON_CODE, integer(1))] })] },
      'entries',
    ],
    ['an extension twice', { extensions: [twice, twice] }, 'extensions'],
    ['an extension without a value', { extensions: [der(0x30, oid('1.2.3'))] }, 'extensions'],
    ['a list number that is none', { extensions: [extension('2.5.29.20', der(0x05))] }, 'extensions'],
    ['a key identifier that is none', { extensions: [extension('2.5.29.35', der(0x05))] }, 'extensions'],
    ['extensions that are no sequence', { more: [der(0xa0, integer(1))] }, 'extensions'],
    ['extensions and something behind them', { extensions: [number], more: [integer(1)] }, 'structure'],
    ['entries that are no tree', { more: [Uint8Array.of(0x10, 0)] }, 'entries'],
  ];
  for (const [name, parts, error] of cases) {
    it(name, () => assert.equal(errorOf(makeCrl(privateKey, parts)), error));
  }
  it('nothing, and what is not DER', () => {
    assert.equal(errorOf(new Uint8Array(0)), 'encoding');
    assert.equal(errorOf(Uint8Array.of(0x30, 5, 1)), 'encoding');
  });
  it('DER of something else', () => {
    assert.equal(errorOf(integer(1)), 'structure');
    assert.equal(errorOf(der(0x30, der(0x30), ECDSA_SHA256)), 'structure');
    assert.equal(errorOf(der(0x30, der(0x30), ECDSA_SHA256, integer(1))), 'structure');
  });
});

describe('hostile revocation lists', () => {
  const sample = makeCrl(privateKey, {
    entries: [entry({ serial: SERIAL, extensions: [reason(1)] }), entry({ serial: Uint8Array.of(5) })],
    extensions: [extension('2.5.29.20', integer(7)), extension('1.2.3.4', der(0x05), true)],
  });

  it('any bytes are parsed or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseCrl(bytes)),
      { numRuns: 3000 },
    );
  });
  it('any few changes of a real one are parsed or refused', () => {
    const change = fc.tuple(fc.nat({ max: sample.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const changed = sample.slice();
        for (const [at, value] of changes) changed[at] = value;
        parseCrl(changed);
      }),
      { numRuns: 5000 },
    );
  });
  it('any cut or addition is refused', () => {
    for (let at = 0; at < sample.length; at++) assert.equal(parseCrl(sample.subarray(0, at)).ok, false);
    assert.equal(parseCrl(Uint8Array.of(...sample, 0)).ok, false);
  });
});
