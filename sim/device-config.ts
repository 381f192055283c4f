import { DEFAULT_TX_CONFIG, numericMacro, type Macros, type TxConfig } from '../kernel/config.ts';

/**
 * The macros of a device's `tx_user.h`, `nx_user.h` and `nx_secure_user.h`, under their own names. Those that are not
 * listed here are taken too; what a layer does not know it ignores, as a compiler would.
 */
export interface DeviceConfig extends Macros, TxConfig {
  /** Ticks a second; the unit of NetX's wait options. */
  readonly NX_IP_PERIODIC_RATE: number;
}

/** A device's macros over the defaults; `NX_IP_PERIODIC_RATE` follows the tick unless it is set. */
export function deviceConfig(macros: Macros): DeviceConfig {
  const rate = numericMacro(macros, 'TX_TIMER_TICKS_PER_SECOND', DEFAULT_TX_CONFIG.TX_TIMER_TICKS_PER_SECOND);
  return { ...DEFAULT_TX_CONFIG, NX_IP_PERIODIC_RATE: rate, ...macros };
}
