import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addressOption, buildDhcp, numberOption, parseDhcp, word } from '../../../netx/wire/dhcp.ts';

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const plain = { noNullPrototype: true };
const code = fc.integer({ min: 1, max: 254 }).filter((one) => one !== 52);
const message = fc.record(
  {
    op: fc.constantFrom(1, 2),
    xid: uint32,
    secs: fc.nat(0xffff),
    broadcast: fc.boolean(),
    clientAddress: uint32,
    yourAddress: uint32,
    serverAddress: uint32,
    relayAddress: uint32,
    hardware: fc.record({ msw: fc.nat(0xffff), lsw: uint32 }, plain),
    options: fc.array(fc.tuple(code, fc.uint8Array({ maxLength: 255 })), { maxLength: 9 }).map((all) => new Map(all)),
  },
  plain,
);

/** A message without options, to put some into by hand. */
function empty(): Uint8Array {
  const nobody = { clientAddress: 0, yourAddress: 0, serverAddress: 0, relayAddress: 0 };
  const hardware = { msw: 0, lsw: 1 };
  return buildDhcp({ op: 2, xid: 1, secs: 0, broadcast: false, hardware, options: new Map(), ...nobody });
}

describe('DHCP messages', () => {
  it('are read as they were written', () => {
    fc.assert(fc.property(message, (written) => assert.deepEqual(parseDhcp(buildDhcp(written)), written)));
  });

  it('of any bytes are read or refused', () => {
    const bytes = fc.uint8Array({ maxLength: 600 });
    const changed = fc.tuple(message, bytes, fc.nat(600)).map(([written, noise, at]) => {
      const whole = buildDhcp(written);
      whole.set(noise.subarray(0, Math.max(0, whole.length - at)), Math.min(at, whole.length));
      return whole;
    });
    fc.assert(fc.property(bytes, (any) => void parseDhcp(any)));
    fc.assert(fc.property(changed, fc.nat(600), (any, length) => void parseDhcp(any.subarray(0, length))));
  });

  const refused: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
    ['too short', (bytes) => bytes.subarray(0, 239)],
    ['another kind of hardware', (bytes) => bytes.fill(6, 1, 2)],
    ['hardware addresses of another length', (bytes) => bytes.fill(8, 2, 3)],
    ['no magic cookie', (bytes) => bytes.fill(0, 236, 240)],
  ];
  for (const [name, change] of refused) {
    it(`that are ${name} are refused`, () => assert.equal(parseDhcp(change(empty())), null));
  }

  it('may have padding, options in parts, and options in the fields for names', () => {
    const bytes = empty();
    bytes.set([0, 0, 12, 2, 97, 98, 12, 1, 99, 52, 1, 3, 255], 240);
    bytes.set([3, 4, 10, 0, 0, 1, 255], 108);
    bytes.set([6, 4, 10, 0, 0, 2, 255], 44);
    const parsed = parseDhcp(bytes);
    assert(parsed !== null);
    assert.deepEqual(parsed.options.get(12), Uint8Array.of(97, 98, 99));
    assert.deepEqual([addressOption(parsed, 3), addressOption(parsed, 6)], [0x0a000001, 0x0a000002]);
  });

  it('whose last option goes beyond the end have the ones before it', () => {
    const bytes = empty().subarray(0, 250);
    bytes.set([53, 1, 5, 12, 200, 97], 240);
    const parsed = parseDhcp(bytes);
    assert.deepEqual([...(parsed?.options.keys() ?? [])], [53]);
  });

  it('give numbers of up to four bytes', () => {
    const bytes = empty();
    bytes.set([51, 4, ...word(3600), 57, 2, 2, 64, 99, 5, 1, 2, 3, 4, 5, 255], 240);
    const parsed = parseDhcp(bytes);
    assert(parsed !== null);
    assert.deepEqual(
      [51, 57, 99, 98].map((one) => numberOption(parsed, one)),
      [3600, 576, null, null],
    );
  });
});
