import * as nx from 'txsim/nx_api';
import { tx_thread_sleep, tx_thread_wait_abort, type Op, type Suspension, type Thread } from 'txsim/tx_api';
import { take, type CallContext, type PacketObjects } from '../../support/packet-bench.ts';

export interface StatusCase {
  readonly status: number;
  readonly what: string;
  readonly call: (objects: PacketObjects) => Op<number>;
  /** Default: a thread. */
  readonly from?: CallContext;
  readonly config?: Readonly<Record<string, number | boolean>>;
}

/** The cases of a service. */
export type Cases = readonly StatusCase[];
/** A pool that was not created. */
export const nowhere = (): nx.NX_PACKET_POOL => new nx.NX_PACKET_POOL();

/** A packet whose payload begins before its memory, or ends behind it. */
export const under = (packet: nx.NX_PACKET): nx.NX_PACKET => {
  packet.nx_packet_prepend_ptr = packet.nx_packet_data_start - 4;
  return packet;
};
export const over = (packet: nx.NX_PACKET): nx.NX_PACKET => {
  packet.nx_packet_append_ptr = packet.nx_packet_data_end + 1;
  return packet;
};

/** Takes all that a pool has. */
export function* drain(pool: nx.NX_PACKET_POOL): Generator<Suspension, void, unknown> {
  while (pool.nx_packet_pool_available > 0) yield* take(pool);
}

/** What a service that waits for packets returns, when something else ends its wait. */
function* ended(
  { bench, pool }: PacketObjects,
  wait: (pool: nx.NX_PACKET_POOL) => Op<number>,
  end: (waiter: Parameters<typeof tx_thread_wait_abort>[0]) => Op<number>,
): Generator<Suspension, number, unknown> {
  let status = -1;
  yield* drain(pool);
  const waiter = yield* bench.thread('waiter', 4, function* (): Thread {
    status = yield* wait(pool);
  });
  yield* end(waiter);
  yield* tx_thread_sleep(2);
  return status;
}

/** The statuses of allocation, for a service that allocates. */
export const allocating = (
  wait: (pool: nx.NX_PACKET_POOL, packet: nx.NX_PACKET, option: number) => Op<number>,
): Cases => [
  {
    status: nx.NX_NO_PACKET,
    what: 'none free, no wait',
    *call({ pool, packet }) {
      yield* drain(pool);
      return yield* wait(pool, packet, nx.NX_NO_WAIT);
    },
  },
  {
    status: nx.NX_NO_PACKET,
    what: 'none came in time',
    *call({ pool, packet }) {
      yield* drain(pool);
      return yield* wait(pool, packet, 3);
    },
  },
  {
    status: nx.NX_WAIT_ABORTED,
    what: 'the wait was aborted',
    call: (o) => ended(o, (pool) => wait(pool, o.packet, nx.NX_WAIT_FOREVER), tx_thread_wait_abort),
  },
  {
    status: nx.NX_POOL_DELETED,
    what: 'the pool was deleted',
    call: (o) =>
      ended(
        o,
        (pool) => wait(pool, o.packet, nx.NX_WAIT_FOREVER),
        () => nx.nx_packet_pool_delete(o.pool),
      ),
  },
  ...(['init', 'timer', 'isr'] as const).map((from) => ({
    status: nx.NX_CALLER_ERROR,
    what: `a wait in ${from}`,
    from,
    call: ({ pool, packet }: PacketObjects) => wait(pool, packet, 1),
  })),
];
