import { dispatch } from '../kernel/callback.ts';
import { eventFlagsSet } from '../kernel/event-flags.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Suspension } from '../kernel/op.ts';
import { NX_IP_LINK_STATUS_EVENT, NX_LINK_GET_STATUS } from './constants.ts';
import { callDriver } from './driver-call.ts';
import type { NX_INTERFACE } from './interface.ts';
import type { NX_IP } from './ip.ts';

/** Notes that an interface's link went up or down (C: `_nx_ip_driver_link_status_event`); drivers call it as ISR. */
export function linkStatusEvent(kernel: Kernel, ip: NX_IP, networkInterface: NX_INTERFACE): void {
  networkInterface.nx_interface_link_status_change = 1;
  eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_LINK_STATUS_EVENT);
}

/** Tells the firmware of links that went up or down, as their drivers say (`NX_IP_LINK_STATUS_EVENT`). */
export function* linkStatusChanges(kernel: Kernel, ip: NX_IP): Generator<Suspension, void, unknown> {
  const { linkStatusNotify: notify } = ip;
  if (notify === null) return;
  for (const one of ip.nx_ip_interface) {
    if (one.nx_interface_valid === 0 || one.nx_interface_link_status_change === 0) continue;
    one.nx_interface_link_status_change = 0;
    const answer = { value: one.nx_interface_link_up };
    yield* callDriver(ip, one, NX_LINK_GET_STATUS, answer);
    const { nx_interface_index: index } = one;
    yield* dispatch(kernel, 'link_status_change_notify', () => notify(ip, index, answer.value));
  }
}
