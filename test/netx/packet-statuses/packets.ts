import * as nx from 'txsim/nx_api';
import { out, type Op } from 'txsim/tx_api';
import { allocating, nowhere, over, under, type Cases } from './case.ts';

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

export const packets: Readonly<Record<string, Cases>> = {
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
};
