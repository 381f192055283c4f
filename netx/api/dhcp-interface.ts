import type { UINT, ULONG } from '../../kernel/constants.ts';
import type { Op } from '../../kernel/op.ts';
import type { Out } from '../../kernel/out.ts';
import { NX_SUCCESS } from '../constants.ts';
import type { NX_DHCP } from '../dhcp/client.ts';
import { NX_DHCP_NOT_BOUND, NX_DHCP_STATE_BOUND, NX_DHCP_STATE_NOT_STARTED } from '../dhcp/constants.ts';
import {
  declineRecord,
  enableRecord,
  forceRenewRecord,
  releaseRecord,
  startRecord,
  stopRecord,
} from '../dhcp/control.ts';
import { forgetLease } from '../dhcp/lease.ts';
import { clientService, interfaceStatus, recordService, withFirst } from './dhcp-checks.ts';

/*
 * The services of one interface of several. Besides what they say themselves they give `NX_PTR_ERROR`, `NX_INVALID_INTERFACE`
 * for an index that the device has no room for (`NX_MAX_PHYSICAL_INTERFACES`), and `NX_DHCP_INTERFACE_NOT_ENABLED`.
 */

/**
 * Lets the client run on an interface (C: `nx_dhcp_interface_enable`); the first is enabled by `nx_dhcp_create`.
 *
 * @returns `NX_SUCCESS`; `NX_DHCP_INTERFACE_ALREADY_ENABLED`; `NX_DHCP_NO_RECORDS_AVAILABLE`
 */
export function nx_dhcp_interface_enable(dhcp_ptr: NX_DHCP | null, iface_index: UINT): Op<UINT> {
  const work = function* ({ kernel, dhcp }: Parameters<typeof withFirst>[0]) {
    return enableRecord(kernel, dhcp, iface_index);
  };
  return clientService('nx_dhcp_interface_enable', dhcp_ptr, 'all', work, interfaceStatus(iface_index));
}

/**
 * Takes an interface from the client, and from the interface its lease (C: `nx_dhcp_interface_disable`).
 *
 * @returns `NX_SUCCESS`; `NX_CALLER_ERROR` unless called from a thread
 */
export function nx_dhcp_interface_disable(dhcp_ptr: NX_DHCP | null, iface_index: UINT): Op<UINT> {
  return recordService('nx_dhcp_interface_disable', dhcp_ptr, iface_index, 'threads', function* (record, { dhcp }) {
    forgetLease(dhcp, record);
    record.nx_dhcp_record_valid = 0;
    return NX_SUCCESS;
  });
}

/**
 * Lets the client run on another interface in place of its first (C: `nx_dhcp_set_interface_index`).
 *
 * @returns `NX_SUCCESS`; `NX_DHCP_NO_INTERFACES_ENABLED`
 */
export function nx_dhcp_set_interface_index(dhcp_ptr: NX_DHCP | null, interface_index: UINT): Op<UINT> {
  return clientService(
    'nx_dhcp_set_interface_index',
    dhcp_ptr,
    'all',
    (client) =>
      withFirst(client, NX_DHCP_STATE_NOT_STARTED, function* (record) {
        record.nx_dhcp_interface_index = interface_index;
        return NX_SUCCESS;
      }),
    interfaceStatus(interface_index),
  );
}

/**
 * Starts the client on an interface (C: `nx_dhcp_interface_start`).
 *
 * @returns `NX_SUCCESS`; `NX_CALLER_ERROR` unless called from a thread; `NX_DHCP_ALREADY_STARTED`; statuses of
 *   `nx_udp_socket_bind`
 */
export function nx_dhcp_interface_start(dhcp_ptr: NX_DHCP | null, iface_index: UINT): Op<UINT> {
  return recordService('nx_dhcp_interface_start', dhcp_ptr, iface_index, 'threads', (record, client) =>
    startRecord(client.kernel, client.dhcp, record, client.settings),
  );
}

/**
 * Stops the client on an interface, which keeps its address (C: `nx_dhcp_interface_stop`).
 *
 * @returns `NX_SUCCESS`; `NX_CALLER_ERROR` unless called from a thread; `NX_DHCP_NOT_STARTED`
 */
