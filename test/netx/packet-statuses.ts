/** Every status of every packet service, provoked: what `docs/netx-packets.md` lists, and nothing else. */
import * as nx from 'txsim/nx_api';
import { out, tx_thread_sleep, tx_thread_wait_abort, type Op, type Suspension, type Thread } from 'txsim/tx_api';
import { pattern, poolOf, take, type CallContext, type PacketObjects } from '../support/packet-bench.ts';

export interface StatusCase {
  readonly status: number;
  readonly what: string;
  readonly call: (objects: PacketObjects) => Op<number>;
  /** Default: a thread. */
  readonly from?: CallContext;
  readonly config?: Readonly<Record<string, number | boolean>>;
}

type Cases = readonly StatusCase[];
const nowhere = (): nx.NX_PACKET_POOL => new nx.NX_PACKET_POOL();
const room = (): Uint8Array => new Uint8Array(256);

/** A packet whose payload begins before its memory, or ends behind it. */
const under = (packet: nx.NX_PACKET): nx.NX_PACKET => {
  packet.nx_packet_prepend_ptr = packet.nx_packet_data_start - 4;
  return packet;
};
const over = (packet: nx.NX_PACKET): nx.NX_PACKET => {
  packet.nx_packet_append_ptr = packet.nx_packet_data_end + 1;
  return packet;
};

