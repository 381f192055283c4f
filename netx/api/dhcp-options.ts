import { enter } from '../../kernel/caller-context.ts';
import type { UINT, ULONG } from '../../kernel/constants.ts';
import { withValue, type Op, type Suspension } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_DUPLICATED_ENTRY, NX_NO_MORE_ENTRIES, NX_NOT_ENABLED, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import type { DhcpUserOptionAdd, NX_DHCP, NX_DHCP_INTERFACE_RECORD } from '../dhcp/client.ts';
import {
  NX_DHCP_DEST_TO_SMALL,
  NX_DHCP_ID,
  NX_DHCP_NOT_BOUND,
  NX_DHCP_PARSE_ERROR,
  NX_DHCP_STATE_BOUND,
  NX_DHCP_STATE_NOT_STARTED,
  NX_DHCP_TYPE_DHCPFORCERENEW,
} from '../dhcp/constants.ts';
import { REQUESTED, sendRequest } from '../dhcp/requests.ts';
import type { NX_PACKET_POOL } from '../packet-pool.ts';
import { readUint32 } from '../wire/bytes.ts';
import { clientService, recordService, withEach, withFirst } from './dhcp-checks.ts';
import { isPool } from '../packet-pool.ts';

/** Copies an option of the server's last answer. */
function* retrieve(
  record: NX_DHCP_INTERFACE_RECORD,
  option: UINT,
  destination: Uint8Array,
  size: Out<UINT>,
): Generator<Suspension, UINT, unknown> {
  if (record.nx_dhcp_state < NX_DHCP_STATE_BOUND) return NX_DHCP_NOT_BOUND;
  const value = record.options.get(option);
  if (value === undefined) return NX_DHCP_PARSE_ERROR;
  if (value.length > size.value || value.length > destination.length) return NX_DHCP_DEST_TO_SMALL;
  destination.set(value);
  size.value = value.length;
  return NX_SUCCESS;
}

/**
 * An option of the server's last answer (C: `nx_dhcp_user_option_retrieve`), its bytes in the order of the network:
 * `nx_dhcp_user_option_convert` makes addresses and numbers of them.
 *
 * @param destination_size - the buffer's size; receives the option's
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread; `NX_DHCP_NO_INTERFACES_ENABLED`
 *   where no interface has a lease; `NX_DHCP_PARSE_ERROR` where the server did not give the option;
 *   `NX_DHCP_DEST_TO_SMALL`
 */
export function nx_dhcp_user_option_retrieve(
  dhcp_ptr: NX_DHCP | null,
  request_option: UINT,
  destination_ptr: Uint8Array | null,
  destination_size: Out<UINT> | null,
): Op<UINT> {
  return clientService(
    'nx_dhcp_user_option_retrieve',
    destination_ptr === null || destination_size === null ? null : dhcp_ptr,
    'threads',
    function* (client) {
      if (destination_ptr === null || destination_size === null) return NX_PTR_ERROR;
      return yield* withFirst(client, NX_DHCP_STATE_BOUND, (record) =>
        retrieve(record, request_option, destination_ptr, destination_size),
      );
    },
  );
}

/**
 * An option of the last answer on an interface (C: `nx_dhcp_interface_user_option_retrieve`).
 *
 * @returns as `nx_dhcp_user_option_retrieve`; `NX_INVALID_INTERFACE`; `NX_DHCP_INTERFACE_NOT_ENABLED`; `NX_DHCP_NOT_BOUND`
 */
export function nx_dhcp_interface_user_option_retrieve(
  dhcp_ptr: NX_DHCP | null,
  iface_index: UINT,
  request_option: UINT,
  destination_ptr: Uint8Array | null,
  destination_size: Out<UINT> | null,
): Op<UINT> {
  return recordService(
    'nx_dhcp_interface_user_option_retrieve',
    destination_ptr === null || destination_size === null ? null : dhcp_ptr,
    iface_index,
    'threads',
    function* (record) {
      if (destination_ptr === null || destination_size === null) return NX_PTR_ERROR;
      return yield* retrieve(record, request_option, destination_ptr, destination_size);
    },
  );
}

/** Four bytes of an option as a number or address (C: `nx_dhcp_user_option_convert`); 0 for NULL. May be called from anywhere. */
export function nx_dhcp_user_option_convert(source_ptr: Uint8Array | null): Op<ULONG> {
  const kernel = enter('nx_dhcp_user_option_convert');
  return withValue(kernel.finish(NX_SUCCESS), source_ptr === null ? 0 : readUint32(source_ptr, 0));
}

/**
 * Sets the routine that adds options to every request (C: `nx_dhcp_user_option_add_callback_set`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`
 */
