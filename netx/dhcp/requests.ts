import type { UINT } from '../../kernel/constants.ts';
import { dispatch } from '../../kernel/callback.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Suspension } from '../../kernel/op.ts';
import { out } from '../../kernel/out.ts';
import { nx_packet_allocate, nx_packet_release } from '../api/packet.ts';
import { nx_packet_data_append } from '../api/packet-data.ts';
import { nx_udp_socket_source_send } from '../api/udp-send.ts';
import { NX_IPv4_UDP_PACKET, NX_NO_WAIT, NX_NOT_BOUND, NX_PHYSICAL_HEADER, NX_SUCCESS, NX_TRUE } from '../constants.ts';
import type { NX_PACKET } from '../packet.ts';
import { udpSendFrom } from '../udp-send.ts';
import { BOOTP_REQUEST, buildDhcp, word, type DhcpMessage } from '../wire/dhcp.ts';
import type { NX_DHCP, NX_DHCP_INTERFACE_RECORD } from './client.ts';
import {
  NX_BOOTP_BC_ADDRESS,
  NX_DHCP_INFINITE_LEASE,
  NX_DHCP_OPTION_DHCP_IP_REQ,
  NX_DHCP_OPTION_DHCP_LEASE,
  NX_DHCP_OPTION_DHCP_PARAMETERS,
  NX_DHCP_OPTION_DHCP_SERVER,
  NX_DHCP_OPTION_DHCP_TYPE,
  NX_DHCP_OPTION_DNS_SVR,
  NX_DHCP_OPTION_GATEWAYS,
  NX_DHCP_OPTION_HOST_NAME,
  NX_DHCP_OPTION_MAX_DHCP_MESSAGE,
  NX_DHCP_OPTION_SUBNET_MASK,
  NX_DHCP_SERVER_UDP_PORT,
  NX_DHCP_STATE_BOUND,
  NX_DHCP_STATE_REBINDING,
  NX_DHCP_STATE_RENEWING,
  NX_DHCP_TYPE_DHCPDECLINE,
  NX_DHCP_TYPE_DHCPDISCOVER,
  NX_DHCP_TYPE_DHCPINFORM,
  NX_DHCP_TYPE_DHCPRELEASE,
  NX_DHCP_TYPE_DHCPREQUEST,
  NX_DHCP_UNKNOWN_OPTION,
} from './constants.ts';

/** What every client asks for. */
export const REQUESTED = [NX_DHCP_OPTION_SUBNET_MASK, NX_DHCP_OPTION_GATEWAYS, NX_DHCP_OPTION_DNS_SVR];

/** The options of a request (RFC 2131 table 5), in NetX's order. */
function optionsOf(dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD, type: UINT): Map<number, Uint8Array> {
  const { nx_dhcp_ip_address: address, nx_dhcp_server_ip: server, nx_dhcp_state: state } = record;
  const options = new Map<number, Uint8Array>([[NX_DHCP_OPTION_DHCP_TYPE, Uint8Array.of(type)]]);
  const extends_ = state === NX_DHCP_STATE_RENEWING || state === NX_DHCP_STATE_REBINDING;
  const name = (): void => {
    const bytes = Uint8Array.from(dhcp.nx_dhcp_name.slice(0, 255), (character) => character.charCodeAt(0));
    if (bytes.length > 0) options.set(NX_DHCP_OPTION_HOST_NAME, bytes);
  };
  const wanted = (): void => {
    if (address !== 0) options.set(NX_DHCP_OPTION_DHCP_IP_REQ, word(address));
  };
  const forEver = (): void => void options.set(NX_DHCP_OPTION_DHCP_LEASE, word(NX_DHCP_INFINITE_LEASE));
  const parameters = (): void => {
    options.set(NX_DHCP_OPTION_DHCP_PARAMETERS, Uint8Array.from([...REQUESTED, ...dhcp.userParameters]));
    if (dhcp.settings?.sendsMaximumSize !== true || type === NX_DHCP_TYPE_DHCPINFORM) return;
    const size = (dhcp.nx_dhcp_packet_pool_ptr?.nx_packet_pool_payload_size ?? 0) - NX_PHYSICAL_HEADER;
    options.set(NX_DHCP_OPTION_MAX_DHCP_MESSAGE, word(size).slice(2));
  };
  switch (type) {
    case NX_DHCP_TYPE_DHCPDISCOVER:
      wanted();
      forEver();
      name();
      parameters();
      break;
    case NX_DHCP_TYPE_DHCPREQUEST:
      name();
      if (!extends_) wanted();
      if (record.nx_dhcp_rebind_time === 0 || record.nx_dhcp_renewal_time === 0) forEver();
      if (!extends_ && server !== 0) options.set(NX_DHCP_OPTION_DHCP_SERVER, word(server));
      parameters();
      break;
    case NX_DHCP_TYPE_DHCPDECLINE:
      wanted();
      options.set(NX_DHCP_OPTION_DHCP_SERVER, word(server));
      break;
    case NX_DHCP_TYPE_DHCPRELEASE:
      options.set(NX_DHCP_OPTION_DHCP_SERVER, word(server));
      break;
    case NX_DHCP_TYPE_DHCPINFORM:
      name();
      parameters();
      break;
  }
  return options;
}

