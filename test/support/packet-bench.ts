import assert from 'node:assert/strict';
import * as nx from 'txsim/nx_api';
import { out, tx_timer_create, TX_TIMER, type Op, type Suspension, type Thread } from 'txsim/tx_api';
import { runOnDevice, type Bench, type BenchRun } from './one-device.ts';

/** Bytes of payload of the packets of these pools. */
export const PAYLOAD = 128;

type Config = Readonly<Record<string, number | boolean>>;

/** Creates a pool of so many packets. */
export function* poolOf(
  bench: Bench,
  packets: number,
  name = 'pool',
): Generator<Suspension, nx.NX_PACKET_POOL, unknown> {
  const pool = new nx.NX_PACKET_POOL();
  const size = packets * (nx.NX_PACKET.sizeof + PAYLOAD);
  assert.equal(yield* nx.nx_packet_pool_create(pool, name, PAYLOAD, bench.memory(size), size), nx.NX_SUCCESS);
  return pool;
}

/** Runs a thread with a pool of a few packets. */
export function withPool(
  packets: number,
  body: (pool: nx.NX_PACKET_POOL, bench: Bench) => Thread,
  config: Config = {},
): BenchRun {
  return runOnDevice(
    function* (bench) {
      const pool = yield* poolOf(bench, packets);
      yield* bench.thread('main', 5, () => body(pool, bench));
    },
    { config },
  );
}

/** A packet of a pool, which has to have one. */
export function* take(pool: nx.NX_PACKET_POOL, type = 0): Generator<Suspension, nx.NX_PACKET, unknown> {
  const cell = out<nx.NX_PACKET>();
  assert.equal(yield* nx.nx_packet_allocate(pool, cell, type, nx.NX_NO_WAIT), nx.NX_SUCCESS);
  return cell.value;
}

/** Bytes that tell their place: 0, 1, 2 … */
export const pattern = (length: number, from = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (from + index) & 255);

/** Where a service can be called from. */
export type CallContext = 'init' | 'thread' | 'timer' | 'isr';

/** What services are called with: a pool of four packets, one of them allocated, with ten bytes in it. */
export interface PacketObjects {
  readonly pool: nx.NX_PACKET_POOL;
  readonly packet: nx.NX_PACKET;
  readonly bench: Bench;
}

/** What a service returns in a context, on fresh objects. */
export function statusIn(context: CallContext, call: (objects: PacketObjects) => Op<number>, config: Config): number {
  let status = -1;
  let isr = function* (): Thread {};
  const { device } = runOnDevice(
    function* (bench) {
      const pool = yield* poolOf(bench, 4);
      const packet = yield* take(pool, nx.NX_UDP_PACKET);
      yield* nx.nx_packet_data_append(packet, pattern(10), 10, pool, nx.NX_NO_WAIT);
      const run = function* (): Thread {
        status = yield* call({ pool, packet, bench });
      };
      if (context === 'init') yield* run();
      else if (context === 'thread') yield* bench.thread('caller', 5, run);
      else if (context === 'timer') yield* tx_timer_create(new TX_TIMER(), 'caller', run, 0, 1, 0, 1);
      else isr = run;
    },
    { until: '10s', config },
  );
  if (context === 'isr') device.interrupt(isr);
  return status;
}
