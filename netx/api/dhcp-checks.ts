import { numericMacro } from '../../kernel/config.ts';
import type { UINT } from '../../kernel/constants.ts';
import { enter } from '../../kernel/caller-context.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { compound, type Op, type Suspension } from '../../kernel/op.ts';
import { NX_CALLER_ERROR, NX_INVALID_INTERFACE, NX_PTR_ERROR, NX_SUCCESS } from '../constants.ts';
import { locked } from '../dhcp/control.ts';
import type { DhcpSettings, NX_DHCP, NX_DHCP_INTERFACE_RECORD } from '../dhcp/client.ts';
import { NX_DHCP_ID, NX_DHCP_INTERFACE_NOT_ENABLED, NX_DHCP_NO_INTERFACES_ENABLED } from '../dhcp/constants.ts';
import { recordOf } from '../dhcp/thread.ts';

/** A created client and what its services need. */
export interface Client {
  readonly kernel: Kernel;
  readonly dhcp: NX_DHCP;
  readonly settings: DhcpSettings;
}

type Work<T> = (client: Client) => Generator<Suspension, T, unknown>;

/**
 * The body of a service: checks the client and the caller, and does its work with the client's mutex held.
 *
 * @param callers - who may call it
 * @param refused - a status that goes before that of the caller, or `NX_SUCCESS`
 */
export function clientService(
  service: string,
  dhcp: NX_DHCP | null,
  callers: 'threads' | 'all',
  work: Work<UINT>,
  refused: (kernel: Kernel) => UINT = () => NX_SUCCESS,
): Op<UINT> {
  const kernel = enter(service);
  if (dhcp?.nx_dhcp_id !== NX_DHCP_ID || dhcp.settings === null) return kernel.finish(NX_PTR_ERROR);
  const early = refused(kernel);
  if (early !== NX_SUCCESS) return kernel.finish(early);
  if (callers === 'threads' && kernel.context !== 'thread') return kernel.finish(NX_CALLER_ERROR);
  const client = { kernel, dhcp, settings: dhcp.settings };
  return compound(
    kernel.op,
    locked(kernel, dhcp, () => work(client)),
  );
}

type RecordWork = (record: NX_DHCP_INTERFACE_RECORD, client: Client) => Generator<Suspension, UINT, unknown>;

/** Whether there is room for an interface of that number on the device. */
export const interfaceStatus =
  (index: UINT) =>
  (kernel: Kernel): UINT =>
    index >= numericMacro(kernel.macros, 'NX_MAX_PHYSICAL_INTERFACES', 1) ? NX_INVALID_INTERFACE : NX_SUCCESS;

/** The body of a service that deals with one interface. */
export function recordService(
  service: string,
  dhcp: NX_DHCP | null,
  index: UINT,
  callers: 'threads' | 'all',
  work: RecordWork,
): Op<UINT> {
  const find: Work<UINT> = function* (client) {
    const record = recordOf(client.dhcp, index);
    return record === null ? NX_DHCP_INTERFACE_NOT_ENABLED : yield* work(record, client);
  };
  return clientService(service, dhcp, callers, find, interfaceStatus(index));
}

/** Does a service's work with the first interface that is enabled, and in a state from `least` on. */
export function* withFirst(client: Client, least: UINT, work: RecordWork): Generator<Suspension, UINT, unknown> {
  const record = client.dhcp.nx_dhcp_interface_record.find(
    (one) => one.nx_dhcp_record_valid !== 0 && one.nx_dhcp_state >= least,
  );
  return record === undefined ? NX_DHCP_NO_INTERFACES_ENABLED : yield* work(record, client);
}

/** Does a service's work with every interface that is enabled, and in a state from `least` on. */
export function* withEach(client: Client, least: UINT, work: RecordWork): Generator<Suspension, UINT, unknown> {
  for (const record of client.dhcp.nx_dhcp_interface_record) {
    if (record.nx_dhcp_record_valid !== 0 && record.nx_dhcp_state >= least) yield* work(record, client);
  }
  return NX_SUCCESS;
}
