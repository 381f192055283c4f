import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { transient, transientCopy } from '../../secure/transient.ts';

describe('bytes that are soon forgotten', () => {
  it('are zeros, and nobody else has them', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9000), { maxLength: 60 }), (lengths) => {
        const all = lengths.map((length, index) => {
          const bytes = transient(length);
          assert.equal(bytes.length, length);
          assert(bytes.every((byte) => byte === 0));
          return bytes.fill(1 + index);
        });
        for (const [index, bytes] of all.entries()) assert(bytes.every((byte) => byte === 1 + index));
      }),
    );
  });

  it('a copy is none of the original', () => {
    const original = new Uint8Array(100).fill(1);
    const copy = transientCopy(original);
    original.fill(2);
    assert.deepEqual(copy, new Uint8Array(100).fill(1));
  });
});
