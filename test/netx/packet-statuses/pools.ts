import * as nx from 'txsim/nx_api';
import { out, type Op } from 'txsim/tx_api';
import { poolOf, type PacketObjects } from '../../support/packet-bench.ts';
import { nowhere, type Cases } from './case.ts';

const create = (
  pool: nx.NX_PACKET_POOL | null,
  payload = 100,
  memory: Uint8Array | null = new Uint8Array(1000),
  size = 1000,
): Op<number> => nx.nx_packet_pool_create(pool, 'p', payload, memory, size);

export const pools: Readonly<Record<string, Cases>> = {
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
