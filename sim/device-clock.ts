import { SimulationError } from '../kernel/simulation-error.ts';
import { parseInstant } from './instant.ts';

/** How a device's clock goes. */
export interface DeviceClockOptions {
  /**
   * By how much its oscillator is fast (or slow, where negative): a fraction (`0.00005`), or a text (`'50ppm'`, `'-2%'`).
   * Both its ticks and its time of day follow it. Default: 0.
   */
  readonly skew?: number | string;
  /**
   * What its time of day is at the start of the world: seconds since 1970 or a text such as `'2026-01-01T00:00:00Z'`; 0 for
   * a device without a clock. Default: the world's start time.
   */
  readonly start?: number | string;
}

/** Oscillators that are worse than this are no clocks. */
const LARGEST_SKEW = 0.5;

const UNITS: Readonly<Record<string, number>> = { ppm: 1e-6, ppb: 1e-9, '%': 1e-2 };

/**
 * A skew as a fraction.
 *
 * @throws SimulationError where it is none
 */
export function parseSkew(device: string, skew: number | string): number {
  const [, digits = '', unit = ''] = /^([+-]?\d+(?:\.\d+)?)\s*(ppm|ppb|%)$/.exec(String(skew).trim()) ?? [];
  const fraction = typeof skew === 'number' ? skew : Number(digits === '' ? NaN : digits) * (UNITS[unit] ?? NaN);
  if (Number.isFinite(fraction) && Math.abs(fraction) <= LARGEST_SKEW) return fraction;
  throw new SimulationError({
    kind: 'world',
    what: `device '${device}': clock.skew is ${typeof skew === 'number' ? skew : `'${skew}'`}`,
    fix: "write a fraction from -0.5 to 0.5, or a text such as '50ppm', '-20ppm', '1%'",
  });
}

/** The time of day of a device: a battery keeps it over reboots. */
export class DeviceClock {
  /** By how much it is fast, as a fraction; negative where it is slow. */
  readonly skew: number;
  readonly #start: number;
  #jumped = 0;

  /**
   * @param byDefault - seconds since 1970 where the options do not say
   * @throws SimulationError for options that make no sense
   */
  constructor(device: string, options: DeviceClockOptions, byDefault: number) {
    this.skew = parseSkew(device, options.skew ?? 0);
    this.#start = parseInstant(`device '${device}': clock.start`, options.start ?? byDefault);
  }

  /** What it shows at a virtual time (in nanoseconds): seconds since 1970, or 0 where there is no clock. */
  unixTime(now: number): number {
    if (this.#start === 0) return 0;
    const passed = this.skew === 0 ? now : now * (1 + this.skew);
    return Math.max(0, this.#start + Math.floor((passed + this.#jumped) / 1e9));
  }

  /** Sets it forward, or back: nanoseconds. */
  jump(by: number): void {
    this.#jumped += by;
  }
}
