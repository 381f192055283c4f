import { createTimer, deleteTimer } from '../../kernel/application-timer.ts';
import { eventFlagsSet } from '../../kernel/event-flags.ts';
import type { Suspension } from '../../kernel/op.ts';
import { NX_IP_FAST_EVENT, NX_IP_VERSION_V6 } from '../constants.ts';
import { NX_IPV6_ADDR_STATE_VALID, NX_IPV6_ADDRESS_MANUAL_CONFIG } from '../constants-ipv6.ts';
import { netxState } from '../device-state.ts';
import { ALL_NODES, LOOPBACK, solicitedNode } from './address.ts';
import { listenNoMore, listenTo } from './address-changes.ts';
import type { Ipv6 } from './ipv6.ts';

/** Turns IPv6 on: packets are received, routers are asked for once the interfaces are up, and `::1` is there. */
export function* enable(ip6: Ipv6): Generator<Suspension, void, unknown> {
  const { ip, settings } = ip6;
  ip6.enabled = true;
  ip6.reachableTime = settings.reachableTime;
  ip6.retransTime = settings.retransTimer * 1e6;
  ip6.hopLimit = 0xff;
  startFastTimer(ip6);
  addLoopback(ip6);
  for (const [index, networkInterface] of ip.nx_ip_interface.entries()) {
    if (index >= settings.interfaces || networkInterface.nx_interface_valid === 0) continue;
    const link = ip6.link(networkInterface);
    link.solicitationsLeft = settings.routerSolicitations;
    link.untilSolicitation = settings.solicitationDelay;
    yield* listenTo(ip6, ALL_NODES, networkInterface);
  }
}

/** Turns IPv6 off: addresses, neighbors and routers are forgotten, and ICMPv6 is off as well. */
export function* disable(ip6: Ipv6): Generator<Suspension, void, unknown> {
  ip6.enabled = false;
  ip6.icmpEnabled = false;
  deleteTimer(ip6.kernel, ip6.fastTimer);
  for (const link of ip6.links.values()) yield* listenNoMore(ip6, ALL_NODES, link.networkInterface);
  for (const own of ip6.addresses) {
    const networkInterface = own.nxd_ipv6_address_attached;
    const group = solicitedNode(own.nxd_ipv6_address);
    own.clear();
    if (networkInterface !== null && own !== ip6.loopback) yield* listenNoMore(ip6, group, networkInterface);
  }
  ip6.links.clear();
  ip6.routers.clear();
  ip6.prefixes.clear();
  ip6.destinations.clear();
  ip6.neighbors.clear();
  ip6.reassembly.clear();
}

/** The timer behind `NX_IP_FAST_EVENT`, `NX_IP_FAST_TIMER_RATE` times a second (C: `_nx_ip_fast_periodic_timer_create`). */
function startFastTimer({ kernel, ip, fastTimer, settings }: Ipv6): void {
  const ticks = Math.max(1, Math.ceil(netxState(kernel).periodicRate / settings.fastRate));
  createTimer(kernel, fastTimer, {
    name: `${ip.nx_ip_name} fast periodic timer`,
    expiration: () => {
      eventFlagsSet(kernel, ip.nx_ip_events, NX_IP_FAST_EVENT);
    },
    input: 0,
    initialTicks: ticks,
    rescheduleTicks: ticks,
  });
  fastTimer.activate(kernel);
}

function addLoopback({ ip, loopback, settings }: Ipv6): void {
  const networkInterface = ip.nx_ip_interface[settings.interfaces] ?? ip.nx_ip_interface[0];
  if (loopback === null || networkInterface === undefined) return;
  loopback.nxd_ipv6_address_valid = 1;
  loopback.nxd_ipv6_address_type = NX_IP_VERSION_V6;
  loopback.nxd_ipv6_address_prefix_length = 128;
  loopback.nxd_ipv6_address.set(LOOPBACK);
  loopback.nxd_ipv6_address_attached = networkInterface;
  loopback.nxd_ipv6_address_ConfigurationMethod = NX_IPV6_ADDRESS_MANUAL_CONFIG;
  loopback.nxd_ipv6_address_state = NX_IPV6_ADDR_STATE_VALID;
}
