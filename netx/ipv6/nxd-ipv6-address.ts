import type { UINT, ULONG } from '../../kernel/constants.ts';
import {
  NX_IPV6_ADDR_STATE_DEPRECATED,
  NX_IPV6_ADDR_STATE_PREFERRED,
  NX_IPV6_ADDR_STATE_TENTATIVE,
  NX_IPV6_ADDR_STATE_UNKNOWN,
  NX_IPV6_ADDR_STATE_VALID,
  NX_IPV6_ADDRESS_NOT_CONFIGURED,
} from '../constants-ipv6.ts';
import type { NX_INTERFACE } from '../interface.ts';

/** One IPv6 address of an IP instance: a place in its table. */
export class NXD_IPV6_ADDRESS {
  /** Size on a 32-bit target, in bytes. */
  static readonly sizeof = 40;

  /** Whether the place is taken. */
  nxd_ipv6_address_valid: UINT = 0;
  nxd_ipv6_address_type: ULONG = 0;
  /** An `NX_IPV6_ADDR_STATE_`. */
  nxd_ipv6_address_state: UINT = NX_IPV6_ADDR_STATE_UNKNOWN;
  nxd_ipv6_address_prefix_length: UINT = 0;
  readonly nxd_ipv6_address_index: UINT;
  /** An `NX_IPV6_ADDRESS_..._CONFIG`. */
  nxd_ipv6_address_ConfigurationMethod: UINT = NX_IPV6_ADDRESS_NOT_CONFIGURED;
  /** Solicitations that are still to be sent before the address counts as unique. */
  nxd_ipv6_address_DupAddrDetectTransmit: UINT = 0;
  readonly nxd_ipv6_address = new Uint32Array(4);
  nxd_ipv6_address_attached: NX_INTERFACE | null = null;

  /** Seconds left in which it is used for what begins anew, and at all; Infinity for ever. */
  preferredLifetime = Infinity;
  validLifetime = Infinity;

  constructor(index: number) {
    this.nxd_ipv6_address_index = index;
  }

  /** Whether packets may be sent from it, and are received: it is known to be unique. */
  get isUsable(): boolean {
    if (this.nxd_ipv6_address_valid === 0) return false;
    const state = this.nxd_ipv6_address_state;
    return (
      state === NX_IPV6_ADDR_STATE_VALID ||
      state === NX_IPV6_ADDR_STATE_PREFERRED ||
      state === NX_IPV6_ADDR_STATE_DEPRECATED
    );
  }

  get isTentative(): boolean {
    return this.nxd_ipv6_address_valid !== 0 && this.nxd_ipv6_address_state === NX_IPV6_ADDR_STATE_TENTATIVE;
  }

  /** Whether it is still to be found unique, or grows old. */
  get countsSeconds(): boolean {
    if (this.nxd_ipv6_address_valid === 0) return false;
    if (this.isTentative || this.validLifetime < Infinity) return true;
    if (this.preferredLifetime === Infinity) return false;
    return this.preferredLifetime > 0 || this.nxd_ipv6_address_state === NX_IPV6_ADDR_STATE_VALID;
  }

  /** Empties the place. */
  clear(): void {
    this.nxd_ipv6_address_valid = 0;
    this.nxd_ipv6_address_type = 0;
    this.nxd_ipv6_address_state = NX_IPV6_ADDR_STATE_UNKNOWN;
    this.nxd_ipv6_address_prefix_length = 0;
    this.nxd_ipv6_address_ConfigurationMethod = NX_IPV6_ADDRESS_NOT_CONFIGURED;
    this.nxd_ipv6_address_DupAddrDetectTransmit = 0;
    this.nxd_ipv6_address.fill(0);
    this.nxd_ipv6_address_attached = null;
    this.preferredLifetime = Infinity;
    this.validLifetime = Infinity;
  }
}
