import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineFirmware, World } from 'txsim';
import { TX_AUTO_START, TX_NO_TIME_SLICE, TX_THREAD, tx_thread_create, type Thread } from 'txsim/tx_api';
import { NX_IP, NX_PACKET_POOL, nx_icmp_enable, nx_packet_pool_create, nx_system_initialize } from 'txsim/nx_api';

/** A device whose initialisation nobody looks at. */
function worldOf(stackSize: number, poolSize: number): World {
  const world = new World();
  const firmware = defineFirmware(() => ({
    *tx_application_define(memory) {
      yield* nx_system_initialize();
      const entry = function* (): Thread {};
      const stack = memory.subarray(0, stackSize);
      yield* tx_thread_create(
        new TX_THREAD(),
        'main',
        entry,
        0,
        stack,
        stackSize,
        4,
        4,
        TX_NO_TIME_SLICE,
        TX_AUTO_START,
      );
      const pool = new NX_PACKET_POOL();
      yield* nx_packet_pool_create(pool, 'pool', 1536, memory.subarray(4096, 4096 + poolSize), poolSize);
      yield* nx_icmp_enable(new NX_IP());
    },
  }));
  world.device('board', { firmware });
  world.run();
  return world;
}

describe('services that fail in tx_application_define', () => {
  it('are noted, with status and place', () => {
    const notes = worldOf(100, 100).notes();
    assert.deepEqual(
      notes.map(({ kind, device }) => [kind, device]),
      new Array(3).fill(['initialization-failed', 'board']),
    );
    const here = String.raw`at file:\S+/failed-initialization\.test\.ts:\d+`;
    const texts = notes.map(({ text }) => text);
    assert.match(texts[0] ?? '', new RegExp(`^tx_thread_create\\(\\) gave TX_SIZE_ERROR \\(0x05\\) in .* ${here}: `));
    assert.match(
      texts[1] ?? '',
      new RegExp(`^nx_packet_pool_create\\(\\) gave NX_SIZE_ERROR \\(0x09\\) in .* ${here}: `),
    );
    assert.match(texts[2] ?? '', new RegExp(`^nx_icmp_enable\\(\\) gave NX_PTR_ERROR \\(0x07\\) in .* ${here}: `));
  });

  it('are not those that succeed', () => {
    assert.deepEqual(
      worldOf(1024, 8192)
        .notes()
        .map(({ text }) => text.split(' ', 1)[0]),
      ['nx_icmp_enable()'],
    );
  });
});
