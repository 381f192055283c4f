import type { HardwareAddress } from '../../../netx/wire/ethernet.ts';

/** A part of a frame with its fields, to be shown. */
export interface Layer {
  readonly name: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Where it is in the frame. */
  readonly from: number;
  readonly to: number;
}

/** Bytes for people, the first of them where they are many. */
export const hex = (bytes: Uint8Array, most = 32): string => {
  const shown = Array.from(bytes.subarray(0, most), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > most ? `${shown} … (${bytes.length} bytes)` : shown;
};

/** A hardware address as people write it: `02:00:00:00:00:01`. */
export const hardware = ({ msw, lsw }: HardwareAddress): string =>
  (msw.toString(16).padStart(4, '0') + lsw.toString(16).padStart(8, '0')).replace(/(..)(?!$)/g, '$1:');
