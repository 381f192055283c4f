import type { Kernel } from '../../kernel/kernel.ts';
import type { Suspension } from '../../kernel/op.ts';
import { nx_ip_interface_address_set } from '../api/ip-address.ts';
import { nx_ip_gateway_address_set } from '../api/ip-route.ts';
import type { NX_INTERFACE } from '../interface.ts';
import { addressOption, numberOption, type DhcpMessage } from '../wire/dhcp.ts';
import type { NX_DHCP, NX_DHCP_INTERFACE_RECORD } from './client.ts';
import {
  NX_DHCP_INFINITE_LEASE,
  NX_DHCP_OPTION_DHCP_LEASE,
  NX_DHCP_OPTION_DHCP_SERVER,
  NX_DHCP_OPTION_GATEWAYS,
  NX_DHCP_OPTION_REBIND,
  NX_DHCP_OPTION_RENEWAL,
  NX_DHCP_OPTION_SUBNET_MASK,
  NX_DHCP_STATE_NOT_STARTED,
  NX_DHCP_STATE_SELECTING,
} from './constants.ts';

/** Class A, B or C, and not 0. */
const isHost = (address: number): boolean => address !== 0 && address >>> 29 !== 7;

/** Seconds as ticks, without leaving 32 bits; an infinite time stays infinite. */
function ticks(seconds: number, rate: number): number {
  return seconds === NX_DHCP_INFINITE_LEASE ? seconds : Math.min(seconds * rate, NX_DHCP_INFINITE_LEASE - 1);
}

/**
 * Takes over what a server offers or grants; false, and nothing more taken, where an address in it is none. T1 and T2 are
 * half and seven eighths of the lease unless the server says otherwise (RFC 2131 section 4.4.5).
 */
export function takeLease(record: NX_DHCP_INTERFACE_RECORD, message: DhcpMessage, rate: number): boolean {
  if (!isHost(message.yourAddress)) return false;
  const server = addressOption(message, NX_DHCP_OPTION_DHCP_SERVER);
  const gateway = addressOption(message, NX_DHCP_OPTION_GATEWAYS);
  const isGranted = record.nx_dhcp_state !== NX_DHCP_STATE_SELECTING;
  if ((server !== null && !isHost(server)) || (isGranted && gateway !== null && !isHost(gateway))) return false;
  record.nx_dhcp_ip_address = message.yourAddress;
  const mask = addressOption(message, NX_DHCP_OPTION_SUBNET_MASK);
  if (mask !== null && mask !== 0) record.nx_dhcp_network_mask = mask;
  if (server !== null) record.nx_dhcp_server_ip = server;
  if (isGranted && gateway !== null) record.nx_dhcp_gateway_address = gateway;
  takeTimes(record, message, rate);
  record.options = message.options;
  return true;
}

function takeTimes(record: NX_DHCP_INTERFACE_RECORD, message: DhcpMessage, rate: number): void {
  const lease = numberOption(message, NX_DHCP_OPTION_DHCP_LEASE);
  if (lease !== null) {
    const time = ticks(lease, rate);
    record.nx_dhcp_lease_time = time;
    const isInfinite = lease === NX_DHCP_INFINITE_LEASE;
    record.nx_dhcp_renewal_time = isInfinite ? lease : Math.floor(time / 2);
    record.nx_dhcp_rebind_time = isInfinite ? lease : time - Math.floor(time / 8);
  }
  const renewal = numberOption(message, NX_DHCP_OPTION_RENEWAL);
  if (renewal !== null && ticks(renewal, rate) <= record.nx_dhcp_lease_time) {
    record.nx_dhcp_renewal_time = ticks(renewal, rate);
  }
  const rebind = numberOption(message, NX_DHCP_OPTION_REBIND);
  if (rebind === null) return;
  const time = ticks(rebind, rate);
  if (time <= record.nx_dhcp_lease_time && time >= record.nx_dhcp_renewal_time) record.nx_dhcp_rebind_time = time;
}

function interfaceOf(dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD): NX_INTERFACE | null {
  return dhcp.nx_dhcp_ip_ptr?.nx_ip_interface[record.nx_dhcp_interface_index] ?? null;
}

/** Gives the interface the address, mask and gateway of the lease. */
export function* applyLease(dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD): Generator<Suspension, void, unknown> {
  const one = interfaceOf(dhcp, record);
  if (one === null) return;
  const { nx_dhcp_ip_ptr: ip } = dhcp;
  const { nx_dhcp_interface_index: index, nx_dhcp_gateway_address: gateway } = record;
  yield* nx_ip_interface_address_set(ip, index, record.nx_dhcp_ip_address, record.nx_dhcp_network_mask);
  if (gateway !== 0) yield* nx_ip_gateway_address_set(ip, gateway);
}

/** Forgets the lease, and takes from the interface what it had of it (C: `_nx_dhcp_interface_reinitialize`). */
export function forgetLease(dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD): void {
  const one = interfaceOf(dhcp, record);
  const ip = dhcp.nx_dhcp_ip_ptr;
  if (one !== null && record.nx_dhcp_ip_address !== 0 && one.nx_interface_ip_address === record.nx_dhcp_ip_address) {
    one.nx_interface_ip_address = 0;
    one.nx_interface_ip_network_mask = 0;
  }
  const { nx_dhcp_gateway_address: gateway } = record;
  if (ip !== null && gateway !== 0 && ip.nx_ip_gateway_address === gateway) {
    ip.nx_ip_gateway_address = 0;
    ip.nx_ip_gateway_interface = null;
  }
  record.nx_dhcp_ip_address = 0;
  record.nx_dhcp_server_ip = 0;
  record.nx_dhcp_gateway_address = 0;
  record.nx_dhcp_network_mask = 0;
  record.nx_dhcp_skip_discovery = 0;
  record.nx_dhcp_rebind_time = 0;
  record.nx_dhcp_renewal_time = 0;
  record.nx_dhcp_lease_time = NX_DHCP_INFINITE_LEASE;
  record.nx_dhcp_seconds = 0;
  record.nx_dhcp_timeout = 0;
  record.nx_dhcp_rtr_interval = 0;
  record.nx_dhcp_state = NX_DHCP_STATE_NOT_STARTED;
}

/** A transaction ID that is this device's own: of the hardware address and chance. */
export function newTransaction(kernel: Kernel, dhcp: NX_DHCP, record: NX_DHCP_INTERFACE_RECORD): number {
  const one = interfaceOf(dhcp, record);
  const msw = one?.nx_interface_physical_address_msw ?? 0;
  const lsw = one?.nx_interface_physical_address_lsw ?? 0;
  return (msw ^ lsw ^ kernel.random.uint32()) >>> 0;
}
