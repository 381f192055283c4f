/** Constants of `nxd_dhcp_client.h`: states, statuses, options, messages. The values are NetX Duo's. */

/** Marks a created client. */
export const NX_DHCP_ID = 0x44484350;

/** States of the client. */
export const NX_DHCP_STATE_NOT_STARTED = 0;
export const NX_DHCP_STATE_BOOT = 1;
export const NX_DHCP_STATE_INIT = 2;
export const NX_DHCP_STATE_SELECTING = 3;
export const NX_DHCP_STATE_REQUESTING = 4;
export const NX_DHCP_STATE_BOUND = 5;
export const NX_DHCP_STATE_RENEWING = 6;
export const NX_DHCP_STATE_REBINDING = 7;
export const NX_DHCP_STATE_FORCERENEW = 8;
export const NX_DHCP_STATE_ADDRESS_PROBING = 9;

/** Statuses. */
export const NX_DHCP_ERROR = 0x90;
export const NX_DHCP_NO_RESPONSE = 0x91;
export const NX_DHCP_BAD_IP_ADDRESS = 0x92;
export const NX_DHCP_ALREADY_STARTED = 0x93;
export const NX_DHCP_NOT_BOUND = 0x94;
export const NX_DHCP_DEST_TO_SMALL = 0x95;
export const NX_DHCP_NOT_STARTED = 0x96;
export const NX_DHCP_PARSE_ERROR = 0x97;
export const NX_DHCP_BAD_XID = 0x98;
export const NX_DHCP_BAD_MAC_ADDRESS = 0x99;
export const NX_DHCP_INVALID_MESSAGE = 0x9b;
export const NX_DHCP_INVALID_PAYLOAD = 0x9c;
export const NX_DHCP_INVALID_IP_REQUEST = 0x9d;
export const NX_DHCP_UNKNOWN_OPTION = 0x9f;
export const NX_DHCP_INTERFACE_ALREADY_ENABLED = 0xa3;
export const NX_DHCP_INTERFACE_NOT_ENABLED = 0xa4;
export const NX_DHCP_NO_INTERFACES_ENABLED = 0xa5;
export const NX_DHCP_NO_INTERFACES_STARTED = 0xa6;
export const NX_DHCP_NO_RECORDS_AVAILABLE = 0xa7;
export const NX_DHCP_INVALID_NAME = 0xa8;

/** Options (RFC 2132). */
export const NX_DHCP_OPTION_PAD = 0;
export const NX_DHCP_OPTION_SUBNET_MASK = 1;
export const NX_DHCP_OPTION_TIME_OFFSET = 2;
export const NX_DHCP_OPTION_GATEWAYS = 3;
export const NX_DHCP_OPTION_TIMESVR = 4;
export const NX_DHCP_OPTION_DNS_SVR = 6;
export const NX_DHCP_OPTION_HOST_NAME = 12;
export const NX_DHCP_OPTION_DNS_NAME = 15;
export const NX_DHCP_OPTION_NTP_SVR = 42;
export const NX_DHCP_OPTION_VENDOR_OPTIONS = 43;
export const NX_DHCP_OPTION_DHCP_IP_REQ = 50;
export const NX_DHCP_OPTION_DHCP_LEASE = 51;
export const NX_DHCP_OPTION_DHCP_TYPE = 53;
export const NX_DHCP_OPTION_DHCP_SERVER = 54;
export const NX_DHCP_OPTION_DHCP_PARAMETERS = 55;
export const NX_DHCP_OPTION_DHCP_MESSAGE = 56;
export const NX_DHCP_OPTION_MAX_DHCP_MESSAGE = 57;
export const NX_DHCP_OPTION_RENEWAL = 58;
export const NX_DHCP_OPTION_REBIND = 59;
export const NX_DHCP_OPTION_CLIENT_ID = 61;
export const NX_DHCP_OPTION_FDQN = 81;
export const NX_DHCP_OPTION_END = 255;

/** Messages (option 53). */
export const NX_DHCP_TYPE_DHCPDISCOVER = 1;
export const NX_DHCP_TYPE_DHCPOFFER = 2;
export const NX_DHCP_TYPE_DHCPREQUEST = 3;
export const NX_DHCP_TYPE_DHCPDECLINE = 4;
export const NX_DHCP_TYPE_DHCPACK = 5;
export const NX_DHCP_TYPE_DHCPNACK = 6;
export const NX_DHCP_TYPE_DHCPRELEASE = 7;
export const NX_DHCP_TYPE_DHCPINFORM = 8;
export const NX_DHCP_TYPE_DHCPFORCERENEW = 9;

export const NX_DHCP_SERVER_UDP_PORT = 67;
export const NX_DHCP_CLIENT_UDP_PORT = 68;
export const NX_BOOTP_NO_ADDRESS = 0;
export const NX_BOOTP_BC_ADDRESS = 0xffffffff;
export const NX_DHCP_INFINITE_LEASE = 0xffffffff;

/** Events of the client's thread. */
export const NX_DHCP_CLIENT_RECEIVE_EVENT = 1;
export const NX_DHCP_CLIENT_TIMER_EVENT = 2;
export const NX_DHCP_CLIENT_ALL_EVENTS = 0xffffffff;

/** Sizes of the client's own memory, in bytes. */
export const NX_DHCP_THREAD_STACK_SIZE = 4096;
export const NX_DHCP_OPTIONS_BUFFER_SIZE = 312;
export const NX_DHCP_PACKET_PAYLOAD = 592;
export const NX_DHCP_PACKET_POOL_SIZE = 5 * NX_DHCP_PACKET_PAYLOAD;
export const NX_DHCP_QUEUE_DEPTH = 4;