function* drain(pool: nx.NX_PACKET_POOL): Generator<Suspension, void, unknown> {
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
const allocating = (wait: (pool: nx.NX_PACKET_POOL, packet: nx.NX_PACKET, option: number) => Op<number>): Cases => [
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

const releasing = (release: (packet: nx.NX_PACKET | null) => Op<number>): Cases => [
  { status: nx.NX_SUCCESS, what: 'in an ISR', from: 'isr', call: ({ packet }) => release(packet) },
  { status: nx.NX_PTR_ERROR, what: 'NULL', call: () => release(null) },
  {
    status: nx.NX_PTR_ERROR,
    what: 'released already',
    *call({ packet }) {
      yield* release(packet);
      return yield* release(packet);
    },
  },
  {
    status: nx.NX_PTR_ERROR,
    what: 'a packet of a deleted pool',
    *call({ pool, packet }) {
      yield* nx.nx_packet_pool_delete(pool);
      return yield* release(packet);
    },
  },
  { status: nx.NX_UNDERFLOW, what: 'prepend pointer', call: ({ packet }) => release(under(packet)) },
  { status: nx.NX_OVERFLOW, what: 'append pointer', call: ({ packet }) => release(over(packet)) },
];

const create = (
  pool: nx.NX_PACKET_POOL | null,
  payload = 100,
  memory: Uint8Array | null = new Uint8Array(1000),
  size = 1000,
): Op<number> => nx.nx_packet_pool_create(pool, 'p', payload, memory, size);

const append = (
  packet: nx.NX_PACKET | null,
  pool: nx.NX_PACKET_POOL | null,
  size = 10,
  data: Uint8Array | null = pattern(400),
  wait = 0,
): Op<number> => nx.nx_packet_data_append(packet, data, size, pool, wait);

export const PACKET_STATUSES: Readonly<Record<string, Cases>> = {
  nx_packet_pool_create: [
    { status: nx.NX_SUCCESS, what: 'during initialisation', from: 'init', call: () => create(nowhere()) },
    { status: nx.NX_PTR_ERROR, what: 'NULL pool', call: () => create(null) },
    { status: nx.NX_PTR_ERROR, what: 'NULL memory', call: () => create(nowhere(), 100, null) },
    { status: nx.NX_PTR_ERROR, what: 'a pool that exists', call: ({ pool }) => create(pool) },
    {
      status: nx.NX_PTR_ERROR,
      what: 'memory of another pool',
      *call() {
        const memory = new Uint8Array(3000);
        yield* create(nowhere(), 100, memory.subarray(1000, 2000));
        return yield* create(nowhere(), 100, memory.subarray(500));
      },
    },
    {
      status: nx.NX_PTR_ERROR,
      what: 'memory around that of another pool',
      *call() {
        const memory = new Uint8Array(3000);
        yield* create(nowhere(), 100, memory.subarray(1000, 2000));
        return yield* create(nowhere(), 100, memory, 3000);
      },
    },
    { status: nx.NX_SIZE_ERROR, what: 'payload 0', call: () => create(nowhere(), 0) },
    { status: nx.NX_SIZE_ERROR, what: 'no packet fits', call: () => create(nowhere(), 1000) },
    { status: nx.NX_CALLER_ERROR, what: 'in a timer', from: 'timer', call: () => create(nowhere()) },
    { status: nx.NX_CALLER_ERROR, what: 'in an ISR', from: 'isr', call: () => create(nowhere()) },
  ],
  nx_packet_pool_delete: [
    { status: nx.NX_SUCCESS, what: 'in a thread', call: ({ pool }) => nx.nx_packet_pool_delete(pool) },
    { status: nx.NX_PTR_ERROR, what: 'NULL', call: () => nx.nx_packet_pool_delete(null) },
    { status: nx.NX_PTR_ERROR, what: 'not created', call: () => nx.nx_packet_pool_delete(nowhere()) },
    ...(['init', 'isr'] as const).map((from) => ({
      status: nx.NX_CALLER_ERROR,
      what: `in ${from}`,
      from,
      call: ({ pool }: PacketObjects) => nx.nx_packet_pool_delete(pool),
    })),
  ],
  nx_packet_pool_info_get: [
    {
      status: nx.NX_SUCCESS,
      what: 'nothing asked for',
      from: 'timer',
      call: ({ pool }) => nx.nx_packet_pool_info_get(pool, null, null, null, null, null),
    },
    {
      status: nx.NX_PTR_ERROR,
      what: 'not created',
      call: () => nx.nx_packet_pool_info_get(nowhere(), out(), null, null, null, null),
    },
    {
      status: nx.NX_CALLER_ERROR,
      what: 'in an ISR',
      from: 'isr',
      call: ({ pool }) => nx.nx_packet_pool_info_get(pool, out(), null, null, null, null),
    },
  ],
  nx_packet_pool_low_watermark_set: [
    {
      status: nx.NX_NOT_SUPPORTED,
      what: 'not built in, whatever the pool',
      call: () => nx.nx_packet_pool_low_watermark_set(null, 1),
    },
    ...(
      [
        [nx.NX_SUCCESS, 'built in', 'thread', false],
        [nx.NX_PTR_ERROR, 'NULL', 'thread', true],
        [nx.NX_CALLER_ERROR, 'in init', 'init', false],
        [nx.NX_CALLER_ERROR, 'in an ISR', 'isr', false],
      ] as const
    ).map(([status, what, from, isNull]) => ({
      status,
      what,
      from,
      config: { NX_ENABLE_LOW_WATERMARK: true },
      call: ({ pool }: PacketObjects) => nx.nx_packet_pool_low_watermark_set(isNull ? null : pool, 2),
    })),
  ],
  nx_packet_allocate: [
    {
      status: nx.NX_SUCCESS,
      what: 'in an ISR, without a wait',
      from: 'isr',
      call: ({ pool }) => nx.nx_packet_allocate(pool, out(), nx.NX_UDP_PACKET, nx.NX_NO_WAIT),
    },
    { status: nx.NX_PTR_ERROR, what: 'NULL pool', call: () => nx.nx_packet_allocate(null, out(), 0, 0) },
    { status: nx.NX_PTR_ERROR, what: 'not created', call: () => nx.nx_packet_allocate(nowhere(), out(), 0, 0) },
    { status: nx.NX_PTR_ERROR, what: 'NULL packet', call: ({ pool }) => nx.nx_packet_allocate(pool, null, 0, 0) },
    {
      status: nx.NX_OPTION_ERROR,
      what: 'a type that is no multiple of 4',
      from: 'isr',
      call: ({ pool }) => nx.nx_packet_allocate(pool, out(), 3, 1),
    },
    {
      status: nx.NX_INVALID_PARAMETERS,
      what: 'a type beyond the payload',
      call: ({ pool }) => nx.nx_packet_allocate(pool, out(), 132, 0),
    },
    ...allocating((pool, _packet, wait) => nx.nx_packet_allocate(pool, out(), 0, wait)),
  ],
  nx_packet_release: [
    ...releasing(nx.nx_packet_release),
    {
      status: nx.NX_PTR_ERROR,
      what: 'kept by an upper layer',
      call({ packet }) {
        packet.nx_packet_union_next.nx_packet_tcp_queue_next = nx.NX_PACKET_ENQUEUED;
        return nx.nx_packet_release(packet);
      },
    },
  ],
  nx_packet_transmit_release: releasing(nx.nx_packet_transmit_release),
  nx_packet_data_append: [
    { status: nx.NX_SUCCESS, what: 'in an ISR', from: 'isr', call: ({ packet, pool }) => append(packet, pool) },
    { status: nx.NX_PTR_ERROR, what: 'NULL packet', call: ({ pool }) => append(null, pool) },
    { status: nx.NX_PTR_ERROR, what: 'NULL data', call: ({ packet, pool }) => append(packet, pool, 1, null) },
    { status: nx.NX_PTR_ERROR, what: 'NULL pool', call: ({ packet }) => append(packet, null) },
    { status: nx.NX_SIZE_ERROR, what: 'no data', call: ({ packet, pool }) => append(under(packet), pool, 0) },
    {
      status: nx.NX_SIZE_ERROR,
      what: 'no room, and no chains',
      config: { NX_DISABLE_PACKET_CHAIN: true },
      call: ({ packet, pool }) => append(packet, pool, 200),
    },
    { status: nx.NX_UNDERFLOW, what: 'prepend pointer', call: ({ packet, pool }) => append(under(packet), pool) },
    { status: nx.NX_OVERFLOW, what: 'append pointer', call: ({ packet, pool }) => append(over(packet), pool) },
    ...allocating((pool, packet, wait) => append(packet, pool, 200, pattern(200), wait)),
  ],
  nx_packet_data_retrieve: [
    {
      status: nx.NX_SUCCESS,
      what: 'in an ISR',
      from: 'isr',
      call: ({ packet }) => nx.nx_packet_data_retrieve(packet, room(), out()),
    },
    { status: nx.NX_PTR_ERROR, what: 'NULL packet', call: () => nx.nx_packet_data_retrieve(null, room(), out()) },
    {
      status: nx.NX_PTR_ERROR,
      what: 'NULL buffer',
      call: ({ packet }) => nx.nx_packet_data_retrieve(packet, null, out()),
    },
    {
      status: nx.NX_PTR_ERROR,
      what: 'NULL size',
      call: ({ packet }) => nx.nx_packet_data_retrieve(packet, room(), null),
    },
    {
      status: nx.NX_INVALID_PACKET,
      what: 'a chain shorter than its length',
      call({ packet }) {
        packet.nx_packet_length = 11;
        return nx.nx_packet_data_retrieve(packet, room(), out());
      },
    },
  ],
  nx_packet_data_extract_offset: [
    {
      status: nx.NX_SUCCESS,
      what: 'in an ISR',
      from: 'isr',
      call: ({ packet }) => nx.nx_packet_data_extract_offset(packet, 9, room(), 4, out()),
    },
    {
      status: nx.NX_SUCCESS,
      what: 'the beginning of an empty packet',
      *call({ pool }) {
        return yield* nx.nx_packet_data_extract_offset(yield* take(pool), 0, room(), 4, out());
      },
    },
    {
      status: nx.NX_PTR_ERROR,
      what: 'NULL packet',
      call: () => nx.nx_packet_data_extract_offset(null, 0, room(), 4, out()),
    },
    {
      status: nx.NX_PTR_ERROR,
      what: 'NULL buffer',
      call: ({ packet }) => nx.nx_packet_data_extract_offset(packet, 0, null, 4, out()),
    },
    {
      status: nx.NX_PACKET_OFFSET_ERROR,
      what: 'the end',
      call: ({ packet }) => nx.nx_packet_data_extract_offset(packet, 10, room(), 4, out()),
    },
    {
      status: nx.NX_PACKET_OFFSET_ERROR,
      what: 'within a length that the chain does not have',
      call({ packet }) {
        packet.nx_packet_length = 20;
        return nx.nx_packet_data_extract_offset(packet, 15, room(), 4, out());
      },
    },
  ],
  nx_packet_data_adjust: [
    {
      status: nx.NX_SUCCESS,
      what: 'in an ISR',
      from: 'isr',
      call: ({ packet }) => nx.nx_packet_data_adjust(packet, 80),
    },
    { status: nx.NX_PTR_ERROR, what: 'NULL', call: () => nx.nx_packet_data_adjust(null, 4) },
    {
      status: nx.NX_UNDERFLOW,
      what: 'larger than the packet',
      call: ({ packet }) => nx.nx_packet_data_adjust(packet, 129),
    },
    {
      status: nx.NX_UNDERFLOW,
      what: 'no room, and no chains',
      config: { NX_DISABLE_PACKET_CHAIN: true },
      call: ({ packet }) => nx.nx_packet_data_adjust(packet, 120),
    },
    {
      status: nx.NX_NOT_SUPPORTED,
      what: 'odd, and one more packet needed',
      call: ({ packet }) => nx.nx_packet_data_adjust(packet, 121),
    },
    {
      status: nx.NX_NO_PACKET,
      what: 'none free for the rest',
      *call({ pool, packet }) {
        yield* drain(pool);
        return yield* nx.nx_packet_data_adjust(packet, 120);
      },
    },
  ],
  nx_packet_copy: [
    {
      status: nx.NX_SUCCESS,
      what: 'in an ISR',
      from: 'isr',
      call: ({ packet, pool }) => nx.nx_packet_copy(packet, out(), pool, nx.NX_NO_WAIT),
    },
    { status: nx.NX_PTR_ERROR, what: 'NULL packet', call: ({ pool }) => nx.nx_packet_copy(null, out(), pool, 0) },
    {
      status: nx.NX_PTR_ERROR,
      what: 'NULL copy',
      call: ({ packet, pool }) => nx.nx_packet_copy(packet, null, pool, 0),
    },
    { status: nx.NX_PTR_ERROR, what: 'NULL pool', call: ({ packet }) => nx.nx_packet_copy(packet, out(), null, 0) },
    {
      status: nx.NX_UNDERFLOW,
      what: 'prepend pointer',
      call: ({ packet, pool }) => nx.nx_packet_copy(under(packet), out(), pool, 0),
    },
    {
      status: nx.NX_OVERFLOW,
      what: 'append pointer',
      call: ({ packet, pool }) => nx.nx_packet_copy(over(packet), out(), pool, 0),
    },
    {
      status: nx.NX_INVALID_PACKET,
      what: 'an empty packet',
      *call({ pool }) {
        return yield* nx.nx_packet_copy(yield* take(pool), out(), pool, 0);
      },
    },
    {
      status: nx.NX_INVALID_PACKET,
      what: 'a chain shorter than its length',
      call({ packet, pool }) {
        packet.nx_packet_length = 11;
        return nx.nx_packet_copy(packet, out(), pool, 0);
      },
    },
    {
      status: nx.NX_SIZE_ERROR,
      what: 'into smaller packets, without chains',
      config: { NX_DISABLE_PACKET_CHAIN: true },
      *call({ packet }) {
        const small = nowhere();
        yield* nx.nx_packet_pool_create(small, 'small', 16, new Uint8Array(500), 500);
        packet.nx_packet_prepend_ptr -= 20;
        packet.nx_packet_length += 20;
        return yield* nx.nx_packet_copy(packet, out(), small, 0);
      },
    },
    ...allocating((pool, packet, wait) => nx.nx_packet_copy(packet, out(), pool, wait)),
  ],
  nx_packet_length_get: [
    {
      status: nx.NX_SUCCESS,
      what: 'in an ISR',
      from: 'isr',
      call: ({ packet }) => nx.nx_packet_length_get(packet, out()),
    },
    { status: nx.NX_PTR_ERROR, what: 'NULL packet', call: () => nx.nx_packet_length_get(null, out()) },
    { status: nx.NX_PTR_ERROR, what: 'NULL length', call: ({ packet }) => nx.nx_packet_length_get(packet, null) },
  ],
  nx_packet_debug_info_get: [
    {
      status: nx.NX_NOT_SUPPORTED,
      what: 'not built in',
      call: ({ pool }) => nx.nx_packet_debug_info_get(pool, 0, null, null, null, null, null),
    },
    ...(
      [
        [nx.NX_SUCCESS, 'the last packet', 3, false],
        [nx.NX_PTR_ERROR, 'NULL', 0, true],
        [nx.NX_INVALID_PARAMETERS, 'behind the last packet', 4, false],
      ] as const
    ).map(([status, what, index, isNull]) => ({
      status,
      what,
      from: 'isr' as const,
      config: { NX_ENABLE_PACKET_DEBUG_INFO: true, NX_DISABLE_PACKET_CHAIN: true, NX_DISABLE_IPV6: true },
      call: ({ pool }: PacketObjects) =>
        nx.nx_packet_debug_info_get(isNull ? null : pool, index, null, null, null, null, null),
    })),
  ],
  nx_ip_auxiliary_packet_pool_set: [
    {
      status: nx.NX_NOT_SUPPORTED,
      what: 'not built in, whatever the pool',
      call: () => nx.nx_ip_auxiliary_packet_pool_set(null, null),
    },
    ...(
      [
        [nx.NX_SUCCESS, 'built in', 'init', false],
        [nx.NX_PTR_ERROR, 'NULL pool', 'thread', true],
        [nx.NX_CALLER_ERROR, 'in a timer', 'timer', false],
        [nx.NX_CALLER_ERROR, 'in an ISR', 'isr', false],
      ] as const
    ).map(([status, what, from, isNull]) => ({
      status,
      what,
      from,
      config: { NX_ENABLE_DUAL_PACKET_POOL: true },
      call: ({ pool }: PacketObjects) => {
        const ip = new nx.NX_IP();
        ip.nx_ip_id = 0x49502020;
        return nx.nx_ip_auxiliary_packet_pool_set(ip, isNull ? null : pool);
      },
    })),
    {
      status: nx.NX_PTR_ERROR,
      what: 'an instance that was not created',
      config: { NX_ENABLE_DUAL_PACKET_POOL: true },
      *call({ bench }) {
        return yield* nx.nx_ip_auxiliary_packet_pool_set(new nx.NX_IP(), yield* poolOf(bench, 1, 'small'));
      },
    },
  ],
};
