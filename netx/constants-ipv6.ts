/** Constants of `nx_api.h` for IPv6. The values are NetX Duo's. */

/** States of an address. */
export const NX_IPV6_ADDR_STATE_UNKNOWN = 0x00;
export const NX_IPV6_ADDR_STATE_TENTATIVE = 0x01;
export const NX_IPV6_ADDR_STATE_PREFERRED = 0x02;
export const NX_IPV6_ADDR_STATE_DEPRECATED = 0x03;
export const NX_IPV6_ADDR_STATE_VALID = 0x04;

/** How an address came about, and what the callback of address changes is told. */
export const NX_IPV6_ADDRESS_NOT_CONFIGURED = 0;
export const NX_IPV6_ADDRESS_MANUAL_CONFIG = 1;
export const NX_IPV6_ADDRESS_STATELESS_AUTO_CONFIG = 2;
export const NX_IPV6_ADDRESS_STATEFUL_AUTO_CONFIG = 3;
export const NX_IPV6_ADDRESS_BASED_ON_INTERFACE = 4;
export const NX_IPV6_ADDRESS_MANUAL_DELETE = 5;
export const NX_IPV6_ADDRESS_LIFETIME_EXPIRED = 6;
export const NX_IPV6_ADDRESS_DAD_SUCCESSFUL = 7;
export const NX_IPV6_ADDRESS_DAD_FAILURE = 8;

/** How a default router became known. */
export const NX_IPV6_ROUTE_TYPE_NOT_ROUTER = 0x00;
export const NX_IPV6_ROUTE_TYPE_SOLICITATED = 0x01;
export const NX_IPV6_ROUTE_TYPE_UNSOLICITATED = 0x02;
export const NX_IPV6_ROUTE_TYPE_STATIC = 0x04;
export const NX_IPV6_ROUTE_TYPE_DEFAULT = 0x40;
export const NX_IPV6_ROUTE_TYPE_VALID = 0x80;

/** Whether an interface forms addresses from the prefixes of routers. */
export const NX_STATELESS_ADDRESS_AUTOCONFIG_DISABLED = 0;
export const NX_STATELESS_ADDRESS_AUTOCONFIG_ENABLED = 1;
