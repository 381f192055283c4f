/** Constants of `nx_api.h` about IPv4 addresses, protocols, and what an interface can do. The values are NetX's. */

/** The first and last address of this host alone, and the one that means everybody on the link. */
export const NX_IP_LOOPBACK_FIRST = 0x7f000000;
export const NX_IP_LOOPBACK_LAST = 0x7fffffff;
export const NX_IP_LIMITED_BROADCAST = 0xffffffff;

/** Classes of addresses: a host has one of class A, B or C; class D are groups. */
export const NX_IP_CLASS_A_MASK = 0x80000000;
export const NX_IP_CLASS_A_TYPE = 0x00000000;
export const NX_IP_CLASS_B_MASK = 0xc0000000;
export const NX_IP_CLASS_B_TYPE = 0x80000000;
export const NX_IP_CLASS_C_MASK = 0xe0000000;
export const NX_IP_CLASS_C_TYPE = 0xc0000000;
export const NX_IP_CLASS_D_MASK = 0xf0000000;
export const NX_IP_CLASS_D_TYPE = 0xe0000000;

/** The hardware address of a group: 01:00:5E and the lower 23 bits of the group's address. */
export const NX_IP_MULTICAST_UPPER = 0x00000100;
export const NX_IP_MULTICAST_LOWER = 0x5e000000;
export const NX_IP_MULTICAST_MASK = 0x007fffff;

/** Protocol numbers of an IP header. */
export const NX_PROTOCOL_ICMP = 1;
export const NX_PROTOCOL_IGMP = 2;
export const NX_PROTOCOL_TCP = 6;
export const NX_PROTOCOL_UDP = 17;
export const NX_PROTOCOL_ICMPV6 = 58;

/** The protocol that `nx_ip_raw_packet_send` puts into the header, where it stands in a header's third word. */
export const NX_IP_RAW = 0x00ff0000;
