import type { NX_INTERFACE } from './interface.ts';
export interface MulticastGroup {
  address: number;
  networkInterface: NX_INTERFACE;
}
