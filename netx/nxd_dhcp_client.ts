/**
 * The DHCP client of NetX Duo: what C firmware includes as `nxd_dhcp_client.h`, under the same names and with the same
 * parameters. Every service is called with `yield*`.
 *
 * @packageDocumentation
 */
export * from './dhcp/constants.ts';
export * from './api/dhcp.ts';
export * from './api/dhcp-interface.ts';
export * from './api/dhcp-options.ts';
export {
  NX_DHCP,
  NX_DHCP_INTERFACE_RECORD,
  type DhcpInterfaceStateChangeNotify,
  type DhcpStateChangeNotify,
  type DhcpUserOptionAdd,
} from './dhcp/client.ts';
