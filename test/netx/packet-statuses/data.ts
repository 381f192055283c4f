import * as nx from 'txsim/nx_api';
import { out, type Op } from 'txsim/tx_api';
import { pattern, take } from '../../support/packet-bench.ts';
import { allocating, drain, nowhere, over, under, type Cases } from './case.ts';

const room = (): Uint8Array => new Uint8Array(256);

const append = (
  packet: nx.NX_PACKET | null,
  pool: nx.NX_PACKET_POOL | null,
  size = 10,
  data: Uint8Array | null = pattern(400),
  wait = 0,
): Op<number> => nx.nx_packet_data_append(packet, data, size, pool, wait);

export const data: Readonly<Record<string, Cases>> = {
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
};
