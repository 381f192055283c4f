import type { NX_INTERFACE } from './interface.ts';
import type { NX_PACKET } from './packet.ts';
import type { Pending } from './pending.ts';

/**
 * A part of the stack that an enable service plugs into an IP instance, with what the instance asks of it. Everything is
 * called in the IP thread with the instance's mutex held, but for {@link IpModule.stop} and {@link IpModule.detach}, which
 * run in the thread that deletes the instance or detaches the interface. The order of the calls is in `ip-events.ts`.
 */
export interface IpModule {
  /** Once a second (`NX_IP_PERIODIC_EVENT`). */
  periodic?(): Pending;
  /** Ten times a second (`NX_IP_FAST_EVENT`), once somebody has started the fast timer. */
  fastPeriodic?(): Pending;
  /** Deals with what the module has queued, when the event of its queue is set. */
  process?(): Pending;
  /** Deals with a packet of the module's own version of IP; the module owns it. */
  arrival?(packet: NX_PACKET): Pending;
  /** Gives up everything that concerns an interface that goes away. */
  detach?(networkInterface: NX_INTERFACE): void;
  /** Releases every packet and ends every wait: the instance is being deleted. */
  stop?(): void;
}