export function nx_dhcp_user_option_add_callback_set(
  dhcp_ptr: NX_DHCP | null,
  dhcp_user_option_add: DhcpUserOptionAdd | null,
): Op<UINT> {
  const kernel = enter('nx_dhcp_user_option_add_callback_set');
  if (dhcp_ptr?.nx_dhcp_id !== NX_DHCP_ID || dhcp_user_option_add === null) return kernel.finish(NX_PTR_ERROR);
  dhcp_ptr.nx_dhcp_user_option_add = dhcp_user_option_add;
  return kernel.finish(NX_SUCCESS);
}

/**
 * Asks servers for one more option than the mask, the routers and the DNS servers (C: `nx_dhcp_user_option_request`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread; `NX_DUPLICATED_ENTRY`;
 *   `NX_NO_MORE_ENTRIES` after `NX_DHCP_CLIENT_MAX_USER_REQUEST_PARAMETER` of them
 */
export function nx_dhcp_user_option_request(dhcp_ptr: NX_DHCP | null, option_code: UINT): Op<UINT> {
  return clientService('nx_dhcp_user_option_request', dhcp_ptr, 'threads', function* ({ dhcp, settings }) {
    if ([...REQUESTED, ...dhcp.userParameters].includes(option_code)) return NX_DUPLICATED_ENTRY;
    if (dhcp.userParameters.length >= settings.maximumUserParameters) return NX_NO_MORE_ENTRIES;
    dhcp.userParameters.push(option_code);
    return NX_SUCCESS;
  });
}

/**
 * The server that the lease is of (C: `nx_dhcp_server_address_get`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_CALLER_ERROR` unless called from a thread; `NX_DHCP_NO_INTERFACES_ENABLED`
 *   where no interface has a lease
 */
export function nx_dhcp_server_address_get(dhcp_ptr: NX_DHCP | null, server_address: Out<ULONG> | null): Op<UINT> {
  const dhcp = server_address === null ? null : dhcp_ptr;
  return clientService('nx_dhcp_server_address_get', dhcp, 'threads', (client) =>
    withFirst(client, NX_DHCP_STATE_BOUND, function* (record) {
      if (server_address !== null) server_address.value = record.nx_dhcp_server_ip;
      return NX_SUCCESS;
    }),
  );
}

/**
 * Sends a message of the application's choice, such as an INFORM, on the first interface (C: `nx_dhcp_send_request`).
 *
 * @param dhcp_message_type - `NX_DHCP_TYPE_DHCPINFORM` and the like
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`, also for a type that is none; `NX_DHCP_NO_INTERFACES_ENABLED`; statuses of
 *   `nx_udp_socket_send`; `NX_NO_PACKET`;
 *   `NX_DHCP_UNKNOWN_OPTION` where the callback of user options takes the message back
 */
export function nx_dhcp_send_request(dhcp_ptr: NX_DHCP | null, dhcp_message_type: UINT): Op<UINT> {
  const isType = dhcp_message_type > 0 && dhcp_message_type <= NX_DHCP_TYPE_DHCPFORCERENEW;
  return clientService('nx_dhcp_send_request', isType ? dhcp_ptr : null, 'threads', (client) =>
    withFirst(client, NX_DHCP_STATE_NOT_STARTED, (record, { kernel, dhcp }) =>
      sendRequest(kernel, dhcp, record, dhcp_message_type),
    ),
  );
}

/**
 * Lets servers answer by broadcast, or, with `NX_TRUE`, to the address that they give (C: `nx_dhcp_clear_broadcast_flag`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`
 */
export function nx_dhcp_clear_broadcast_flag(dhcp_ptr: NX_DHCP | null, clear_flag: UINT): Op<UINT> {
  return clientService('nx_dhcp_clear_broadcast_flag', dhcp_ptr, 'all', (client) =>
    withEach(client, NX_DHCP_STATE_NOT_STARTED, function* (record) {
      record.nx_dhcp_clear_broadcast = clear_flag;
      return NX_SUCCESS;
    }),
  );
}

/**
 * Gives the client packets for its messages (C: `nx_dhcp_packet_pool_set`).
 *
 * @returns `NX_SUCCESS`; `NX_PTR_ERROR`; `NX_NOT_ENABLED` on a device without `NX_DHCP_CLIENT_USER_CREATE_PACKET_POOL`,
 *   where the client has its own
 */
export function nx_dhcp_packet_pool_set(dhcp_ptr: NX_DHCP | null, packet_pool_ptr: NX_PACKET_POOL | null): Op<UINT> {
  const kernel = enter('nx_dhcp_packet_pool_set');
  if (dhcp_ptr?.nx_dhcp_id !== NX_DHCP_ID || !isPool(packet_pool_ptr)) return kernel.finish(NX_PTR_ERROR);
  if (dhcp_ptr.settings?.takesPool !== true) return kernel.finish(NX_NOT_ENABLED);
  dhcp_ptr.nx_dhcp_packet_pool_ptr = packet_pool_ptr;
  return kernel.finish(NX_SUCCESS);
}
