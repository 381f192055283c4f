import { DEFAULT_TX_CONFIG, flagMacro, numericMacro, type Macros, type TxConfig } from '../kernel/config.ts';
import {
  NX_IPv4_PACKET,
  NX_IPv4_TCP_PACKET,
  NX_IPv4_UDP_PACKET,
  NX_IPv6_PACKET,
  NX_IPv6_TCP_PACKET,
  NX_IPv6_UDP_PACKET,
} from '../netx/constants.ts';

/**
 * The macros of a device's `tx_user.h`, `nx_user.h` and `nx_secure_user.h`, under their own names. Those that are not
 * listed here are taken too; what a layer does not know it ignores, as a compiler would.
 */
export interface DeviceConfig extends Macros, TxConfig {
  /** Ticks a second; the unit of NetX's wait options. */
  readonly NX_IP_PERIODIC_RATE: number;
  /**
   * Packet types: the room for headers of a packet to send, in bytes. The constants of `txsim/nx_api` are those of a device
   * with IPv6; here they are what `NX_DISABLE_IPV6` makes of them too.
   */
  readonly NX_IP_PACKET: number;
  readonly NX_UDP_PACKET: number;
  readonly NX_TCP_PACKET: number;
}

/** A device's macros over the defaults; `NX_IP_PERIODIC_RATE` follows the tick unless it is set. */
export function deviceConfig(macros: Macros): DeviceConfig {
  const rate = numericMacro(macros, 'TX_TIMER_TICKS_PER_SECOND', DEFAULT_TX_CONFIG.TX_TIMER_TICKS_PER_SECOND);
  const withIpv6 = !flagMacro(macros, 'NX_DISABLE_IPV6');
  return {
    ...DEFAULT_TX_CONFIG,
    NX_IP_PERIODIC_RATE: rate,
    NX_IP_PACKET: withIpv6 ? NX_IPv6_PACKET : NX_IPv4_PACKET,
    NX_UDP_PACKET: withIpv6 ? NX_IPv6_UDP_PACKET : NX_IPv4_UDP_PACKET,
    NX_TCP_PACKET: withIpv6 ? NX_IPv6_TCP_PACKET : NX_IPv4_TCP_PACKET,
    ...macros,
  };
}
