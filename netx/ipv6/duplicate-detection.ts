import type { Suspension } from '../../kernel/op.ts';
import { netxState } from '../device-state.ts';
import { formatIpv6 } from '../nxd-address.ts';
import {
  NX_IPV6_ADDR_STATE_VALID,
  NX_IPV6_ADDRESS_DAD_FAILURE,
  NX_IPV6_ADDRESS_DAD_SUCCESSFUL,
} from '../constants-ipv6.ts';
import { notifyChange, withdrawAddress } from './address-changes.ts';
import type { Ipv6 } from './ipv6.ts';
import { sendDuplicateProbe } from './nd-send.ts';
import type { NXD_IPV6_ADDRESS } from './nxd-ipv6-address.ts';

/**
 * Once a second: asks whether anybody else has the addresses that are tentative, and takes them into use once nobody has
 * answered as often as `NX_IPV6_DAD_TRANSMITS` says (RFC 4862 section 5.4).
 */
export function* detectDuplicates(ip6: Ipv6): Generator<Suspension, void, unknown> {
  for (const own of ip6.addresses) {
    const networkInterface = own.nxd_ipv6_address_attached;
    if (!own.isTentative || networkInterface === null) continue;
    if (own.nxd_ipv6_address_DupAddrDetectTransmit > 0) {
      own.nxd_ipv6_address_DupAddrDetectTransmit--;
      const pending = sendDuplicateProbe(ip6, networkInterface, own.nxd_ipv6_address);
      if (pending !== null) yield* pending;
      continue;
    }
    own.nxd_ipv6_address_state = NX_IPV6_ADDR_STATE_VALID;
    const { nxd_ipv6_address_index: index, nxd_ipv6_address: address } = own;
    const pending = notifyChange(ip6, NX_IPV6_ADDRESS_DAD_SUCCESSFUL, networkInterface, index, address);
    if (pending !== null) yield* pending;
  }
}

/** Somebody else has an address that was tentative: it is given up. */
export function* failDuplicate(ip6: Ipv6, own: NXD_IPV6_ADDRESS): Generator<Suspension, void, unknown> {
  const { trace } = netxState(ip6.kernel);
  trace?.record({ type: 'address-duplicate', address: formatIpv6(own.nxd_ipv6_address) });
  yield* withdrawAddress(ip6, own, NX_IPV6_ADDRESS_DAD_FAILURE);
}
