/** Constants of `nx_api.h`: statuses, options, sizes, driver commands. The values are NetX's. */

export const NX_NULL = null;
export const NX_TRUE = 1;
export const NX_FALSE = 0;

/** Statuses. */
export const NX_SUCCESS = 0x00;
export const NX_NO_PACKET = 0x01;
export const NX_UNDERFLOW = 0x02;
export const NX_OVERFLOW = 0x03;
export const NX_NO_MAPPING = 0x04;
export const NX_DELETED = 0x05;
export const NX_POOL_ERROR = 0x06;
export const NX_PTR_ERROR = 0x07;
export const NX_WAIT_ERROR = 0x08;
export const NX_SIZE_ERROR = 0x09;
export const NX_OPTION_ERROR = 0x0a;
export const NX_DELETE_ERROR = 0x10;
export const NX_CALLER_ERROR = 0x11;
export const NX_INVALID_PACKET = 0x12;
export const NX_INVALID_SOCKET = 0x13;
export const NX_NOT_ENABLED = 0x14;
export const NX_ALREADY_ENABLED = 0x15;
export const NX_ENTRY_NOT_FOUND = 0x16;
export const NX_NO_MORE_ENTRIES = 0x17;
export const NX_ARP_TIMER_ERROR = 0x18;
export const NX_RESERVED_CODE0 = 0x19;
export const NX_WAIT_ABORTED = 0x1a;
export const NX_IP_INTERNAL_ERROR = 0x20;
export const NX_IP_ADDRESS_ERROR = 0x21;
export const NX_ALREADY_BOUND = 0x22;
export const NX_PORT_UNAVAILABLE = 0x23;
export const NX_NOT_BOUND = 0x24;
export const NX_RESERVED_CODE1 = 0x25;
export const NX_SOCKET_UNBOUND = 0x26;
export const NX_NOT_CREATED = 0x27;
export const NX_SOCKETS_BOUND = 0x28;
export const NX_NO_RESPONSE = 0x29;
export const NX_POOL_DELETED = 0x30;
export const NX_ALREADY_RELEASED = 0x31;
export const NX_RESERVED_CODE2 = 0x32;
export const NX_MAX_LISTEN = 0x33;
export const NX_DUPLICATE_LISTEN = 0x34;
export const NX_NOT_CLOSED = 0x35;
export const NX_NOT_LISTEN_STATE = 0x36;
export const NX_IN_PROGRESS = 0x37;
export const NX_NOT_CONNECTED = 0x38;
export const NX_WINDOW_OVERFLOW = 0x39;
export const NX_ALREADY_SUSPENDED = 0x40;
export const NX_DISCONNECT_FAILED = 0x41;
export const NX_STILL_BOUND = 0x42;
export const NX_NOT_SUCCESSFUL = 0x43;
export const NX_UNHANDLED_COMMAND = 0x44;
export const NX_NO_FREE_PORTS = 0x45;
export const NX_INVALID_PORT = 0x46;
export const NX_INVALID_RELISTEN = 0x47;
export const NX_CONNECTION_PENDING = 0x48;
export const NX_TX_QUEUE_DEPTH = 0x49;
export const NX_NOT_IMPLEMENTED = 0x4a;
export const NX_NOT_SUPPORTED = 0x4b;
export const NX_INVALID_INTERFACE = 0x4c;
export const NX_INVALID_PARAMETERS = 0x4d;
export const NX_NOT_FOUND = 0x4e;
export const NX_CANNOT_START = 0x4f;
export const NX_NO_INTERFACE_ADDRESS = 0x50;
export const NX_INVALID_MTU_DATA = 0x51;
export const NX_DUPLICATED_ENTRY = 0x52;
export const NX_PACKET_OFFSET_ERROR = 0x53;
export const NX_OPTION_HEADER_ERROR = 0x54;
export const NX_CONTINUE = 0x55;
export const NX_TCPIP_OFFLOAD_ERROR = 0x56;

/** Wait options. */
export const NX_NO_WAIT = 0;
export const NX_WAIT_FOREVER = 0xffffffff;

/** Ticks a second of a device with the default tick; a device with another finds its own in `board.config`. */
export const NX_IP_PERIODIC_RATE = 100;

/** Room before and after the payload for the link layer, in bytes. */
export const NX_PHYSICAL_HEADER = 16;
export const NX_PHYSICAL_TRAILER = 4;

/** Packet types: the room for headers that an allocated packet keeps free, in bytes. */
export const NX_RECEIVE_PACKET = 0;
export const NX_IPv4_PACKET = 36;
export const NX_IPv4_UDP_PACKET = 44;
export const NX_IPv4_TCP_PACKET = 56;
export const NX_IPv6_PACKET = 56;
export const NX_IPv6_UDP_PACKET = 64;
export const NX_IPv6_TCP_PACKET = 76;
/** With IPv6 built in, as it is by default, the general types have room for its longer header. */
export const NX_IP_PACKET = 56;
export const NX_UDP_PACKET = 64;
export const NX_TCP_PACKET = 76;

