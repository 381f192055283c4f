import { TX_OR, TX_OR_CLEAR, TX_WAIT_FOREVER } from '../../kernel/constants.ts';
import { tx_event_flags_get, tx_event_flags_set } from '../../kernel/api/event-flags.ts';
import { tx_mutex_get, tx_mutex_put } from '../../kernel/api/mutex.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Op, Suspension, Thread } from '../../kernel/op.ts';
import { out } from '../../kernel/out.ts';
import { nx_packet_release } from '../api/packet.ts';
import { nx_udp_socket_receive } from '../api/udp-transfer.ts';
import { NX_IPv4_UDP_PACKET, NX_NO_WAIT, NX_SUCCESS } from '../constants.ts';
import { packetBytes, type NX_PACKET } from '../packet.ts';
import { BOOTP_REPLY, parseDhcp } from '../wire/dhcp.ts';
import type { DhcpSettings, NX_DHCP, NX_DHCP_INTERFACE_RECORD } from './client.ts';
import { NX_DHCP_CLIENT_ALL_EVENTS, NX_DHCP_CLIENT_RECEIVE_EVENT, NX_DHCP_CLIENT_TIMER_EVENT } from './constants.ts';
import { answered, timePasses } from './state-machine.ts';

/** Tells the client's thread of an event; called by the IP thread and the timer thread. */
export function tellThread(dhcp: NX_DHCP, event: number): Op<number> {
  return tx_event_flags_set(dhcp.nx_dhcp_events, event, TX_OR);
}

/** The client's thread: deals with what servers answer, and once a second with what is due. */
export function* dhcpThread(kernel: Kernel, dhcp: NX_DHCP, settings: DhcpSettings): Thread {
  const events = out<number>();
  for (;;) {
    yield* tx_event_flags_get(dhcp.nx_dhcp_events, NX_DHCP_CLIENT_ALL_EVENTS, TX_OR_CLEAR, events, TX_WAIT_FOREVER);
    yield* tx_mutex_get(dhcp.nx_dhcp_mutex, TX_WAIT_FOREVER);
    if ((events.value & NX_DHCP_CLIENT_RECEIVE_EVENT) !== 0) yield* receiveAll(kernel, dhcp, settings);
    if ((events.value & NX_DHCP_CLIENT_TIMER_EVENT) !== 0) {
      for (const record of dhcp.nx_dhcp_interface_record) {
        if (record.nx_dhcp_record_valid !== 0) yield* timePasses(kernel, dhcp, record, settings);
      }
    }
    yield* tx_mutex_put(dhcp.nx_dhcp_mutex);
  }
}

function* receiveAll(kernel: Kernel, dhcp: NX_DHCP, settings: DhcpSettings): Generator<Suspension, void, unknown> {
  const cell = out<NX_PACKET>();
  while ((yield* nx_udp_socket_receive(dhcp.nx_dhcp_socket, cell, NX_NO_WAIT)) === NX_SUCCESS) {
    const packet = cell.value;
    const index = packet.nx_packet_ip_interface?.nx_interface_index ?? -1;
    // A message that the client's own packets could not hold is none for it.
    const room = (dhcp.nx_dhcp_packet_pool_ptr?.nx_packet_pool_payload_size ?? 0) - NX_IPv4_UDP_PACKET;
    const bytes = packet.nx_packet_length > room ? new Uint8Array(0) : packetBytes(packet);
    yield* nx_packet_release(packet);
    const record = recordOf(dhcp, index);
    if (record !== null) yield* receiveOne(kernel, dhcp, record, bytes, settings);
  }
}

/** The record of an interface that the client runs on, or null. */
export function recordOf(dhcp: NX_DHCP, index: number): NX_DHCP_INTERFACE_RECORD | null {
  const is = ({ nx_dhcp_record_valid: valid, nx_dhcp_interface_index: own }: NX_DHCP_INTERFACE_RECORD): boolean =>
    valid !== 0 && own === index;
  return dhcp.nx_dhcp_interface_record.find(is) ?? null;
}

function* receiveOne(
  kernel: Kernel,
  dhcp: NX_DHCP,
  record: NX_DHCP_INTERFACE_RECORD,
  bytes: Uint8Array,
  settings: DhcpSettings,
): Generator<Suspension, void, unknown> {
  const message = parseDhcp(bytes);
  const one = dhcp.nx_dhcp_ip_ptr?.nx_ip_interface[record.nx_dhcp_interface_index];
  if (message === null || one === undefined || message.op !== BOOTP_REPLY) return;
  const { hardware, xid } = message;
  const { nx_interface_physical_address_msw: msw, nx_interface_physical_address_lsw: lsw } = one;
  if (hardware.msw !== msw || hardware.lsw !== lsw || xid !== record.nx_dhcp_xid) return;
  yield* answered(kernel, dhcp, record, message, settings);
}
