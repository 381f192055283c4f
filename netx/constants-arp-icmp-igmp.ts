/** Constants of `nx_api.h` for ARP, ICMP, IGMP and multicast. The values are NetX's. */

/** Room for headers before an ICMP or IGMP message that goes out over IPv4, in bytes. */
export const NX_IPv4_ICMP_PACKET = 36;
export const NX_IPv4_IGMP_PACKET = 36;

/** Every host on a network, and every router. */
export const NX_ALL_HOSTS_ADDRESS = 0xe0000001;
export const NX_ALL_ROUTERS_ADDRESS = 0xe0000002;

/** Groups that an instance joins at most, unless the device has another `NX_MAX_MULTICAST_GROUPS`. */
export const NX_MAX_MULTICAST_GROUPS = 7;

/** The defaults of a device's ARP macros, in seconds and numbers. */
export const NX_ARP_UPDATE_RATE = 10;
export const NX_ARP_MAXIMUM_RETRIES = 18;
export const NX_ARP_MAX_QUEUE_DEPTH = 4;
export const NX_ARP_EXPIRATION_RATE = 0;
export const NX_ARP_DEFEND_INTERVAL = 10;