export const NX_IP_VERSION_V4 = 4;
export const NX_IP_VERSION_V6 = 6;

/** Options of sockets. */
export const NX_IP_NORMAL = 0x00000000;
export const NX_IP_MIN_DELAY = 0x00100000;
export const NX_IP_MAX_DATA = 0x00080000;
export const NX_IP_MAX_RELIABLE = 0x00040000;
export const NX_IP_MIN_COST = 0x00020000;
export const NX_IP_TOS_MASK = 0x00ff0000;
export const NX_FRAGMENT_OKAY = 0x00000000;
export const NX_DONT_FRAGMENT = 0x00004000;
export const NX_IP_TIME_TO_LIVE = 0x80;
export const NX_ANY_PORT = 0;

/** States that `nx_ip_status_check` asks for. */
export const NX_IP_INITIALIZE_DONE = 0x0001;
export const NX_IP_ADDRESS_RESOLVED = 0x0002;
export const NX_IP_LINK_ENABLED = 0x0004;
export const NX_IP_ARP_ENABLED = 0x0008;
export const NX_IP_UDP_ENABLED = 0x0010;
export const NX_IP_TCP_ENABLED = 0x0020;
export const NX_IP_IGMP_ENABLED = 0x0040;
export const NX_IP_RARP_COMPLETE = 0x0080;
export const NX_IP_INTERFACE_LINK_ENABLED = 0x0100;

/** Events of the IP thread. */
export const NX_IP_PERIODIC_EVENT = 0x00000001;
export const NX_IP_UNFRAG_EVENT = 0x00000002;
export const NX_IP_ICMP_EVENT = 0x00000004;
export const NX_IP_RECEIVE_EVENT = 0x00000008;
export const NX_IP_ARP_REC_EVENT = 0x00000010;
export const NX_IP_RARP_REC_EVENT = 0x00000020;
export const NX_IP_IGMP_EVENT = 0x00000040;
export const NX_IP_TCP_EVENT = 0x00000080;
export const NX_IP_FAST_EVENT = 0x00000100;
export const NX_IP_DRIVER_PACKET_EVENT = 0x00000200;
export const NX_IP_IGMP_ENABLE_EVENT = 0x00000400;
export const NX_IP_DRIVER_DEFERRED_EVENT = 0x00000800;
export const NX_IP_TCP_CLEANUP_DEFERRED = 0x00001000;
export const NX_IP_HW_DONE_EVENT = 0x00002000;
export const NX_IP_LINK_STATUS_EVENT = 0x00004000;
export const NX_IP_ALL_EVENTS = 0xffffffff;

/** Commands of a link driver. */
export const NX_LINK_PACKET_SEND = 0;
export const NX_LINK_INITIALIZE = 1;
export const NX_LINK_ENABLE = 2;
export const NX_LINK_DISABLE = 3;
export const NX_LINK_PACKET_BROADCAST = 4;
export const NX_LINK_ARP_SEND = 5;
export const NX_LINK_ARP_RESPONSE_SEND = 6;
export const NX_LINK_RARP_SEND = 7;
export const NX_LINK_MULTICAST_JOIN = 8;
export const NX_LINK_MULTICAST_LEAVE = 9;
export const NX_LINK_GET_STATUS = 10;
export const NX_LINK_GET_SPEED = 11;
export const NX_LINK_GET_DUPLEX_TYPE = 12;
export const NX_LINK_GET_ERROR_COUNT = 13;
export const NX_LINK_GET_RX_COUNT = 14;
export const NX_LINK_GET_TX_COUNT = 15;
export const NX_LINK_GET_ALLOC_ERRORS = 16;
export const NX_LINK_UNINITIALIZE = 17;
export const NX_LINK_DEFERRED_PROCESSING = 18;
export const NX_LINK_INTERFACE_ATTACH = 19;
export const NX_LINK_SET_PHYSICAL_ADDRESS = 20;
export const NX_INTERFACE_CAPABILITY_GET = 21;
export const NX_INTERFACE_CAPABILITY_SET = 22;
export const NX_LINK_INTERFACE_DETACH = 23;
export const NX_LINK_FACTORY_ADDRESS_GET = 24;
export const NX_LINK_RX_ENABLE = 25;
export const NX_LINK_RX_DISABLE = 26;
export const NX_LINK_GET_INTERFACE_TYPE = 28;
export const NX_LINK_RAW_PACKET_SEND = 29;
export const NX_LINK_USER_COMMAND = 50;

/** An IPv4 address as a number: `IP_ADDRESS(192, 168, 1, 150)`. */
export function IP_ADDRESS(a: number, b: number, c: number, d: number): number {
  return (((a & 255) << 24) | ((b & 255) << 16) | ((c & 255) << 8) | (d & 255)) >>> 0;
}