export function nx_dhcp_interface_stop(dhcp_ptr: NX_DHCP | null, iface_index: UINT): Op<UINT> {
  return recordService('nx_dhcp_interface_stop', dhcp_ptr, iface_index, 'threads', (record, client) =>
    stopRecord(client.kernel, client.dhcp, record),
  );
}

/**
 * Forgets what a server gave to an interface (C: `nx_dhcp_interface_reinitialize`).
 *
 * @returns `NX_SUCCESS`; `NX_CALLER_ERROR` unless called from a thread
 */
export function nx_dhcp_interface_reinitialize(dhcp_ptr: NX_DHCP | null, iface_index: UINT): Op<UINT> {
  return recordService('nx_dhcp_interface_reinitialize', dhcp_ptr, iface_index, 'threads', function* (record, client) {
    forgetLease(client.dhcp, record);
    return NX_SUCCESS;
  });
}

/**
 * Gives an interface's address back to its server, and stops (C: `nx_dhcp_interface_release`).
 *
 * @returns `NX_SUCCESS`; `NX_CALLER_ERROR` unless called from a thread; `NX_DHCP_NOT_BOUND`
 */
export function nx_dhcp_interface_release(dhcp_ptr: NX_DHCP | null, iface_index: UINT): Op<UINT> {
  return recordService('nx_dhcp_interface_release', dhcp_ptr, iface_index, 'threads', (record, client) =>
    releaseRecord(client.kernel, client.dhcp, record),
  );
}

/**
 * Refuses the address of an interface, and begins anew (C: `nx_dhcp_interface_decline`).
 *
 * @returns `NX_SUCCESS`; `NX_CALLER_ERROR` unless called from a thread; `NX_DHCP_NOT_BOUND`
 */
export function nx_dhcp_interface_decline(dhcp_ptr: NX_DHCP | null, iface_index: UINT): Op<UINT> {
  return recordService('nx_dhcp_interface_decline', dhcp_ptr, iface_index, 'threads', (record, client) =>
    declineRecord(client.kernel, client.dhcp, record, client.settings),
  );
}

/**
 * Asks for an extension of an interface's lease now (C: `nx_dhcp_interface_force_renew`).
 *
 * @returns `NX_SUCCESS`; `NX_CALLER_ERROR` unless called from a thread; `NX_DHCP_NOT_BOUND`
 */
export function nx_dhcp_interface_force_renew(dhcp_ptr: NX_DHCP | null, iface_index: UINT): Op<UINT> {
  return recordService('nx_dhcp_interface_force_renew', dhcp_ptr, iface_index, 'threads', (record, client) =>
    forceRenewRecord(client.kernel, client.dhcp, record, client.settings),
  );
}

/**
 * Sets the address to ask for on an interface (C: `nx_dhcp_interface_request_client_ip`).
 *
 * @returns `NX_SUCCESS`
 */
export function nx_dhcp_interface_request_client_ip(
  dhcp_ptr: NX_DHCP | null,
  iface_index: UINT,
  client_ip_address: ULONG,
  skip_discover_message: UINT,
): Op<UINT> {
  return recordService('nx_dhcp_interface_request_client_ip', dhcp_ptr, iface_index, 'all', function* (record) {
    record.nx_dhcp_ip_address = client_ip_address;
    record.nx_dhcp_skip_discovery = skip_discover_message;
    return NX_SUCCESS;
  });
}

/**
 * The server that an interface's lease is of (C: `nx_dhcp_interface_server_address_get`).
 *
 * @returns `NX_SUCCESS`; `NX_CALLER_ERROR` unless called from a thread; `NX_DHCP_NOT_BOUND`
 */
export function nx_dhcp_interface_server_address_get(
  dhcp_ptr: NX_DHCP | null,
  iface_index: UINT,
  server_address: Out<ULONG> | null,
): Op<UINT> {
  const dhcp = server_address === null ? null : dhcp_ptr;
  return recordService('nx_dhcp_interface_server_address_get', dhcp, iface_index, 'threads', function* (record) {
    if (record.nx_dhcp_state < NX_DHCP_STATE_BOUND) return NX_DHCP_NOT_BOUND;
    if (server_address !== null) server_address.value = record.nx_dhcp_server_ip;
    return NX_SUCCESS;
  });
}
