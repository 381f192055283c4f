import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as nx from 'txsim/nx_api';
import { out, type Suspension, type ULONG } from 'txsim/tx_api';
import { pattern, PAYLOAD, withPool } from '../support/packet-bench.ts';

/** One packet of a chain: bytes of room before its payload, and the payload. */
interface Part {
  readonly room: number;
  readonly bytes: readonly number[];
}

/** A chain of packets, as plain values. */
type Chain = readonly Part[];

const bytesOf = (chain: Chain): readonly number[] => chain.flatMap(({ bytes }) => bytes);

/** A chain with bytes added: to its last packet, and to further ones. */
function extended(chain: Chain, bytes: readonly number[]): Chain {
  const last = chain.at(-1);
  if (last === undefined || bytes.length === 0) return chain;
  const fits = PAYLOAD - last.room - last.bytes.length;
  const filled = [...chain.slice(0, -1), { room: last.room, bytes: [...last.bytes, ...bytes.slice(0, fits)] }];
  return bytes.length <= fits ? filled : extended([...filled, { room: 0, bytes: [] }], bytes.slice(fits));
}

/** A chain with room for a header, or the status that says why not. */
function adjusted(chain: Chain, header: number, free: number): Chain | number {
  const [first, ...rest] = chain;
  if (first === undefined || header > PAYLOAD) return nx.NX_UNDERFLOW;
  if (first.room >= header) return chain;
  const stays = Math.min(first.bytes.length, PAYLOAD - header);
  const moved = { room: header, bytes: first.bytes.slice(0, stays) };
  if (stays === first.bytes.length) return [moved, ...rest];
  if (header % 2 === 1) return nx.NX_NOT_SUPPORTED;
  return free === 0 ? nx.NX_NO_PACKET : [moved, { room: 0, bytes: first.bytes.slice(stays) }, ...rest];
}

/** A pool of packets and what is allocated of it, as plain values beside the real ones. */
class Model {
  free: number;
  readonly held: { chain: Chain; readonly packet: nx.NX_PACKET }[] = [];

  constructor(packets: number) {
    this.free = packets;
  }

  /** The chain that takes the place of another, where there are packets enough; the status of the service. */
  become(index: number, chain: Chain): number {
    const entry = this.held[index];
    if (entry === undefined) return nx.NX_SUCCESS;
    const more = chain.length - entry.chain.length;
    if (more > this.free) return nx.NX_NO_PACKET;
    this.free -= more;
    entry.chain = chain;
    return nx.NX_SUCCESS;
  }
}

interface Step {
  readonly kind: 'allocate' | 'append' | 'adjust' | 'header' | 'copy' | 'release';
  readonly which: number;
  readonly size: number;
}

function* perform(model: Model, pool: nx.NX_PACKET_POOL, step: Step): Generator<Suspension, void, unknown> {
  const index = model.held.length === 0 ? -1 : step.which % model.held.length;
  const entry = model.held[index];
  if (step.kind === 'allocate' || entry === undefined) {
    const cell = out<nx.NX_PACKET>();
    const room = (step.size % (PAYLOAD / 4)) * 4;
    const status = yield* nx.nx_packet_allocate(pool, cell, room, nx.NX_NO_WAIT);
    assert.equal(status, model.free === 0 ? nx.NX_NO_PACKET : nx.NX_SUCCESS);
    if (status !== nx.NX_SUCCESS) return;
    model.free--;
    model.held.push({ chain: [{ room, bytes: [] }], packet: cell.value });
    return;
  }
  const { packet, chain } = entry;
  switch (step.kind) {
    case 'append': {
      const bytes = pattern(step.size + 1, step.which);
      const expected = model.become(index, extended(chain, [...bytes]));
      assert.equal(yield* nx.nx_packet_data_append(packet, bytes, bytes.length, pool, nx.NX_NO_WAIT), expected);
      return;
    }
    case 'adjust': {
      const header = step.size % (PAYLOAD + 4);
      const next = adjusted(chain, header, model.free);
      const expected = typeof next === 'number' ? next : model.become(index, next);
      assert.equal(yield* nx.nx_packet_data_adjust(packet, header), expected);
      return;
    }
    case 'header': {
      // What a layer does that puts its header before the payload.
      const [first, ...rest] = chain;
      if (first === undefined || first.room < 8) return;
      const header = pattern(8, step.which);
      packet.nx_packet_prepend_ptr -= 8;
      packet.nx_packet_length += 8;
      packet.nx_packet_memory.set(header, packet.nx_packet_prepend_ptr);
      entry.chain = [{ room: first.room - 8, bytes: [...header, ...first.bytes] }, ...rest];
      return;
    }
    case 'copy': {
      const bytes = bytesOf(chain);
      const like = extended([{ room: chain[0]?.room ?? 0, bytes: [] }], bytes);
      const enough = like.length <= model.free;
      const expected = bytes.length === 0 ? nx.NX_INVALID_PACKET : enough ? nx.NX_SUCCESS : nx.NX_NO_PACKET;
      const cell = out<nx.NX_PACKET>();
      assert.equal(yield* nx.nx_packet_copy(packet, cell, pool, nx.NX_NO_WAIT), expected);
      if (expected !== nx.NX_SUCCESS) return;
      model.free -= like.length;
      model.held.push({ chain: like, packet: cell.value });
      return;
    }
    case 'release':
      assert.equal(yield* nx.nx_packet_release(packet), nx.NX_SUCCESS);
      model.free += chain.length;
      model.held.splice(index, 1);
  }
}

/** That the real packets are as the model has them. */
function* compare(model: Model, pool: nx.NX_PACKET_POOL): Generator<Suspension, void, unknown> {
  assert.equal(pool.nx_packet_pool_available, model.free);
  for (const { packet, chain } of model.held) {
    const length = out<ULONG>();
    yield* nx.nx_packet_length_get(packet, length);
    const expected = Uint8Array.from(bytesOf(chain));
    assert.equal(length.value, expected.length);
    const found = new Uint8Array(expected.length);
    assert.equal(yield* nx.nx_packet_data_retrieve(packet, found, out()), nx.NX_SUCCESS);
    assert.deepEqual(found, expected);
    assert.equal(packet.nx_packet_prepend_ptr - packet.nx_packet_data_start, chain[0]?.room);
    assert.equal(packet.nx_packet_last === null, chain.length === 1);
  }
}

const step = fc.record({
  kind: fc.constantFrom('allocate', 'append', 'append', 'adjust', 'header', 'copy', 'release' as const),
  which: fc.nat(255),
  size: fc.oneof(fc.nat(40), fc.nat(400)),
});

describe('any program of packet services', () => {
  it('leaves bytes, rooms and counts as a plain model has them, and nothing once all is released', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (steps, packets) => {
        const { world } = withPool(packets, function* (pool) {
          const model = new Model(packets);
          for (const one of steps) {
            yield* perform(model, pool, one);
            yield* compare(model, pool);
          }
          for (const { packet } of model.held) assert.equal(yield* nx.nx_packet_release(packet), nx.NX_SUCCESS);
          assert.equal(pool.nx_packet_pool_available, packets);
          assert.equal(pool.nx_packet_pool_invalid_releases, 0);
        });
        assert.deepEqual(world.leaks(), []);
        assert.deepEqual(
          world.notes().filter(({ kind }) => kind !== 'pool-empty'),
          [],
        );
      }),
      { numRuns: 300 },
    );
  });
});
