/** The macros of `tx_user.h` that a device may set, under their own names. */
export interface TxConfig {
  /** How many priorities there are: 32 to 1024, a multiple of 32. */
  readonly TX_MAX_PRIORITIES: number;
  /** Smallest stack `tx_thread_create` takes, in bytes. */
  readonly TX_MINIMUM_STACK: number;
  readonly TX_TIMER_TICKS_PER_SECOND: number;
  readonly TX_TIMER_THREAD_PRIORITY: number;
}

export const DEFAULT_TX_CONFIG: TxConfig = {
  TX_MAX_PRIORITIES: 32,
  TX_MINIMUM_STACK: 200,
  TX_TIMER_TICKS_PER_SECOND: 100,
  TX_TIMER_THREAD_PRIORITY: 0,
};

/** A device's macros as given: each layer reads its own and has its own defaults. */
export type Macros = Readonly<Record<string, number | boolean | string>>;

/** The value of a numeric macro, or its default. */
export function numericMacro(macros: Macros, name: string, byDefault: number): number {
  const value = macros[name];
  return typeof value === 'number' ? value : byDefault;
}

/** Whether a macro is defined: `true`, or any number but 0. */
export function flagMacro(macros: Macros, name: string): boolean {
  const value = macros[name];
  return value !== undefined && value !== false && value !== 0;
}

/** Reads the kernel's macros over their defaults. */
export function txConfig(macros: Macros): TxConfig {
  const read = (name: keyof TxConfig): number => numericMacro(macros, name, DEFAULT_TX_CONFIG[name]);
  return {
    TX_MAX_PRIORITIES: read('TX_MAX_PRIORITIES'),
    TX_MINIMUM_STACK: read('TX_MINIMUM_STACK'),
    TX_TIMER_TICKS_PER_SECOND: read('TX_TIMER_TICKS_PER_SECOND'),
    TX_TIMER_THREAD_PRIORITY: read('TX_TIMER_THREAD_PRIORITY'),
  };
}
