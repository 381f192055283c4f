import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { secureConfig } from '../../secure/config.ts';
import { PskStore } from '../../secure/psk-store.ts';
import { World, defineFirmware } from 'txsim';

const { kernel } = new World().device('device', {
  firmware: defineFirmware(() => ({ tx_application_define: () => undefined })),
  config: { NX_SECURE_TLS_MAX_PSK_KEYS: 2000 },
});
const config = secureConfig(kernel);
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.of(...values);
const NONE = new Uint8Array(0);

describe('PskStore', () => {
  it('finds each of many keys by its identity, whatever bytes that has', () => {
    const store = new PskStore();
    for (let number = 0; number < 2000; number++) {
      assert.equal(
        store.add(config, bytes(number & 255, number >> 8), bytes(0xff, number & 255, number >> 8), NONE),
        0,
      );
    }
    for (let number = 0; number < 2000; number++) {
      assert.deepEqual(store.forIdentity(bytes(0xff, number & 255, number >> 8)), bytes(number & 255, number >> 8));
    }
    assert.equal(store.forIdentity(bytes(0xff, 1)), null);
  });

  it('gives the first of two keys with one identity', () => {
    const store = new PskStore();
    store.add(config, bytes(1), bytes(7), NONE);
    store.add(config, bytes(2), bytes(7), NONE);
    assert.deepEqual(store.forIdentity(bytes(7)), bytes(1));
  });

  it('knows nobody by the longest identity that a peer can send, nor after it was wiped', () => {
    const store = new PskStore();
    store.add(config, bytes(1), bytes(7), NONE);
    assert.equal(store.forIdentity(new Uint8Array(65_535).fill(7)), null);
    store.wipe();
    assert.equal(store.forIdentity(bytes(7)), null);
  });
});