function requestOf(dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD, type: UINT): DhcpMessage {
  const { nx_dhcp_state: state, nx_dhcp_ip_address: address } = record;
  const gives = type === NX_DHCP_TYPE_DHCPDECLINE || type === NX_DHCP_TYPE_DHCPRELEASE;
  const extends_ = state === NX_DHCP_STATE_RENEWING || state === NX_DHCP_STATE_REBINDING;
  const has =
    type === NX_DHCP_TYPE_DHCPINFORM ||
    type === NX_DHCP_TYPE_DHCPRELEASE ||
    (type === NX_DHCP_TYPE_DHCPREQUEST && extends_);
  const one = dhcp.nx_dhcp_ip_ptr?.nx_ip_interface[record.nx_dhcp_interface_index];
  return {
    op: BOOTP_REQUEST,
    xid: record.nx_dhcp_xid,
    secs: gives ? 0 : record.nx_dhcp_seconds,
    broadcast: !gives && record.nx_dhcp_clear_broadcast === 0,
    clientAddress: has ? address : 0,
    yourAddress: 0,
    serverAddress: 0,
    relayAddress: 0,
    hardware: { msw: one?.nx_interface_physical_address_msw ?? 0, lsw: one?.nx_interface_physical_address_lsw ?? 0 },
    options: optionsOf(dhcp, record, type),
  };
}

function count(record: NX_DHCP_INTERFACE_RECORD, type: UINT): void {
  if (type === NX_DHCP_TYPE_DHCPDISCOVER) record.nx_dhcp_discoveries_sent++;
  if (type === NX_DHCP_TYPE_DHCPREQUEST) record.nx_dhcp_requests_sent++;
  if (type === NX_DHCP_TYPE_DHCPDECLINE) record.nx_dhcp_declines_sent++;
  if (type === NX_DHCP_TYPE_DHCPRELEASE) record.nx_dhcp_releases_sent++;
  if (type === NX_DHCP_TYPE_DHCPINFORM) record.nx_dhcp_informs_sent++;
}

/**
 * Sends a request: to the server that gave the address where that is to renew or release it, else to everybody; from
 * address 0 until there is one (RFC 2131 section 4.1).
 */
export function* sendRequest(
  kernel: Kernel,
  dhcp: NX_DHCP,
  record: NX_DHCP_INTERFACE_RECORD,
  type: UINT,
): Generator<Suspension, UINT, unknown> {
  const cell = out<NX_PACKET>();
  const pool = dhcp.nx_dhcp_packet_pool_ptr;
  let status = yield* nx_packet_allocate(pool, cell, NX_IPv4_UDP_PACKET, NX_NO_WAIT);
  if (status !== NX_SUCCESS || pool === null) {
    record.nx_dhcp_internal_errors++;
    return status;
  }
  const packet = cell.value;
  count(record, type);
  const request = requestOf(dhcp, record, type);
  const more = yield* userOptions(kernel, dhcp, record, type);
  if (more === null) {
    yield* nx_packet_release(packet);
    return NX_DHCP_UNKNOWN_OPTION;
  }
  const bytes = buildDhcp(request, more);
  status = yield* nx_packet_data_append(packet, bytes, bytes.length, pool, NX_NO_WAIT);
  if (status === NX_SUCCESS) status = yield* transmit(kernel, dhcp, record, type, packet);
  if (status === NX_SUCCESS) return status;
  record.nx_dhcp_internal_errors++;
  yield* nx_packet_release(packet);
  return status;
}

/** The options that the application adds, or null where it wants nothing sent. */
function* userOptions(
  kernel: Kernel,
  dhcp: NX_DHCP,
  record: NX_DHCP_INTERFACE_RECORD,
  type: UINT,
): Generator<Suspension, Uint8Array | null, unknown> {
  const { nx_dhcp_user_option_add: add, nx_dhcp_packet_pool_ptr: pool } = dhcp;
  if (add === null || pool === null) return new Uint8Array(0);
  const room = new Uint8Array(pool.nx_packet_pool_payload_size - NX_IPv4_UDP_PACKET - 300);
  const length = out<UINT>();
  length.value = room.length;
  const index = record.nx_dhcp_interface_index;
  const accepted = yield* dispatch(kernel, 'dhcp_user_option_add', () => add(dhcp, index, type, room, length));
  return accepted === NX_TRUE && length.value <= room.length ? room.subarray(0, length.value) : null;
}

function* transmit(
  kernel: Kernel,
  dhcp: NX_DHCP,
  record: NX_DHCP_INTERFACE_RECORD,
  type: UINT,
  packet: NX_PACKET,
): Generator<Suspension, UINT, unknown> {
  const { nx_dhcp_socket: socket, nx_dhcp_ip_ptr: ip } = dhcp;
  const { nx_dhcp_interface_index: index, nx_dhcp_state: state, nx_dhcp_server_ip: server } = record;
  const isRequest = type === NX_DHCP_TYPE_DHCPREQUEST;
  if (type === NX_DHCP_TYPE_DHCPDISCOVER || (isRequest && state < NX_DHCP_STATE_BOUND)) {
    const networkInterface = ip?.nx_ip_interface[index];
    if (ip === null || networkInterface === undefined || !socket.isBound) return NX_NOT_BOUND;
    const way = { networkInterface, nextHop: NX_BOOTP_BC_ADDRESS };
    const port = NX_DHCP_SERVER_UDP_PORT;
    return yield* udpSendFrom(kernel, socket, ip, packet, way, 0, NX_BOOTP_BC_ADDRESS, port);
  }
  const alone = type === NX_DHCP_TYPE_DHCPRELEASE || (isRequest && state === NX_DHCP_STATE_RENEWING);
  const to = alone ? server : NX_BOOTP_BC_ADDRESS;
  return yield* nx_udp_socket_source_send(socket, packet, to, NX_DHCP_SERVER_UDP_PORT, index);
}
